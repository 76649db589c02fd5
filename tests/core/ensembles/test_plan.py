"""The sweep: what it measures, what it refuses, and that a kill -9 costs nothing that was done."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from closedloop_core import Law, LoopParams, settled_state, simulate_ensemble, total_variation
from closedloop_core.__main__ import main, parser, read_plan
from closedloop_core.ensembles.plan import COLUMNS, SweepPlan, measure_point, without_axes

ROOT = Path(__file__).parents[3]
GRID = [
    *("sweep", "--temperature", "0.5,1,2", "--external-fraction", "0:0.5:2"),
    *("--sample-size", "10:100:2", "--runs", "20", "--generations", "30", "--seed", "5"),
]


def rows_of(path: Path) -> list[dict[str, float]]:
    lines = path.read_text().splitlines()
    assert lines[0].startswith("# {")
    return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(lines[1:])]


def test_each_point_is_the_ensemble_at_its_settings(tmp_path: Path) -> None:
    out = tmp_path / "grid.csv"
    main([*GRID, "--out", str(out)])
    rows = rows_of(out)
    assert len(rows) == 12
    base = LoopParams(generations=30, seed=5)
    for row in rows[:3] + rows[-1:]:
        params = base.replace(
            temperature=row["temperature"],
            external_fraction=row["external_fraction"],
            sample_size=int(row["sample_size"]),
        )
        runs = simulate_ensemble(params, 20)
        assert row["effective_50"] == runs.effective[2, -1]
        assert row["diversity_mean"] == runs.diversity_mean[-1]
        assert row["leader_wins"] == np.mean(runs.winner == 0)
        limit = settled_state(params.source, params.temperature, params.external_fraction)
        assert row["limit_distance"] == pytest.approx(
            float(total_variation(limit, params.source.probabilities())), abs=1e-12
        )


def test_the_result_carries_settings_seed_and_version_in_both_forms(tmp_path: Path) -> None:
    for name in ("grid.csv", "grid.npz"):
        main([*GRID, "--out", str(tmp_path / name)])
    rows = rows_of(tmp_path / "grid.csv")
    with np.load(tmp_path / "grid.npz") as arrays:
        for column in COLUMNS:
            np.testing.assert_array_equal(arrays[column], [row[column] for row in rows])
        about = json.loads(str(arrays["about"]))
    assert about == json.loads((tmp_path / "grid.csv").read_text().splitlines()[0][2:])
    assert about["base"]["seed"] == 5 and about["runs"] == 20 and about["version"]
    assert not list(tmp_path.glob("*.part"))


def start(out: Path) -> "subprocess.Popen[bytes]":
    slow = ["--runs", "400", "--generations", "200", "--sample-size", "10:1000:4"]
    return subprocess.Popen(
        [sys.executable, "-m", "closedloop_core", *GRID, *slow, "--out", str(out)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def test_a_killed_sweep_goes_on_without_losing_or_repeating_a_point(tmp_path: Path) -> None:
    out, journal = tmp_path / "grid.csv", tmp_path / "grid.csv.journal"
    first = start(out)
    deadline = time.monotonic() + 120
    while not journal.exists() or journal.read_bytes().count(b"\n") < 4:
        assert first.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    kept = journal.read_bytes()
    assert not out.exists()
    with journal.open("ab") as file:  # as if the power had gone while a line was written
        file.write(b'{"point": 23, "temper')
    second = start(out)
    _, errors = second.communicate(timeout=300)
    assert second.returncode == 0, errors
    written = journal.read_bytes()
    whole = kept[: kept.rfind(b"\n") + 1]
    assert written.startswith(whole)  # finished points stay as they were
    points = [json.loads(line)["point"] for line in written.splitlines()[1:]]
    assert sorted(points) == list(range(24))  # none lost, none twice
    again = tmp_path / "again.csv"
    third = start(again)
    third.communicate(timeout=300)
    assert rows_of(out) == rows_of(again)


def test_a_finished_sweep_computes_nothing_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "grid.csv"
    main([*GRID, "--out", str(out)])
    first = out.read_bytes()
    out.unlink()
    monkeypatch.setattr("closedloop_core.__main__.measure_point", None)
    main([*GRID, "--out", str(out)])
    assert out.read_bytes() == first


def test_a_line_that_was_cut_short_is_computed_again(tmp_path: Path) -> None:
    out = tmp_path / "grid.csv"
    main([*GRID, "--out", str(out)])
    first, journal = out.read_bytes(), out.with_name("grid.csv.journal")
    whole = journal.read_bytes()
    journal.write_bytes(whole[:-20])  # in the middle of the last point
    main([*GRID, "--out", str(out)])
    assert out.read_bytes() == first
    assert journal.read_bytes() == whole


def test_an_interruption_is_one_line_and_exit_code_130(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> dict[str, float]:
        raise KeyboardInterrupt

    monkeypatch.setattr("closedloop_core.__main__.measure_point", interrupted)
    with pytest.raises(SystemExit) as caught:
        main([*GRID, "--out", str(tmp_path / "grid.csv")])
    assert caught.value.code == 130
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == "closedloop: stopped; the same command goes on from here"


def test_without_dask_a_scheduler_is_refused_with_the_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SystemExit) as caught:
        main([*GRID, "--out", str(tmp_path / "grid.csv"), "--scheduler", "tcp://127.0.0.1:1"])
    assert caught.value.code == 2
    assert 'pip install "closedloop[distributed]"' in capsys.readouterr().err


def test_an_axis_without_values_is_refused() -> None:
    with pytest.raises(ValueError, match="external_fraction must have at least one value, got no"):
        SweepPlan(LoopParams(), (1.0,), (), (100,), 5)


def test_workers_of_a_dask_scheduler_give_the_same_numbers(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    here, there = tmp_path / "here.csv", tmp_path / "there.csv"
    main([*GRID, "--out", str(here), "--threads", "2"])
    with distributed.LocalCluster(
        n_workers=1,
        processes=False,
        dashboard_address=None,
        scheduler_kwargs={"dashboard_address": ":0"},  # another test's cluster may have the usual
        protocol="tcp://",
        host="127.0.0.1",
    ) as cluster:
        main([*GRID, "--out", str(there), "--scheduler", cluster.scheduler_address])
    assert rows_of(here) == rows_of(there)


REFUSED = [
    (["--temperature", "0,1"], "temperature must be > 0, got 0.0"),
    (["--temperature", "1,1"], "temperature must not repeat a value"),
    (["--temperature", "2:1:5"], "--temperature must be values separated by commas, or LOW:HIGH"),
    (["--temperature", "0:1:5"], "--temperature must be .* got 0:1:5"),
    (["--sample-size", "10:inf:3"], "--sample-size must be .* got 10:inf:3"),
    (["--temperature", "1:inf:3"], "--temperature must be .* got 1:inf:3"),
    (["--external-fraction", "nan:1:3"], "--external-fraction must be .* got nan:1:3"),
    (["--temperature", "cold"], "--temperature must be .* got cold"),
    (["--external-fraction", "0:2:3"], "external_fraction must be between 0 and 1, got 2.0"),
    (["--sample-size", "2.5"], "sample_size must be a whole number, got 2.5"),
    (["--runs", "1"], "runs must be a whole number >= 2, got 1"),
    (["--runs", "many"], "argument --runs: invalid int value: 'many'"),
    (["--initial", "zip:3"], "law"),
    (["--regime", "rewind"], "invalid choice: 'rewind'"),
    (["--threads", "0"], "--threads must be >= 1, got 0"),
    (["--out", "grid.txt"], "--out must end in .csv or .npz, got grid.txt"),
    (["--out", "/nowhere/grid.csv"], "--out must lie in a folder that exists, got /nowhere/"),
    (["--settings", "/nowhere.json"], "saved by the dashboard, got /nowhere.json: "),
    (["--growth", "0.1"], "sample_size must be one value while growth is 0.1"),
    (["--colour", "red"], "unrecognized arguments"),
    (["--temperature", "0.1:9:2000", "--external-fraction", "0:1:2000"], "at most 1,000,000"),
]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk at hand")
def test_a_full_disk_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "grid.csv"
    with pytest.raises(SystemExit) as caught:
        main([*GRID, "--out", str(out), "--journal", "/dev/full"])
    assert caught.value.code == 2
    told = capsys.readouterr().err.splitlines()
    assert "No space left on device" in told[-1] and told[-1].startswith("closedloop: ")
    assert not out.exists()  # whole or not at all; the same command goes on


@pytest.mark.parametrize(("extra", "sentence"), REFUSED, ids=lambda x: " ".join(x)[:40])
def test_bad_arguments_cost_one_line_and_exit_code_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], extra: Any, sentence: Any
) -> None:
    with pytest.raises(SystemExit) as caught:
        main([*GRID, "--out", str(tmp_path / "grid.csv"), *extra])
    assert caught.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("closedloop: ") and re.search(sentence, line), line
    assert not list(tmp_path.iterdir())


def test_another_sweeps_journal_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "grid.csv"
    main([*GRID, "--out", str(out)])
    journal = out.with_name("grid.csv.journal")
    before = journal.read_bytes()
    with pytest.raises(SystemExit) as caught:
        main([*GRID, "--out", str(out), "--seed", "6"])
    assert caught.value.code == 2
    assert "must belong to this sweep" in capsys.readouterr().err
    assert journal.read_bytes() == before
    with journal.open("ab") as file:
        file.write(b"milk\n")
    with pytest.raises(SystemExit):
        main([*GRID, "--out", str(out)])
    assert "one finished point a line, got b'milk'" in capsys.readouterr().err
    journal.write_text("a shopping list\n")
    with pytest.raises(SystemExit):
        main([*GRID, "--out", str(out)])
    assert journal.read_text() == "a shopping list\n"


def test_settings_of_the_dashboard_are_the_base(tmp_path: Path) -> None:
    params = LoopParams(
        initial=Law.from_weights([3, 2, 1], ["a", "b", "c"]), regime="replace", temperature=0.9
    )
    (tmp_path / "settings.json").write_text(json.dumps(params.to_dict()))
    out = tmp_path / "one.csv"
    main(["sweep", "--settings", str(tmp_path / "settings.json"), "--runs", "5", "--out", str(out)])
    (row,) = rows_of(out)
    assert row == measure_point(params, 5)
    plan = SweepPlan(without_axes(params), (0.9,), (0.0,), (100,), 5)
    assert list(plan.points()) == [params]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_settings_are_read_whatever_their_encoding(tmp_path: Path, encoding: str) -> None:
    params = LoopParams(initial=Law.from_weights([2, 1], ["naïve", "цвет"]), generations=3)
    file = tmp_path / "settings.json"
    file.write_bytes(json.dumps(params.to_dict(), ensure_ascii=False).encode(encoding))
    out = str(tmp_path / "a.csv")
    options = parser().parse_args(["sweep", "--out", out, "--settings", str(file)])
    assert read_plan(options).base.initial == params.initial


def words_plan(tmp_path: Path, text: Any, *extra: Any) -> Any:
    file = tmp_path / "counts.csv"
    file.write_text(text, "utf-8")
    out = str(tmp_path / "a.csv")
    return read_plan(parser().parse_args(["sweep", "--out", out, "--words", str(file), *extra]))


def test_words_of_a_file_are_the_source_and_how_they_were_read_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = words_plan(tmp_path, "rot;12.345\nblau;1.234\ngelb;999", "--decimal", ",")
    assert plan.base.initial == Law.from_weights([12_345, 1_234, 999], ["rot", "blau", "gelb"])
    assert "Counted list, semicolons" in capsys.readouterr().err
    assert words_plan(tmp_path, "a,3\nb,2\nc,1", "--keep", "2").base.initial.n == 2


@pytest.mark.parametrize(
    ("text", "extra", "message"),
    [
        ("rot;12.345\nblau;1.234\ngelb;999", (), "12.345 or 12345. Say which with --decimal"),
        ("red;72;w;2\nblue;70;m;2", (), "Say which with --label-column"),
        ("a,1\nb,2", ("--unit", "x"), "--unit must be one of"),
        ("a,1\nb,2", ("--keep", "1"), "--keep must be a whole number"),
        ("a,1\nb,-2", (), "a count must be a number >= 0"),
    ],
)
def test_words_that_cannot_be_decided_are_refused_with_the_option(
    tmp_path: Path, text: str, extra: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        words_plan(tmp_path, text, *extra)


def test_options_of_the_reader_need_a_file(tmp_path: Path) -> None:
    options = parser().parse_args(["sweep", "--out", str(tmp_path / "a.csv"), "--decimal", ","])
    with pytest.raises(ValueError, match="--decimal must come with --words"):
        read_plan(options)
