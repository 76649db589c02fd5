"""Sections 1 and 2: the loop itself, and the loop without external data."""

import math

import numpy as np

from closedloop_core import (
    Law,
    LoopParams,
    apply_temperature,
    count_stable_states,
    hill_number,
    leading_eigenvalue,
    mean_field_step,
    renyi_entropy,
    simulate,
    support_size,
)
from closedloop_core.closed_forms.drift import (
    expected_diversity_accumulate,
    expected_diversity_replace,
    mean_field_replace,
)
from closedloop_core.measures import Array
from pages.ui.theory.model import (
    ALONE,
    BALANCED,
    SMALL,
    UNSEEN,
    Check,
    Need,
    Section,
    Statement,
    at_most,
    compare,
    compare_mean,
    samples_between,
    start_at_most,
    temperature_between,
)
from pages.ui.wording import count

RUNS = 150
CLOCK_RINGS = 25
EXACT = "exactly"
CLOSED = "M. Marchi et al., CDC 2024, abstract"
CLASSICAL = "classical"
ELEMENTARY = "elementary"
AFFORDABLE = samples_between(1, 1_000)
CHAIN = samples_between(20, 60)
NOT_NEAR_ONE = Need(
    "a temperature of 1, or at least 2 % away from it",
    lambda params: params.temperature == 1 or not 0.98 < params.temperature < 1.02,
    lambda params: params.replace(temperature=0.98 if params.temperature < 1 else 1.02),
)
NOT_ONE = Need(
    "a temperature at least 2 % away from 1",
    lambda params: not 0.98 < params.temperature < 1.02,
    lambda params: params.replace(temperature=0.98 if params.temperature <= 1 else 1.02),
)


def runs_of(params: LoopParams, runs: int = RUNS) -> Array:
    """Return the last state of seeded runs, (runs, n); the visitor's seed leads."""
    seeds = [(params.seed + i) % 2**32 for i in range(runs)]
    return np.array([simulate(params.replace(seed=s)).probabilities[-1] for s in seeds])


def one_batch(params: LoopParams) -> Check:
    """Mean share of the favourite in the first batch against F."""
    quick = params.replace(regime="replace", growth=None, generations=1, noise=True)
    p, q = params.initial.probabilities(), params.source.probabilities()
    law = mean_field_step(p, q, params.temperature, params.external_fraction)
    top = int(np.argmax(law))
    words = ("mean share of the likeliest outcome in a batch", "the same share of F(p₀)")
    return compare_mean(runs_of(quick)[:, top], law[top], words, 1.0 / params.sample_size)


def least_survival(params: LoopParams) -> Check:
    """Smallest count of an original outcome after a noisy run, over its first count."""
    run = simulate(
        params.replace(
            regime="accumulate", growth=None, noise=True, generations=20, subsample_size=100
        )
    )
    first = params.initial_size * params.initial.probabilities()
    last = run.probabilities[-1] * run.dataset_size[-1]
    present = first > 0
    ratio = float((last[present] / first[present]).min())
    words = ("least growth of an outcome's count over 20 generations", "one: as at the start")
    return compare(ratio, ">=", 1.0, words, 1e-6, "up to rounding")


def flow(p: Array, q: Array, temperature: float, a: float, clock: float) -> Array:
    """Integrate dp/ds = F(p) - p over ``clock`` by the classical Runge-Kutta method."""

    def slope(x: Array) -> Array:
        x = np.maximum(x, 0.0)
        return mean_field_step(x / x.sum(), q, temperature, a) - x

    steps = 64 if temperature > 0.2 else 256
    h = clock / steps
    for _ in range(steps):
        k1 = slope(p)
        k2 = slope(p + 0.5 * h * k1)
        k3 = slope(p + 0.5 * h * k2)
        p = p + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + slope(p + h * k3))
    return p


