"""The command line: ``python -m closedloop_core sweep``. The one module that writes files.

A finished point is appended to a file, the journal, and is on the disk before the next one begins:
a sweep that was stopped, even by kill -9, goes on where it was. Run the same command again.
"""

import argparse
import csv
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from closedloop_core.ensembles.plan import (
    AXES,
    COLUMNS,
    MAX_POINTS,
    SweepPlan,
    measure_point,
    without_axes,
)
from closedloop_core.quoting import MAX_SENTENCE, quoted, shortened
from closedloop_core.settings.laws import Law
from closedloop_core.settings.limits import float_of
from closedloop_core.settings.params import DEFAULTS, HELP, REGIMES, LoopParams
from closedloop_core.settings.reading import command, decode
from closedloop_core.settings.reading.json_lists import parse

Row = dict[str, float]
_GRID = "values separated by commas, or LOW:HIGH:COUNT"


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Print the sentence and leave with exit code 2."""
        fail(message)


def fail(message: str) -> NoReturn:
    """Leave with one line on standard error and exit code 2 (SystemExit).

    Whatever it quotes, the line is bounded and moves no cursor.
    """
    print(shortened(f"closedloop: {message}", MAX_SENTENCE), file=sys.stderr)
    raise SystemExit(2)


def _named(path: Path) -> str:
    return shortened(str(path), 100)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = _Parser(prog="python -m closedloop_core", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True, parser_class=_Parser)
    sweep = commands.add_parser(
        "sweep",
        help="many runs at each point of a grid",
        description=(
            "Run an ensemble at each point of a grid over temperature, external share and sample"
            " size. Run the same command again to go on after an interruption."
        ),
    )
    axes = (("temperature", "logarithmic"), ("external-fraction", "even"))
    for name, spacing in (*axes, ("sample-size", "logarithmic")):
        sweep.add_argument(f"--{name}", metavar="GRID", help=f"{_GRID} ({spacing} spacing)")
    sweep.add_argument("--runs", type=int, default=100, help="runs at each point (default 100)")
    sweep.add_argument("--out", required=True, type=Path, help="result, .csv or .npz")
    sweep.add_argument(
        "--journal", type=Path, help="finished points (default: OUT with .journal at its end)"
    )
    sweep.add_argument("--settings", type=Path, help="settings saved by the dashboard, as JSON")
    source = sweep.add_mutually_exclusive_group()
    source.add_argument("--initial", help="law of the original data, as in a link: zipf:10")
    source.add_argument(
        "--words", metavar="FILE", type=Path, help="original data: a text or a counted list"
    )
    sweep.add_argument("--reference", help="law of the external data (default: the initial law)")
    sweep.add_argument("--regime", choices=REGIMES, help=_help("regime"))
    sweep.add_argument("--growth", type=float, help=_help("growth"))
    for name in ("initial-size", "subsample-size", "generations", "seed"):
        sweep.add_argument(f"--{name}", type=int, help=_help(name.replace("-", "_")))
    command.add_options(sweep)
    where = sweep.add_mutually_exclusive_group()
    where.add_argument("--threads", type=int, help="threads to use (default: one a processor)")
    where.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler: tcp://host:8786")
    return top


def _help(field: str) -> str:
    """Return the help of a field of `LoopParams`, with its default."""
    default = DEFAULTS[field]
    return f"{HELP[field]} (default: {'none' if default is None else default})".replace("%", "%%")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line.

    Parameters
    ----------
    arguments : list of str; None: those of this process

    Raises
    ------
    SystemExit
        With code 2 and one line on standard error for bad options or files, 130 when interrupted.
    """
    options = parser().parse_args(arguments)
    with refused():
        run_sweep(read_plan(options), options)


@contextmanager
def refused() -> Iterator[None]:
    """Leave with one line and an exit code where what is done inside cannot be done.

    Raises
    ------
    SystemExit
        With code 2 for bad options or files, 130 when interrupted.
    """
    try:
        yield
    except (ValueError, OSError, RuntimeError) as error:
        fail(str(error))
    except KeyboardInterrupt:
        print("closedloop: stopped; the same command goes on from here", file=sys.stderr)
        raise SystemExit(130) from None


