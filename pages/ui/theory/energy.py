"""Sections 3.1 and 3.2: the free energy, and what decides whether a state is stable."""

import math

import numpy as np

from closedloop_core import (
    Law,
    LoopParams,
    fixed_points,
    free_energy,
    kl_divergence,
    leading_eigenvalue,
    mean_field_step,
    renyi_entropy,
    settled_state,
    shannon_entropy,
    simulate,
)
from closedloop_core.measures import Array
from pages.ui.theory.model import (
    DENSE,
    NO_TINY_SHARE,
    OURS,
    SMALL,
    WHOLE_SOURCE,
    Check,
    Need,
    Section,
    Statement,
    at_most,
    compare,
    external_between,
    inside,
    temperature_between,
)

FREE = "mean field"


def _point(params: LoopParams) -> tuple[Array, Array, float, float]:
    """Return a point with every outcome, the source, T and a."""
    q = params.source.probabilities()
    return inside(params), q, params.temperature, params.external_fraction


def gradient(params: LoopParams) -> Check:
    """Slope of the free energy when one outcome grows, by differences, against F - p."""
    p, q, temperature, a = _point(params)
    image = mean_field_step(p, q, temperature, a)
    i, h = int(np.argmax(np.abs(image - p))), 1e-5
    values = []
    for push in (h, -h):
        moved = p.copy()
        moved[i] *= math.exp(push)
        values.append(float(free_energy(moved / moved.sum(), q, temperature, a)))
    left = (values[0] - values[1]) / (2.0 * h) + p[i]
    words = ("slope of Φ in ln pᵢ, by differences", "Fᵢ(p)")
    return compare(left, "=", image[i], words, 1e-7)


def decomposition(params: LoopParams) -> Check:
    """Free energy against its entropies."""
    p, q, temperature, a = _point(params)
    left = float(free_energy(p, q, temperature, a))
    own = (1.0 - a) * (temperature - 1.0) * renyi_entropy(p, 1.0 / temperature)
    right = float(own - a * kl_divergence(q, p) - a * shannon_entropy(q))
    return compare(left, "=", right, ("Φ, nats", "from its entropies, nats"))


def climbing(params: LoopParams) -> Check:
    """Rise of the free energy in one mean-field generation against gamma KL(F||p)."""
    p, q, temperature, a = _point(params)
    twin = params.replace(initial=Law.from_weights(p), reference=params.source, noise=False)
    run = simulate(twin.replace(generations=1))
    gamma = 1.0 if twin.regime == "replace" else 1.0 - run.dataset_size[0] / run.dataset_size[1]
    before, after = (float(free_energy(x, q, temperature, a)) for x in run.probabilities)
    image = mean_field_step(run.probabilities[0], q, temperature, a)
    right = gamma * float(kl_divergence(image, run.probabilities[0]))
    words = ("rise of Φ in one generation, nats", "its guaranteed part γ KL(F‖p), nats")
    return compare(after - before, ">=", right, words, 1e-12, "up to rounding")


def ascent(params: LoopParams) -> Check:
    """Speed at which the flow raises the free energy, by differences, against chi squared."""
    p, q, temperature, a = _point(params)
    velocity = mean_field_step(p, q, temperature, a) - p
    h = 1e-5 * float(p.min() / max(np.abs(velocity).max(), 1e-12))
    h = min(h, 1e-3)
    ends = [float(free_energy(p + s * velocity, q, temperature, a)) for s in (h, -h)]
    right = float((velocity**2 / p).sum())
    words = ("dΦ/ds along the flow, by differences", "χ²(F‖p)")
    # Rounding of the two energies, divided by 2h.
    return compare((ends[0] - ends[1]) / (2.0 * h), "=", right, words, 1e-6 + 1e-15 / h)


def summit(params: LoopParams) -> Check:
    """Largest free energy around the settled state against the settled state's own."""
    q, temperature, a = params.source.probabilities(), params.temperature, params.external_fraction
    state = settled_state(q, temperature, a)
    rng = np.random.default_rng(0)
    others = rng.dirichlet(np.ones(len(q)), size=300)
    around = state + rng.choice([1e-5, 1e-4, 1e-3], size=(300, 1)) * (others - state)
    left = float(free_energy(around, q, temperature, a).max())
    right = float(free_energy(state, q, temperature, a))
    words = ("highest Φ of 300 states around it, nats", "Φ at the settled state, nats")
    return compare(left, "<=", right, words, 1e-12, "up to rounding")


