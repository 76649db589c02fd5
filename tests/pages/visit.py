"""How the page tests open a page, without a browser."""

from streamlit.testing.v1 import AppTest

from pages.ui import frame

frame.HEAD_START = 0.0  # of a browser: there is none

FOLDS = (
    *("fold_more", "fold_proof", "fold_leaves_out", "fold_map"),
    *("compare", "drawer_take_away", "drawer_dials", "drawer_cite"),
    *("drawer_examples", "drawer_more", "luck_take_away"),
)


def open_page(page: str = "app.py", **query: str) -> AppTest:
    """Open a page as a link does, with these values in its query; every fold and drawer open."""
    return open_shut(page, FOLDS, **query)


def open_shut(page: str, opened: tuple[str, ...] = (), /, **query: str) -> AppTest:
    """Open a page as a link does; of its folds and drawers only those of the keys ``opened``.

    Without values it is the link of the default settings.
    """
    return open_link(query or {"v": "1"}, page, opened)


def open_link(query: dict[str, str], page: str = "app.py", opened: tuple[str, ...] = ()) -> AppTest:
    """Open a page with exactly these names and values in its link."""
    at = AppTest.from_file("../../app.py", default_timeout=180)
    for name, value in query.items():
        at.query_params[name] = value
    for key in opened:
        at.session_state[key] = True
    if page != "app.py":
        at.switch_page(page)
    at.run()
    assert not at.exception
    return at