def read_plan(options: argparse.Namespace) -> SweepPlan:
    """Return the sweep that the options describe.

    Raises
    ------
    ValueError
        With one sentence, if an option or the file of settings is not what it must be.
    """
    if options.out.suffix not in (".csv", ".npz"):
        raise ValueError(f"--out must end in .csv or .npz, got {_named(options.out)}")
    if not options.out.parent.is_dir():
        raise ValueError(f"--out must lie in a folder that exists, got {_named(options.out)}")
    base = LoopParams()
    if options.settings is not None:
        base = _read_settings(options.settings)
    changes: dict[str, Any] = {
        name: getattr(options, name)
        for name in ("regime", "initial_size", "subsample_size", "generations", "seed", "growth")
        if getattr(options, name) is not None
    }
    for name in ("initial", "reference"):
        if getattr(options, name) is not None:
            changes[name] = Law.from_token(getattr(options, name))
    if options.words is not None:
        changes["initial"] = _read_words(options)
    elif command.given(options):
        raise ValueError(f"{command.given(options)[0]} must come with --words, got no file")
    base = base.replace(**changes)
    temperatures, fractions, sizes = (
        _read_grid(name, getattr(options, name), getattr(base, name)) for name in AXES
    )
    return SweepPlan(without_axes(base), temperatures, fractions, sizes, options.runs)


def _read_settings(path: Path) -> LoopParams:
    try:
        return LoopParams.from_dict(parse(decode(path.read_bytes()).text))
    except (ValueError, OSError) as error:
        sentence = f"--settings must be a file saved by the dashboard, got {_named(path)}: {error}"
        raise ValueError(sentence) from None


def _read_words(options: argparse.Namespace) -> Law:
    """Return the law of a text or counted list, and say on standard error how it was read."""
    try:
        understood = command.understood_by(options, options.words.read_bytes(), options.words.name)
        law = Law.from_understood(understood)
    except ValueError as error:
        raise ValueError(f"--words {_named(options.words)}: {error}") from None
    for sentence in (understood.sentence + ".", *understood.notes):
        print(sentence, file=sys.stderr)
    return law


def _read_grid(name: str, text: str | None, default: float) -> tuple[float, ...]:
    """Return an axis: ``0.5,1,2`` or ``0.5:2:9``."""
    if text is None:
        return (default,)
    refusal = (
        f"--{name.replace('_', '-')} must be {_GRID} with 0 < LOW <= HIGH"
        f" (LOW may be 0 for external-fraction), got {shortened(text)}"
    )
    parts = text.split(":")
    try:
        if len(parts) == 1:
            return tuple(float_of(value) for value in text.split(","))
        low, high, count = float_of(parts[0]), float_of(parts[1]), int(parts[2])
    except (ValueError, IndexError):
        raise ValueError(refusal) from None
    is_share, is_count = name == "external_fraction", name == "sample_size"
    in_order = low <= high < np.inf and (low > 0 or (is_share and low == 0))
    if len(parts) != 3 or not in_order or not 1 <= count <= MAX_POINTS:
        raise ValueError(refusal)
    space = np.linspace if is_share else np.geomspace
    # Rounded before they are used, so that the table's short numbers are the exact settings.
    values = (round(v) if is_count else float(f"{v:.6g}") for v in space(low, high, count).tolist())
    return tuple(dict.fromkeys(values))


def run_sweep(plan: SweepPlan, options: argparse.Namespace) -> None:
    """Compute what the journal does not hold yet, then write the result whole.

    Raises
    ------
    ValueError, OSError, RuntimeError
        If the journal is another sweep's, a file cannot be written, or the workers fail.
    """
    path = options.journal or options.out.with_name(options.out.name + ".journal")
    with _executor(options) as executor, Journal(path, plan) as journal:
        todo = [(at, p) for at, p in enumerate(plan.points()) if at not in journal.rows]
        for at, params in _with_bar(todo, len(journal.rows), plan.size):
            journal.append(at, measure_point(params, plan.runs, executor))
        rows = [journal.rows[at] for at in range(plan.size)]
    write_result(options.out, plan, rows)
    print(f"{plan.size:,} points in {options.out}", file=sys.stderr)


