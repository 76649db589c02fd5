"""What the Luck page keeps of an ensemble: what it draws, exports and says; not the runs. Pure."""

from dataclasses import dataclass, replace

import numpy as np

from closedloop_core import (
    Ensemble,
    LoopParams,
    hill_number,
    simulate,
    simulate_ensemble,
    total_variation,
)
from closedloop_core.closed_forms.drift import MAX_CHAIN_WORK, takeover_by
from closedloop_core.closed_forms.noise import beta_quantiles
from closedloop_core.comparisons import (
    Evidence,
    evidence,
    frozen_concentration,
    pure_luck,
    winning_odds,
)
from closedloop_core.measures import Array
from pages.ui.pool import InTurn
from pages.ui.wording import count, outcome_name, percent_tenths

THIN = 12
BINS = 40
_MAX_DRAWN = 401  # points of a curve
_CERTAIN = 0.995  # share of runs from which on the winner is no question
_MAX_ROWS = 12  # outcomes in the odds


@dataclass(frozen=True)
class ThinRun:
    """One run of the fan: its curve up to ``finish`` (None: still undecided), and who leads."""

    winner: int
    name: str
    share: float
    finish: int | None
    generations: list[int]
    effective: list[float]

    @property
    def story(self) -> str:
        """Tell the run in one line."""
        ending, start = self.lines
        return f"{ending}; {start}"

    @property
    def lines(self) -> tuple[str, str]:
        """Tell the run in two lines: how it ends, where its leader began."""
        start = f"one run; {percent_tenths(self.share)} of the start"
        if self.finish is not None:
            return f"{self.name} wins at {count(self.finish)}", start
        return f"{self.name} leads, acting like {self.effective[-1]:.2f}", start


@dataclass(frozen=True)
class Few:
    """How long it takes until few are left: one row of small multiples.

    ``shares`` are the shares of runs that get there in each of ``BINS`` bins of equal width,
    ``theory`` the exact ones or None, ``median`` None while fewer than half get there.
    """

    level: float
    words: str
    shares: Array
    theory: Array | None
    median: int | None
    theory_median: int | None
    later: float
    last: bool

    def sentence(self, generations: int, brief: bool) -> str:
        """Tell the row in one line; ``brief`` for a narrow screen."""
        if self.median is None:
            fewer = f"fewer than half by {count(generations)}"
            return fewer if brief else f"{self.words}: {fewer}"
        exact = "" if self.theory_median is None else f", theory {count(self.theory_median)}"
        if brief:
            return f"{self.level:g}: half by {count(self.median)}{exact}"
        return f"{self.words}: half the runs by generation {count(self.median)}{exact}"


@dataclass(frozen=True)
class Digest:
    """What is drawn of ``runs`` runs; quantile arrays are (levels, generations + 1)."""

    params: LoopParams
    runs: int
    effective: Array
    entropy: Array
    distance: Array
    twin_effective: Array
    twin_distance: Array
    twin_final: Array
    drawn: list[int]
    thin: list[ThinRun]
    told: int
    few: list[Few]
    few_words: str
    rows: list[int]
    odds: Array
    odds_error: Array
    odds_theory: Array | None
    mix: Array
    mix_theory: Array | None
    evidence: list[Evidence]
    ended: float
    half: int | None

    @property
    def by_survivors(self) -> bool:
        """Say whether outcomes are counted as left or lost, rather than by how many they act."""
        return closed(self.params)

    @property
    def has_winner(self) -> bool:
        """Say whether it is a question who wins: somebody does, and not always the same."""
        cold = self.params.segments[-1][1].temperature < 1
        return self.by_survivors or cold and float(self.odds.max()) < _CERTAIN


def closed(params: LoopParams) -> bool:
    """Return whether an outcome once lost stays lost: ``replace``, never any external data."""
    return (
        params.noise
        and params.regime == "replace"
        and all(part.external_fraction == 0 for _, part in params.segments)
    )


def digest_of(params: LoopParams, runs: int, few: tuple[int, ...]) -> Digest:
    """Return `digest` of so many runs; for a worker."""
    return digest(simulate_ensemble(params, runs, InTurn()), few)


def digest(ensemble: Ensemble, few: tuple[int, ...]) -> Digest:
    """Return what is kept of an ensemble; ``few`` are numbers of outcomes, empty: our choice."""
    params = ensemble.params
    twin = simulate(params.replace(noise=False)).learned
    last = params.generations
    even = np.linspace(0, last, min(last + 1, _MAX_DRAWN))
    drawn = np.unique(np.round(even).astype(np.intp)).tolist()
    odds, error, theory = winning_odds(ensemble)
    order = np.argsort(-params.initial.probabilities(), kind="stable")
    times = ensemble.time_to(1) if closed(params) else np.full(ensemble.runs, np.inf)
    twin_effective = hill_number(twin, 1)
    rising = bool(twin_effective[-1] > twin_effective[0] * 1.01)
    thin = _thin_runs(ensemble, times, drawn)
    median = float(np.quantile(times, 0.5, method="inverted_cdf"))
    return Digest(
        params=params,
        runs=ensemble.runs,
        effective=ensemble.effective,
        entropy=ensemble.entropy,
        distance=ensemble.distance,
        twin_effective=twin_effective,
        twin_distance=total_variation(twin, params.source.probabilities()),
        twin_final=twin[-1],
        drawn=drawn,
        thin=thin,
        told=_told(thin),
        few=_few_rows(ensemble, few, rising),
        few_words=_few_words(params, rising),
        rows=order[:_MAX_ROWS].tolist(),
        odds=odds,
        odds_error=error,
        odds_theory=theory,
        mix=np.quantile(ensemble.final, ensemble.levels, axis=0),
        mix_theory=_mix_theory(ensemble, order[:_MAX_ROWS].tolist()),
        evidence=evidence(ensemble),
        ended=float(np.isfinite(times).mean()),
        half=int(median) if np.isfinite(median) else None,
    )


