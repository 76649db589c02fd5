"""Sections 4 and 5: how a settled state is classed, and the published sufficient bounds."""

import math

import numpy as np

from closedloop_core import (
    Law,
    LoopParams,
    collapse_threshold,
    entropy_shift,
    hill_number,
    leading_eigenvalue,
    minimum_external_fraction,
    settled_state,
    total_variation,
)
from closedloop_core.closed_forms.published import euclidean_bound, external_ratio
from closedloop_core.exact.classes import TOLERANCE
from closedloop_core.exact.settled import fisher_rao_share
from closedloop_core.measures import Array
from pages.ui.theory.model import (
    FEW,
    FROM_SOURCE,
    NO_TINY_SHARE,
    OURS,
    SMALL,
    SOME_OWN,
    WHOLE_SOURCE,
    Check,
    Need,
    Section,
    Statement,
    compare,
    compare_mean,
    external_between,
    samples_between,
    temperature_between,
)
from pages.ui.theory.without_external import flow, runs_of

EUCLIDEAN = (
    "B. Gharesifard and P. Tabuada, “Preventing model collapse when training LLMs with synthetic"
    " data”, CDC 2025, pp. 1124–1129 (sufficient bound, as published)"
)
THEOREM_1 = (
    "M. Marchi, J. P. Silvestre, B. Gharesifard, P. Tabuada, “Preventing Model Collapse: A"
    " Fisher-Rao Perspective on the Dynamics of Training with Synthetic Data”, arXiv 2609.18878,"
    " Theorem 1"
)


def shift(params: LoopParams) -> Check:
    """Shift of the settled state, from the core, against its definition."""
    q, temperature, a = params.source.probabilities(), params.temperature, params.external_fraction
    state = settled_state(q, temperature, a)
    left = float(entropy_shift(state, q))
    effective, source = (float(hill_number(p, 1)) for p in (state, q))
    moved, outcomes = math.log(effective / source), int(((q > 0) | (state > 0)).sum())
    most = math.log(outcomes / source) if moved > 0 else math.log(source)
    # An even source cannot move up, a single outcome cannot move down.
    right = moved / most if abs(moved) > 1e-12 and most > 1e-12 else 0.0
    return compare(left, "=", right, ("s of the settled state", "by its definition"), 1e-6)


def settled_is_stable(params: LoopParams) -> Check:
    """Leading eigenvalue at the settled state against 1."""
    setting = (params.source, params.temperature, params.external_fraction)
    left = leading_eigenvalue(settled_state(*setting), *setting)
    return compare(left, "<=", 1.0, ("leading eigenvalue at the settled state", "one"), 1e-6)


def enough(params: LoopParams) -> Check:
    """Distance of the settled state at the least share against the tolerance."""
    q, temperature = params.source.probabilities(), params.temperature
    least = minimum_external_fraction(q, temperature, TOLERANCE)
    state = settled_state(q, temperature, min(1.0, least + 1e-6))
    left = 0.5 * float(np.abs(state - q).sum())
    words = (f"TV(p*, q) at the least share, {least:.4f}", "the tolerance ε")
    return compare(left, "<=", TOLERANCE, words, 1e-4, "to 0.0001")


def not_enough(params: LoopParams) -> Check:
    """Distance of the settled state just below the least share against the tolerance."""
    q, temperature = params.source.probabilities(), params.temperature
    least = minimum_external_fraction(q, temperature, TOLERANCE)
    state = settled_state(q, temperature, 0.99 * least)
    words = (f"TV(p*, q) at 1 % less, {0.99 * least:.4f}", "the tolerance ε")
    return compare(float(total_variation(state, q)), ">=", TOLERANCE, words, 1e-4, "to 0.0001")


def floor(params: LoopParams) -> Check:
    """Mean distance of a batch of pure source data against De Moivre's formula."""
    q, k = params.source.probabilities(), params.sample_size
    batches = runs_of(
        params.replace(
            regime="replace", growth=None, noise=True, generations=1, external_fraction=1.0
        )
    )
    samples = 0.5 * np.abs(batches - q).sum(axis=1)
    right = sum(mean_deviation(k, float(x)) for x in q) / (2.0 * k)
    words = ("mean distance of one batch from the source", "De Moivre’s formula")
    return compare_mean(samples, right, words, 1.0 / k)


