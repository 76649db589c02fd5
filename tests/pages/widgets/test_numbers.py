"""A number that is typed is used as it was meant, or refused at its field; it is never changed."""

import pytest
from streamlit.testing.v1 import AppTest

from closedloop_core import LoopParams
from tests.pages.visit import open_page, settings_of


def type_into(at: AppTest, key: str, text: str) -> AppTest:
    return at.text_input(key=key).set_value(text).run()


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("generations", "1.000", "Generations must be a whole number that is clear, and “1.000”"),
        ("generations", "99,999,999", "Generations must be between 1 and"),
        ("generations", "many", "Generations must be a whole number, got “many”"),
        ("generations", "1_0", "Generations must be a whole number, got “1_0”"),
        ("seed", "1.5", "Seed must be a whole number, got “1.5”"),
        ("seed", "-1", "Seed must be between 0 and 4,294,967,295, got -1"),
        ("outcomes", "1", "Number of outcomes must be between 2 and"),
        ("growth_percent", "1.234", "could be 1.234 or 1234"),
        ("tolerance", "", "Faithful within, % must be a number, got “”"),
    ],
)
def test_what_is_no_clear_number_is_refused_at_its_field(
    key: str, text: str, sentence: str
) -> None:
    page = "pages/1_Phase_diagram.py" if key == "tolerance" else "app.py"
    at = type_into(open_page(page), key, text)
    (error,) = (element.value.replace("\\", "") for element in at.error)
    assert sentence in error and error.endswith("Nothing was changed.")
    assert at.text_input(key=key).value == text
    assert settings_of(at).params == LoopParams()


@pytest.mark.parametrize(
    ("text", "meant"), [("1,000", 1000), ("1 500", 1500), ("1'500", 1500), ("4e2", 400)]
)
def test_numbers_are_read_as_people_write_them(text: str, meant: int) -> None:
    at = type_into(open_page(), "generations", text)
    assert settings_of(at).params.generations == meant
    assert at.text_input(key="generations").value == str(meant)
    assert not at.error


def test_a_refusal_goes_when_a_number_comes_into_use() -> None:
    at = type_into(open_page(), "generations", "1.000")
    assert at.error
    at = type_into(at, "seed", "4")  # something else: the field keeps what was typed
    assert at.error and at.text_input(key="generations").value == "1.000"
    at = type_into(at, "generations", "1000")
    assert not at.error and settings_of(at).params.generations == 1000


def test_per_cent_are_rounded_as_they_are_written() -> None:
    at = type_into(open_page("pages/1_Phase_diagram.py"), "tolerance", "2,9")
    assert settings_of(at).tolerance == 0.029
    assert at.query_params["tolerance"] == "0.029"
    assert at.text_input(key="tolerance").value == "2.9"
