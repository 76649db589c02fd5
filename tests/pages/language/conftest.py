"""What the tests of the page Language share."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def visitors_who_stay() -> Iterator[None]:
    """Let visits of tests last: AppTest's server is a mock, which threads of ours cannot ask."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pages.ui.language.cached.is_here", lambda who: True)
        yield
