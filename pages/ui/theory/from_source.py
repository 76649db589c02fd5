"""Sections 3.5 and 3.6: a loop that starts at its source, and small noise."""

import numpy as np

from closedloop_core import (
    Law,
    LoopParams,
    apply_temperature,
    equilibrium,
    leading_eigenvalue,
    minimum_external_fraction,
    settled_state,
    shannon_entropy,
    simulate,
    total_variation,
)
from closedloop_core.closed_forms.noise import stationary_covariance
from closedloop_core.exact.classes import TOLERANCE
from pages.ui.theory.model import (
    BALANCED,
    FEW,
    FROM_SOURCE,
    NO_TINY_SHARE,
    OURS,
    SMALL,
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
from pages.ui.theory.without_external import runs_of
from pages.ui.wording import percent

FIELD = "mean field, started at q"
CLOSE = 0.001


def entropy_side(params: LoopParams) -> Check:
    """Entropy of the generation furthest to the wrong side against the source's."""
    q, temperature = params.source.probabilities(), params.temperature
    run = simulate(params.replace(noise=False, growth=None, regime="replace", generations=30))
    entropies = shannon_entropy(run.probabilities[1:])
    right = -float((q[q > 0] * np.log(q[q > 0])).sum())
    if temperature < 1:
        words = ("highest entropy of 30 generations, nats", "the source’s, nats")
        return compare(float(entropies.max()), "<=", right, words, 1e-12, "up to rounding")
    words = ("lowest entropy of 30 generations, nats", "the source’s, nats")
    return compare(float(entropies.min()), ">=", right, words, 1e-12, "up to rounding")


def ordered_ratio(params: LoopParams) -> Check:
    """Growth of the likeliest outcome against that of the rarest, in the settled state."""
    q, temperature, a = params.source.probabilities(), params.temperature, params.external_fraction
    ratio = equilibrium(q, temperature, a) / q
    left, right = float(ratio[np.argmax(q)]), float(ratio[np.argmin(q)])
    words = ("p*/q of the likeliest outcome", "p*/q of the rarest")
    return compare(left, ">=" if temperature < 1 else "<=", right, words)


def distance_identity(params: LoopParams) -> Check:
    """Distance of the settled state against that of its tempered copy."""
    q, temperature, a = params.source.probabilities(), params.temperature, params.external_fraction
    state = settled_state(q, temperature, a)
    left = float(total_variation(state, q))
    right = (1.0 - a) * float(total_variation(apply_temperature(state, temperature), q))
    return compare(left, "=", right, ("TV(p*, q)", "(1−a) TV(E_T(p*), q)"), 1e-8)


def lower_bracket(params: LoopParams) -> Check:
    """Exact least share against its lower bound."""
    q = params.source.probabilities()
    one_step = float(total_variation(apply_temperature(q, params.temperature), q))
    right = max(0.0, 1.0 - TOLERANCE / one_step) if one_step > 0 else 0.0
    left = minimum_external_fraction(q, params.temperature, TOLERANCE)
    return compare(left, ">=", right, ("least share, exact", "lower bound"), 1e-9)


def upper_bracket(params: LoopParams) -> Check:
    """Exact least share against its upper bound."""
    q, temperature = params.source.probabilities(), params.temperature
    even = np.full(len(q), 1.0 / len(q))
    most = 1.0 - float(q.max()) if temperature < 1 else 0.5 * float(np.abs(even - q).sum())
    right = max(0.0, 1.0 - TOLERANCE / most) if most > 0 and temperature != 1 else 0.0
    left = minimum_external_fraction(q, temperature, TOLERANCE)
    return compare(left, "<=", right, ("least share, exact", "upper bound"), 1e-9)


def near_balance(params: LoopParams) -> Check:
    """Least share close to T = 1 against the first-order form."""
    q, b = params.source.probabilities(), 1.0 / params.temperature
    present = q[q > 0]
    logs = np.log(present)
    spread = 0.5 * float((present * np.abs(logs - (present * logs).sum())).sum())
    right = abs(b - 1.0) * spread / (CLOSE + abs(b - 1.0) * spread)
    left = minimum_external_fraction(q, params.temperature, CLOSE)
    words = (f"least share for TV ≤ {CLOSE}, exact", "first-order form")
    return compare(left, "=", right, words, 0.02, "to 0.02: a limit as T → 1")


def falling_distance(params: LoopParams) -> Check:
    """Largest rise of the distance over a grid of external shares against none."""
    q = params.source.probabilities()
    states = [settled_state(q, params.temperature, a) for a in np.linspace(0.0, 1.0, 21)]
    distances = 0.5 * np.abs(np.array(states) - q).sum(axis=1)
    words = ("largest rise of TV(p*, q) from one of 21 shares to the next", "none")
    return compare(float(np.diff(distances).max()), "<=", 0.0, words, 1e-10, "up to rounding")


def stationary_sum(params: LoopParams) -> Check:
    """Mean of sum p^2 in the stationary noise at T = 1 against the closed form."""
    q, k, a = params.source.probabilities(), params.sample_size, params.external_fraction
    runs = runs_of(params.replace(regime="replace", growth=None, noise=True, generations=15))
    total, keep = float((q**2).sum()), (1.0 - a) ** 2
    right = (1.0 / k + (1.0 - 1.0 / k) * (1.0 - keep) * total) / (1.0 - (1.0 - 1.0 / k) * keep)
    words = ("mean of Σ p² in generation 15, simulated", "closed form")
    return compare_mean((runs**2).sum(axis=1), right, words, 2.0 / k)


def linear_noise(params: LoopParams) -> Check:
    """Mean squared distance of noisy runs from a stable state against the linear theory."""
    q, temperature, a = params.source.probabilities(), params.temperature, params.external_fraction
    state = settled_state(q, temperature, a)
    runs = runs_of(
        params.replace(
            initial=Law.from_weights(state),
            reference=params.source,
            regime="replace",
            growth=None,
            noise=True,
            generations=10,
        )
    )
    right = float(np.trace(stationary_covariance(state, q, temperature, a, params.sample_size)))
    words = ("mean squared distance from p*, simulated", "trace of Σ")
    return compare_mean(
        ((runs - state) ** 2).sum(axis=1), right, words, 2.0 / params.sample_size**2, slack=0.1
    )


def _quiet(params: LoopParams) -> bool:
    state = settled_state(params.source, params.temperature, params.external_fraction)
    if not np.all(state > 0):
        return False
    setting = (params.source, params.temperature, params.external_fraction)
    return leading_eigenvalue(state, *setting) <= 0.75


def _quieter(params: LoopParams) -> LoopParams:
    for a in (*np.arange(0.05, 1.0, 0.05), 0.97):
        tried = params.replace(external_fraction=max(float(round(a, 2)), params.external_fraction))
        if _quiet(tried):
            return tried
    return params.replace(external_fraction=0.98)


QUIET = Need("a stable state with λ ≤ 0.75", _quiet, _quieter)
NEAR_ONE = Need(
    "a temperature within 0.001 of 1, but not 1",
    lambda params: 0 < abs(params.temperature - 1) < 0.0011,
    lambda params: params.replace(temperature=0.999 if params.temperature < 1 else 1.001),
)
ONE_FAVOURITE = Need(
    "a source with one favourite, at least 5 % ahead",
    lambda params: _lead(params) > 1.05,
    lambda params: params.replace(initial=Law.zipf(params.initial.n), reference=None),
)


def _lead(params: LoopParams) -> float:
    second, first = np.sort(params.source.probabilities())[-2:]
    return float(first / second) if second > 0 else 1.0


SOURCE = Section(
    "Started at the source",
    "The usual case: the loop starts with the same law that the external data follow. Which side"
    " it errs to is exact; only the amount needs a threshold. TV is the total variation distance,"
    f" and faithful means TV ≤ {percent(TOLERANCE, 0, unit='%')} unless said otherwise.",
    (
        Statement(
            "The temperature alone decides the side",
            "Below T = 1 every generation is less diverse than the source, above more.",
            r"\mathrm{sign}\bigl(H(p_t) - H(q)\bigr) = \mathrm{sign}(T-1),\qquad t \ge 1",
            "proved",
            FIELD + "; q not even, a < 1",
            OURS,
            entropy_side,
            (FROM_SOURCE, SMALL),
        ),
        Statement(
            "The likely gain below T = 1, the rare above",
            "p*/q is ordered like q in the cold and against q in the heat.",
            r"T<1:\ q_i \ge q_j \Rightarrow \frac{p^*_i}{q_i} \ge \frac{p^*_j}{q_j}",
            "proved",
            FIELD,
            OURS,
            ordered_ratio,
            (WHOLE_SOURCE, SMALL),
        ),
        Statement(
            "The distance is the model’s own share of the blame",
            "Of the distance between one sampling and the source, the external data take away a.",
            r"\mathrm{TV}(p^*, q) = (1-a)\,\mathrm{TV}(E_T(p^*), q)",
            "proved",
            FIELD,
            OURS,
            distance_identity,
            (SMALL,),
        ),
        Statement(
            "The least external share, from below",
            "The distance after one sampling bounds what is needed.",
            r"a_{\mathrm{min}} \ge"
            r" \max\Bigl(0,\ 1 - \frac{\varepsilon}{\mathrm{TV}(E_T(q), q)}\Bigr)",
            "proved",
            FIELD,
            OURS,
            lower_bracket,
            (SMALL,),
        ),
        Statement(
            "The least external share, from above",
            "The worst that could happen bounds it too: K is the distance of q to its favourite"
            " below T = 1, to the even distribution above.",
            r"a_{\mathrm{min}} \le \max\bigl(0,\ 1 - \varepsilon/K\bigr)",
            "proved",
            FIELD,
            OURS + "; a sufficient bound",
            upper_bracket,
            (SMALL, WHOLE_SOURCE),
        ),
        Statement(
            "Close to T = 1 a small error needs a known share",
            "To first order in the temperature; M measures how uneven the source is.",
            r"a_{\mathrm{min}} \sim \frac{|b-1|\,M}{\varepsilon + |b-1|\,M},\qquad"
            r" M = \tfrac12\textstyle\sum_i q_i\,|\ln q_i + H(q)|",
            "proved",
            FIELD + ", T → 1 and ε → 0",
            OURS,
            near_balance,
            (NEAR_ONE, ONE_FAVOURITE, SMALL),
        ),
        Statement(
            "More external data never take the loop further away",
            "So the least share can be found by bisection.",
            r"a \le a' \;\Rightarrow\; \mathrm{TV}(p^*_{a'}, q) \le \mathrm{TV}(p^*_a, q)",
            "proved",
            FIELD,
            OURS,
            falling_distance,
            (SMALL,),
        ),
    ),
)

NOISE = Section(
    "Small noise",
    "A finite sample shakes the loop around its resting place.",
    (
        Statement(
            "At T = 1 the noise is known exactly",
            "External data turn the lottery of drift into a steady trembling around q.",
            r"\mathbb{E}\textstyle\sum p^2 = \frac{1/k + (1-1/k)\,(1-(1-a)^2)\,Q}"
            r"{1-(1-1/k)(1-a)^2},\qquad Q = \sum q^2",
            "proved",
            "T = 1, finite samples, replace, in the long run",
            "classical population genetics (Wright–Fisher with immigration)",
            stationary_sum,
            (
                BALANCED,
                external_between(0.35, 1.0, "at least 35 % external data, to settle in 15 steps"),
                samples_between(1, 1_000),
                FROM_SOURCE,
                NO_TINY_SHARE,
                SMALL,
            ),
        ),
        Statement(
            "Elsewhere a linear theory will do",
            "Around a stable state the covariance of the noise solves a linear equation.",
            r"\Sigma = J\,\Sigma\,J^{\top} + C/k,\qquad C = \mathrm{diag}(F) - F F^{\top}",
            "checked",
            "large samples, replace",
            "standard linear noise theory",
            linear_noise,
            (
                FEW,
                NO_TINY_SHARE,
                temperature_between(0.1, 50.0, "T ≥ 0.1"),
                QUIET,
                samples_between(800, 1_000),
            ),
        ),
    ),
)
