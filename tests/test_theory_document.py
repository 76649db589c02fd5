"""docs/theory.md keeps its promises: anchors and links exist, snippets print what is said."""

import re
from pathlib import Path

import pytest

DOCUMENT = Path(__file__).parents[1] / "docs" / "theory.md"
TEXT = DOCUMENT.read_text("utf-8")
PROSE = re.sub(r"^```.*?^```$", "", TEXT, flags=re.S | re.M)
IDS = re.findall(r'<a id="([^"]+)"></a>', PROSE)
SNIPPETS = re.findall(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```$", TEXT, flags=re.S | re.M)
STATUSES = ("proved", "checked numerically", "conjecture", "definition")

# One for each statement of the Theory page, in its order: its title in small ASCII letters.
ANCHORS = (
    "s-one-generations-data-follow-f-p",
    "s-accumulated-data-forget-no-outcome",
    "s-the-clock-of-accumulation-is-the-logarithm-of-the-data",
    "s-temperatures-multiply",
    "s-any-temperature-but-1-degenerates",
    "s-the-even-distribution-is-stable-only-above-t-1",
    "s-only-one-kind-of-rest-is-stable",
    "s-order-is-kept",
    "s-warmer-is-more-diverse",
    "s-at-t-1-replacing-the-data-loses-diversity-by-luck-alone",
    "s-at-t-1-accumulated-data-freeze",
    "s-one-item-at-a-time-the-frozen-mix-is-dirichlet",
    "s-at-t-1-everyones-odds-are-their-share",
    "s-at-t-1-the-time-to-one-survivor-grows-with-the-sample",
    "s-below-t-1-one-item-at-a-time-luck-decides-the-winner",
    "s-there-is-a-free-energy",
    "s-temperature-pays-or-charges-for-entropy-external-data-pull-towards-q",
    "s-every-generation-climbs",
    "s-the-flow-climbs-at-the-speed-2",
    "s-stable-states-are-summits",
    "s-the-loop-never-oscillates",
    "s-one-scalar-equation-gives-the-leading-eigenvalue",
    "s-stability-needs-no-root",
    "s-small-pushes-die-as-a-power-of-the-data",
    "s-all-fixed-points-from-one-scalar-equation",
    "s-a-stable-state-has-at-most-one-winner",
    "s-above-t-1-there-is-one-state",
    "s-how-many-stable-states-there-are",
    "s-when-the-second-likeliest-can-no-longer-win",
    "s-rare-winners-vanish-first",
    "s-a-share-that-guarantees-one-state",
    "s-what-the-source-lacks-the-loop-never-makes",
    "s-the-even-state-is-stable-above-a-1-t",
    "s-where-one-outcome-leads-the-rest",
    "s-where-collapse-stops-existing",
    "s-at-half-the-temperature-it-is-a-closed-form",
    "s-prevention-is-cheaper-than-cure",
    "s-the-maxwell-line",
    "s-with-enough-outcomes-collapse-survives-any-a-1",
    "s-the-temperature-alone-decides-the-side",
    "s-the-likely-gain-below-t-1-the-rare-above",
    "s-the-distance-is-the-models-own-share-of-the-blame",
    "s-the-least-external-share-from-below",
    "s-the-least-external-share-from-above",
    "s-close-to-t-1-a-small-error-needs-a-known-share",
    "s-more-external-data-never-take-the-loop-further-away",
    "s-at-t-1-the-noise-is-known-exactly",
    "s-elsewhere-a-linear-theory-will-do",
    "s-the-shift-s",
    "s-the-settled-state-is-stable",
    "s-the-remedy-is-enough",
    "s-less-is-not-enough",
    "s-a-finite-batch-is-never-quite-the-source",
    "s-the-euclidean-bound",
    "s-the-fisher-rao-bound",
    "s-the-fisher-rao-bound-is-implicit",
    "s-no-outcome-stays-below-a-floor",
)


@pytest.mark.parametrize("anchor", ANCHORS)
def test_each_statement_has_a_place_and_a_status(anchor: str) -> None:
    assert IDS.count(anchor) == 1
    below = PROSE.split(f'<a id="{anchor}"></a>\n#### ')[1]
    status = re.match(r"[^\n]+\n\n\*\*Status:\*\* (.+)", below)
    assert status is not None
    assert status[1].startswith(STATUSES)


def test_there_is_no_statement_that_the_page_does_not_make() -> None:
    assert sorted(ANCHORS) == sorted(name for name in IDS if name.startswith("s-"))


def test_every_link_inside_the_document_leads_somewhere() -> None:
    assert len(IDS) == len(set(IDS))
    targets = set(re.findall(r"\]\(#([^)]*)\)", PROSE))
    assert targets
    assert targets <= set(IDS)


def test_every_snippet_is_followed_by_what_it_prints() -> None:
    assert len(SNIPPETS) == TEXT.count("```python") > 15


@pytest.mark.parametrize(("code", "printed"), SNIPPETS, ids=range(len(SNIPPETS)))
def test_a_snippet_prints_what_the_document_says(
    code: str, printed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(compile(code, DOCUMENT.name, "exec"), {})
    assert capsys.readouterr().out == printed
