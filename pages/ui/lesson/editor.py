"""The visitor's own lesson: edit its steps, save it, load it, share it."""

from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from closedloop_core.settings.limits import Limit
from pages.ui import frame
from pages.ui.hall import Drop
from pages.ui.lessons import course, own, reading
from pages.ui.lessons.model import LONGEST, MAX_MINUTES, Lesson, Step
from pages.ui.session import settings
from pages.ui.session.dropped import Dropped
from pages.ui.session.shown import shown
from pages.ui.widgets.numbers import number_box
from pages.ui.widgets.save import save_button

_KINDS = {
    "": "no question",
    "winner": "which outcome wins",
    "class": "collapse, heat death or faithful",
    "curve": "draw the curve",
    "share": "what share keeps it",
    "return": "what share brings it back",
}
_WITHOUT_OPTIONS = ("class", "curve")


def own_lesson() -> None:
    """Draw the visitor's own lesson or, where there is none, the ways to begin one."""
    st.markdown("## Your own lesson")
    lesson = course.own()
    if lesson is None:
        st.markdown(
            "A lesson is a list of views with what you say about them. On any page, **Add to my"
            " lesson** at the foot adds what is on screen. Or copy a lesson above, or load a file."
        )
        st.button(
            "Begin with the playground as it is",
            key="begin_own",
            on_click=own.add_view,
            args=("app.py",),
        )
    else:
        _edit(lesson)
    st.file_uploader(
        "Load a lesson (.json)",
        key="lesson_file",
        type=["json"],
        on_change=_load,
        help="At most 100 kB. What is wrong with a file is told with its line and field.",
    )
    save_button(
        "Format of the file (JSON schema)", reading.schema, "lesson.schema.json", "save_schema"
    )


def _load() -> None:
    sent = st.session_state["lesson_file"]
    if sent is not None:
        own.load(sent.getvalue())


def _drop(file: Dropped) -> None:
    """Load a lesson that was dropped on the page."""
    if file.refusal:
        settings.refuse(f"{file.refusal}; nothing was loaded.")
    else:
        own.load(file.data)


OWN_LESSON = Drop("Drop a lesson (.json): it becomes your own lesson", _drop)


def _edit(lesson: Lesson) -> None:
    _field("Title", "own_title", lesson.title, "title", lambda text: own.change("title", text))
    _field("About", "own_about", lesson.about, "about", lambda text: own.change("about", text))
    for at, step in enumerate(lesson.steps):
        box = frame.fold(f"{at + 1}. {frame.plain(step.title)} ({step.page})", f"own_step_{at}")
        if box.open:
            with box:
                _edit_step(at, step)
    token = reading.to_token(lesson)
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Start",
            key="start_own",
            on_click=course.start,
            args=(token or course.OWN,),
        )
        save_button("Save (JSON)", lambda: reading.to_json(lesson), "lesson.json", "save_lesson")
        st.button("Forget it", key="forget_own", on_click=own.forget)
    if token is None:
        st.info("This lesson is too long for a link: share its file.", icon=":material/link_off:")
        return
    box = frame.fold("Link to this lesson: it holds all of it", "own_link")
    if box.open:
        box.code(_address(token), language=None, wrap_lines=True)


def _address(token: str) -> str:
    here = urlsplit(st.context.url or "")
    path = here.path.rpartition("/")[0] + "/" if here.netloc else ""
    query = urlencode({"lesson": token, "step": 1})
    return urlunsplit(here._replace(path=path, query=query, fragment=""))


def _edit_step(at: int, step: Step) -> None:
    def put(field: str) -> Any:
        return lambda text: own.change_step(at, field, text)

    key = f"own_{at}"
    left, right = st.columns(2, gap="large")
    with left:
        _field("Title", f"{key}_title", step.title, "title", put("title"))
        _field("Set-up: one sentence", f"{key}_setup", step.setup, "setup", put("setup"), area=True)
        _field("Moral: one sentence", f"{key}_moral", step.moral, "moral", put("moral"), area=True)
    with right:
        _question(at, step)
        _field(
            "Notes for the speaker", f"{key}_notes", step.notes, "notes", put("notes"), area=True
        )
    _field("Link", f"{key}_link", step.link, "link", put("link"))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _minutes(at, step)
        st.button("Up", key=f"{key}_up", on_click=own.move, args=(at, -1), disabled=at == 0)
        st.button("Down", key=f"{key}_down", on_click=own.move, args=(at, 1))
        st.button("Remove", key=f"{key}_remove", on_click=own.remove, args=(at,))
        st.button(
            "Put the present view here",
            key=f"{key}_here",
            on_click=lambda: own.change_step(at, "link", own.link_of(settings.current())),
        )


def _field(label: str, key: str, value: str, field: str, put: Any, area: bool = False) -> None:
    draw: Any = st.text_area if area else st.text_input
    options = {"height": 84} if area else {}
    draw(label, max_chars=LONGEST[field], **options, **shown(key, value, put))


def _minutes(at: int, step: Step) -> None:
    number_box(
        "Minutes",
        f"own_{at}_minutes",
        step.minutes,
        Limit(0.1, MAX_MINUTES, whole=False),
        lambda minutes: own.change_step(at, "minutes", minutes),
        width=140,
    )


def _question(at: int, step: Step) -> None:
    key, (kind, text, written) = f"own_{at}_question", _pieces(step).values()
    st.selectbox(
        "Question",
        list(_KINDS),
        format_func=_KINDS.__getitem__,
        **shown(f"{key}_kind", kind, lambda chosen: _ask(at, kind=chosen)),
    )
    if not kind:
        return
    _field("What is asked", f"{key}_text", text, "text", lambda typed: _ask(at, text=typed))
    if kind in _WITHOUT_OPTIONS:
        return
    what = "outcomes" if kind == "winner" else "shares in per cent"
    label = f"Answers to choose from: up to six {what}, with commas between (or none)"
    st.text_input(label, **shown(f"{key}_options", written, lambda typed: _ask(at, written=typed)))


def _pieces(step: Step) -> dict[str, str]:
    """Return a step's question as its fields show it: kind, text, and answers to choose from."""
    asked = step.question
    if asked is None:
        return {"kind": "", "text": "", "written": ""}
    return {"kind": asked.kind, "text": asked.text, "written": ", ".join(asked.options)}


def _ask(at: int, **changed: str) -> None:
    """Change pieces of a step's question, and leave the others as they are now."""
    lesson = course.own()
    if lesson is None or at >= len(lesson.steps):
        return
    now = _pieces(lesson.steps[at]) | changed
    chosen = [option.strip() for option in now["written"].split(",") if option.strip()]
    question: dict[str, Any] = {"kind": now["kind"], "text": now["text"] or "What will happen?"}
    if chosen and now["kind"] not in _WITHOUT_OPTIONS:
        question["options"] = chosen
    own.change_step(at, "question", question if now["kind"] else None)