def accumulate_is_a_flow(params: LoopParams) -> Check:
    """Effective outcomes after one doubling: small steps against the differential equation."""
    twin = params.replace(
        regime="accumulate",
        noise=False,
        initial_size=10**6,
        growth=math.log(2.0) / 1000,
        generations=1000,
    )
    run = simulate(twin)
    clock = math.log(run.dataset_size[-1] / run.dataset_size[0])
    p, q = params.initial.probabilities(), params.source.probabilities()
    end = flow(p, q, params.temperature, params.external_fraction, clock)
    words = (
        "effective outcomes after 1,000 small steps to twice the data",
        "the same from the differential equation",
    )
    left = hill_number(run.probabilities[-1], 1)
    right = hill_number(np.maximum(end, 0.0) / np.maximum(end, 0.0).sum(), 1)
    return compare(left, "=", right, words, 2e-3, "to 0.2 %: the steps are small, not infinitely")


def composition(params: LoopParams) -> Check:
    """Three generations of mean-field replace against the closed form."""
    t, p = 3, params.initial.probabilities()
    twin = params.replace(
        regime="replace", growth=None, noise=False, external_fraction=0.0, generations=t
    )
    left = simulate(twin).probabilities[-1]
    right = mean_field_replace(p, params.temperature, t)
    words = (
        "effective outcomes after 3 generations, step by step",
        "the same from one map at temperature T³",
    )
    return compare(hill_number(left, 1), "=", hill_number(right, 1), words)


def degeneration(params: LoopParams) -> Check:
    """Effective outcomes at the end of the infinite-sample loop against a head count."""
    p, temperature = params.initial.probabilities(), params.temperature
    pace = abs(math.log(temperature)) if temperature != 1 else 1.0
    generations = min(2_500, math.ceil(45.0 / pace))
    twin = params.replace(
        regime="replace", growth=None, noise=False, external_fraction=0.0, generations=generations
    )
    left = hill_number(simulate(twin).probabilities[-1], 1)
    if temperature < 1:
        right, said = float((p == p.max()).sum()), "outcomes tied at the top of the start"
    elif temperature > 1:
        right, said = float(support_size(p)), "outcomes present at the start"
    else:
        right, said = float(np.exp(-(p[p > 0] * np.log(p[p > 0])).sum())), "the start's, unchanged"
    words = (f"effective outcomes after {count(generations)} generations", said)
    return compare(left, "=", right, words, 1e-6)


def even_eigenvalue(params: LoopParams) -> Check:
    """Leading eigenvalue at the even distribution against 1/T."""
    n = params.initial.n
    even = np.full(n, 1.0 / n)
    left = leading_eigenvalue(even, params.source, params.temperature, 0.0)
    words = ("leading eigenvalue at the even distribution", "1/T: stable below 1")
    return compare(left, "=", 1.0 / params.temperature, words)


def returning_subsets(n: int, temperature: float) -> int:
    """Count the even distributions on subsets that the loop returns to after a small push."""
    masks = (np.arange(1, 2**n)[:, None] >> np.arange(n)) & 1
    even = masks / masks.sum(axis=1, keepdims=True)
    push = np.arange(n, 0, -1) + 1.0
    p = 0.99 * even + 0.01 * push / push.sum()
    reference = np.full(n, 1.0 / n)
    for _ in range(math.ceil(40.0 / abs(math.log(temperature)))):
        p = mean_field_step(p, reference, temperature, 0.0)
    return int((0.5 * np.abs(p - even).sum(axis=1) < 1e-3).sum())


def subsets(params: LoopParams) -> Check:
    """Count stable states without external data; the twin pushes every even subset."""
    left = count_stable_states(params.source, params.temperature, 0.0)
    right = returning_subsets(params.initial.n, params.temperature)
    n = 2**params.initial.n - 1
    words = ("stable states, counted by the core", f"of {n} even subsets, those that take a push")
    return compare(left, "=", right, words, 0.0, EXACT)


