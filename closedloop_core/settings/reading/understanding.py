"""From a text to labels and weights, with one sentence that says what was understood.

`understand` reads a text that was pasted or decoded, `read` a file's bytes. Whatever is neither
given as an option nor plain from the text is asked; see `options`.
"""

import heapq
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Literal

import closedloop_core.settings.reading.json_lists as json_lists
from closedloop_core.quoting import quoted
from closedloop_core.settings.reading.choosing import choose
from closedloop_core.settings.reading.columns import columns_of, is_number
from closedloop_core.settings.reading.common import common_words
from closedloop_core.settings.reading.counting import count
from closedloop_core.settings.reading.decoding import checked_text, decode
from closedloop_core.settings.reading.labels import bounded_labels
from closedloop_core.settings.reading.options import (
    KEPT_OF_A_TEXT,
    MAX_LABELS,
    MIN_LABELS,
    NO_COUNTS,
    Question,
    Reading,
    ReadingError,
    Understood,
)
from closedloop_core.settings.reading.records import Table, count_of, cut_lines, split_lines
from closedloop_core.settings.reading.sentences import (
    common_words_left_out,
    cut_words,
    list_sentence,
    text_sentence,
)
from closedloop_core.settings.reading.separators import (
    guess_separator,
    is_word_list,
    separator_of_texts,
)
from closedloop_core.settings.reading.tokens import unspaced_scripts, words_of

_DEFAULT = Reading()
_SEPARATOR_LINE = re.compile(r"\"?sep=([^\w\"'])\"?[ \t]*", re.IGNORECASE)  # as spreadsheets write


def read(data: bytes, name: str = "", reading: Reading = _DEFAULT) -> Understood:
    """Read a file: decode it, and understand its text.

    The ending of ``name`` settles the kind where ``reading`` leaves it open: .csv, .tsv and .tab
    are lists, .json is JSON; any other file may be a text or a list. An encoding that cannot be
    told is asked like everything else; one that is not UTF-8 is said in a note.

    Raises
    ------
    ValueError
        One sentence that names the rule and what was found, as for `decode` and `understand`.
    """
    decoded = decode(data, reading.encoding)
    ending = name.rpartition(".")[2].lower()
    if reading.kind == "auto" and ending in ("csv", "tsv", "tab", "json"):
        reading = replace(reading, kind="json" if ending == "json" else "list")
    if decoded.question is not None:
        kind: Literal["text", "list"] = "list" if reading.kind == "list" else "text"
        sentence = "A file whose encoding cannot be told from its bytes"
        return Understood(kind, sentence, reading, questions=(decoded.question,))
    understood = understand(decoded.text, replace(reading, encoding=decoded.encoding))
    notes = (decoded.note, *understood.notes) if decoded.note else understood.notes
    return replace(understood, notes=notes)


def understand(text: str, reading: Reading = _DEFAULT) -> Understood:
    """Read a text as labels and weights, and say in one sentence what was understood.

    Parameters
    ----------
    text : up to 5,000,000 characters: prose, a list of label and count (or of labels alone), cells
        copied from a spreadsheet, or JSON.
    reading : the options; those left at their defaults are found out.

    Returns
    -------
    Understood, with every guess in its ``reading``. While ``questions`` are open it holds no
    labels: answer each by its option and call again.

    Raises
    ------
    ReadingError
        (A ValueError.) One sentence with field, rule and value: an empty or binary text, a count
        that is no number >= 0 (with its line), fewer than 2 labels, only zeros.
    """
    checked_text(text)
    if reading.kind == "json" or (
        reading.kind == "auto" and text.lstrip("\ufeff \n\r\t")[:1] in "[{"
    ):
        try:
            value = json_lists.parse(text.lstrip("\ufeff"))
        except ReadingError:
            if reading.kind == "json":
                raise
        else:
            return _understand_json(value, reading)
    lines = split_lines(text)
    declared = _SEPARATOR_LINE.fullmatch(lines[0])
    if declared:
        lines[0] = ""
        if reading.separator == "auto" and reading.kind != "text":
            reading = replace(reading, separator=declared[1])
    if reading.kind == "text":
        return _understand_text("\n".join(lines), reading)
    separator = reading.separator
    if separator == "auto":
        guess = guess_separator(lines)
        if guess.question is not None:
            return _asking(reading, (), (guess.question,))
        if not guess.separator and not _is_said_to_be_a_list(reading) and not is_word_list(lines):
            return _understand_text("\n".join(lines), reading)
        separator = guess.separator or separator_of_texts(lines)
    table = cut_lines(lines, separator)
    if not table.rows:
        raise ReadingError("list", "a list must hold at least 2 different labels, got no line")
    return _understand_table(table, replace(reading, kind="list", separator=separator))


