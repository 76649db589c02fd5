"""Every term of the app, said once: for a first-year student, as a formula, for an expert. Pure.

Help on hover and the page Glossary both read this table.
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


TERMS: dict[str, Term] = {
    "outcome": Term(
        "One of the things the model can say: a word, a digit, one of n.",
        r"i \in \{1, \dots, n\}",
        "A category of the multinomial model; n is fixed, and nothing new is ever invented.",
    ),
    "source": Term(
        "Where the original and the external data come from: the human text.",
        r"q \in \Delta^{n-1}",
        "The reference law of the external data and, unless a run starts elsewhere, of the initial"
        " dataset.",
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
        "Sampling noise is of order k to the power -1/2 a batch; the limit of large k is the mean"
        " field.",
    ),
    "sampling noise": Term(
        "The luck of drawing a finite number of items: the same loop, another run.",
        r"\mathrm{Var}\,\hat p_i = \frac{p_i (1 - p_i)}{k}",
        "At T = 1 without external data it is all that moves the loop: Wright-Fisher drift under"
        " replace, a Polya urn under accumulate.",
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
        "Replace, accumulate and subsample have the same mean-field fixed points and differ in pace"
        " and in noise.",
    ),
    "entropy": Term(
        "How spread out a law is: 0 when one outcome has all, largest when all are equal.",
        r"H(p) = -\sum_i p_i \ln p_i",
        "Shannon entropy in nats, the limit of the Renyi entropies at order 1.",
    ),
    "acts like (effective number)": Term(
        "How many equally likely outcomes would be just as spread out.",
        r"e^{H(p)}",
        "The Hill number of order 1, the perplexity of p.",
    ),
    "distance": Term(
        "The share of all probability that sits on other outcomes than in the source.",
        r"\mathrm{TV}(p, q) = \tfrac12 \sum_i |p_i - q_i|",
        "Total variation: the largest difference of the two laws on any event.",
    ),
    "shift": Term(
        "On which side of the source a state is: below 0 too few outcomes, above 0 too even.",
        r"s = \frac{H(p) - H(q)}{H(q)} \le 0,\quad s = \frac{H(p) - H(q)}{\ln n - H(q)} \ge 0",
        "The change of entropy from the source's, as a share of how far it can move that way: -1 is"
        " a single outcome, +1 the even law.",
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
    "stable state": Term(
        "A state to which the loop returns after a small push.",
        r"|\lambda_{\max}(DF(p^*))| < 1",
        "A local minimum of the potential V = -Phi.",
    ),
    "needs (least external share)": Term(
        "How much human data it takes to stay close to the source.",
        r"a_{\min} = \min\{a : \mathrm{TV}(p^*(a), q) \le \varepsilon\}",
        "Solved exactly along the branch that starts at the source; ours, for exact learning.",
    ),
    "to come back (cure)": Term(
        "How much human data it takes to bring any state back.",
        r"a_{\mathrm{cure}} \ge a_{\min}",
        "The saddle-node of the last collapsed branch, where that is above the share to stay.",
    ),
    "hysteresis": Term(
        "The way back is another one than the way there: what is lost is not regained by the same"
        " share.",
        r"a_{\min} < a < a_{\mathrm{cure}}",
        "Two stable branches coexist between stability and saddle-node; the past chooses.",
    ),
    "Maxwell line": Term(
        "Where the two stable answers are equally deep valleys.",
        r"\Phi(p_{\text{faithful}}) = \Phi(p_{\text{collapsed}})",
        "With weak noise the loop spends its time in the deeper well: the equal-depth rule.",
    ),
    "potential": Term(
        "A landscape in which the loop only rolls downhill.",
        r"V(p) = -\Phi(p)",
        "A Lyapunov function of the mean field; it rises without end at the rim where external data"
        " come in.",
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
    "doublings": Term(
        "Time counted in how often the dataset has doubled, not in generations.",
        r"\log_2 (N_t / N_0)",
        "Under accumulate the mean field is autonomous in ln N: the loop's own clock.",
    ),
    "odds": Term(
        "How often something happens over many runs with other luck.",
        r"\Pr(\text{i wins}) = q_i \quad (T = 1,\ a = 0,\ \text{replace})",
        "Martingale argument: at T = 1 the expected share never moves, so the chance to fix is the"
        " initial share.",
    ),
    "Kneser-Ney smoothing": Term(
        "How a language model guesses after words it has never seen together.",
        r"p(w \mid h) = \frac{\max(c(hw) - d, 0)}{c(h)} + \lambda_h\,p(w \mid h')",
        "Interpolated absolute discounting with continuation counts at the lower orders.",
    ),
    "starved context": Term(
        "A beginning that has become so rare that human text hardly reaches it.",
        r"a_h = \frac{a\,q(h)}{\pi(h)}",
        "The effective external share of a context is its share in the external text over its share"
        " in the whole.",
    ),
}
