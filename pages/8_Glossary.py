"""Glossary: every term of the app, as a sentence for a student, a formula, and for an expert."""

from pages.ui.lesson.glossary import glossary_page

glossary_page()
