"""From a text to its sequence of words, characters or lines.

Words follow Unicode: letters with their combining marks and joiners, apostrophes between letters,
digits beside letters (``H2O``, ``19th``); one letter is a word, a number alone is none. A hyphen
separates (e-mail is two words), like every other mark. An emoji sequence (skin tone, family,
flag, keycap) is one word. Scripts that put no spaces between words (Chinese, Japanese, Thai,
Khmer, Lao, Burmese and their neighbours) give characters: what a reader sees as one, the grapheme
clusters of Unicode. So no clause becomes a word; that it was done is said (`unspaced_scripts`).

Case is folded, as far as this destroys nothing: to lower case, with the Greek final sigma where it
belongs and ligatures (``ﬁ``) taken apart. ``ß`` stays (``Maße`` and ``Masse`` are two words; the
price is that ``STRASSE`` and ``Straße`` are two as well). In a text where at least 1 % of the
letters are the dotless ``ı``, capital ``I`` is ``ı``, as in Turkish; elsewhere it is ``i``.
``İ`` is ``i``. Composed and decomposed letters are one (NFC), and so are ' and ’.
"""

import unicodedata
from collections.abc import Callable

import regex

from closedloop_core.quoting import clean_label
from closedloop_core.settings.reading.options import UNITS, refuse_unless

_UNSPACED: dict[str, str] = {
    "Japanese": r"[\p{Hiragana}\p{Katakana}\u30fc]",
    "Chinese": r"[\p{Han}]",
    "Thai": r"[\p{Thai}]",
    "Khmer": r"[\p{Khmer}]",
    "Lao": r"[\p{Lao}]",
    "Burmese": r"[\p{Myanmar}]",
}
_NO_SPACES = r"[\p{Han}\p{scx=Hiragana}\p{scx=Katakana}\p{LB=SA}\p{Javanese}\p{Balinese}]"
_PART = r"[\p{L}\p{M}\p{N}]"
_RUN = _PART + r"[\p{L}\p{M}\p{N}\u200c\u200d]*+"
_WORD = rf"{_RUN}(?:(?:['׳]|(?<=\p{{Hebrew}})[\"״](?=\p{{Hebrew}})|(?<=l)·(?=l)){_RUN})*+"
# Flags in pairs, without \X: at a long row of flags \X counts back to the first, every time.
_FLAG = r"\p{RI}{1,2}+"
_EMOJI = (
    rf"{_FLAG}|[0-9#*]\ufe0f?\u20e3"
    r"|(?=[\p{Extended_Pictographic}--[\u00a9\u00ae\u203c\u2049\u2122\u2139\u3030\u303d]])\X"
)
_TOKEN = regex.compile(rf"(?V1){_WORD}|{_EMOJI}")
_HAS_UNSPACED = regex.compile(rf"(?V1)[\p{{L}}&&{_NO_SPACES}]")
_HAS_LETTER = regex.compile(r"\p{L}")
_IS_SYMBOL = regex.compile(rf"(?V1){_EMOJI}")
# With vowel signs that Unicode parts from their letter, as in Burmese.
_CLUSTER = regex.compile(rf"(?V1){_FLAG}|\X\p{{M}}*+")
_JOINERS_AT_END = regex.compile(r"\u200c+$|(?<!\p{M})[\u200c\u200d]+$")

# In this order, on the whole text: what is seen as nothing goes; look-alikes become one.
_REPLACED = {
    **dict.fromkeys(map(chr, [0xAD, 0x61C, 0x200E, 0x200F, 0x2060, 0xFEFF]), ""),
    **dict.fromkeys(map(chr, range(0x202A, 0x202F)), ""),
    **dict.fromkeys("\N{RIGHT SINGLE QUOTATION MARK}\u02bc\uff07", "'"),
    **dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)),
    "İ": "i",  # Python would lower it to i and a combining dot
}


def words_of(text: str, unit: str = "words") -> list[str]:
    """Return the tokens of ``text``, in order: the sequence that is counted or learned from.

    Parameters
    ----------
    text : any text; it need not be normalised.
    unit : "words" (see above), "characters" (grapheme clusters in lower case, punctuation too,
        white space not) or "lines" (whole lines as labels, case kept; blank ones left out).

    Returns
    -------
    A list of non-empty tokens in NFC; empty where the text has none.

    Raises
    ------
    ValueError
        If ``unit`` is none of the three.
    """
    refuse_unless(unit in UNITS, "unit", "one of " + ", ".join(UNITS), unit)
    if unit == "lines":
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return _each(lines, clean_label)
    text = _folded(text)
    if unit == "characters":
        return _each(list(text) if text.isascii() else _CLUSTER.findall(text), clean_label)
    runs = _TOKEN.findall(text)
    if _HAS_UNSPACED.search(text):
        runs = _taken_apart(runs)
    return _each(runs, _word)


def unspaced_scripts(text: str) -> tuple[str, ...]:
    """Return which scripts without spaces ``text`` is written in: ``("Chinese",)``.

    Han beside Japanese syllables is Japanese; the neighbours of these scripts are "others".
    """
    if text.isascii() or not _HAS_UNSPACED.search(text):
        return ()
    found = [name for name, letters in _UNSPACED.items() if regex.search(letters, text)]
    if "Japanese" in found and "Chinese" in found:
        found.remove("Chinese")
    return tuple(found) or ("others",)


def is_unspaced(text: str) -> bool:
    """Say whether ``text`` has letters of a script without spaces between words."""
    return not text.isascii() and bool(_HAS_UNSPACED.search(text))


def _each(tokens: list[str], read: Callable[[str], str]) -> list[str]:
    """Return what each token reads as, without empty ones; each different one is read once."""
    known = {token: read(token) for token in set(tokens)}
    return [word for token in tokens if (word := known[token])]


def _taken_apart(runs: list[str]) -> list[str]:
    """Cut runs of letters into clusters where the script has no spaces."""
    unspaced = set(_HAS_UNSPACED.findall("".join(set().union(*runs))))
    found: list[str] = []
    for run in runs:
        if unspaced.isdisjoint(run):
            found.append(run)
            continue
        rest = ""
        for cluster in _CLUSTER.findall(run):
            if cluster[0] not in unspaced:
                rest += cluster
                continue
            if rest:
                found.append(rest)
                rest = ""
            found.append(cluster)
        if rest:
            found.append(rest)
    return found


def _word(run: str) -> str:
    """Return a run as a word, or nothing if it has no letter and is no symbol."""
    if run.isalpha():
        return run
    run = run.strip("'")
    if run[-1:] in ("\u200c", "\u200d"):
        run = _JOINERS_AT_END.sub("", run)
    return run if _HAS_LETTER.search(run) or _IS_SYMBOL.match(run) else ""


def _folded(text: str) -> str:
    """Fold case in the manner of the text's language, and compose; see the top of this file."""
    dotless = text.count("ı")
    if dotless and 100 * dotless >= sum(map(str.isalpha, text)):
        text = text.replace("I", "ı")
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFC", text)
    for old, new in _REPLACED.items():
        text = text.replace(old, new)
    return unicodedata.normalize("NFC", text.lower())
