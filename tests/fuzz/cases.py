"""The cases: each draws one rude input, has it read, and checks what is said about it.

Whatever comes in, the answer is settings or labels that can be shown, or sentences: few, short, on
one line, without what acts unseen, and without anything that a page would turn into a link.
"""

import contextlib
import io
import json
import random
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from closedloop_core import Law, LoopParams
from closedloop_core.__main__ import parser, read_plan, refused
from closedloop_core.quoting import MAX_SENTENCE
from closedloop_core.settings.reading import Reading, Understood, read
from pages.ui.frame import plain
from pages.ui.session.settings import Settings
from tests.fuzz import pieces

MOST_SENTENCES = 60
OPTIONS = (
    *("temperature", "external-fraction", "sample-size", "runs", "regime", "growth", "initial"),
    *("reference", "generations", "seed", "decimal", "keep", "label-column"),
)
_UNSEEN = {"Cc", "Cs", "Zl", "Zp"}
# As the pages' Markdown finds addresses and signs in finished text.
_FOUND = (
    re.compile(r"(https?://|www(?=\.))[-.\w]+", re.IGNORECASE),
    re.compile(r"[-.\w+]+@[-\w]+(?:\.[-\w]+)+"),
    re.compile(r":[\w+-][\w+/-]*:"),
)


def check_sentences(sentences: Iterable[str]) -> None:
    """Check that sentences about foreign text are few, bounded, clean and inert."""
    told = list(sentences)
    assert len(told) <= MOST_SENTENCES, f"{len(told)} sentences"
    for sentence in told:
        assert 0 < len(sentence) <= MAX_SENTENCE, f"{len(sentence)} characters: {sentence[:200]!r}"
        unseen = [c for c in sentence if unicodedata.category(c) in _UNSEEN or c == "\u202e"]
        assert not unseen, f"{unseen[0]!r} in {sentence!r}"
        check_inert(plain(sentence))


def check_inert(markdown: str) -> None:
    """Check that Markdown shows as plain text: every sign escaped, and no address left whole."""
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", markdown)
    assert not re.search(r"[!-/:-@\[-`{-~]", bare), f"an open sign in {markdown!r}"
    shown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)
    for pattern in _FOUND:
        assert not pattern.search(shown), f"{pattern.pattern} in {shown!r}"


def check_law(law: Law) -> None:
    """Check that a law can be shown and comes back whole."""
    for label in law.labels or ():
        assert len(label) <= 100
        label.encode()
        assert not any(unicodedata.category(c) in _UNSEEN for c in label), repr(label)
    assert Law.from_dict(json.loads(json.dumps(law.to_dict()))) == law


def check_settings(params: LoopParams) -> None:
    """Check that settings come back whole from a file, and from a link that can carry them."""
    assert LoopParams.from_dict(json.loads(json.dumps(params.to_dict()))) == params
    for law in (params.initial, params.source):
        check_law(law)
    if params.initial.fits_link() and params.source.fits_link():
        assert LoopParams.from_query(params.to_query()) == (params, ())


def link(rng: random.Random) -> None:
    """Read a link of known and unknown names with values of all kinds."""
    known = pieces.names()
    query = {}
    for _ in range(rng.choice((1, 3, 10, 10, 200))):
        name = rng.choice(known) if rng.random() < 0.7 else pieces.word(rng)
        prefix = rng.choice(("", "", "", "amp;", "amp;amp;"))
        query[prefix + name] = pieces.value(rng)
    settings, sentences = Settings.from_query(query)
    check_sentences(sentences)
    check_settings(settings.params)
    runs = [run for run in (settings.params, settings.kept) if run is not None]
    if all(law.fits_link() for run in runs for law in (run.initial, run.source)):
        assert Settings.from_query(settings.to_query()) == (settings, ())


def upload(rng: random.Random) -> None:
    """Read a file: a list, a text, JSON or bytes; and answer what it asks, at random."""
    draw: list[Callable[[random.Random], bytes]] = [a_list, a_list, a_text, some_json, some_bytes]
    data = rng.choice(draw)(rng)
    name = rng.choice(("a.csv", "a.json", "a.txt", "", pieces.word(rng)))
    reading = Reading()
    for _ in range(6):
        try:
            found = read(data, name, reading)
            check_understood(found)
            if not found.questions:
                return
        except ValueError as error:
            check_sentences([str(error)])
            return
        question = rng.choice(found.questions)
        reading = replace(reading, **{question.field: rng.choice(question.choices).value})
    raise AssertionError("it asks and asks")


def check_understood(found: Understood) -> None:
    """Check all that is said of a file, and the law or settings that it becomes."""
    choices = [choice.words for question in found.questions for choice in question.choices]
    asked = [question.sentence for question in found.questions]
    check_sentences([found.sentence, *found.notes, *asked])
    for choice in choices:  # as many as there are columns
        check_sentences([choice])
    check_sentences(name for name in found.columns[:20] if name)
    if found.kind == "settings":
        check_settings(LoopParams.from_dict(found.settings or {}))
    elif not found.questions:
        check_law(Law.from_understood(found))


