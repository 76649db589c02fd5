"""Older encodings, told by what they would say: Windows-1252 first, others by `charset-normalizer`.

Letters beyond ASCII stand between ASCII letters in Western European words, and are whole words in
Russian, Greek or Chinese ones. That tells Windows-1252 even in ten words, where a detector of
languages has too little to go by; for the rest the detector is asked, and where it has too little,
the visitor, with a word of the file in each encoding.
"""

import codecs
import re
from collections.abc import Iterable
from functools import cache

from charset_normalizer import CharsetMatch, from_bytes

from closedloop_core.quoting import quoted
from closedloop_core.settings.reading.options import Choice, Question, ReadingError

ENCODINGS: dict[str, str] = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 (little-endian)",
    "utf-16-be": "UTF-16 (big-endian)",
    "utf-32": "UTF-32",
    "utf-32-le": "UTF-32 (little-endian)",
    "utf-32-be": "UTF-32 (big-endian)",
    "windows-1252": "Windows-1252 (Western European)",
    "windows-1250": "Windows-1250 (Central European)",
    "windows-1251": "Windows-1251 (Cyrillic)",
    "windows-1253": "Windows-1253 (Greek)",
    "windows-1254": "Windows-1254 (Turkish)",
    "windows-1255": "Windows-1255 (Hebrew)",
    "windows-1256": "Windows-1256 (Arabic)",
    "windows-1257": "Windows-1257 (Baltic)",
    "iso-8859-2": "ISO 8859-2 (Central European)",
    "koi8-r": "KOI8-R (Russian)",
    "gb18030": "GB 18030 (Chinese)",
    "big5": "Big5 (Chinese)",
    "shift_jis": "Shift JIS (Japanese)",
    "euc-jp": "EUC-JP (Japanese)",
    "euc-kr": "EUC-KR (Korean)",
}
_SAMPLE = 100_000  # bytes, of lines beyond ASCII
_ENOUGH = 60  # bytes beyond ASCII for a detector of languages to decide
_SOME = 30  # and to object
_HIGH = re.compile(r"[^\x00-\x7f]")
_HIGH_WORD = re.compile(r"[^\W\d_]*[^\x00-\x7f\W\d_][^\W\d_]*")
# Signs that stand before a letter, or capitals behind a small letter, only by mistake.
_ODD = re.compile(
    r"[¤¦¨¬¯±²³´µ¶¸¹¼½¾×÷†‡ˆ˜‰](?=[^\W\d_])|(?<=[^\W\d_])[¿¡][^\W\d_]|[a-z][À-ÖØ-ÞŠŽŒ]"
)
# Letters that no language of Western Europe has together: Turkish and Hungarian read wrongly.
_NOT_WESTERN = (("[þðÞÐ]", "[üçÜÇ]"), ("[õÕ]", "[ûÛ]"))


@cache  # on first use: looking up a codec loads its tables
def _names() -> dict[str, str]:
    """Return our names of encodings by Python's names of their codecs."""
    names = {codecs.lookup(name).name: name for name in ENCODINGS}
    # As on the web, Latin-1 means Windows-1252, which adds quotation marks and the euro sign.
    return {**names, "iso8859-1": "windows-1252", "ascii": "windows-1252", "utf-8-sig": "utf-8"}


def _detectable() -> list[str]:
    """Return the codecs that the detector may answer; ISO 8859-2 is too close to Windows-1250."""
    left_out = ("utf", "iso8859", "ascii")
    return [codec for codec in _names() if not codec.startswith(left_out)]


def name_of(encoding: str) -> str:
    """Return our name of an encoding that an option names; ValueError if it is not known."""
    try:
        return _names()[codecs.lookup(encoding).name]
    except (LookupError, KeyError, ValueError):
        known = ", ".join(ENCODINGS)
        raise ReadingError(
            "encoding", f"encoding must be one of {known}, got {quoted(encoding)}"
        ) from None