def order_kept(params: LoopParams) -> Check:
    """Count neighbours in rank that one temperature map keeps in order."""
    p = params.initial.probabilities()
    e = apply_temperature(p, params.temperature)
    rank = np.argsort(p, kind="stable")
    low, high = p[rank][:-1], p[rank][1:]
    e_low, e_high = e[rank][:-1], e[rank][1:]
    tied = np.isclose(low, high, rtol=1e-9, atol=0.0)
    near = np.isclose(e_low, e_high, rtol=1e-7, atol=0.0)
    kept = np.where(tied, near, e_low < e_high) & ((low == 0) == (e_low == 0))
    words = ("neighbours in rank that one generation keeps in order", "all neighbours in rank")
    return compare(float(kept.sum()), "=", len(p) - 1, words, 0.0, EXACT)


def _nothing_underflows(params: LoopParams) -> bool:
    p = params.initial.probabilities()
    return bool(math.log(p.max() / p[p > 0].min()) / params.temperature < 600)


NO_UNDERFLOW = Need(
    "rare outcomes that no float loses",
    _nothing_underflows,
    lambda params: params.replace(temperature=max(params.temperature, 1.0)),
)


def diversity_rises(params: LoopParams) -> Check:
    """Hill number of order 2 of a warmer output against Renyi's closed form."""
    p = params.initial.probabilities()
    b = 1.0 / params.temperature
    warmer = apply_temperature(p, 1.1 * params.temperature)
    log_number = 2.0 * (1.0 - b) * renyi_entropy(p, b) - (1.0 - 2.0 * b) * renyi_entropy(p, 2.0 * b)
    words = ("effective outcomes (order 2) at 1.1 T", "the same at T, from Rényi entropies")
    return compare(hill_number(warmer, 2), ">=", float(np.exp(log_number)), words)


def drift_replace(params: LoopParams) -> Check:
    """Mean diversity of runs under replace at T = 1 against the closed form."""
    t = 10
    runs = runs_of(params.replace(regime="replace", growth=None, noise=True, generations=t))
    right = expected_diversity_replace(params.initial.probabilities(), params.sample_size, t)
    words = (f"mean chance that two items differ, generation {t}", "closed form")
    return compare_mean(1.0 - (runs**2).sum(axis=1), right, words, 2.0 / params.sample_size)


def drift_accumulate(params: LoopParams) -> Check:
    """Mean diversity of runs under accumulate at T = 1 against the closed form."""
    t, k, size = 10, params.sample_size, params.initial_size
    runs = runs_of(params.replace(regime="accumulate", growth=None, noise=True, generations=t))
    right = expected_diversity_accumulate(params.initial.probabilities(), k, size, t)
    words = (f"mean chance that two items differ, generation {t}", "closed form")
    return compare_mean(1.0 - (runs**2).sum(axis=1), right, words, 2.0 / params.sample_size)


def freezing(params: LoopParams) -> Check:
    """Compare the product's limit, one item at a time, with the Dirichlet law's diversity."""
    p, size = params.initial.probabilities(), params.initial_size
    left = expected_diversity_accumulate(p, 1, size, 10**6)
    right = size / (size + 1.0) * (1.0 - float((p**2).sum()))
    words = ("diversity left after a million generations", "diversity of the Dirichlet mix")
    return compare(left, "=", right, words, 1e-4 + size / 10**6)


def chain(k: int) -> Array:
    """Transition matrix of the favourite's count under replace at T = 1, (k + 1, k + 1)."""
    x = np.arange(k + 1)
    log_choose = np.array([math.lgamma(k + 1) - math.lgamma(j + 1) - math.lgamma(k - j + 1)
                           for j in range(k + 1)])  # fmt: skip
    share = np.clip(x / k, 1e-300, 1.0)[:, None]
    rest = np.clip(1.0 - x / k, 1e-300, 1.0)[:, None]
    return np.asarray(np.exp(log_choose + x * np.log(share) + (k - x) * np.log(rest)))


def _first_batch(params: LoopParams) -> tuple[float, Array]:
    """Return the favourite's share and the law of its count in the first batch."""
    p, k = float(params.initial.probabilities().max()), params.sample_size
    x = np.arange(k + 1)
    log_choose = np.array([math.lgamma(k + 1) - math.lgamma(j + 1) - math.lgamma(k - j + 1)
                           for j in range(k + 1)])  # fmt: skip
    rest = max(1.0 - p, 1e-300)
    return p, np.exp(log_choose + x * math.log(p) + (k - x) * math.log(rest))