def a_list(rng: random.Random) -> bytes:
    """Return lines of label and count, more or less."""
    sign, lines = rng.choice(pieces.SIGNS), []
    number: Callable[[], str] = rng.choice(
        (lambda: str(rng.randrange(1000)), lambda: rng.choice(pieces.NUMBERS))
    )
    for _ in range(rng.choice((1, 2, 5, 30, 300))):
        label = pieces.word(rng) if rng.random() < 0.5 else f"w{rng.randrange(50)}"
        cells = [f'"{label}"' if rng.random() < 0.1 else label, number()]
        cells += [pieces.value(rng)] * (rng.random() < 0.1)
        lines.append(sign.join(cells if rng.random() < 0.95 else cells[::-1]))
    text = rng.choice(("\n", "\r\n", "\r")).join(lines)
    encoding = rng.choice(("utf-8", "utf-8", "cp1252", "utf-16", "utf-16-be", "shift_jis"))
    data = text.encode(encoding, "replace")
    return pieces.damaged(rng, data) if rng.random() < 0.2 else data


def a_text(rng: random.Random) -> bytes:
    """Return words, or the same piece over and over."""
    if rng.random() < 0.5:
        text = (pieces.word(rng) + rng.choice((" ", "\n", ""))) * rng.choice((3, 30, 3000))
    else:
        text = " ".join(pieces.word(rng) for _ in range(rng.randrange(200)))
    return text[:100_000].encode("utf-8", rng.choice(("replace", "surrogatepass")))


def some_json(rng: random.Random) -> bytes:
    """Return JSON of any shape, or nested without end."""
    if rng.random() < 0.1:
        return rng.choice((b"[", b'{"a":', b"[[1,")) * rng.choice((10, 5_000))
    return pieces.as_json(rng, pieces.anything(rng))


def some_bytes(rng: random.Random) -> bytes:
    """Return any bytes."""
    return rng.randbytes(rng.randrange(2_000))


def settings_file(rng: random.Random) -> None:
    """Read a settings file of which some fields were replaced by anything."""
    found = some_settings(rng)
    try:
        understood = read(found, "settings.json")
        if understood.kind == "settings":
            check_settings(LoopParams.from_dict(understood.settings or {}))
    except ValueError as error:
        check_sentences([str(error)])


def some_settings(rng: random.Random) -> bytes:
    """Return a settings file, of which most have a fault or two."""
    law = Law.from_weights([3, 2, 1], ["a", "b", "c"])
    content = LoopParams(initial=law if rng.random() < 0.5 else Law.zipf(5)).to_dict()
    for _ in range(rng.randrange(3)):
        name = rng.choice((*content, "initial", "initial", pieces.word(rng)))
        content[name] = pieces.anything(rng)
        if rng.random() < 0.1:
            content[name] = (pieces.word(rng) * rng.choice((1, 1_000, 100_000)))[:3_000_000]
    if rng.random() < 0.4:
        labels = [pieces.word(rng) for _ in range(3)]
        weights = [rng.choice((1, 2.5, 0, -1, 10**400, 1e308, True)) for _ in labels]
        content["initial"] = {"weights": weights, "labels": labels, "dropped_share": 0.1}
    return pieces.as_json(rng, content)


def command_line(rng: random.Random) -> None:
    """Read the options of a sweep; nothing is run."""
    with tempfile.TemporaryDirectory() as folder:
        words, settings = Path(folder, "words"), Path(folder, "settings.json")
        arguments = ["sweep", "--out", rng.choice((f"{folder}/a.csv", f"{folder}/a.npz", "/x/y"))]
        if rng.random() < 0.5:
            words.write_bytes(a_list(rng))
            arguments += ["--words", str(words)]
        if rng.random() < 0.5:
            settings.write_bytes(some_settings(rng))
            arguments += ["--settings", str(settings)]
        for name in rng.sample(OPTIONS, rng.randrange(5)):
            arguments += [f"--{name}", an_option(rng)]
        if rng.random() < 0.1:
            arguments.append(pieces.word(rng).replace("\0", ""))
        told = io.StringIO()
        with contextlib.redirect_stderr(told):
            try:
                with refused():
                    read_plan(parser().parse_args(arguments))
            except SystemExit as exit:
                assert exit.code == 2
                assert len(told.getvalue().splitlines()[-1:]) == 1
    check_sentences(told.getvalue().splitlines())


def an_option(rng: random.Random) -> str:
    """Return the text of an option, as a shell can hand it on."""
    numbers = ",".join(rng.choice(pieces.NUMBERS) for _ in range(rng.choice((1, 3, 1000))))
    grid = ":".join(rng.choice(pieces.NUMBERS) for _ in range(3))
    text = rng.choice((numbers, grid, "0.5:2:9", "1", pieces.value(rng), pieces.word(rng)))
    return text.replace("\0", "")


CASES: tuple[Callable[[random.Random], None], ...] = (link, upload, settings_file, command_line)