def mean_deviation(k: int, x: float) -> float:
    """Return E|X - k x| of a Binomial(k, x): De Moivre, 1730."""
    if not 0 < x < 1:
        return 0.0
    m = math.floor(k * x) + 1
    log_choose = math.lgamma(k + 1) - math.lgamma(m + 1) - math.lgamma(k - m + 1)
    return 2.0 * m * math.exp(log_choose + m * math.log(x) + (k - m + 1) * math.log1p(-x))


def _exact_line(params: LoopParams) -> float:
    q = params.source.probabilities()
    return collapse_threshold(q, params.temperature, int(np.argsort(-q, kind="stable")[1]))


def euclidean(params: LoopParams) -> Check:
    """Compare the Euclidean bound with the exact end of every other winner."""
    left = float(euclidean_bound(params.source.probabilities(), params.temperature))
    words = ("published bound, as a share", "exact: another winner possible below")
    return compare(left, ">=", _exact_line(params), words)


def fisher_rao(params: LoopParams) -> Check:
    """Compare the Fisher-Rao bound with the exact end of every other winner."""
    left = fisher_rao_share(params.source, params.temperature)
    words = ("published bound, as a share", "exact: another winner possible below")
    return compare(left, ">=", _exact_line(params), words)


def fisher_rao_solved(params: LoopParams) -> Check:
    """Solved bound, as a ratio, against the right side of its own inequality."""
    q, temperature = params.source.probabilities(), params.temperature
    share = fisher_rao_share(params.source, temperature)
    eta = 1.0 / (temperature * float(settled_state(q, temperature, share).min()))
    delta = float(q.min())
    right = max((1.0 + temperature * eta) / (temperature * delta), 2.0 * eta / delta)
    words = ("solved bound, as the ratio μ", "what it demands at its own equilibrium")
    return compare(external_ratio(share), "=", right, words, 1e-5)


def floor_of_shares(params: LoopParams) -> Check:
    """Least share after the published time, by integration, against the published floor."""
    q, a, kappa = params.source.probabilities(), params.external_fraction, 0.5
    start = np.zeros(len(q))
    start[np.argmax(q)] = 1.0
    # In the clock s = (1 + mu) t their equation is ours: dp/ds = F(p) - p.
    end: Array = flow(start, q, params.temperature, a, -math.log(1.0 - kappa))
    words = ("least share, integrated from a collapsed start", "κ μδ/(1+μ) with κ = 1/2")
    return compare(float(end.min()), ">=", kappa * a * float(q.min()), words, 1e-7)


def _needs_external(params: LoopParams) -> bool:
    return minimum_external_fraction(params.source, params.temperature, TOLERANCE) > 0.0


def _colder(params: LoopParams) -> LoopParams:
    for temperature in (0.8, 0.5, 0.2, 0.05):
        tried = params.replace(temperature=temperature)
        if _needs_external(tried):
            return tried
    return params.replace(temperature=0.5, initial=Law.zipf(10), reference=None)


NEEDY = Need("a temperature at which external data are needed", _needs_external, _colder)

