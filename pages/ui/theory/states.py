"""Sections 3.3 and 3.4: every state the loop can rest in, and an even source solved."""

import math

import numpy as np

from closedloop_core import (
    Law,
    LoopParams,
    collapse_threshold,
    count_stable_states,
    equilibrium,
    free_energy,
    leading_eigenvalue,
    mean_field_step,
    settled_state,
    simulate,
    stable_states,
    total_variation,
    uniform_thresholds,
)
from closedloop_core.closed_forms.even import collapse_branch
from closedloop_core.measures import Array
from pages.ui.theory.model import (
    COLD,
    EVEN,
    EVEN_3,
    FEW,
    HOT,
    MILD_COLD,
    OURS,
    SMALL,
    SOME_EXTERNAL,
    SOME_OWN,
    Check,
    Need,
    Section,
    Statement,
    at_most,
    compare,
    inside,
    temperature_between,
)

FIELD = "mean field"


def reduction(params: LoopParams) -> Check:
    """Solve the scalar equation backwards from the settled state; compare with the source."""
    q, temperature, a = params.source.probabilities(), params.temperature, params.external_fraction
    p = settled_state(q, temperature, a)
    b, v, present = 1.0 / temperature, p / a, p > 0
    logs = np.log(p[present])
    log_sum = b * logs.max() + math.log(np.exp(b * (logs - logs.max())).sum())
    # ln(kappa v^b): kappa alone may underflow.
    log_kappa = (math.log1p(-a) if a < 1 else -math.inf) - log_sum + (b - 1.0) * math.log(a)
    rebuilt = np.zeros(len(q))
    rebuilt[present] = v[present] - np.exp(log_kappa + b * (logs - math.log(a)))
    worst = int(np.argmax(np.abs(rebuilt - q)))
    words = ("vᵢ − κ vᵢᵇ where it is furthest from qᵢ", "qᵢ there")
    return compare(rebuilt[worst], "=", q[worst], words, 1e-10 / a)


def self_shares(state: Array, q: Array, a: float) -> Array:
    """Return s_i = 1 - a q_i / p_i, the self-generated share of each outcome."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(state > 0, 1.0 - a * q / state, 0.0))


def one_winner(params: LoopParams) -> Check:
    """Most upper roots in any stable state against one."""
    q, temperature, a = params.source.probabilities(), params.temperature, params.external_fraction
    states = stable_states(q, temperature, a)
    counts = [int((self_shares(p, q, a) > temperature + 1e-9).sum()) for p in states]
    left = max(counts, default=0)
    words = (f"most winners in any of {len(states)} stable states", "one")
    return compare(float(left), "<=", 1.0, words, 0.0, "exactly")


def contraction(params: LoopParams) -> Check:
    """Ratio of Hilbert distances after and before F against b."""
    q, temperature, a = params.source.probabilities(), params.temperature, params.external_fraction
    x, y = inside(params), np.full(len(q), 1.0 / len(q))
    y = 0.5 * y + 0.5 * np.roll(x, 1) if np.allclose(x, y) else y
    if np.allclose(x, y):
        x = np.arange(1.0, len(q) + 1.0) / np.arange(1.0, len(q) + 1.0).sum()
    images = [mean_field_step(z, q, temperature, a) for z in (x, y)]
    ratio = hilbert(*images) / hilbert(x, y)
    words = ("distance of two states after a generation (1 before)", "b = 1/T")
    return compare(ratio, "<=", 1.0 / temperature, words)


def hilbert(x: Array, y: Array) -> float:
    """Return Hilbert's projective distance of two positive vectors."""
    logs = np.log(x) - np.log(y)
    return float(logs.max() - logs.min())


def ends_by_iteration(q: Array, temperature: float, a: float) -> int:
    """Count the stable ends of runs that start near each vertex and at the source."""
    n = len(q)
    starts = [0.999 * np.eye(n)[j] + 0.001 / n for j in range(n)]
    ends: list[Array] = []
    for start in (*starts, q):
        end = equilibrium(q, temperature, a, start=start)
        if leading_eigenvalue(end, q, temperature, a) >= 1.0:
            continue
        if all(total_variation(end, other) > 1e-7 for other in ends):
            ends.append(end)
    return len(ends)


