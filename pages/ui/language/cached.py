"""What is cached for this page; every cache is bounded. See `pages.ui.cached`.

Shared is only what a link can name: a visitor's own text stays in the session, see `of_visitor`.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from closedloop_core import Law, LearnerParams, NGrams, minimum_external_fraction
from closedloop_core.learners.text_measures import fresh_distance
from pages.ui.language.figures import pack_dials
from pages.ui.language.runs import Moment, moments
from pages.ui.language.stepped import Stepped

T = TypeVar("T")
_KEYS: dict[str | type[Any], Callable[[Any], Any]] = {
    LearnerParams: lambda params: params.to_query(),
    NGrams: lambda source: source.name,
}
_MOST_OF_VISITOR = 16  # runs, maps and numbers of own texts that one session keeps


def run_of(params: LearnerParams, beginning: str) -> Stepped[Moment]:
    """Return a run, as far as it has come."""
    if params.source.fits_link:
        return _run(params, beginning)
    key = ("run", params, beginning)
    return of_visitor(key, lambda: _new_run(params, beginning))


@st.cache_resource(max_entries=48, hash_funcs=_KEYS, show_spinner=False)
def _run(params: LearnerParams, beginning: str) -> Stepped[Moment]:
    return _new_run(params, beginning)


def _new_run(params: LearnerParams, beginning: str) -> Stepped[Moment]:
    return Stepped(moments(params, beginning), params.generations + 1)


def words_law(source: NGrams) -> Law:
    """Return the law of a source's words alone: what the simplex theory speaks of."""
    if source.fits_link:
        return _words_law(source)
    return of_visitor(("law", source), lambda: _law(source))


@st.cache_resource(max_entries=8, hash_funcs=_KEYS, show_spinner=False)
def _words_law(source: NGrams) -> Law:
    return _law(source)


def _law(source: NGrams) -> Law:
    shares = source.word_shares()
    present = shares[shares > 0]
    # A text of one word alone: a law needs a second outcome.
    return Law.from_weights(present if len(present) > 1 else [1.0, 1e-12])


def luck_of(source: NGrams, sample_size: int) -> float:
    """Return the distance that a fresh sample of the source shows."""
    if source.fits_link:
        return _luck(source, sample_size)
    return of_visitor(("luck", source, sample_size), lambda: fresh_distance(source, sample_size))


@st.cache_data(max_entries=256, hash_funcs=_KEYS, show_spinner=False)
def _luck(source: NGrams, sample_size: int) -> float:
    return fresh_distance(source, sample_size)


def needs_of(source: NGrams, temperature: float, tolerance: float) -> float:
    """Return the exact least external share for a source's words alone."""
    if source.fits_link:
        return _needs(source, temperature, tolerance)
    key = ("needs", source, temperature, tolerance)
    law = words_law(source)
    return of_visitor(key, lambda: minimum_external_fraction(law, temperature, tolerance))


@st.cache_data(max_entries=512, hash_funcs=_KEYS, show_spinner=False)
def _needs(source: NGrams, temperature: float, tolerance: float) -> float:
    return minimum_external_fraction(words_law(source), temperature, tolerance)


def dial_frame(source: NGrams, tolerance: float) -> bytes:
    """Return what the dials show of a source: the exact lines of its words alone."""
    if source.fits_link:
        return _dial_frame(source, tolerance)
    law = words_law(source)
    return of_visitor(("dials", source, tolerance), lambda: pack_dials(law, tolerance))


@st.cache_data(max_entries=64, hash_funcs=_KEYS, show_spinner=False)
def _dial_frame(source: NGrams, tolerance: float) -> bytes:
    return pack_dials(words_law(source), tolerance)


def of_visitor(key: tuple[Any, ...], make: Callable[[], T]) -> T:
    """Return what is kept in this visitor's session alone: made of a text of their own."""
    kept: dict[tuple[Any, ...], Any] = st.session_state.setdefault("own_text_work", {})
    if key not in kept:
        kept[key] = make()
    kept[key] = kept.pop(key)  # the last one used comes last
    while len(kept) > _MOST_OF_VISITOR:
        del kept[next(iter(kept))]
    found: T = kept[key]
    return found