def takeover(params: LoopParams) -> Check:
    """Odds that the favourite takes over, from the exact chain, against its first share."""
    p, first = _first_batch(params)
    k = params.sample_size
    inner = chain(k)[1:-1]
    odds = np.linalg.solve(np.eye(k - 1) - inner[:, 1:-1], inner[:, -1])
    left = float(first @ np.concatenate([[0.0], odds, [1.0]]))
    words = ("odds that the favourite takes over, exact chain", "its share of the start")
    return compare(left, "=", p, words)


def takeover_time(params: LoopParams) -> Check:
    """Mean generations until the favourite has won or lost, exact chain, against diffusion."""
    p, first = _first_batch(params)
    k = params.sample_size
    inner = chain(k)[1:-1, 1:-1]
    times = np.linalg.solve(np.eye(k - 1) - inner, np.ones(k - 1))
    left = 1.0 + float(first @ np.concatenate([[0.0], times, [0.0]]))
    right = -2.0 * k * (p * math.log(p) + (1.0 - p) * math.log1p(-p))
    words = ("mean generations until the favourite has won or lost", "diffusion limit")
    return compare(left, "=", right, words, 0.12, "to 12 %: a limit of large samples")


NOT_DECIDED = Need(
    "a favourite with a share between 3 % and 97 %",
    lambda params: 0.03 <= params.initial.probabilities().max() <= 0.97,
    lambda params: params.replace(
        initial=Law.uniform(min(params.initial.n, 30))
        if params.initial.probabilities().max() < 0.03
        else Law.from_weights([0.96, *np.full(params.initial.n - 1, 0.04)]),
        reference=None,
    ),
)


def race(params: LoopParams) -> Check:
    """Mean share of the favourite in the urn against a race of exponential clocks."""
    t = CLOCK_RINGS
    urn = params.replace(regime="accumulate", growth=None, noise=True, sample_size=1, generations=t)
    p, size = params.initial.probabilities(), params.initial_size
    top = int(np.argmax(p))
    drawn = (runs_of(urn) * (size + t) - size * p)[:, top]
    words = (
        f"times the favourite is drawn in the first {t}",
        f"times its clock rings in the first {t} rings",
    )
    return compare_two_means(drawn, race_rings(p * size, params, t, top), words)


def race_rings(counts: Array, params: LoopParams, t: int, top: int, races: int = 1000) -> Array:
    """Count the favourite's rings among the first ``t`` in seeded races."""
    rng = np.random.default_rng(np.random.SeedSequence(params.seed, spawn_key=(1,)))
    present = counts > 0
    levels = counts[present][:, None] + np.arange(t)
    # Rates relative to the largest: only the order of the rings matters.
    log_rate = np.log(levels) / params.temperature
    gaps = rng.exponential(size=(races, *levels.shape)) * np.exp(
        np.minimum(log_rate.max() - log_rate, 600.0)
    )
    rings = np.cumsum(gaps, axis=2)
    last = np.partition(rings.reshape(races, -1), t - 1, axis=1)[:, t - 1]
    favourite = int(np.count_nonzero(present[:top]))
    return np.asarray((rings[:, favourite] <= last[:, None]).sum(axis=1), dtype=np.float64)


def compare_two_means(drawn: Array, raced: Array, words: tuple[str, str]) -> Check:
    """Compare two simulated means within 4 standard errors of their difference."""
    errors = [x.std(ddof=1) / math.sqrt(len(x)) for x in (drawn, raced)]
    allowed = 4.0 * math.hypot(*errors) + UNSEEN / len(drawn)
    holds = abs(drawn.mean() - raced.mean()) <= allowed
    said = f"within 4 standard errors of {len(drawn)} seeded runs and {count(len(raced))} races"
    left, right = float(drawn.mean()), float(raced.mean())
    return Check(left, right, *words, "=", bool(holds), said, float(errors[0]))


