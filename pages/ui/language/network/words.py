"""What the page says of the recorded network. Pure."""

from closedloop_core.learners.record import Heard, NetworkRecord, RecordedLoop
from pages.ui.wording import count, percent

_STILL = 0.1  # of what it said at first: less is no change worth a word


def about(record: NetworkRecord) -> str:
    """Return what was recorded, and that it was recorded."""
    size = record.size
    return (
        f"Recorded, not computed here: a gated recurrent network of {count(record.weights)} weights"
        f" reads {count(size['pieces'])} kinds of byte pairs. Generation 0 learns the training"
        f" chapters of the novel; every later network is trained from scratch, with as much"
        f" training, on {count(size['tokens'])} tokens that the last one wrote (and external ones,"
        f" in passages of {count(size['passage'])}). The command that records it stands below."
    )


def setting_words(loop: RecordedLoop) -> str:
    """Return a setting in a few words."""
    return f"T = {loop.temperature:.3g}, external data {percent(loop.external_fraction)}"


def finding(loop: RecordedLoop, fresh: float) -> str:
    """Return what this setting shows, in numbers, and where network and theory part."""
    network, simplex = loop.network, loop.simplex
    said, says = network.says[0], network.says[-1]
    knew, knows = network.knows[0], network.knows[-1]
    theory = simplex.says[-1] / simplex.says[0] - 1
    own = says / said - 1
    first = (
        f"After {loop.generations} generations the network says {says:.2f} nats a character"
        f" ({said:.2f} at first, {_change(own)}) and knows held-out chapters at {knows:.2f}"
        f" ({knew:.2f} at first; {fresh:.2f} after the same training on as much real text)."
    )
    if abs(own - theory) <= _STILL:
        return f"{first} Pieces as outcomes: {_change(theory)}; here network and theory agree."
    return (
        f"{first} Pieces as outcomes: {_change(theory)}. Here network and theory part:"
        f" {_why(loop, own, theory)} (Why is our reading.)"
    )


def _change(change: float) -> str:
    if abs(change) < 0.005:
        return "unchanged"
    return f"{percent(abs(change), 0)} {'more' if change > 0 else 'less'}"


def _why(loop: RecordedLoop, own: float, theory: float) -> str:
    """Return what the theory of outcomes leaves out where it misses the network."""
    if own < theory:
        return (
            "a text feeds each word back into the next, so a sequence collapses where single"
            " pieces would not."
        )
    if loop.temperature <= 1:
        return (
            "a network believes a little in everything it never saw, and passes that on: it drifts"
            " towards heat death by itself."
        )
    return (
        "pieces that level out are longer ones, so that theirs fall a character; a network that"
        " spells makes words nobody wrote."
    )


def table(record: NetworkRecord) -> str:
    """Return all settings as a table in Markdown: the last generation against the first."""
    rows = [
        "| setting | says: network | n-grams | theory | knows: network | n-grams | invented |",
        "|---|---|---|---|---|---|---|",
    ]
    for loop in record.loops:
        says = [f"{x.says[0]:.2f} → {x.says[-1]:.2f}" for x in _learners(loop)]
        knows = [f"{x.knows[0]:.2f} → {x.knows[-1]:.2f}" for x in _learners(loop)[:2]]
        invented = f"{percent(loop.invented[0], 0)} → {percent(loop.invented[-1], 0)}"
        rows.append(f"| {setting_words(loop)} | {' | '.join([*says, *knows])} | {invented} |")
    return "\n".join(rows)


def _learners(loop: RecordedLoop) -> tuple[Heard, ...]:
    return loop.network, loop.ngram, loop.simplex
