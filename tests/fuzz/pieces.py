"""What rude input is made of; everything is drawn from one seeded generator."""

import json
import random
from collections.abc import Callable
from typing import Any

from closedloop_core.settings.params import DEFAULTS
from pages.ui.session.settings import KEPT, VIEWS

WORDS = (
    *(
        "the",
        "rot",
        "naïve",
        "我们",
        "ภาษาไทย",
        "שלום",
        "e\u0301",
        "👨\u200d👩\u200d👧",
        "",
        " ",
        "\t",
    ),
    *("https://example.org/a?b=c", "www.example.org", "me@example.org", "javascript:alert(1)"),
    *("<script>alert(1)</script>", "![x](http://x.org/a.png)", "[a](b)", "**b**", "$x^2$", "`c`"),
    *(
        ":material/home:",
        ":smile:",
        ":red[x]",
        "<img src=x onerror=alert(1)>",
        "\x1b[31mred",
        "-->",
    ),
    *("\x00", "\x07", "\u202eabc", "\ufeff", "\u2028", "\ud800", "\udfff\ud800", "\ufffe", "\r\n"),
    *("=1+1", "@SUM(A1)", '"', "'", "\\", "%", "%00", "../../etc/passwd", "{}", "[[", "null"),
    *("A" * 300, "a b " * 200, "\u0301" * 200, "9" * 400, "1" + "0" * 25, "NaN", "-inf", "1e999"),
)
NUMBERS = (
    *("0", "1", "-1", "0.5", "0,5", "1_000", "1e3", "1e400", "-0.0", "nan", "inf", "9" * 30, "٣"),
    *("0x10", " 7 ", "1.000", "1.234,5", "1 000", "2e-320", "4294967296", "1000000001", "½"),
)
SIGNS = (",", ";", "\t", "|", " ", ":", "  ", ", ")


def word(rng: random.Random) -> str:
    """Return a word that may be rude, or two of them run together."""
    one = rng.choice(WORDS)
    return one + rng.choice(WORDS) if rng.random() < 0.2 else one


def noise(rng: random.Random, length: int) -> str:
    """Return characters of every plane, lone surrogates among them."""
    planes = (0x7F, 0xFF, 0x2FFF, 0xFFFF, 0x10FFFF)
    return "".join(chr(rng.randrange(rng.choice(planes))) for _ in range(rng.randrange(length)))


def value(rng: random.Random) -> str:
    """Return the text of a value."""
    draw: list[Callable[[], str]] = [
        lambda: rng.choice(NUMBERS),
        lambda: word(rng),
        lambda: noise(rng, 30),
        lambda: str(rng.uniform(-10, 60)),
        lambda: token(rng),
        lambda: schedule(rng),
        lambda: rng.choice(("on", "off", "accumulate", "replace", "subsample", "log", "doublings")),
    ]
    return rng.choice(draw)()


def token(rng: random.Random) -> str:
    """Return the text of a law as a link writes it, whole or damaged."""
    kind = rng.choice(("zipf", "uniform", "geometric", "two_peaks", "dirichlet", "text", "data"))
    parts = [rng.choice(NUMBERS) if rng.random() < 0.5 else str(rng.randrange(300))]
    return ":".join([kind, *parts * rng.randrange(4)]) + (word(rng) if rng.random() < 0.2 else "")


def schedule(rng: random.Random) -> str:
    """Return the text of a schedule, whole or damaged."""
    fields = ("temperature", "external_fraction", "sample_size", "seed", word(rng))
    changes = (
        f"{rng.randrange(-5, 300)}:{rng.choice(fields)}:{rng.choice(NUMBERS)}"
        for _ in range(rng.choice((1, 2, 60)))
    )
    return ",".join(changes)


def names() -> list[str]:
    """Return the names that a link may hold."""
    return [*DEFAULTS, *VIEWS, *(KEPT + name for name in DEFAULTS), "v"]


def anything(rng: random.Random, depth: int = 3) -> Any:
    """Return a value that JSON can hold."""
    draw: list[Callable[[], Any]] = [
        lambda: rng.choice((None, True, False)),
        lambda: rng.choice((0, -1, 1, 3, 10**25, 10**400, -(10**300), 7.5, 1e308, 1e-320)),
        lambda: word(rng),
        lambda: noise(rng, 20),
    ]
    if depth:
        draw += [
            lambda: [anything(rng, depth - 1) for _ in range(rng.randrange(4))],
            lambda: {word(rng): anything(rng, depth - 1) for _ in range(rng.randrange(4))},
        ]
    return rng.choice(draw)()


def damaged(rng: random.Random, data: bytes) -> bytes:
    """Return bytes in which some are cut out, changed or repeated."""
    for _ in range(rng.randrange(1, 4)):
        at, end = sorted(rng.randrange(len(data) + 1) for _ in range(2))
        end = min(end, at + 20)
        piece = rng.choice((b"", rng.randbytes(3), data[at:end] * rng.randrange(1, 50)))
        data = data[:at] + piece + data[end:]
    return data


def as_json(rng: random.Random, content: Any) -> bytes:
    """Return JSON, in plain ASCII or in UTF-8, sometimes damaged."""
    plain = rng.random() < 0.5
    text = json.dumps(content, ensure_ascii=plain, indent=rng.choice((None, 2)))
    data = text.encode("utf-8", "surrogatepass")
    return damaged(rng, data) if rng.random() < 0.2 else data