def jacobian(p: Array, temperature: float, a: float) -> Array:
    """Return the dense Jacobian of F at a point with every outcome, from its formula."""
    b = 1.0 / temperature
    powers = np.exp(b * (np.log(p) - np.log(p.max())))
    e = powers / powers.sum()
    return np.asarray((1.0 - a) * b * (np.diag(e) - np.outer(e, e)) / p[None, :])


def real_spectrum(params: LoopParams) -> Check:
    """Least eigenvalue of the Jacobian from a solver that knows no symmetry."""
    p, _, temperature, a = _point(params)
    values = np.linalg.eigvals(jacobian(p, temperature, a))
    allowed = 1e-9 * max(1.0, float(np.abs(values).max()))
    sound = bool(np.abs(values.imag).max() <= allowed)
    words = (
        "least eigenvalue of J" if sound else "least eigenvalue of J (with an imaginary part)",
        "zero",
    )
    left = float(values.real.min()) if sound else -math.inf
    return compare(left, ">=", 0.0, words, allowed, "up to rounding; imaginary parts are 0")


def leading_root(params: LoopParams) -> Check:
    """Leading eigenvalue from the scalar equation against the dense matrix."""
    p, q, temperature, a = _point(params)
    left = leading_eigenvalue(p, q, temperature, a)
    right = float(np.linalg.eigvals(jacobian(p, temperature, a)).real.max())
    words = ("largest root of the scalar equation", "largest eigenvalue of the dense matrix")
    return compare(left, "=", right, words, 1e-8)


def root_free(params: LoopParams) -> Check:
    """Count stable fixed points by the root-free test and by the leading eigenvalue."""
    q, temperature, a = params.source.probabilities(), params.temperature, params.external_fraction
    points = [p for p, _ in fixed_points(q, temperature, a)]
    stable = 0
    for p in points:
        powers = np.exp((np.log(p) - np.log(p.max())) / temperature)
        e = powers / powers.sum()
        d = (1.0 - a) / temperature * e / p
        above = int((d >= 1.0).sum())
        with np.errstate(divide="ignore"):
            stable += above == 0 or (above == 1 and float((e / (d - 1.0)).sum()) > 0.0)
    right = sum(leading_eigenvalue(p, q, temperature, a) < 1.0 for p in points)
    words = (f"of {len(points)} fixed points, stable by the root-free test", "with λ below 1")
    return compare(float(stable), "=", float(right), words, 0.0, "exactly")


def decay(params: LoopParams) -> Check:
    """Measured exponent of a small push's decay in N against 1 - lambda."""
    q, temperature, a = params.source.probabilities(), params.temperature, params.external_fraction
    state = settled_state(q, temperature, a)
    b = 1.0 / temperature
    # The direction that dies last: leading eigenvector of the symmetric twin of J.
    powers = np.exp(b * (np.log(state) - np.log(state.max())))
    e, root = powers / powers.sum(), np.sqrt(state)
    symmetric = (1.0 - a) * b * (np.diag(e) - np.outer(e, e)) / np.outer(root, root)
    slowest = root * np.linalg.eigh(symmetric)[1][:, -1]
    push = 1e-4 * float((state / np.abs(slowest).max()).min())
    start = state + push * slowest / np.abs(slowest / state).max() * np.abs(slowest).max()
    run = simulate(
        LoopParams(
            initial=Law.from_weights(np.maximum(start, 0.0)),
            reference=Law.from_weights(q),
            temperature=temperature,
            external_fraction=a,
            noise=False,
            initial_size=10**6,
            growth=0.001,
            generations=700,
        )
    )
    gone = np.abs(run.probabilities[[0, -1]] - state).sum(axis=1)
    doubling = math.log(run.dataset_size[-1] / run.dataset_size[0])
    left = -math.log(gone[1] / gone[0]) / doubling
    right = 1.0 - leading_eigenvalue(state, q, temperature, a)
    words = ("exponent with which a small push dies, simulated", "1 − λ at the settled state")
    return compare(left, "=", right, words, 0.01, "to 1 %: small steps, a small push")


def _clear_of_a_fold(params: LoopParams) -> bool:
    q, temperature, a = params.source.probabilities(), params.temperature, params.external_fraction
    state = settled_state(q, temperature, a)
    return bool(state.min() > 1e-9 and leading_eigenvalue(state, q, temperature, a) < 0.97)


def _more_external(params: LoopParams) -> LoopParams:
    for a in (0.05, *np.arange(0.1, 1.0, 0.1)):
        tried = params.replace(external_fraction=max(float(a), params.external_fraction))
        if _clear_of_a_fold(tried):
            return tried
    return params.replace(external_fraction=0.95)


def _strict(params: LoopParams) -> bool:
    setting = (params.source, params.temperature, params.external_fraction)
    return leading_eigenvalue(settled_state(*setting), *setting) < 0.999


