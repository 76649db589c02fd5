"""What all tests of pages share."""

from collections.abc import Iterator
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner

from pages.ui import pool


@pytest.fixture(scope="session", autouse=True)
def packages_read_once() -> Iterator[None]:
    """Look once for packages that bring components: Streamlit's AppTest does so in every test.

    It reads the description of every installed package, which takes longer than most pages do.
    """
    with pytest.MonkeyPatch.context() as patch:
        scan = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(scope="session", autouse=True)
def workers_as_important_as_tests() -> Iterator[None]:
    """Start workers at a test's own priority: beside other tests those of a host would starve."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "NICE", 0)
        yield
