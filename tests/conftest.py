"""Drawn examples are the same in every run, so that a change alone decides whether it is green.

``HYPOTHESIS_PROFILE=explore python -m pytest`` draws new ones. The core's lines count as tested
where the core's own tests run them: tracing the others would cost two minutes of a processor.
"""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
settings.register_profile("explore", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

CORE = Path(__file__).parent / "core"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave what is not a test of the core out of the core's coverage."""
    for item in items:
        if CORE not in item.path.parents:
            item.add_marker("no_cover")
