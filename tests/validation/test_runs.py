"""Reading measured runs: exact errors, all of them at once, and nothing else for any file."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from measured_runs import run_of, write_csv

from tenfold.quantities import InputError
from tenfold.validation.training.runs import MeasuredRun, read_runs

HEAD = "id,chip,n_chips,seq,tokens_per_s_per_chip"
FUZZED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)


def wrong(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_runs(path)
    return [str(problem) for problem in caught.value.problems]


def test_rows_come_back_in_order_with_empty_cells_unknown(tmp_path: Path) -> None:
    runs = [run_of(), run_of(id="run-2", tp=None, notes="a, quoted note", recompute="", global_batch=None)]
    assert read_runs(write_csv(tmp_path / "runs.csv", runs)) == runs


def test_columns_nobody_knows_are_left_alone_and_a_byte_order_mark_is_no_column(tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    path.write_text(f"\ufeff{HEAD},mood\nr1,h100-sxm,8,4096,100,fine\n", encoding="utf-8")
    assert read_runs(path) == [
        MeasuredRun(id="r1", chip="h100-sxm", n_chips=8.0, seq=4096.0, tokens_per_s_per_chip=100.0)
    ]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    with pytest.raises(InputError) as caught:
        read_runs(path)
    assert str(caught.value) == f"{path}: no such file. Give the path of a CSV of measured runs"


def test_a_folder_or_bytes_that_are_no_text_are_one_clear_message(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Give the path of a CSV of measured runs"):
        read_runs(tmp_path)
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="Save it as UTF-8"):
        read_runs(tmp_path / "bytes.csv")


def test_missing_columns_are_all_named(tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    expected = f"{path}: n_chips, seq: missing columns. Columns needed: id, chip, n_chips, seq"
    assert wrong(path, "id,chip\nr1,h100-sxm\n") == [expected]
    assert len(wrong(path, "")) == 1


def test_every_bad_cell_is_reported_at_once(tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    found = wrong(path, f"{HEAD}\nr1,h100-sxm,eight,4096,1\nr2,h100-sxm,8,-1,nan\nr3,h100-sxm,8,4096,1\n")
    assert len(found) == 3
    assert f"{path} line 2: n_chips: 'eight' is not a positive number. Type a number such as 8" in found
    assert any("line 3: seq: '-1'" in line for line in found)
    assert any("line 3: tokens_per_s_per_chip: 'nan'" in line for line in found)


def test_throughput_comes_from_the_step_time_where_it_is_not_given() -> None:
    run = run_of(tokens_per_s_per_chip=None, step_time_s=2.0, global_batch=64.0, seq=4096.0, n_chips=16.0)
    assert run.measured_tokens_per_s_per_chip == 64.0 * 4096.0 / 2.0 / 16.0
    assert run_of(tokens_per_s_per_chip=None).measured_tokens_per_s_per_chip is None
    assert run_of(tokens_per_s_per_chip=7.0, step_time_s=2.0).measured_tokens_per_s_per_chip == 7.0


@FUZZED
@given(content=st.binary(max_size=400))
def test_any_bytes_are_runs_or_an_input_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "fuzz.csv"
    path.write_bytes(content)
    with contextlib.suppress(InputError):
        assert all(isinstance(run, MeasuredRun) for run in read_runs(path))


CELLS = st.one_of(st.text(max_size=12), st.floats().map(str), st.integers().map(str), st.sampled_from(("", "8", '"')))


@FUZZED
@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=7), max_size=5))
def test_any_cells_are_runs_or_an_input_error(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "fuzz.csv"
    path.write_text("\n".join([HEAD, *(",".join(row) for row in rows)]), encoding="utf-8", errors="replace")
    with contextlib.suppress(InputError):
        assert all(run.n_chips is None or run.n_chips >= 0 for run in read_runs(path))
