"""The README keeps its promises: its example runs, its commands stand once."""

import re
from pathlib import Path

import pytest

from closedloop_core import _version

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_example_of_the_library_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, flags=re.S)
    lines = [line for line in example.splitlines() if line.strip()]
    assert len(lines) <= 10
    exec(compile(example, "README.md", "exec"), {})
    numbers = [float(line) for line in capsys.readouterr().out.split()]
    effective, distance, least = numbers
    # A cold loop with too little external data: few outcomes are left, far from the source.
    assert 1 < effective < 5
    assert distance > 0.1
    assert 0.6 < least < 0.7


def test_there_are_two_commands_each_in_one_line_with_a_windows_twin() -> None:
    commands = re.findall(r"^python3 -m venv .*$", README, flags=re.M)
    assert len(commands) == 2
    assert commands[0].endswith("streamlit run app.py")
    assert commands[1].endswith("python -m pytest")
    assert len(re.findall(r"^On Windows \(in cmd\): `py -m venv", README, flags=re.M)) == 2


def test_the_picture_and_the_citation_exist() -> None:
    assert (ROOT / "docs" / "playground.png").stat().st_size > 10_000
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"version: {_version.__version__}" in citation


def test_each_feature_leads_to_its_steps_and_to_its_theory() -> None:
    features = (
        README.split("What you can do there")[1].split("## Run the tests")[0].split("\n- **")[1:]
    )
    assert len(features) > 8
    for feature in features:
        assert "](docs/how-to.md#" in feature and "](docs/theory.md" in feature, feature[:40]


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", "docs/how-to.md", "docs/hosting.md"]
)
def test_every_link_to_a_document_leads_somewhere(name: str) -> None:
    file = ROOT / name
    links = re.findall(r"\]\((?!https?:)([^)#]*)(#[^)]*)?\)", file.read_text("utf-8"))
    assert links
    for path, anchor in links:
        target = file.parent / path if path else file
        assert target.exists(), path
        if anchor:
            text = target.read_text("utf-8")
            headings = re.findall(r"^#+ (.+)$", text, flags=re.M)
            slugs = {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}
            assert f'<a id="{anchor[1:]}"></a>' in text or anchor[1:] in slugs, anchor
