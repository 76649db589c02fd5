"""``python -m tests.fuzz COUNT --seed SEED``: run so many cases; each failure is printed.

``--only NUMBER`` runs one case again.
"""

import argparse
import sys
import time

from tests.fuzz.bounds import failures, run_one


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, help="the number of one case")
    options = parser.parse_args()
    if options.only is not None:
        words = run_one(options.seed, options.only)
        print(words or "this case passes")
        sys.exit(bool(words))
    begun, found = time.process_time(), 0
    for failure in failures(options.count, options.seed):
        found += 1
        print(f"--- {failure.name}: --seed {failure.seed} --only {failure.number}\n{failure.words}")
    seconds = time.process_time() - begun
    print(f"{options.count:,} cases, {found} failed, {seconds:.1f} s of the processor")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
