"""A visitor's own text: read by the one reader, counted, and kept in this visit alone.

Neither the text nor what is made of it is written anywhere or shared; see `cached.kept`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from closedloop_core import NGrams
from closedloop_core.learners.source import Unit
from closedloop_core.settings.reading import Question, decode, unspaced_scripts, words_of
from closedloop_core.settings.reading.decoding import checked_text
from pages.ui.session import settings

_KEY = "own_text"
HELD_OUT = 0.1
_KEPT_SOURCES = 2  # own texts, or orders of one, that undo may come back to


@dataclass(frozen=True)
class OwnText:
    """A text as the reader understood it, or why not.

    ``refusal`` is the reader's sentence where nothing can be used, ``question`` what it must know.
    """

    name: str
    text: str = ""
    notes: tuple[str, ...] = ()
    refusal: str = ""
    question: Question | None = None
    data: bytes = b""


def own_text() -> OwnText | None:
    """Return what this visitor has brought, or None."""
    found: OwnText | None = st.session_state.get(_KEY)
    return found


def bring(data: bytes | str, name: str = "", encoding: str = "auto") -> None:
    """Read a text or file and keep it for this visit; nothing else changes."""
    try:
        if isinstance(data, str):
            checked_text(data)
            found = OwnText(name, data)
        else:
            decoded = decode(data, encoding)
            notes = (decoded.note,) if decoded.note else ()
            found = OwnText(name, decoded.text, notes, question=decoded.question, data=data)
    except ValueError as error:
        found = OwnText(name, refusal=str(error))
    scripts = unspaced_scripts(found.text)
    if scripts:
        said = " and ".join(scripts)
        note = f"{said}: a script without spaces between words, so each character counts as a word."
        found = OwnText(name, found.text, (*found.notes, note), question=found.question)
    st.session_state[_KEY] = found


def forget() -> None:
    """Forget what was brought; a run that learned from it stays until it is replaced."""
    st.session_state.pop(_KEY, None)


def source_of(
    found: OwnText, order: int, unit: Unit, progress: Callable[[int, int], object] | None = None
) -> NGrams:
    """Return the n-grams of a visitor's text; its last tenth is held out where that is enough.

    Raises
    ------
    ValueError
        If the text is too short.
    """
    held = HELD_OUT if len(found.text) > 2_000 else 0.0
    try:
        return _counted(found.text, order, unit, held, progress)
    except ValueError:
        if not held:
            raise
        return _counted(found.text, order, unit, 0.0, progress)


def _counted(
    text: str, order: int, unit: Unit, held: float, progress: Callable[[int, int], object] | None
) -> NGrams:
    if unit == "word" and unspaced_scripts(text):
        return NGrams.from_words(words_of(text), order, unit, held, progress)
    return NGrams.from_text(text, order, unit, held, progress)


def bound_history(current: NGrams) -> None:
    """Let undo forget runs of older texts: they are large, and a visit's memory is bounded."""
    seen = [current.digest]

    def is_kept(past: settings.Settings) -> bool:
        source = None if past.text is None else past.text.params.source
        if source is None or source.fits_link or source.digest in seen:
            return True
        if len(seen) < _KEPT_SOURCES:
            seen.append(source.digest)
            return True
        return False

    for name in ("past", "future"):
        kept = [past for past in reversed(st.session_state[name]) if is_kept(past)]
        st.session_state[name] = kept[::-1]
