"""What is typed into a dial is read as everywhere: the script's twin against `read_typed`."""

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from closedloop_core.settings.reading import ReadingError, read_typed

Open = Callable[..., Page]
SCRIPT = Path(__file__).parents[2] / "pages/ui/canvas/dials/typed.js"
FIELDS: tuple[dict[str, Any], ...] = (
    {"whole": True, "low": 1, "high": 10**9},
    {"whole": False, "low": 0.02, "high": 50},
    {"whole": False, "low": 0, "high": 100},
)
WRITTEN = (
    *("1.000", "10.000", "12.5", "12,5", "1,000", "1 000", "1'000", "1\u00a0000", "1.000.000"),
    *("1,00,000", "1e3", "1E-2", "1.5e3", "1,5e3", "12 %", "-3", "--3", "+-3", "\u22123", ".5"),
    *("5.", ",5", "0,123", "0.123", "1_0", "nan", "inf", "Infinity", "0x10", "", " ", "1 2", "."),
    *("\u0661\u0662", "\uff11\uff12", "1\u066b5", "1\u066c000", "\u0967.\u0968", "1e400", "1e9999"),
    *("9" * 60, "9" * 61, "1.234", "1,234", "1,234.5", "1.234,5", "1.234.5", "1,234,5", "0.70"),
    *("50k", "1.000k", "2 million", "\U0001d7d9\U0001d7da", "1 000,5", "1'234'567.8", "1.2,3.4"),
)


def expected(text: str, field: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"value": read_typed("Field", text, **field)}
    except ReadingError as error:
        return {"problem": str(error)}


def test_the_twin_decides_as_the_reader_does(open_page: Open) -> None:
    rng = random.Random(13)
    made = {
        "".join(rng.choice("0011239.,' eE+-%5\u00a0") for _ in range(rng.randrange(1, 9)))
        for _ in range(4_000)
    }
    texts = [*WRITTEN, *sorted(made)]
    page = open_page("about:blank", canvas=False)
    found = page.evaluate(
        f"""([texts, fields]) => {{ {SCRIPT.read_text("utf-8")}
          return fields.map((field) => texts.map((text) => readTyped("Field", text, field)));
        }}""",
        [texts, FIELDS],
    )
    for field, answers in zip(FIELDS, found, strict=True):
        for text, answer in zip(texts, answers, strict=True):
            wanted = expected(text, field)
            assert answer.keys() == wanted.keys(), (text, field, answer, wanted)
            assert answer.get("value") == wanted.get("value"), text
            if len(text) < 15:
                assert answer.get("problem") == wanted.get("problem")


def test_per_cent_and_thousands_move_the_point_and_lose_no_digit(open_page: Open) -> None:
    shares = [f"{i // 100}.{i % 100:02}" for i in range(10_001)]
    counts = [f"{i // 100}.{i % 100:02}k" for i in range(100, 10_001)]
    page = open_page("about:blank", canvas=False)
    found = page.evaluate(
        f"""([shares, counts]) => {{ {SCRIPT.read_text("utf-8")}
          return [shares.map((text) => readTypedPercent("Field", `${{text}} %`).value),
            counts.map((text) => readTypedCount("Field", text, [1, 1e9]).value)];
        }}""",
        [shares, counts],
    )
    assert found[0] == [float(f"{i}e-4") for i in range(10_001)]
    assert found[1] == [10 * i for i in range(100, 10_001)]


@pytest.mark.parametrize("typed", ["1.000", "10.000", "12.5"])
def test_a_doubtful_sample_size_is_never_changed_silently(
    typed: str, address: str, open_page: Open
) -> None:
    page = open_page(f"{address}/?v=1")
    box = page.get_by_role("textbox", name="Sample size, typed")
    box.fill(typed)
    box.press("Enter")
    expect(
        page.get_by_text(re.compile(f"Sample size must be .*“{re.escape(typed)}”"))
    ).to_be_visible()
    expect(box).to_have_value("100")


def test_plain_numbers_are_taken(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?v=1")
    for typed, link in (("1,000", "1000"), ("2 000", "2000"), ("50k", "50000"), ("1.5k", "1500")):
        box = page.get_by_role("textbox", name="Sample size, typed")
        box.fill(typed)
        box.press("Enter")
        expect(page).to_have_url(re.compile(f"sample_size={link}(&|$)"))
    box = page.get_by_role("textbox", name="External data, typed")
    box.fill("0.70")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"external_fraction=0\.007(&|$)"))
