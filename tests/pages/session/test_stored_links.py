"""Links saved from before open the same views, and their runs have the same numbers.

``stored/links.json`` was written by version 0.1.0: twenty links, the settings they open, how many
notes they raise, a fingerprint of the items drawn, and the first shares of the last generation.
"""

import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest

from closedloop_core import simulate
from pages.ui.session.settings import Settings

LINKS = json.loads((Path(__file__).parents[1] / "stored" / "links.json").read_text("utf-8"))


@pytest.mark.parametrize("stored", LINKS, ids=lambda stored: stored["link"][:60])
def test_a_stored_link_opens_the_same_view_and_run(stored: dict[str, Any]) -> None:
    query = dict(parse_qsl(stored["link"], keep_blank_values=True))
    settings, notes = Settings.from_query(query)
    assert settings.to_query() == stored["view"]
    assert len(notes) == stored["notes"]
    run = simulate(settings.params)
    if stored["counts"] is not None:
        counts = np.rint(run.synthetic + run.external).astype("<i8")
        assert hashlib.sha256(counts.tobytes()).hexdigest()[:16] == stored["counts"]
    # Nine digits were stored; powers may differ in the last bits from machine to machine.
    np.testing.assert_allclose(run.learned[-1][:5], stored["end"], rtol=1e-7)


def test_there_are_twenty() -> None:
    assert len(LINKS) == 20
