"""How the page tests open a page, without a browser, and read what is on it."""

from typing import Any

from streamlit.testing.v1 import AppTest

from pages.ui import frame
from pages.ui.canvas.pack import unpack
from pages.ui.frame import WORD_JOINER
from pages.ui.session import parts
from pages.ui.session.scenes import SCENES
from pages.ui.session.settings import Settings

frame.RUN_FIRST = False  # there is no browser that asks for the rest
parts.APART = False  # a test sees only what the last run drew

FOLDS = (
    *("fold_more", "fold_proof", "fold_leaves_out", "fold_map"),
    *(
        "compare",
        "drawer_dials",
        "drawer_cite",
        "drawer_examples",
        "drawer_more",
        "sheet",
    ),
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
        at.session_state[key] = "take_away" if key == "sheet" else True
    if page != "app.py":
        at.switch_page(page)
    at.run()
    assert not at.exception
    return at


def follow(at: AppTest, name: str) -> None:
    """Follow the link of a scene; what a click on its name does is tested in a browser."""
    (scene,) = (s for s in SCENES if s.name == name)
    at.query_params.clear()
    for field, value in scene.settings(projector=False).to_query().items():
        at.query_params[field] = value
    at.run()


def components(at: AppTest, name: str = "") -> list[Any]:
    """Return the canvas components on the page, without the elements that carry their code."""
    found = [e for e in at.get("bidi_component") if name in e.proto.component_name]
    return [e for e in found if not e.proto.component_name.startswith("closedloop_code_")]


def headers(at: AppTest) -> dict[str, dict[str, Any]]:
    """Return the header of every canvas component on the page, by component."""
    found, carried = {}, {}
    for element in components(at):
        name = element.proto.component_name.removeprefix("closedloop_")
        found[name], arrays = unpack(element.proto.bytes)
        for other in found[name].get("carries", ()):
            carried[other] = unpack(arrays[other].tobytes())[0]
    return {
        name: header | carried.get(header.get("carried_as"), {}) for name, header in found.items()
    }


def clause(at: AppTest, name: str) -> str:
    """Return a clause of the verdict, ``ends`` or ``needs``, without its styles."""
    return "".join(piece["text"] for piece in headers(at)["verdict"][name])


def ends(at: AppTest) -> str:
    """Return the class in which the run's loop settles, as the verdict names it."""
    return str(next(piece["style"] for piece in headers(at)["verdict"]["ends"] if "style" in piece))


def settings_of(at: AppTest) -> Settings:
    """Return the settings that the page shows."""
    settings: Settings = at.session_state["settings"]
    return settings


def notes(at: AppTest) -> str:
    """Return what the page says of bad input, in one text."""
    return " ".join(w.value for w in at.warning).replace("\\", "").replace(WORD_JOINER, "")