def _thin_runs(ensemble: Ensemble, times: Array, drawn: list[int]) -> list[ThinRun]:
    """Return the runs of ranks (2i + 1) / 24 of the finishing time, then of where they end."""
    effective, params = ensemble.effective_runs, ensemble.params
    order = np.lexsort((effective[:, -1], times))
    shares = params.initial.probabilities()
    found = []
    for i in range(THIN):
        run = int(order[(2 * i + 1) * ensemble.runs // (2 * THIN)])
        finish = int(times[run]) if np.isfinite(times[run]) else None
        until = [t for t in drawn if finish is None or t < finish]
        until += [] if finish is None else [finish]
        winner = int(ensemble.winner[run])
        name = outcome_name(params.initial, winner)
        curve = effective[run, until].tolist()
        found.append(ThinRun(winner, name, float(shares[winner]), finish, until, curve))
    return found


def _told(thin: list[ThinRun]) -> int:
    """Return which of the thin runs is told: the rarest winner's, of those that have one."""
    ended = [i for i, run in enumerate(thin) if run.finish is not None]
    return min(ended or range(len(thin)), key=lambda i: thin[i].share)


def few_choices(params: LoopParams, rising: bool) -> list[float]:
    """Return the rows of the small multiples that we choose."""
    n = int(np.count_nonzero(params.initial.probabilities()))
    start = float(hill_number(params.initial.probabilities(), 1))
    if rising:
        steps = {round(start + (n - start) * part, 1) for part in (0.25, 0.5, 0.75, 0.9)}
        return sorted(steps)
    left = n if closed(params) else start
    return [level for level in (5, 3, 2, 1) if level < left]


def _few_words(params: LoopParams, rising: bool) -> str:
    if closed(params):
        return "How long until few are left"
    return f"How long until they act like {'many' if rising else 'few'}"


def _few_rows(ensemble: Ensemble, few: tuple[int, ...], rising: bool) -> list[Few]:
    params, rows = ensemble.params, []
    levels = sorted(few, reverse=not rising) or few_choices(params, rising)
    edges = np.linspace(0, params.generations, BINS + 1)
    by = _exact_takeover(params) if 1 in levels else None
    for level in levels:
        times, words = _times(ensemble, level, rising)
        counts = np.histogram(times[np.isfinite(times)], edges)[0] / ensemble.runs
        median = float(np.quantile(times, 0.5, method="inverted_cdf"))
        exact = by if level == 1 and closed(params) else None
        rows.append(
            Few(
                level=level,
                words=words,
                shares=counts,
                theory=None if exact is None else _per_bin(exact, edges),
                median=int(median) if np.isfinite(median) else None,
                theory_median=None if exact is None else _half(exact),
                later=float(np.isinf(times).mean()),
                last=False,
            )
        )
    kept = rows if few else [row for row in rows if row.later < 1]
    return [replace(row, last=row is kept[-1]) for row in kept]


def _times(ensemble: Ensemble, level: float, rising: bool) -> tuple[Array, str]:
    """Return the first generation at which each run gets to a level, and the level in words."""
    if closed(ensemble.params):
        words = f"{count(level, 'outcome')} left"
        return ensemble.time_to(int(level)), words
    # One outcome alone is never reached while the others are only rare.
    bound = level + 0.05 if level == 1 else level
    effective = ensemble.effective_runs
    there = effective >= level if rising else effective <= bound
    words = f"acting like {bound:g} or {'more' if rising else 'fewer'}"
    return np.where(there.any(axis=1), there.argmax(axis=1), np.inf), words


def _exact_takeover(params: LoopParams) -> Array | None:
    work = (params.sample_size + 1) ** 2 * params.generations
    if not (pure_luck(params) and params.regime == "replace") or work > MAX_CHAIN_WORK:
        return None
    return takeover_by(params.initial.probabilities(), params.sample_size, params.generations)


def _per_bin(by: Array, edges: Array) -> Array:
    """Return the chance of each bin; as in a histogram the last bin holds both its ends."""
    before = np.concatenate([[0.0], by])[np.ceil(edges).astype(np.intp)]
    before[-1] = by[-1]
    return np.diff(before)


def _half(by: Array) -> int | None:
    return int(np.argmax(by >= 0.5)) if by[-1] >= 0.5 else None


def _mix_theory(ensemble: Ensemble, rows: list[int]) -> Array | None:
    """Return quantiles of each row's final share, (levels, rows): the frozen mix's, or None."""
    params = ensemble.params
    if not pure_luck(params) or params.regime != "accumulate":
        return None
    p, concentration = params.initial.probabilities(), frozen_concentration(params)
    if np.any(p[rows] <= 0) or np.any(p[rows] >= 1):
        return None
    columns = [beta_quantiles(float(p[i]), concentration, ensemble.levels) for i in rows]
    return np.array(columns).T