def counted(params: LoopParams) -> Check:
    """Count stable states from the scalar equation and by running the loop from every corner."""
    q, temperature, a = params.source.probabilities(), params.temperature, params.external_fraction
    left = count_stable_states(q, temperature, a)
    right = ends_by_iteration(q, temperature, a)
    words = ("stable states, from the scalar equation", f"ends of {len(q) + 1} runs, distinct")
    return compare(float(left), "=", float(right), words, 0.0, "exactly")


def threshold_by_iteration(q: Array, temperature: float, outcome: int) -> float:
    """Find the share at which ``outcome`` stops winning, by running 41 loops at a time."""
    low, high = 0.0, 1.0
    for _ in range(2):
        shares = np.linspace(low, high, 41)
        alive = survivors(q, temperature, shares, outcome)
        last = int(np.flatnonzero(alive)[-1]) if alive.any() else 0
        low, high = shares[last], shares[min(last + 1, 40)]
    return float(0.5 * (low + high))


def survivors(q: Array, temperature: float, shares: Array, outcome: int) -> Array:
    """Run the mean field from near a vertex; say where its outcome leads by its own copies."""
    p = np.full((len(shares), len(q)), 0.0001 / len(q))
    p[:, outcome] += 0.9999
    a, b = shares[:, None], 1.0 / temperature
    for _ in range(2_000):
        powers = (p / p.max(axis=1, keepdims=True)) ** b
        fresh = (1.0 - a) * powers / powers.sum(axis=1, keepdims=True) + a * q
        if np.abs(fresh - p).max() < 1e-12:
            break
        p = fresh
    # 1 - a q / p > T, without a division; an absent outcome lives while it holds a share.
    return np.asarray((1.0 - temperature) * p[:, outcome] > shares * q[outcome] + 1e-9)


def ranked(params: LoopParams) -> tuple[Array, list[int]]:
    """Return the source and its outcomes, likeliest first."""
    q = params.source.probabilities()
    return q, [int(i) for i in np.argsort(-q, kind="stable")]


def second_threshold(params: LoopParams) -> Check:
    """Threshold of the second outcome, exact and by running the loop."""
    q, order = ranked(params)
    left = collapse_threshold(q, params.temperature, order[1])
    right = threshold_by_iteration(q, params.temperature, order[1])
    words = ("a₂: below it the second likeliest can win", "the same, by running the loop")
    return compare(left, "=", right, words, 3e-3, "to 0.003: 2,000 generations")


def threshold_order(params: LoopParams) -> Check:
    """Threshold of the second outcome against that of the rarest, found by running the loop."""
    q, order = ranked(params)
    left = collapse_threshold(q, params.temperature, order[1])
    right = threshold_by_iteration(q, params.temperature, order[-1])
    words = ("the second likeliest can win below", "the rarest below, by running the loop")
    return compare(left, ">=", right, words, 3e-3, "up to 0.003")


def uniqueness(params: LoopParams) -> Check:
    """Share that guarantees a unique state against the exact end of the second winner."""
    q, order = ranked(params)
    cold = 1.0 - params.temperature
    left = cold / (cold + params.temperature * float(q.max()))
    right = collapse_threshold(q, params.temperature, order[1])
    words = ("guaranteed unique from this share on", "exact: another winner possible below")
    return compare(left, ">=", right, words)


def stays_on_face(params: LoopParams) -> Check:
    """Total count of absent outcomes in a noisy run from the source."""
    run = simulate(
        params.replace(regime="replace", growth=None, noise=True, generations=20, initial_size=100)
    )
    absent = params.source.probabilities() == 0
    left = float(run.probabilities[:, absent].sum())
    n = int(absent.sum())
    words = (f"share of {n} absent outcome{'s' * (n > 1)}, all generations", "none")
    return compare(left, "=", 0.0, words, 0.0, "exactly")