def _is_said_to_be_a_list(reading: Reading) -> bool:
    columns = (reading.label_column, reading.count_column)
    return reading.kind == "list" or reading.heading == "yes" or columns != (None, None)


def _understand_json(value: object, reading: Reading) -> Understood:
    settings = json_lists.settings_in(value)
    if settings is not None:
        sentence = "Settings saved by this dashboard"
        return Understood("settings", sentence, replace(reading, kind="json"), settings=settings)
    table, has_names = json_lists.table_in(value)
    heading: Literal["yes", "no"] = "yes" if has_names else "no"
    return _understand_table(table, replace(reading, kind="json", heading=heading), "JSON")


def _asking(
    reading: Reading,
    how: Sequence[str],
    questions: tuple[Question, ...],
    columns: tuple[str, ...] = (),
) -> Understood:
    fields = " and ".join(question.field.replace("_", " ") for question in questions)
    sentence = f"{', '.join(['Counted list', *how])}; still open: {fields}"
    return Understood("list", sentence, reading, columns=columns, questions=questions)


def _understand_table(table: Table, reading: Reading, form: str = "") -> Understood:
    table, across = _turned(table)
    columns = columns_of(table, reading.heading)
    chosen = choose(table, columns, reading)
    how = [form or cut_words(reading.separator)]
    if chosen.questions:
        return _asking(reading, how, chosen.questions, columns.names)
    counted = count(table, columns, chosen.label, chosen.count, reading.decimal)
    if isinstance(counted, Question):
        return _asking(reading, how, (counted,), columns.names)
    reading = replace(
        reading,
        decimal=counted.decimal,
        heading="no" if columns.heading is None else "yes",
        label_column=None if chosen.label is None else chosen.label + 1,
        count_column=NO_COUNTS if chosen.count is None else chosen.count + 1,
    )
    how += counted.remarks
    if across:
        how.append("labels in one line and counts in the other")
    if columns.heading is not None and not form:
        how.append(f"heading {quoted(table.raw[columns.first - 1])}")
    if columns.first > 1:
        how.append(count_of(columns.first - 1, "line", "above it left out"))
    if (chosen.label, chosen.count) != (0, 1) and len(columns.names) > 1:
        names = columns.names if columns.heading is not None else ()
        how += _column_words(names, chosen.label, chosen.count)
    return _ranked(counted.totals, [*how, *table.remarks], reading, columns.names)


def _column_words(names: Sequence[str], label: int | None, number: int | None) -> list[str]:
    chosen = (("labels", label), ("counts", number))
    return [
        f"{what} in column {j + 1}" + (f" {quoted(names[j], 20)}" if names else "")
        for what, j in chosen
        if j is not None
    ]


def _turned(table: Table) -> tuple[Table, bool]:
    """Turn a table whose labels stand in one line and whose counts in the next."""
    if len(table.rows) != 2 or not len(table.rows[0]) == len(table.rows[1]) >= 2:
        return table, False
    labels, counts = table.rows
    if any(map(is_number, labels)) or not all(map(is_number, counts)):
        return table, False
    n = len(labels)
    rows = list(zip(labels, counts, strict=True))
    turned = Table(
        rows, [1] * n, [""] * n, lambda i: f"column {i + 1}", lambda: range(n), table.remarks
    )
    return turned, True