def _off_the_threshold(params: LoopParams) -> LoopParams:
    for more in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5):
        tried = params.replace(external_fraction=min(1.0, params.external_fraction + more))
        if _strict(tried):
            return tried
    return params.replace(external_fraction=1.0)


STRICT = Need("a settled state that is not just about to turn", _strict, _off_the_threshold)
CLEAR = Need(
    "a settled state with every outcome, clear of a fold", _clear_of_a_fold, _more_external
)
SOLVABLE = external_between(0.02, 1.0, "at least 2 % external data")

ENERGY = Section(
    "The free energy, and stability",
    "One function rises along every mean-field run, with or without external data. Its local"
    " maxima are the stable states; turned upside down, it is the well that a ball rolls into.",
    (
        Statement(
            "There is a free energy",
            "Its slope in ln pᵢ is the share that outcome i gets of the next data.",
            r"\Phi(p) = \tfrac{1-a}{b}\ln\textstyle\sum_i p_i^b + a\sum_i q_i \ln p_i,\qquad"
            r" p_i\,\partial_i\Phi = F_i(p)",
            "proved",
            FREE,
            OURS + ", with forerunners (see the credits below)",
            gradient,
            (SMALL,),
        ),
        Statement(
            "Temperature pays or charges for entropy, external data pull towards q",
            "Above T = 1 the loop maximises entropy, below it minimises entropy.",
            r"\Phi = (1-a)(T-1)\,R_b(p) - a\,\mathrm{KL}(q\|p) - a\,H(q)",
            "proved",
            FREE,
            OURS,
            decomposition,
        ),
        Statement(
            "Every generation climbs",
            "The potential −Φ never rises in the mean field; a noisy step may raise it.",
            r"\Phi(p') - \Phi(p) \ge \gamma\,\mathrm{KL}(F\|p) \ge 0,\qquad"
            r" p' = (1-\gamma)p + \gamma F(p)",
            "proved",
            FREE + ", every regime",
            OURS + " for the external term, every step size and every real b > 0",
            climbing,
            (SMALL,),
        ),
        Statement(
            "The flow climbs at the speed χ²",
            "Along dp/ds = F(p) − p the free energy stops rising only at a fixed point.",
            r"\frac{d\Phi}{ds} = \chi^2(F\|p) = \sum_i \frac{(F_i-p_i)^2}{p_i} \ge 0",
            "proved",
            FREE,
            OURS,
            ascent,
            (SMALL,),
        ),
        Statement(
            "Stable states are summits",
            "No state near the settled one has more free energy.",
            r"\Phi(p) \le \Phi(p^*)\quad\text{near a stable } p^*",
            "proved",
            FREE,
            OURS,
            summit,
            (SMALL, WHOLE_SOURCE, STRICT),
        ),
        Statement(
            "The loop never oscillates",
            "The Jacobian is similar to a symmetric positive semi-definite matrix: its eigenvalues"
            " are real and not negative.",
            r"J = (1-a)\,b\,(\mathrm{diag}(e) - e e^{\top})\,\mathrm{diag}(1/p),\qquad e = E_T(p)",
            "proved",
            FREE,
            OURS,
            real_spectrum,
            (DENSE,),
        ),
        Statement(
            "One scalar equation gives the leading eigenvalue",
            "It lies between the two largest d; below 1 the state is stable, in every regime.",
            r"\sum_i \frac{e_i}{d_i - \lambda} = 0,\qquad d_i = (1-a)\,b\,e_i/p_i",
            "proved",
            FREE + " (subsample: as m → ∞)",
            OURS,
            leading_root,
            (DENSE,),
        ),
        Statement(
            "Stability needs no root",
            "A look at the signs decides.",
            r"\text{stable} \iff \text{no } d_i \ge 1,\ \text{or exactly one and }"
            r"\textstyle\sum_i \frac{e_i}{d_i-1} > 0",
            "proved",
            FREE,
            OURS,
            root_free,
            (at_most(4), WHOLE_SOURCE, SOLVABLE, temperature_between(0.1, 50.0, "T ≥ 0.1")),
        ),
        Statement(
            "Small pushes die as a power of the data",
            "Near a stable state a push shrinks as data pile up: fast where λ is small. With finite"
            " batches the typical rate is the smaller of 1/2 and 1 − λ (quoted, not proved here).",
            r"\|p_t - p^*\| \propto N_t^{-(1-\lambda_{\mathrm{max}})}",
            "proved",
            "mean field, accumulate with a fixed k, λ < 1",
            OURS + " (linear stability, a standard argument)",
            decay,
            (DENSE, NO_TINY_SHARE, CLEAR),
        ),
    ),
)