def _with_absent(params: LoopParams) -> LoopParams:
    q = params.source.probabilities()
    return params.replace(initial=Law.from_weights([*q[: max(2, len(q) - 1)], 0.0]), reference=None)


SOME_ABSENT = Need(
    "a start at a source that leaves an outcome out",
    lambda params: (
        params.initial == params.source and bool(np.any(params.source.probabilities() == 0))
    ),
    _with_absent,
)


def even_stability(params: LoopParams) -> Check:
    """Leading eigenvalue of the even state against (1 - a)/T."""
    q, temperature, a = params.source.probabilities(), params.temperature, params.external_fraction
    left = leading_eigenvalue(q, q, temperature, a)
    words = ("leading eigenvalue of the even state", "(1−a)/T, below 1 when a > 1−T")
    return compare(left, "=", (1.0 - a) / temperature, words)


def on_the_branch(params: LoopParams) -> Check:
    """Share that the closed form assigns to a collapsed state of the core against a."""
    n, temperature, a = params.initial.n, params.temperature, params.external_fraction
    states = stable_states(params.source, temperature, a)
    p = states[np.argmax(states.max(axis=1) - states.min(axis=1))]
    log_ratio = math.log(p.max()) - math.log(p.min())
    left = float(collapse_branch(n, temperature, log_ratio))
    words = (f"a(r) at r = {math.exp(log_ratio):,.4g} of the core's collapsed state", "a, as set")
    return compare(left, "=", a, words, 1e-8)


def _collapse_exists(params: LoopParams) -> bool:
    top = uniform_thresholds(params.initial.n, params.temperature)[2]
    return 0.001 <= params.external_fraction <= 0.99 * top


def _into_collapse(params: LoopParams) -> LoopParams:
    top = uniform_thresholds(params.initial.n, params.temperature)[2]
    least = min(0.001, 0.9 * top)
    return params.replace(external_fraction=min(max(params.external_fraction, least), 0.98 * top))


COLLAPSIBLE = Need("an external share at which collapse exists", _collapse_exists, _into_collapse)


def half_temperature(params: LoopParams) -> Check:
    """Saddle-node at T = 1/2 against its closed form."""
    n = params.initial.n
    words = ("cure at T = 1/2, maximised numerically", "n / (1 + √(n−1))²")
    right = n / (1.0 + math.sqrt(n - 1.0)) ** 2
    return compare(uniform_thresholds(n, 0.5)[2], "=", right, words)


def saddle_node(params: LoopParams) -> Check:
    """End of collapse from the closed branch against the general solver."""
    n, temperature = params.initial.n, params.temperature
    left = uniform_thresholds(n, temperature)[2]
    right = collapse_threshold(Law.uniform(n), temperature, 1)
    words = ("cure: top of a(r)", "the same from the general equation")
    return compare(left, "=", right, words, 1e-7)


def prevention(params: LoopParams) -> Check:
    """Share that prevents collapse against the share that cures it, by running the loop."""
    n, temperature = params.initial.n, params.temperature
    left = uniform_thresholds(n, temperature)[0]
    right = threshold_by_iteration(params.source.probabilities(), temperature, 0)
    words = ("prevention: the even state is stable above", "cure: no collapse above, by running")
    return compare(left, "<=", right, words, 3e-3, "up to 0.003")


def maxwell(params: LoopParams) -> Check:
    """Depth of the collapsed and of the even state at the Maxwell share."""
    n, temperature = params.initial.n, params.temperature
    a = uniform_thresholds(n, temperature)[1]
    states = stable_states(params.source, temperature, a)
    collapsed = states[np.argmax(states.max(axis=1) - states.min(axis=1))]
    even = params.source.probabilities()
    left, right = (float(free_energy(p, even, temperature, a)) for p in (collapsed, even))
    words = (f"Φ of the collapsed state at a = {a:.4f}, nats", "Φ of the even state, nats")
    return compare(left, "=", right, words, 1e-8)


