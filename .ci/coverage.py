"""Fails when the core's line coverage falls, or when a file of it is hardly tested.

Reads coverage.json, which pytest-cov writes.
"""

import json
import sys
from pathlib import Path

FLOOR = 99.2  # per cent of the core's lines: what it was before the learners came
FILE_FLOOR = 80.0  # of each file's


def complaints(report: dict) -> list[str]:
    """Return a sentence for each rule that a report of coverage breaks."""
    found = []
    total = report["totals"]["percent_covered"]
    if total < FLOOR:
        found.append(f"the core's line coverage must be at least {FLOOR} %, got {total:.1f} %")
    for name, file in sorted(report["files"].items()):
        share = file["summary"]["percent_covered"]
        if share < FILE_FLOOR:
            found.append(f"{name} must be covered to at least {FILE_FLOOR} %, got {share:.0f} %")
    return found


if __name__ == "__main__":
    wrong = complaints(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    print("\n".join(wrong) or "the core's coverage holds")
    sys.exit(bool(wrong))