COLD_URN = temperature_between(0.1, 0.98, "T < 1 (0.1 to 0.98)")

LOOP = Section(
    "The loop",
    "A model learns the frequencies p of its data, is sampled at temperature T (b = 1/T), and its"
    " output is mixed with a share a of external data whose law is q.",
    (
        Statement(
            "One generation's data follow F(p)",
            "Each item of a batch is external with probability a, otherwise the model's own:"
            " together the batch is k draws from one mixed law.",
            r"F(p) = (1-a)\,E_T(p) + a\,q,\qquad E_T(p)_i = \frac{p_i^{b}}{\sum_j p_j^{b}}",
            "proved",
            "any sample size",
            "B. Gharesifard and P. Tabuada, CDC 2025 (the model, as the ratio μ = a/(1−a))",
            one_batch,
            (AFFORDABLE, SMALL),
        ),
        Statement(
            "Accumulated data forget no outcome",
            "When new data join the old, what was in the original dataset never leaves it: shares"
            " shrink, counts do not.",
            r"N_t\,p_{t,i} \ge N_0\,p_{0,i}",
            "proved",
            "any sample size, accumulate",
            CLASSICAL,
            least_survival,
            (AFFORDABLE, SMALL),
        ),
        Statement(
            "The clock of accumulation is the logarithm of the data",
            "In doublings of the dataset the loop moves at a steady pace; counted in rounds it"
            " looks frozen, because each round adds a smaller share.",
            r"\frac{dp}{ds} = F(p) - p,\qquad s = \ln N",
            "proved",
            "mean field, accumulate",
            "classical (Euler’s method; Robbins and Monro)",
            accumulate_is_a_flow,
            (SMALL,),
        ),
    ),
)