def many_outcomes(params: LoopParams) -> Check:
    """Room above the saddle-node for a vast even law against the asymptotic form."""
    temperature = params.temperature
    b = 1.0 / temperature
    factor = b * (b - 1.0) ** (temperature - 1.0)
    log_n = math.log(factor / 1e-4) / (1.0 - temperature)
    n = math.exp(min(log_n, 650.0))
    grid = np.linspace(1e-3, min(log_n, 650.0), 40_001)
    left = 1.0 - float(collapse_branch(n, temperature, grid).max())  # type: ignore[arg-type]
    right = factor * n ** -(1.0 - temperature)
    words = (f"1 − cure for n = {n:.0e} outcomes", "asymptotic form")
    scaled = compare(left / right, "=", 1.0, words, 0.03, "to 3 %: a limit of many outcomes")
    return Check(left, right, *words, "=", scaled.holds, scaled.tolerance_words)


STATES = Section(
    "Every state the loop can rest in",
    "With external data the fixed points follow from one scalar equation, so nothing has to be"
    " searched for.",
    (
        Statement(
            "All fixed points from one scalar equation",
            "With p = a v, each outcome solves the same equation; κ is one number for all.",
            r"v_i - \kappa\,v_i^b = q_i,\qquad a = 1/\textstyle\sum_i v_i,\qquad"
            r" \kappa = \frac{1-a}{\sum_j p_j^b}\,a^{b-1}",
            "proved",
            FIELD + ", a > 0, T ≠ 1",
            OURS,
            reduction,
            (SOME_EXTERNAL, SMALL),
        ),
        Statement(
            "A stable state has at most one winner",
            "sᵢ is the share of outcome i that the model made itself. An outcome with sᵢ > T has"
            " won; two cannot.",
            r"s_i = 1 - a\,q_i/p_i,\qquad \#\{i : s_i > T\} \le 1",
            "proved",
            FIELD,
            OURS,
            one_winner,
            (COLD, SOME_EXTERNAL, FEW),
        ),
        Statement(
            "Above T = 1 there is one state",
            "F contracts Hilbert’s projective metric by b, so every run with all outcomes ends at"
            " the same point.",
            r"d_H(F(x), F(y)) \le b\,d_H(x, y),\qquad b < 1",
            "proved",
            FIELD + ", states with all outcomes",
            OURS + " (the metric: Hilbert, Birkhoff)",
            contraction,
            (HOT, SOME_OWN),
        ),
        Statement(
            "How many stable states there are",
            "Each outcome but the favourite has exactly one state in which it wins, while a is"
            " below its threshold. Beside these there are one or two states without a winner or"
            " with the favourite as winner.",
            r"\begin{aligned} &j \text{ other than the favourite: } 1 \text{ if } a < a_j(T),"
            r"\text{ else } 0\\ &\text{the favourite, or none: } 1 \text{ or } 2\end{aligned}",
            "proved",
            FIELD + ", T < 1, a > 0",
            OURS,
            counted,
            (MILD_COLD, SOME_EXTERNAL, at_most(12)),
        ),
        Statement(
            "When the second likeliest can no longer win",
            "Below a₂ an accident of history can leave the wrong outcome in charge for good. The"
            " minimum is over the branch on which it has the upper root y.",
            r"a_2(T) = \bigl(\min_y\textstyle\sum_i q_i\,(1+e^{y_i})\bigr)^{-1}",
            "proved",
            FIELD + ", T < 1",
            OURS,
            second_threshold,
            (MILD_COLD, FEW),
        ),
        Statement(
            "Rare winners vanish first",
            "As external data grow, collapsed states disappear in the order of q, rarest first.",
            r"q_i \ge q_j \;\Rightarrow\; a_i(T) \ge a_j(T)",
            "proved",
            FIELD + ", T < 1, outcomes other than the favourite",
            OURS,
            threshold_order,
            (MILD_COLD, FEW),
        ),
        Statement(
            "A share that guarantees one state",
            "A theorem is not a threshold: the guarantee is simple, the exact line is lower.",
            r"a \ge \frac{1-T}{1-T+T\max q} \;\Rightarrow\; \text{unique, and stable}",
            "proved",
            FIELD + ", T < 1, two or more outcomes in q",
            OURS + "; a sufficient bound",
            uniqueness,
            (MILD_COLD, FEW),
        ),
        Statement(
            "What the source lacks, the loop never makes",
            "A run that starts at q keeps q’s zeros.",
            r"q_j = 0,\ p_0 = q \;\Rightarrow\; p_{t,j} = 0",
            "proved",
            "any sample size",
            "classical",
            stays_on_face,
            (SMALL, SOME_ABSENT),
        ),
    ),
)

