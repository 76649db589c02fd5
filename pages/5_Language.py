"""Language: a language model that eats its own text, beside the exact theory of it."""

from pages.ui.language.page import language_page

language_page()