PHASES = Section(
    "The phases of the diagram",
    "Every point of the phase diagram is the stable state that the loop reaches from its source,"
    " in the infinite-sample limit.",
    (
        Statement(
            "The shift s",
            "How far the entropy has moved: −1 is total collapse, +1 heat death. D is the effective"
            " number of outcomes.",
            r"s = \frac{\ln\bigl(D(p^*)/D(q)\bigr)}{\ln\bigl(n/D(q)\bigr)}\ (\text{if} > 0),\qquad"
            r" s = \frac{\ln\bigl(D(p^*)/D(q)\bigr)}{\ln D(q)}\ (\text{if} < 0)",
            "definition",
            "mean field",
            OURS,
            shift,
            (SMALL,),
        ),
        Statement(
            "The settled state is stable",
            "It is the state that the loop reaches from its source. Where tied favourites make that"
            " state unstable, an infinitesimal push decides: standing still on a ridge is not"
            " faithfulness.",
            r"\lambda_{\mathrm{max}}(p^*) \le 1",
            "proved",
            "mean field",
            OURS,
            settled_is_stable,
            (SMALL, WHOLE_SOURCE),
        ),
        Statement(
            "The remedy is enough",
            "At the share that the verdict asks for, the loop stays within the tolerance.",
            r"\mathrm{TV}(p^*(a_{\mathrm{min}}), q) \le \varepsilon",
            "proved",
            "mean field, started at q",
            OURS,
            enough,
            (SMALL,),
        ),
        Statement(
            "Less is not enough",
            "Anywhere below it, the loop leaves the tolerance. Checked one per cent below.",
            r"a < a_{\mathrm{min}} \;\Rightarrow\; \mathrm{TV}(p^*(a), q) > \varepsilon",
            "proved",
            "mean field, started at q",
            OURS,
            not_enough,
            (SMALL, NEEDY),
        ),
        Statement(
            "A finite batch is never quite the source",
            "Even with nothing but external data a batch of k items is some way off: a noisy run is"
            " not classed by its own distance.",
            r"\mathbb{E}\,\mathrm{TV} = \frac1{2k}\sum_i \mathbb{E}\,|X_i - k q_i|,\qquad"
            r" X_i \sim \mathrm{Bin}(k, q_i)",
            "proved",
            "a = 1, finite samples, replace",
            "classical (De Moivre 1730)",
            floor,
            (
                external_between(1.0, 1.0, "external data only"),
                samples_between(1, 1_000),
                FROM_SOURCE,
                SMALL,
            ),
        ),
    ),
)

BOUNDS = Section(
    "The published bounds",
    "A theorem is not a threshold: these shares are proved to suffice, for every loop that their"
    " papers allow. The exact lines of this model lie lower. δ is the least share in q, and"
    " μ = a/(1−a) the ratio of human to synthetic data.",
    (
        Statement(
            "The Euclidean bound",
            "Enough for one resting place. Below the exact line another outcome can still win.",
            r"\mu > \frac{1}{\delta T}",
            "proved",
            "exact learning; sufficient",
            EUCLIDEAN,
            euclidean,
            (WHOLE_SOURCE, FEW),
        ),
        Statement(
            "The Fisher–Rao bound",
            "Enough to end in a ball around the equilibrium, also for a learner that errs; without"
            " error, at the equilibrium itself.",
            r"\mu \ge \max\Bigl\{\frac{1+T\,\eta_{FR}\,\kappa}{T\delta\kappa},\ "
            r"\frac{\eta+2\eta_{FR}/\kappa}{\delta}\Bigr\},\qquad \eta_{FR} = \frac1{T\min p^*}",
            "proved",
            "with a learning error at most η: proved in their paper; without: proved here",
            THEOREM_1 + " (sufficient bound, as published; checked for η = 0, κ → 1)",
            fisher_rao,
            (WHOLE_SOURCE, FEW),
        ),
        Statement(
            "The Fisher–Rao bound is implicit",
            "The equilibrium depends on the share, so the bound is solved for it.",
            r"\mu = \max\Bigl\{\frac{1+T\,\eta_{FR}(\mu)}{T\delta},\ "
            r"\frac{2\,\eta_{FR}(\mu)}{\delta}\Bigr\}",
            "checked",
            "exact learning",
            "the bound as published; its solution: ours",
            fisher_rao_solved,
            (WHOLE_SOURCE, NO_TINY_SHARE, FEW, temperature_between(0.1, 50.0, "T ≥ 0.1")),
        ),
        Statement(
            "No outcome stays below a floor",
            "After a known time every outcome has a share, wherever the loop started.",
            r"p_i \ge \kappa\,\frac{\mu\delta-\eta}{1+\mu}\quad\text{after } "
            r"t = \frac{\ln\frac1{1-\kappa}}{1+\mu}",
            "proved",
            "their differential equation",
            THEOREM_1 + " (checked for η = 0); the short proof below: ours",
            floor_of_shares,
            (SMALL, SOME_OWN, WHOLE_SOURCE),
        ),
    ),
)
