"""From rows to labels and weights: equal labels are added up, and what was left out is said.

Next: `understanding`, which keeps the most frequent and says what was read.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from closedloop_core.quoting import clean_label, quoted
from closedloop_core.settings.reading.amounts import Amounts, Decimal, amounts_in
from closedloop_core.settings.reading.columns import Columns, text_of
from closedloop_core.settings.reading.options import Question
from closedloop_core.settings.reading.records import Table, count_of

_TOTALS = frozenset("total totals sum summe gesamt insgesamt somme suma totale итого всего".split())


@dataclass(frozen=True)
class Counted:
    """Labels and their weights in the order of the file; remarks for the sentence.

    ``decimal`` is the mark that was used, or "." where no number has one.
    """

    totals: dict[str, float]
    decimal: Decimal = "."
    remarks: tuple[str, ...] = ()


def count(
    table: Table, columns: Columns, label: int | None, number: int | None, decimal: str
) -> Counted | Question:
    """Add up the weights of each label; without a column of numbers every line counts once.

    Parameters
    ----------
    label, number : the columns of labels and of counts, from 0, or None; counts without labels
        are numbered from 1.
    decimal : "auto", "." or ",".

    Raises
    ------
    ReadingError
        (A ValueError.) As `amounts_in` does.
    """
    amounts: Amounts | Question = Amounts([1.0] * (len(table.rows) - columns.first))
    if number is not None:
        amounts = amounts_in(table, columns, label, number, decimal)
    if isinstance(amounts, Question):
        return amounts
    if label is None:
        lines = (i - columns.first for i in table.order() if i >= columns.first)
        numbered = {str(n): amounts.values[k] for n, k in enumerate(lines, start=1)}
        return Counted(numbered, amounts.decimal, amounts.remarks)
    times = table.times[columns.first :]
    weights = [value * n for value, n in zip(amounts.values, times, strict=True)]
    totals, more = _added_up(table, columns, label, weights, number is not None)
    return Counted(totals, amounts.decimal, (*amounts.remarks, *more))


def _added_up(
    table: Table, columns: Columns, label: int, weights: Sequence[float], has_counts: bool
) -> tuple[dict[str, float], list[str]]:
    """Add up the weights of equal labels; say what was added up and what was left out."""
    totals: dict[str, float] = {}
    n_lines = unlabelled = 0
    name = ""
    for k, weight in enumerate(weights):
        i = columns.first + k
        row = table.rows[i]
        name = clean_label(text_of(row, label))
        if not name:
            unlabelled += table.times[i]
            continue
        n_lines += table.times[i]
        totals[name] = totals.get(name, 0.0) + weight
    remarks = []
    if has_counts and n_lines > len(totals):
        remarks.append(count_of(n_lines - len(totals), "repeated label", "added up"))
    if unlabelled:
        remarks.append(count_of(unlabelled, "line", "without a label left out"))
    if has_counts and len(totals) > 2 and name.casefold() in _TOTALS:
        rest = math.fsum(totals.values()) - totals[name]
        if rest > 0 and math.isclose(totals[name], rest, rel_tol=1e-6):
            del totals[name]
            remarks.append(f"the sum in the last line, {quoted(name)}, left out")
    return totals, remarks
