"""Every term of the app, said once: for a first-year student, as a formula, for an expert. Pure.

Help on hover reads the first sentence, the page Glossary all of it.
"""

from typing import NamedTuple


class Term(NamedTuple):
    """What a term means.

    ``plain`` is a sentence for a first-year student, ``formula`` is LaTeX without its dollars, and
    ``expert`` a sentence for an expert.
    """

    plain: str
    formula: str
    expert: str


ENTRIES: dict[str, Term] = {
    "act like": Term(
        "How many equally likely outcomes would be as varied as these: ten outcomes of which"
        " one has nearly everything act like little more than one.",
        r"D_1(p) = e^{H(p)}",
        "The Hill number of order 1, the perplexity of p.",
    ),
    "exp(entropy)": Term(
        "The exponential of the entropy: the number of equally likely outcomes with the same"
        " entropy, from 1 to the number of outcomes.",
        r"e^{H(p)},\quad H(p) = -\sum_i p_i \ln p_i",
        "The effective number of outcomes; Hill numbers of other orders weigh rare outcomes"
        " more or less.",
    ),
    "nats": Term(
        "The unit of entropy with natural logarithms: two equally likely outcomes have 0.69"
        " nats, and exp(0.69) = 2.",
        r"1\,\text{nat} = 1 / \ln 2 \approx 1.44\,\text{bits}",
        "Entropies are in nats throughout the core; the limit of the Renyi entropies at order 1.",
    ),
    "TV": Term(
        "Total variation, the distance used here: the share of all probability that lies"
        " elsewhere than in the source, from 0 % (the same) to 100 % (nothing in common).",
        r"\mathrm{TV}(p, q) = \tfrac12 \sum_i |p_i - q_i|",
        "Total variation: the largest difference of the two laws on any event.",
    ),
    "mu": Term(
        "The ratio of external to synthetic data in what is new, μ = a / (1 − a) for a share a"
        " of external data: the papers' way to say it.",
        r"\mu = \frac{a}{1 - a},\quad a = \frac{\mu}{1 + \mu}",
        "A bound on mu is one on a: a grows with mu, from 0 to 1.",
    ),
    "doublings": Term(
        "Time by how often the dataset has doubled: where data accumulate, each doubling"
        " changes the model about as much as the one before.",
        r"\log_2 (N_t / N_0)",
        "Under accumulate the mean field is autonomous in ln N: the loop's own clock.",
    ),
    "Zipf": Term(
        "A law of words and cities: the second outcome is half as likely as the first, the"
        " third a third as likely, and so on.",
        r"q_i \propto i^{-s},\quad s = 1",
        "A power law of rank; the exponent can be set, and the support is finite here.",
    ),
    "shift s": Term(
        "How far the settled state is from the source in entropy, from −1 (total collapse) over"
        " 0 (as varied as the source) to +1 (heat death).",
        r"s = \frac{H(p) - H(q)}{H(q)} \le 0,\quad s = \frac{H(p) - H(q)}{\ln n - H(q)} \ge 0",
        "The change of entropy from the source's, as a share of how far it can move that way:"
        " -1 is a single outcome, +1 the even law.",
    ),
    "multistable": Term(
        "With more than one stable state: where the loop ends depends on where it started, so"
        " history decides.",
        r"\#\{p : F(p) = p,\ |\lambda_{\max}| < 1\} > 1",
        "Several local minima of the potential; hatched on the phase diagram.",
    ),
    "basin": Term(
        "All starts from which the loop without sampling noise ends in the same stable state.",
        r"B(p^*) = \{p_0 : p_t \to p^*\}",
        "The basin of attraction of the mean field; its borders are the stable manifolds of"
        " saddles.",
    ),
    "potential": Term(
        "A height that the loop without sampling noise can only go down, V = −Φ: its valleys"
        " are the stable states.",
        r"V(p) = -\Phi(p)",
        "A Lyapunov function of the mean field; it rises without end at the rim where external"
        " data come in.",
    ),
    "eigenvalue": Term(
        "By what factor one generation of new data changes a small push away from a state:"
        " below 1 the push dies out, and the state is stable.",
        r"\lambda_{\max}\bigl(DF(p^*)\bigr)",
        "Of the Jacobian on directions that keep the sum at one; (1 - a) / T at the even state"
        " of an even source.",
    ),
    "Maxwell": Term(
        "The external share at which two stable states are equally deep valleys; below it the"
        " collapsed one is the deeper.",
        r"\Phi(p_{\text{faithful}}) = \Phi(p_{\text{collapsed}})",
        "With weak noise the loop spends its time in the deeper well: the equal-depth rule.",
    ),
    "Fisher–Rao": Term(
        "A distance between laws that measures how well samples tell them apart; a published"
        " bound uses it. The bound is sufficient, not a threshold.",
        r"d(p, q) = 2 \arccos \sum_i \sqrt{p_i q_i}",
        "The geodesic distance of the Fisher metric; the bound is Theorem 1 of Marchi,"
        " Silvestre, Gharesifard and Tabuada.",
    ),
    "source": Term(
        "The law of the original, human data, to which everything is compared.",
        r"q \in \Delta^{n-1}",
        "The reference law of the external data and, unless a run starts elsewhere, of the"
        " initial dataset.",
    ),
    "stable state": Term(
        "A state to which the loop returns after a small push.",
        r"|\lambda_{\max}(DF(p^*))| < 1",
        "A local minimum of the potential V = -Phi.",
    ),
    "needs": Term(
        "The least share of external data with which a loop that starts at its source stays"
        " near it, and, where it is larger, the share that brings it back from any state.",
        r"a_{\min} = \min\{a : \mathrm{TV}(p^*(a), q) \le \varepsilon\} \le a_{\mathrm{cure}}",
        "Solved along the branch from the source; a_cure is the saddle-node of the last"
        " collapsed branch, where that is above. Ours, for exact learning.",
    ),
    "outcome": Term(
        "One of the things the model can say: a word, a digit, one of n.",
        r"i \in \{1, \dots, n\}",
        "A category of the multinomial model; n is fixed, and nothing new is ever invented.",
    ),
    "generation": Term(
        "One round: the model learns, writes, and what it wrote becomes data.",
        r"p_t \to p_{t+1} = F(p_t)",
        "One step of the loop: fit, temper, sample, mix with external data, update the dataset.",
    ),
    "temperature": Term(
        "How boldly the model writes: below 1 it prefers what is likely, above 1 it evens out.",
        r"E_T(p)_i = \frac{p_i^{1/T}}{\sum_j p_j^{1/T}}",
        "Powering, or the escort distribution of order 1/T; T = 1 is the identity.",
    ),
    "external data": Term(
        "Fresh human data mixed into each new batch; the dial sets their share.",
        r"a = \frac{\mu}{1 + \mu},\quad F(p) = (1 - a)\,E_T(p) + a\,q",
        "The fraction a of a batch drawn from q; the papers use the ratio mu of external to"
        " synthetic items.",
    ),
    "sample size": Term(
        "How many items the model writes in a generation; the fewer, the more luck decides.",
        r"k_t \sim \mathrm{Multinomial}(k, F(p_t))",
        "Sampling noise is of order k to the power -1/2 a batch; the limit of large k is the"
        " mean field.",
    ),
    "sampling noise": Term(
        "The luck of drawing a finite number of items: the same loop, another run.",
        r"\mathrm{Var}\,\hat p_i = \frac{p_i (1 - p_i)}{k}",
        "At T = 1 without external data it is all that moves the loop: Wright-Fisher drift"
        " under replace, a Polya urn under accumulate.",
    ),
    "seed": Term(
        "A number that fixes the luck: the same seed and settings give the same run.",
        r"\text{stream} = (\text{seed}, \text{block}, t)",
        "Streams are keyed by seed, block and generation, so that one changed setting does not"
        " shift the draws of the others.",
    ),
    "regime": Term(
        "What happens to old data: replaced by the new, kept beside them, or sampled from all.",
        r"D_{t+1} = B_t \quad\text{or}\quad D_{t+1} = D_t \cup B_t",
        "Replace, accumulate and subsample have the same mean-field fixed points and differ in"
        " pace and in noise.",
    ),
    "entropy": Term(
        "How spread out a law is: 0 when one outcome has all, largest when all are equal.",
        r"H(p) = -\sum_i p_i \ln p_i",
        "Shannon entropy in nats, the limit of the Renyi entropies at order 1.",
    ),
    "faithful": Term(
        "Still close to the source: within the tolerance.",
        r"\mathrm{TV}(p, q) \le \varepsilon",
        "The tolerance is 10 % unless set otherwise; the class is that of the state alone.",
    ),
    "collapse": Term(
        "A few outcomes have taken over; sharpened is its mild form.",
        r"T < 1,\quad s(p) < 0",
        "The state is outside the tolerance on the low-entropy side; without external data the"
        " mean field ends on one outcome.",
    ),
    "heat death": Term(
        "All outcomes have become about equally likely; flattened is its mild form.",
        r"T > 1,\quad p \to (1/n, \dots, 1/n)",
        "Named by Marchi, Soatto, Chaudhari and Tabuada (CDC 2024).",
    ),
    "extinct": Term(
        "An outcome that the model can no longer say.",
        r"p_{t,i} = 0 < q_i",
        "Absorbing without external data; only finite samples reach it.",
    ),
    "no sampling noise (twin)": Term(
        "The same loop with endless samples: what temperature does without luck.",
        r"p_{t+1} = p_t + \gamma_t\,(F(p_t) - p_t)",
        "The mean field; under accumulate gamma falls like 1/t and the loop's own time is the"
        " logarithm of the dataset.",
    ),
    "settles (settled state)": Term(
        "Where the loop without luck comes to rest.",
        r"p^* = (1 - a)\,E_T(p^*) + a\,q",
        "A fixed point reached from the run's own state; a scalar equation is solved for it.",
    ),
    "hysteresis": Term(
        "The way back is another one than the way there: what is lost is not regained by the"
        " same share.",
        r"a_{\min} < a < a_{\mathrm{cure}}",
        "Two stable branches coexist between stability and saddle-node; the past chooses.",
    ),
    "phase diagram": Term(
        "A map of where the loop settles, for every temperature and share of external data.",
        r"(T, a) \mapsto p^*(T, a)",
        "Each point is solved from the source; hatched where more than one state is stable.",
    ),
    "sufficient bound": Term(
        "A share above which a theorem promises convergence; much less can be enough.",
        r"\mu > \frac{1}{\delta\,T},\quad \delta = \min_i q_i",
        "Gharesifard and Tabuada (CDC 2025), and the Fisher-Rao bound: sufficient, not necessary.",
    ),
    "odds": Term(
        "How often something happens over many runs with other luck.",
        r"\Pr(\text{i wins}) = q_i \quad (T = 1,\ a = 0,\ \text{replace})",
        "Martingale argument: at T = 1 the expected share never moves, so the chance to fix is"
        " the initial share.",
    ),
    "Kneser-Ney smoothing": Term(
        "How a language model guesses after words it has never seen together.",
        r"p(w \mid h) = \frac{\max(c(hw) - d, 0)}{c(h)} + \lambda_h\,p(w \mid h')",
        "Interpolated absolute discounting with continuation counts at the lower orders.",
    ),
    "starved context": Term(
        "A beginning that has become so rare that human text hardly reaches it.",
        r"a_h = \frac{a\,q(h)}{\pi(h)}",
        "The effective external share of a context is its share in the external text over its"
        " share in the whole.",
    ),
}
# What help on hover says.
TERMS: dict[str, str] = {name: term.plain for name, term in ENTRIES.items()}


def help_of(*names: str) -> str:
    """Return the sentences of some terms as one help text."""
    return " ".join(f"{name}: {TERMS[name]}" for name in names)


# Over the titles of the player's panels, by the panel and its unit.
PLAYER_TERMS = {
    "effective": help_of("act like", "exp(entropy)"),
    "nats": help_of("nats", "exp(entropy)"),
    "distance": help_of("TV", "source"),
    "doublings": help_of("doublings"),
}

# On the switches of the phase diagram, by group of lines, and on the map itself.
MAP_TERMS = {
    "contour": "The least external share that keeps the settled state near its source."
    f" {help_of('needs')}",
    "stability": f"Above it the even state is stable. {help_of('stable state')}",
    "edge": f"Below it there is a second stable state. {help_of('multistable')}",
    "maxwell": help_of("Maxwell"),
    "bounds": f"Sufficient bounds, as published. {help_of('Fisher–Rao')}",
    "bistable": f"Hatched: two or more stable states. {help_of('multistable')}",
    "map": help_of("shift s", "TV", "mu"),
}
