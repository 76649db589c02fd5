"""Where n-gram loops without smoothing settle, solved and not simulated (ours).

Given how often a long text comes to each context, every context settles as a loop of its own; and
the settled contexts say how often a text comes to them. Next: `told`.
"""

from collections.abc import Iterator

import numpy as np

from closedloop_core.checks import of_kind
from closedloop_core.learners.mean_field import Contexts, checked_setting, own_shares
from closedloop_core.learners.settled_rows import settle_rows
from closedloop_core.learners.source import NGrams
from closedloop_core.learners.stationary import stationary
from closedloop_core.measures import Array

_ROUNDS, _SETTLED = 200, 1e-11
_STEP = 0.8
_HOTTEST, _COLDEST = 1e-12, 1e5  # b beyond which nothing changes


def settled_ngrams(source: NGrams, temperature: float, external_fraction: float) -> Array:
    """Return where the infinite-sample loop without smoothing settles, from the source on.

    Parameters
    ----------
    source : NGrams
    temperature : float in [0.02, 50]
    external_fraction : float in [0, 1]

    Returns
    -------
    (m,) float, joint law over the source's n-grams. Ties stay tied; a sampled run parts them

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    Source: ours. That it is a fixed point is proved (docs/theory.md, section 6b); that the rounds
    reach it was checked.

    Examples
    --------
    >>> from closedloop_core import NGrams, settled_ngrams
    >>> source = NGrams.from_text('a rose is a rose is a rose and a daisy is no rose ' * 9, order=2)
    >>> print(settled_ngrams(source, 0.7, 0.2).sum().round(6))  # shares of all pairs of words
    1.0
    """
    temperature, a = checked_setting(temperature, external_fraction)
    of_kind("source", source, NGrams, "NGrams")
    return _settle(Contexts.of(source), temperature, a)[0]


def effective_external(source: NGrams, temperature: float, external_fraction: float) -> Array:
    """Return each context's own external share a_h in the settled state: (h,) float.

    As `settled_ngrams`, which has the arguments; the budget is sum_h B(h) a_h = a with B the
    settled contexts (ours).

    Examples
    --------
    >>> from closedloop_core import NGrams, effective_external
    >>> source = NGrams.from_text('a rose is a rose is a rose and a daisy is no rose ' * 9, order=2)
    >>> effective_external(source, 0.7, 0.2).shape  # one share a word
    (6,)
    """
    temperature, a = checked_setting(temperature, external_fraction)
    of_kind("source", source, NGrams, "NGrams")
    contexts = Contexts.of(source)
    return own_shares(contexts, _settle(contexts, temperature, a)[1], a)


def _settle(contexts: Contexts, temperature: float, a: float) -> tuple[Array, Array]:
    """Return the settled joint law, and how often texts come to each context."""
    original = contexts.marginal(contexts.joint)
    if a == 1 or temperature == 1:
        # Next words stay; a finite text's contexts are not quite as often as a walk comes to them.
        text = contexts.text(contexts.joint, temperature)
        return (1 - a) * text + a * contexts.joint, contexts.marginal(text)
    if a == 0:
        *_, (_, words, visits) = colder_and_colder(contexts, temperature)
        return visits[contexts.level.row] * words, visits
    q = contexts.next_words(contexts.joint)
    visits, words, part, before = original, q, 1.0, np.inf
    is_last = False
    for _ in range(_ROUNDS):
        shares = own_shares(contexts, visits, a)
        # At last from the source again: so that no context is where only a detour led it.
        words = settle_rows(contexts.level, q, temperature, shares, q if is_last else words)
        tempered = contexts.tempered(words, temperature)
        after = stationary(contexts.arcs, tempered, (1 - a) * visits + a * original)
        moved = float(np.abs(after - visits).sum())
        # Whole steps while they shrink: starving a context makes a text leave it sooner.
        part = 0.5 if moved > 0.7 * before else part
        visits, before = (1 - part) * visits + part * after, moved
        if moved < _SETTLED and is_last:
            break
        is_last = moved < _SETTLED
    text = visits[contexts.level.row] * contexts.tempered(words, temperature)
    return (1 - a) * text + a * contexts.joint, visits


def colder_and_colder(
    contexts: Contexts, temperature: float
) -> Iterator[tuple[float, Array, Array]]:
    """Yield what `replace` without external text comes to: b, next words, visits.

    Next words of generation t are E_{T^t} of the source's, so b = T^-t says all of them; only the
    visits of one generation start from those of the one before. Generations that change the
    temperature by less than a fifth are taken together. Ends when favourites alone are left below
    T = 1, and all that were ever seen are alike above.

    Yields
    ------
    b, (m,) float, (h,) float: E_b of the source's next words, and how often texts of them come to
    each context
    """
    q = contexts.next_words(contexts.joint)
    visits, b = contexts.marginal(contexts.joint), 1.0
    colder = temperature < 1
    factor = max(1.0 / temperature, 1.0 / _STEP) if colder else min(1.0 / temperature, _STEP)
    while _HOTTEST < b < _COLDEST:
        b *= factor
        words = contexts.tempered(q, 1.0 / b)
        visits = stationary(contexts.arcs, words, visits)
        yield b, words, visits