WITHOUT = Section(
    "Without external data",
    "a = 0: the model only ever hears itself.",
    (
        Statement(
            "Temperatures multiply",
            "Two generations at temperatures T and S do what one does at ST, so the whole path is"
            " known at once.",
            r"E_S(E_T(p)) = E_{ST}(p) \;\Rightarrow\; p_t = E_{T^t}(p_0)",
            "proved",
            "mean field, replace",
            "classical (escort distributions compose)",
            composition,
            (ALONE,),
        ),
        Statement(
            "Any temperature but 1 degenerates",
            "Below T = 1 the loop ends on the start's favourite, or evenly on those tied with it"
            " (collapse). Above, evenly on all that is present (heat death). At T = 1 every"
            " distribution stays.",
            r"\lim_{t\to\infty} p_t = \begin{cases}\text{even on } \arg\max p_0 & T<1\\ p_0 & T=1\\"
            r" \text{even on the support of } p_0 & T>1\end{cases}",
            "proved",
            "mean field, every regime",
            CLOSED + " (“any non-trivial temperature leads the model to asymptotically"
            " degenerate”); this form: elementary",
            degeneration,
            (ALONE, NOT_NEAR_ONE, SMALL),
        ),
        Statement(
            "The even distribution is stable only above T = 1",
            "A small push at the even distribution is multiplied by 1/T in every generation.",
            r"\lambda_{\mathrm{max}}(\text{even}) = 1/T",
            "proved",
            "mean field",
            ELEMENTARY,
            even_eigenvalue,
            (ALONE,),
        ),
        Statement(
            "Only one kind of rest is stable",
            "The fixed points are the even distributions on subsets of the outcomes. Below T = 1"
            " only single outcomes take back a push, above only the even distribution on all.",
            r"\#\,\text{stable} = \begin{cases} n & T<1\\ 1 & T>1\end{cases}",
            "proved",
            "mean field",
            ELEMENTARY,
            subsets,
            (ALONE, NOT_ONE, at_most(6)),
        ),
        Statement(
            "Order is kept",
            "A temperature never changes which outcome is likelier; ties stay tied and an absent"
            " outcome never returns.",
            r"p_i > p_j \Rightarrow E_T(p)_i > E_T(p)_j,\qquad p_i = 0 \Rightarrow E_T(p)_i = 0",
            "proved",
            "mean field; in floats while nothing underflows",
            "classical",
            order_kept,
            (ALONE, NO_UNDERFLOW),
        ),
        Statement(
            "Warmer is more diverse",
            "Every Hill number of the output rises with the temperature.",
            r"T' > T \;\Rightarrow\; D_\alpha(E_{T'}(p)) \ge D_\alpha(E_T(p))",
            "proved",
            "mean field",
            "classical (escort distributions)",
            diversity_rises,
            (ALONE,),
        ),
        Statement(
            "At T = 1, replacing the data loses diversity by luck alone",
            "The chance that two items differ falls by 1 − 1/k in each generation: genetic drift.",
            r"\mathbb{E}\bigl[1-\textstyle\sum p_t^2\bigr] = (1-\tfrac1k)^t\,"
            r"\bigl(1-\textstyle\sum p_0^2\bigr)",
            "proved",
            "T = 1, finite samples, replace",
            "classical (Wright–Fisher)",
            drift_replace,
            (ALONE, BALANCED, AFFORDABLE, SMALL),
        ),
        Statement(
            "At T = 1, accumulated data freeze",
            "The same chance falls more and more slowly, to a positive limit: the loop stops at a"
            " random mix. That is why the literature seems to disagree about accumulation.",
            r"\mathbb{E}\bigl[1-\textstyle\sum p_t^2\bigr] = \bigl(1-\textstyle\sum p_0^2\bigr)"
            r"\prod_{s=1}^{t}\Bigl(1-\frac{k}{(N_0+ks)^2}\Bigr)",
            "proved",
            "T = 1, finite samples, accumulate",
            "classical (generalised Pólya urn)",
            drift_accumulate,
            (ALONE, BALANCED, AFFORDABLE, SMALL),
        ),
        Statement(
            "One item at a time: the frozen mix is Dirichlet",
            "With k = 1 at T = 1 there is no winner; the limit is a Dirichlet law with the initial"
            " counts.",
            r"p_\infty \sim \mathrm{Dirichlet}(N_0\,p_0)",
            "proved",
            "T = 1, k = 1, accumulate",
            "classical (Pólya’s urn)",
            freezing,
            (ALONE, BALANCED, start_at_most(100_000)),
        ),
        Statement(
            "At T = 1, everyone’s odds are their share",
            "Under replace one outcome takes all in the end; each wins with the probability that is"
            " its share at the start. Checked for the favourite against all the rest.",
            r"P(i \text{ takes over}) = p_{0,i}",
            "proved",
            "T = 1, finite samples, replace",
            "classical (Wright–Fisher)",
            takeover,
            (ALONE, BALANCED, CHAIN),
        ),
        Statement(
            "At T = 1, the time to one survivor grows with the sample",
            "A limit of large samples, some per cent off at k = 50. Checked for the favourite"
            " against all the rest.",
            r"\text{mean generations} \approx -2k\textstyle\sum_i (1-p_{0,i})\ln(1-p_{0,i})",
            "checked",
            "T = 1, finite samples, replace; a diffusion limit",
            "classical (diffusion)",
            takeover_time,
            (ALONE, BALANCED, CHAIN, NOT_DECIDED),
        ),
        Statement(
            "Below T = 1, one item at a time: luck decides the winner",
            "Each outcome races with a clock of its own: with c items its next ring comes at rate"
            " cᵇ. One outcome rings infinitely often before the others, and takes all. Checked over"
            " the first 25 draws, where the race is just as exact.",
            r"P(i) = P\Bigl(\textstyle\sum_{m\ge 0} X_{im}\,(c_i+m)^{-b} \text{ is the smallest}"
            r"\Bigr),\qquad X_{im} \sim \mathrm{Exp}(1)",
            "proved",
            "T < 1, k = 1, accumulate",
            "classical (Rubin’s construction)",
            race,
            (ALONE, COLD_URN, at_most(30), start_at_most(1_000_000)),
        ),
    ),
)