def _ranked(
    totals: dict[str, float], how: list[str], reading: Reading, columns: tuple[str, ...]
) -> Understood:
    """Keep the labels of a list with the largest weights, and say so."""
    if len(totals) < MIN_LABELS:
        of = " (the first line is read as a heading)" if reading.heading == "yes" else ""
        raise ReadingError(
            "list",
            f"a list must hold at least {MIN_LABELS} different labels, got {len(totals)}{of}",
        )
    total = math.fsum(totals.values())
    if not total > 0:
        raise ReadingError("list", "counts must have a positive sum, got only zeros")
    kept = sorted(totals.items(), key=itemgetter(1), reverse=True)  # ties keep their order
    common = ""
    if reading.drop_common is not None:
        words = common_words(reading.drop_common)
        kept = [item for item in kept if item[0].lower() not in words]
        share = 1 - math.fsum(weight for _, weight in kept) / total
        common = common_words_left_out(reading.drop_common, max(share, 0.0), "total")
    kept = kept[: reading.keep or MAX_LABELS]
    _check_kept(kept, reading)
    sentence = list_sentence(how, len(totals), total, kept, common)
    reading = replace(reading, keep=reading.keep or MAX_LABELS)
    return _answer("list", sentence, reading, kept, total, len(totals), columns)


def _check_kept(kept: Sequence[tuple[str, float]], reading: Reading) -> None:
    if len(kept) < MIN_LABELS or not kept[0][1] > 0:
        raise ReadingError(
            "drop_common",
            f"at least {MIN_LABELS} labels with a positive sum must stay when the common words are"
            f" left out, got {len(kept)}",
        )


def _understand_text(text: str, reading: Reading) -> Understood:
    tokens = words_of(text, reading.unit)
    counts = Counter(tokens)
    if len(counts) < MIN_LABELS:
        raise ReadingError(
            "text",
            f"a text must hold at least {MIN_LABELS} different {reading.unit}, got {len(counts)}",
        )
    keep = reading.keep or KEPT_OF_A_TEXT
    common = ""
    ranked: Sequence[tuple[str, int]] = list(counts.items())
    if reading.drop_common is not None and reading.unit == "words":
        words = common_words(reading.drop_common)
        ranked = [item for item in ranked if item[0] not in words]
        share = 1 - sum(number for _, number in ranked) / len(tokens)
        common = common_words_left_out(reading.drop_common, share, "text")
    first = heapq.nsmallest(keep, ranked, key=lambda item: (-item[1], item[0]))
    kept = [(word, float(number)) for word, number in first]
    _check_kept(kept, reading)
    scripts = unspaced_scripts(text) if reading.unit == "words" else ()
    sentence = text_sentence(reading.unit, scripts, len(tokens), len(counts), kept, common)
    reading = replace(reading, kind="text", keep=keep)
    return _answer("text", sentence, reading, kept, float(len(tokens)), len(counts))


def _answer(
    kind: Literal["text", "list"],
    sentence: str,
    reading: Reading,
    kept: Sequence[tuple[str, float]],
    total: float,
    n_labels: int,
    columns: tuple[str, ...] = (),
) -> Understood:
    labels, n_cut = bounded_labels(label for label, _ in kept)
    weights = tuple(weight for _, weight in kept)
    dropped = 0.0 if len(kept) == n_labels else max(0.0, 1 - math.fsum(weights) / total)
    notes = (count_of(n_cut, "label", "cut at 100 characters."),) if n_cut else ()
    return Understood(
        kind,
        sentence,
        reading,
        labels,
        weights,
        total,
        dropped,
        n_labels - len(kept),
        columns,
        notes=notes,
    )
