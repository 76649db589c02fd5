"""What can be taken away from the chapter "Who wins, and when", as CSV. Pure."""

from typing import Any

from pages.ui.exports import table_csv
from pages.ui.luck.odds.digest import Digest
from pages.ui.luck.quantiles import QUANTILES
from pages.ui.wording import outcome_name


def quantiles_csv(digest: Digest) -> str:
    """Return the quantiles over runs: one line a generation."""
    names = ("entropy_nats", "effective_outcomes", "distance_to_source")
    arrays = (digest.entropy, digest.effective, digest.distance)
    rows: list[list[Any]] = [
        [
            "generation",
            *(f"{name}_{level}" for name in names for level in QUANTILES),
            "effective_outcomes_infinite_samples",
            "distance_to_source_infinite_samples",
        ]
    ]
    for t in range(digest.entropy.shape[1]):
        values = [float(array[i, t]) for array in arrays for i in range(len(QUANTILES))]
        twins = [float(digest.twin_effective[t]), float(digest.twin_distance[t])]
        rows.append([t, *values, *twins])
    return table_csv(rows)


def odds_csv(digest: Digest) -> str:
    """Return the odds: one line an outcome."""
    law = digest.params.initial
    shares = law.probabilities()
    rows: list[list[Any]] = [["outcome", "starting_share", "odds", "standard_error", "theory"]]
    for i in range(law.n):
        theory = "" if digest.odds_theory is None else float(digest.odds_theory[i])
        simulated = [float(digest.odds[i]), float(digest.odds_error[i])]
        rows.append([outcome_name(law, i), float(shares[i]), *simulated, theory])
    return table_csv(rows)
