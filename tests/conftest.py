"""Drawn examples are the same in every run, so that a change alone decides whether it is green.

``HYPOTHESIS_PROFILE=explore python -m pytest`` draws new ones. The core's lines count as tested
where the core's own tests run them, once: tracing the others would cost minutes of a processor.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import none

# A busy machine may let a test wait for a second: that says nothing of how its examples are drawn.
settings.register_profile(
    "repeatable", derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", settings.get_profile("repeatable"), derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

HERE = Path(__file__).parent
CORE = HERE / "core"
# What takes longest is begun first: else one worker would be alone with it at the end.
LONG = ("pages/luck/test_page.py", "pages/luck/test_odds.py", "pages/theory/test_checks.py")
# Tests of the core that run the same lines over and over; others run them once.
REPEATING = (
    *("core/exact/test_near_folds.py", "core/exact/test_one_half.py", "core/exact/test_settled.py"),
    "core/learners/test_bad_texts.py",
)
assert all((HERE / name).exists() for name in (*LONG, *REPEATING))


@pytest.fixture(scope="session", autouse=True)
def random_numbers_of_hypothesis() -> None:
    """Have Hypothesis make its generator first: it asks the garbage collector who holds it.

    Later the app may have had everything passed over by the collector, which then knows nobody.
    """
    given(none())(lambda _: None)()


def pytest_configure(config: pytest.Config) -> None:
    """Stop the first of the two tracers that pytest-cov starts in each of several workers.

    Nobody reads what it finds, and it would go on where the second one pauses: with `no_cover`
    everything was traced all the same. The names are pytest-cov's own, which may change.
    """
    plugin = config.pluginmanager.getplugin("_cov")
    first = getattr(plugin, "cov_controller", None)
    if first is not None and hasattr(config, "workerinput"):
        first.cov.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest; leave what is no test of the core, or repeats others, uncovered."""
    items.sort(key=lambda item: not item.path.as_posix().endswith(LONG))
    for item in items:
        if CORE not in item.path.parents or item.path.as_posix().endswith(REPEATING):
            item.add_marker("no_cover")
