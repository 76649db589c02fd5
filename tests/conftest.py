"""Drawn examples are the same in every run, so that a change alone decides whether it is green.

``HYPOTHESIS_PROFILE=explore python -m pytest`` draws new ones. The core's lines count as tested
where the core's own tests run them, once: tracing the others would cost minutes of a processor.
"""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
settings.register_profile("explore", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

CORE = Path(__file__).parent / "core"
# Tests of the core that run the same lines over and over; others run them once.
REPEATING = {"test_bad_texts.py", "test_near_folds.py", "test_one_half.py", "test_settled.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave what is no test of the core, or repeats others, out of the core's coverage."""
    for item in items:
        if CORE not in item.path.parents or item.path.name in REPEATING:
            item.add_marker("no_cover")
