"""What the terms on screen mean: one sentence each, for every page and for a glossary. Pure."""

from collections.abc import Iterable

TERMS: dict[str, str] = {
    "act like": "How many equally likely outcomes would be as varied as these: ten outcomes of"
    " which one has nearly everything act like little more than one.",
    "exp(entropy)": "The exponential of the entropy: the number of equally likely outcomes with the"
    " same entropy, from 1 to the number of outcomes.",
    "nats": "The unit of entropy with natural logarithms: two equally likely outcomes have"
    " 0.69 nats, and exp(0.69) = 2.",
    "TV": "Total variation, the distance used here: the share of all probability that lies"
    " elsewhere than in the source, from 0 % (the same) to 100 % (nothing in common).",
    "mu": "The ratio of external to synthetic data in what is new, μ = a / (1 − a) for a share a of"
    " external data: the papers' way to say it.",
    "doublings": "Time by how often the dataset has doubled: where data accumulate, each doubling"
    " changes the model about as much as the one before.",
    "Zipf": "A law of words and cities: the second outcome is half as likely as the first, the"
    " third a third as likely, and so on.",
    "shift s": "How far the settled state is from the source in entropy, from −1 (total collapse)"
    " over 0 (as varied as the source) to +1 (heat death).",
    "multistable": "With more than one stable state: where the loop ends depends on where it"
    " started, so history decides.",
    "basin": "All starts from which the loop without sampling noise ends in the same stable state.",
    "potential": "A height that the loop without sampling noise can only go down, V = −Φ: its"
    " valleys are the stable states.",
    "eigenvalue": "By what factor one generation of new data changes a small push away from a"
    " state: below 1 the push dies out, and the state is stable.",
    "Maxwell": "The external share at which two stable states are equally deep valleys; below it"
    " the collapsed one is the deeper.",
    "Fisher–Rao": "A distance between laws that measures how well samples tell them apart; a"
    " published bound uses it. The bound is sufficient, not a threshold.",
    "source": "The law of the original, human data, to which everything is compared.",
    "stable state": "A state to which the loop returns after a small push.",
    "needs": "The least share of external data with which a loop that starts at its source stays"
    " near it, and, where it is larger, the share that brings it back from any state.",
}


def help_of(*names: str) -> str:
    """Return the sentences of some terms as one help text."""
    return " ".join(f"{name}: {TERMS[name]}" for name in names)


def glossary(names: Iterable[str] = TERMS) -> str:
    """Return terms with their meanings as Markdown, in the order given."""
    return "\n".join(f"- **{name}**: {TERMS[name]}" for name in names)


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
