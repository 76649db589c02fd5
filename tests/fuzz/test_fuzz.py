"""A thousand rude inputs, and the faults that such inputs have brought to light."""

import json
import random

import pytest

from closedloop_core import Law, LoopParams
from closedloop_core.__main__ import main
from closedloop_core.quoting import MAX_SENTENCE, quoted
from closedloop_core.settings.reading import read
from pages.ui.frame import plain
from tests.fuzz import bounds, cases
from tests.pages.visit import notes, open_page

CASES = 1_000


@pytest.mark.parametrize("seed", range(4))
def test_whatever_comes_in_is_read_or_refused_in_bounded_inert_sentences(seed: int) -> None:
    # In parts, so that each is short where other tests run beside it.
    found = [f"{f.name} --seed {f.seed} --only {f.number}: {f.words}" for f in failures(seed)]
    assert not found, "\n".join(found)


def failures(seed: int) -> list[bounds.Failure]:
    return list(bounds.failures(CASES // 4, seed))


def test_cases_are_determined_by_their_seed_and_number() -> None:
    for case in (cases.some_settings, cases.a_list, cases.some_json):
        assert case(random.Random("3/1")) == case(random.Random("3/1")) != b""


def test_a_case_that_stalls_or_takes_memory_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "CASES", (lambda _: sum(1 for i in range(100_000)),))
    monkeypatch.setattr(bounds, "MOST_SECONDS", 0.0)
    assert "s of the processor" in bounds.run_one(0, 0)
    monkeypatch.setattr(bounds, "MOST_SECONDS", 60.0)
    monkeypatch.setattr(bounds, "CASES", (lambda _: b"x" * 100_000_000,))
    monkeypatch.setattr(bounds, "MOST_MEGABYTES", 50.0)
    assert "MB" in bounds.run_one(0, 0) or not bounds.peak()


def test_a_version_of_three_megabytes_is_quoted_in_forty_characters() -> None:
    content = {**LoopParams().to_dict(), "version": "A" * 3_000_000}
    understood = read(json.dumps(content).encode(), "settings.json")
    with pytest.raises(ValueError, match="settings must have version 1, got “A{39}…”$"):
        LoopParams.from_dict(understood.settings)


def test_a_lone_surrogate_becomes_a_sign_that_can_be_shown() -> None:
    law = Law.from_dict({"weights": [1, 2], "labels": ["\ud800", "a\udfffb\u202e\n"]})
    assert law.labels == ("\ufffd", "a\ufffdb")


def test_notes_of_a_link_are_bounded_in_number_and_length() -> None:
    query = {f"amp;{'amp;' * i}temperature": "9" * 1000 + str(i) for i in range(500)}
    query |= {f"name{i}" * 100: "x" * 1000 for i in range(500)}
    _, told = LoopParams.from_query(query)
    assert len(told) < 10 and all(len(sentence) < MAX_SENTENCE for sentence in told)


@pytest.mark.parametrize(
    "text",
    [
        *("https://example.org/a", "WWW.example.org", "me@example.org", ":material/home:"),
        *(":smile:", "[a](b)", "<b>", "a -> b", "mailto:me@example.org"),
    ],
)
def test_foreign_text_stays_text(text: str) -> None:
    cases.check_inert(plain(text))
    with pytest.raises(AssertionError):
        cases.check_inert("https://example.org" if "[" in text else text + " https://x.org")


def test_an_address_in_a_link_is_no_link_in_the_note() -> None:
    at = open_page(temperature="https://example.org/warm", regime=":smile: www.example.org")
    assert "got “https://example.org/warm”" in notes(at)
    for warning in at.warning:
        for line in warning.value.splitlines():
            cases.check_inert(line.removeprefix("- "))


def test_values_of_every_kind_are_quoted_in_bounds() -> None:
    nested: list[object] = []
    for _ in range(500):
        nested = [nested]
    for value in (10**5000, -(10**5000), "a\n" * 10**6, nested, {"k" * 10**6: 1}, 1e308, None):
        assert len(quoted(value)) < 60 and "\n" not in quoted(value)


def test_the_command_line_answers_in_one_bounded_line(capsys: pytest.CaptureFixture[str]) -> None:
    for extra in (["--seed", "\x1b[31m" * 1000], ["--regime", "x" * 10_000], ["y" * 10_000]):
        with pytest.raises(SystemExit):
            main(["sweep", "--out", "a.csv", *extra])
        (line,) = capsys.readouterr().err.splitlines()
        assert len(line) <= MAX_SENTENCE and "\x1b" not in line