def _with_bar(
    todo: list[tuple[int, LoopParams]], done: int, total: int
) -> Iterable[tuple[int, LoopParams]]:
    """Show a progress bar while points are computed, where the extra that draws it is installed."""
    try:
        from tqdm import tqdm
    except ImportError:
        return todo
    bar: Iterable[tuple[int, LoopParams]] = tqdm(
        todo, initial=done, total=total, unit="point", dynamic_ncols=True
    )
    return bar


@contextmanager
def _executor(options: argparse.Namespace) -> Iterator[Executor | None]:
    """Yield what computes: threads, or the workers of a Dask scheduler."""
    if options.scheduler is not None:
        try:
            from distributed import Client
        except ImportError:
            raise ValueError(
                '--scheduler needs Dask: install it with pip install "closedloop[distributed]"'
            ) from None
        with Client(options.scheduler, timeout=10) as client:  # type: ignore[no-untyped-call]
            yield client.get_executor()
    elif options.threads is not None:
        if options.threads < 1:
            raise ValueError(f"--threads must be >= 1, got {quoted(options.threads)}")
        with ThreadPoolExecutor(options.threads) as executor:
            yield executor
    else:
        yield None


class Journal:
    """The finished points of one sweep in a file: a line for the plan, then one a point.

    Used in a ``with`` statement, which reads what is there and raises ValueError if that is another
    sweep's or cannot be read.

    Parameters
    ----------
    path : Path
    plan : SweepPlan

    Attributes
    ----------
    rows : dict of int to dict of float, the numbers of each finished point
    """

    def __init__(self, path: Path, plan: SweepPlan) -> None:
        self.path, self.plan = path, plan
        self.rows: dict[int, Row] = {}

    def __enter__(self) -> "Journal":
        if self.path.exists() and self.path.stat().st_size:
            self._read()
        self._file = self.path.open("ab", buffering=0)
        if not self._file.tell():
            try:
                self._write({"plan": self.plan.digest(), **self.plan.to_dict()})
            except OSError:
                self._file.close()
                raise
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def append(self, at: int, row: Row) -> None:
        """Keep the numbers of a finished point; they are on the disk when this returns."""
        self._write({"point": at, **row})
        self.rows[at] = row

    def _write(self, entry: dict[str, Any]) -> None:
        line = json.dumps(entry).encode() + b"\n"
        while line:  # a disk that fills up takes a part, and refuses the rest
            line = line[self._file.write(line) :]
        os.fsync(self._file.fileno())

    def _read(self) -> None:
        data = self.path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        lines = whole.splitlines()
        if lines:
            self._check(lines[0])
        if len(whole) < len(data):  # a line that was being written when the process ended
            with self.path.open("r+b") as file:
                file.truncate(len(whole))
        for line in lines[1:]:
            try:
                entry = json.loads(line)
                self.rows.setdefault(entry.pop("point"), entry)
            except (ValueError, AttributeError, KeyError):
                raise ValueError(
                    f"journal {_named(self.path)} must hold one finished point a line,"
                    f" got {quoted(line)}"
                ) from None

    def _check(self, line: bytes) -> None:
        try:
            found = json.loads(line).get("plan")
        except (ValueError, AttributeError):
            found = None
        if found != self.plan.digest():
            raise ValueError(
                f"journal {_named(self.path)} must belong to this sweep and version,"
                " got another one: remove it, or choose another --journal"
            )


def write_result(path: Path, plan: SweepPlan, rows: list[Row]) -> None:
    """Write the result as CSV or NPZ, with plan, seed and version; whole or not at all.

    Parameters
    ----------
    path : Path that ends in .csv or .npz
    plan : SweepPlan
    rows : list of dict of float, one a point, in the order of ``plan.points()``

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    about = json.dumps(plan.to_dict())
    content = io.BytesIO()
    if path.suffix == ".npz":
        columns = {name: np.array([row[name] for row in rows]) for name in COLUMNS}
        np.savez_compressed(content, about=np.array(about), **columns)  # type: ignore[arg-type]
    else:
        text = io.StringIO()
        text.write(f"# {about}\n")
        writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        content.write(text.getvalue().encode())
    aside = path.with_name(path.name + ".part")
    with aside.open("wb") as file:
        file.write(content.getvalue())
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path)


if __name__ == "__main__":
    main()