def guess_encoding(data: bytes) -> tuple[str, str, str, Question | None]:
    """Return text, encoding, note and question for bytes that are no Unicode.

    Raises
    ------
    ReadingError
        (A ValueError.) If they are text in no encoding.
    """
    sample = _lines_beyond_ascii(data)
    n_high = len(sample) - len(sample.translate(None, bytes(range(128, 256))))
    matches = list(from_bytes(sample, cp_isolation=_detectable()))
    western = _western(data)
    if western is not None and (n_high < _SOME or not _is_better(matches)):
        return western, "windows-1252", _note("windows-1252", western), None
    if matches and n_high >= _ENOUGH and _stands_out(matches):
        found = _names()[codecs.lookup(matches[0].encoding).name]
        text = _decoded(data, found)
        if text is not None:
            return text, found, _note(found, text), None
    question = _ask(sample, matches)
    text = _decoded(data, str(question.choices[0].value)) or ""
    return text or sample.decode("latin-1"), str(question.choices[0].value), "", question


def _lines_beyond_ascii(data: bytes) -> bytes:
    """Return the lines that tell something, up to a bounded number of bytes."""
    lines = (line for line in data.splitlines() if not line.isascii())
    taken, size = [], 0
    for line in lines:
        taken.append(line[:_SAMPLE])
        size += len(line)
        if size > _SAMPLE:
            break
    return b"\n".join(taken)


def _western(data: bytes) -> str | None:
    """Return the text in Windows-1252 if it looks like words of Western Europe."""
    text = _decoded(data, "windows-1252")
    if text is None:
        return None
    words = [word for word in _HIGH_WORD.findall(text) if len(word) > 1]
    n_high = sum(len(_HIGH.findall(word)) for word in words)
    if n_high > 0.6 * sum(map(len, words)):
        return None
    if any(all(re.search(letters, text) for letters in pair) for pair in _NOT_WESTERN):
        return None
    return text if 20 * len(_ODD.findall(text)) <= len(_HIGH.findall(text)) else None


def _is_better(matches: list[CharsetMatch]) -> bool:
    """Say whether some other encoding makes more of a language than Windows-1252 does."""
    best = matches[0] if matches else None
    if best is None or best.coherence < 0.2:
        return False
    ours = [match for match in matches if str(match) == _decoded(bytes(match.raw), "windows-1252")]
    return not ours or best.coherence - max(match.coherence for match in ours) > 0.1


def _stands_out(matches: list[CharsetMatch]) -> bool:
    """Say whether the first encoding is clearly the best of those that give another text."""
    best = matches[0]
    others = [match for match in matches[1:] if str(match) != str(best)]
    if best.coherence >= 0.2:
        return not any(match.coherence >= best.coherence - 0.05 for match in others)
    return best.chaos < 0.05 and not any(match.chaos < best.chaos + 0.1 for match in others)


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _note(encoding: str, text: str) -> str:
    return f"Read as {ENCODINGS[encoding]}: {_example(text)}."


def _example(text: str) -> str:
    """Return the first words that show whether the encoding is right."""
    words = _HIGH_WORD.findall(text[:_SAMPLE]) or _HIGH.findall(text[:_SAMPLE])
    return ", ".join(quoted(word, 20) for word in words[:3])


def _ask(sample: bytes, matches: Iterable[CharsetMatch]) -> Question:
    found = [_names()[codecs.lookup(match.encoding).name] for match in matches]
    choices: dict[str, Choice] = {}
    for name in [*found, "windows-1252", "windows-1251", "windows-1250", "windows-1253"]:
        text = _decoded(sample, name)
        if text is not None and _HIGH.search(text):
            example = _example(text)
            choices.setdefault(example, Choice(name, f"{ENCODINGS[name]}: {example}"))
    if not choices:
        raise ReadingError("file", "a file must be text, got bytes of no known encoding")
    return Question(
        "encoding",
        "The file is not Unicode, and its encoding cannot be told from so few letters.",
        tuple(choices.values())[:6],
    )