UNIFORM = Section(
    "An even source, solved",
    "For an even q of n outcomes the lines of the phase diagram are closed forms. With three or"
    " more outcomes the change is abrupt, and what it takes to prevent collapse is less than what"
    " it takes to undo it.",
    (
        Statement(
            "The even state is stable above a = 1 − T",
            "For every number of outcomes.",
            r"\lambda_{\mathrm{max}} = \frac{1-a}{T} < 1 \iff a > 1 - T",
            "proved",
            FIELD,
            OURS,
            even_stability,
            (EVEN,),
        ),
        Statement(
            "Where one outcome leads the rest",
            "A state in which one outcome is r times as likely as each other sits at one share.",
            r"a(r) = \frac{n\,(r^b - r)}{(r+n-1)(r^b-1)},\qquad"
            r" r = p_{\text{leader}}/p_{\text{other}}",
            "proved",
            FIELD,
            OURS,
            on_the_branch,
            (EVEN, FEW, MILD_COLD, COLLAPSIBLE),
        ),
        Statement(
            "Where collapse stops existing",
            "The top of a(r): it has only one, and the collapsed state is stable exactly beyond"
            " it.",
            r"a_{\mathrm{sn}} = \max_{r > 1} a(r)",
            "proved",
            FIELD,
            OURS,
            saddle_node,
            (EVEN, MILD_COLD, SMALL),
        ),
        Statement(
            "At half the temperature it is a closed form",
            "For ten outcomes 5/8: prevention 0.50, cure 0.625.",
            r"T = \tfrac12:\quad a_{\mathrm{sn}} = \frac{n}{(1+\sqrt{n-1})^2}",
            "proved",
            FIELD,
            OURS,
            half_temperature,
            (EVEN_3, temperature_between(0.5, 0.5, "T = 1/2")),
        ),
        Statement(
            "Prevention is cheaper than cure",
            "Between the two shares both the even and the collapsed states are stable: history"
            " decides.",
            r"1 - T < a_{\mathrm{sn}}\qquad (n \ge 3)",
            "proved",
            FIELD + ", an even source",
            OURS,
            prevention,
            (EVEN_3, MILD_COLD, FEW),
        ),
        Statement(
            "The Maxwell line",
            "There is exactly one share at which both states lie equally deep, strictly between"
            " prevention and cure. Not a claim about how a noisy run divides its time.",
            r"\Phi(\text{collapsed}) = \Phi(\text{even})\ \text{ at one } a \in"
            r" (1-T,\ a_{\mathrm{sn}})",
            "proved",
            FIELD + ", an even source, n ≥ 3",
            OURS,
            maxwell,
            (EVEN_3, MILD_COLD, FEW),
        ),
        Statement(
            "With enough outcomes, collapse survives any a < 1",
            "At a fixed temperature below 1 the share that cures tends to 1.",
            r"1 - a_{\mathrm{sn}} \sim b\,(b-1)^{T-1}\,n^{-(1-T)}",
            "proved",
            FIELD + ", an even source, n → ∞ at a fixed T < 1",
            OURS,
            many_outcomes,
            (temperature_between(0.3, 0.95, "T between 0.3 and 0.95, for floats to show it"),),
        ),
    ),
)
