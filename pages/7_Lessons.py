"""Lessons: the built-in ones, one's own, the glossary and the tour."""

from pages.ui.lesson.page import lessons_page

lessons_page()
