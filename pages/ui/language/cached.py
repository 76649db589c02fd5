"""What is cached for this page; every cache is bounded. See `pages.ui.cached`.

What is made of a visitor's own text is kept in that session alone; the rest is shared.
"""

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from closedloop_core import (
    Law,
    LearnerParams,
    NGrams,
    ToldPhrase,
    effective_external,
    minimum_external_fraction,
    told_phrase,
)
from closedloop_core.learners.text_measures import fresh_distance
from pages.ui.cached import is_here, visitor, worker_pool
from pages.ui.language.figures import pack_dials
from pages.ui.language.later import Later
from pages.ui.language.map_parts import MapInParts
from pages.ui.language.maps import Beside, make_beside
from pages.ui.language.runs import Moment, glances, moments
from pages.ui.language.starved import Starved, bigrams
from pages.ui.language.stepped import Stepped
from pages.ui.language.work.cached import map_part
from pages.ui.pool import processors

S = TypeVar("S", NGrams, LearnerParams)
P = ParamSpec("P")
T = TypeVar("T")
_KEYS: dict[str | type[Any], Callable[[Any], Any]] = {
    LearnerParams: lambda params: (params.to_query(), params.source.digest),
    NGrams: lambda source: source.digest,
}
_ROOM = threading.BoundedSemaphore(max(1, processors() - 1))  # what the steps of runs take turns by
_OF_VISITOR = 4  # results of each kind that a session keeps of own texts


def kept_text(
    max_entries: int,
) -> Callable[[Callable[Concatenate[S, P], T]], Callable[Concatenate[S, P], T]]:
    """Cache what is made of a source or of settings: of a visitor's own text, in its session."""

    def decorate(make: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
        options: dict[str, Any] = {"hash_funcs": _KEYS, "show_spinner": False}
        shared = st.cache_resource(max_entries=max_entries, **options)(make)
        own = st.cache_resource(max_entries=_OF_VISITOR, scope="session", **options)(make)

        @wraps(make)
        def found(given: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
            source = given if isinstance(given, NGrams) else given.source
            return (shared if source.fits_link else own)(given, *args, **kwargs)

        return found

    return decorate


@kept_text(max_entries=24)
def run_of(params: LearnerParams, beginning: str) -> Stepped[Moment]:
    """Return a run, as far as it has come."""
    return Stepped(moments(params, beginning), params.generations + 1, room=_ROOM)


@kept_text(max_entries=4)
def glance_of(params: LearnerParams, beginning: str, last: int) -> Stepped[Moment]:
    """Return the texts of a run up to a generation, without measures, as far as it has come."""
    shorter = params.replace(generations=max(1, min(last, params.generations)))
    return Stepped(glances(shorter, beginning), shorter.generations + 1, room=_ROOM)


@kept_text(max_entries=16)
def words_law(source: NGrams) -> Law:
    """Return the law of a source's words alone: what the simplex theory speaks of."""
    shares = source.word_shares()
    present = shares[shares > 0]
    # A text of one word alone: a law needs a second outcome.
    return Law.from_weights(present if len(present) > 1 else [1.0, 1e-12])


@kept_text(max_entries=256)
def luck_of(source: NGrams, sample_size: int) -> float:
    """Return the distance that a fresh sample of the source shows."""
    return fresh_distance(source, sample_size)


@kept_text(max_entries=512)
def needs_of(source: NGrams, temperature: float, tolerance: float) -> float:
    """Return the exact least external share for a source's words alone."""
    return minimum_external_fraction(words_law(source), temperature, tolerance)


@kept_text(max_entries=64)
def dial_frame(source: NGrams, tolerance: float) -> bytes:
    """Return what the dials show of a source: the exact lines of its words alone."""
    return pack_dials(words_law(source), tolerance)


@kept_text(max_entries=64)
def beside_map(params: LearnerParams, tolerance: float) -> Beside:
    """Return what stands beside the measured map of these settings (`maps.map_params`)."""
    return make_beside(words_law(params.source), params, tolerance)


@kept_text(max_entries=24)
def map_of(params: LearnerParams) -> MapInParts:
    """Return the measured map of these settings (`maps.map_params`), as far as it has come."""
    at_once = worker_pool(takes_long=True).workers
    return MapInParts(
        params, lambda cells: _later(lambda found: found, map_part, params, cells), at_once
    )


@kept_text(max_entries=64)
def told_of(source: NGrams, temperature: float) -> Later[ToldPhrase]:
    """Return the phrase that theory tells of a bigram model."""
    return _later(lambda told: told, told_phrase, source, temperature)


@kept_text(max_entries=16)
def bigrams_of(source: NGrams) -> NGrams | None:
    """Return the bigrams of a source, if it has any."""
    return bigrams(source)


@kept_text(max_entries=32)
def starved_of(source: NGrams, temperature: float, share: float) -> Later[Starved]:
    """Return each context's own external share in the settled state; ``source`` is of order 2."""
    setting = (source, temperature, share)
    return _later(lambda shares: Starved.of(source, shares), effective_external, *setting)


def _later(then: Callable[[Any], T], function: Callable[..., Any], *arguments: Any) -> Later[T]:
    pool = worker_pool(takes_long=True)
    return Later(lambda: pool.submit(function, *arguments), then, visitor, is_here)
