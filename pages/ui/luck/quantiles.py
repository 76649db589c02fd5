"""Quantiles over runs: their names in figures and tables, and what is said of them. Pure."""

from collections.abc import Iterable
from typing import Any

from closedloop_core.ensembles.ensemble import LEVELS
from pages.ui.wording import percent

QUANTILES = tuple(f"q{percent(level, unit=''):0>2}" for level in LEVELS)  # q05, q25, q50, q75, q95


def quantile_row(values: Iterable[float]) -> dict[str, Any]:
    """Return the entries of a figure's row: quantiles by name, and both bands in words.

    ``values`` are the quantiles in the order of `LEVELS`; ``half`` says where 50 % of the runs
    are, ``most`` where 90 % are.
    """
    row: dict[str, Any] = dict(zip(QUANTILES, values, strict=True))
    row["half"] = f"{row['q25']:.3g} to {row['q75']:.3g}"
    row["most"] = f"{row['q05']:.3g} to {row['q95']:.3g}"
    return row


def rounded(value: float) -> float:
    """Return a number with four digits: a figure of many points travels in less than half."""
    return float(f"{value:.4g}")


def band_key(runs: str) -> list[tuple[str, str]]:
    """Return the key of median and bands: glyph and words; ``runs`` are whose they are."""
    return [("median", "median"), ("band", f"50 % and 90 % of {runs}")]
