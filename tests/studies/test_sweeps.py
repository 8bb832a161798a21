"""Sweeps: what varies, the same outcomes from every executor, and studies that survive what may come."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typed_commands import tenfold

from tenfold.catalog import load_catalog
from tenfold.quantities import InputError, Place
from tenfold.studies import here, in_processes, on_ray, read_over, read_sample, record_of, values_of, with_values
from tenfold.studies.cells import Study, study_about
from tenfold.studies.examples import example_of
from tenfold.studies.kept import done_places, export_study, import_study, keep_part, kept_study, lock_of, outcomes_of
from tenfold.studies.sweeping import sweep

RECORD = record_of("tco")
PLACE = Place(file="--over")
CATALOG = load_catalog()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TENFOLD_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def study(*over: str, sample: int = 0) -> Study:
    from tenfold.studies import source_of

    source = source_of("tco", example_of("tco"))
    varied = tuple(read_over(each, RECORD, PLACE) for each in over)
    return study_about("tco", source, CATALOG, seed=0, varied=varied, sample=sample)


def test_values_are_as_the_file_writes_them() -> None:
    goal = record_of("plan")
    assert read_over("goal.deadline=90 days,120 days", goal, PLACE).values == ("90 days", "120 days")
    assert read_over("means.max_chips=8192,16384", goal, PLACE).values == (8192, 16384)
    assert read_over("means.supply=own,spot", goal, PLACE).values == (["own"], ["spot"])
    assert read_over('means.sites=["us-texas","nordics"],["uk"]', goal, PLACE).values == (
        ["us-texas", "nordics"],
        ["uk"],
    )
    assert read_over("chips=1:100:3:log", RECORD, PLACE).values == (1, 10, 100)
    assert read_over("goal.tokens=1T:3T:3", goal, PLACE).values == (1e12, 2e12, 3e12)


@pytest.mark.parametrize(
    "text", ["chips", "=3", "chips=", "chip=a:b:3", "chips=1:10:0", "chips=x:10:3", "mfu=0:1:3:log"]
)
def test_what_is_no_variation_is_said(text: str) -> None:
    with pytest.raises(InputError) as refused:
        read_over(text, RECORD, PLACE)
    assert all(problem.file == "--over" for problem in refused.value.problems)


@given(st.floats(0.1, 10.0), st.floats(1.5, 50.0), st.integers(2, 40), st.booleans())
def test_a_range_has_its_ends_and_rises(low: float, factor: float, count: int, log: bool) -> None:
    said = f"days={low!r}:{low * factor!r}:{count}{':log' if log else ''}"
    values = read_over(said, RECORD, PLACE).values
    assert len(values) == count
    assert list(values) == sorted(values)
    assert (values[0], values[-1]) == (pytest.approx(low), pytest.approx(low * factor))


@given(st.dictionaries(st.sampled_from(["a", "b.c", "b.d", "e.f.g"]), st.integers(), max_size=4))
def test_values_are_found_where_they_were_put(values: dict[str, int]) -> None:
    tree: Any = with_values({"kept": 1, "b": {"old": 2}}, values)
    assert (tree["kept"], tree["b"]["old"]) == (1, 2)
    for path, value in values.items():
        found = tree
        for step in path.split("."):
            found = found[step]
        assert found == value


def test_samples_lie_between_their_ends_and_lists_are_crossed() -> None:
    varied = [read_over(each, RECORD, PLACE) for each in ("days=10:20", "chips=64:1024:log", "mfu=0.3,0.4")]
    cells = values_of(varied, read_sample("sobol:20"), seed=3)
    assert len(cells) == 40
    assert all(10 <= each["days"] <= 20 and 64 <= each["chips"] <= 1024 for each in cells)
    assert cells == values_of(varied, 20, seed=3)
    with pytest.raises(InputError):
        values_of(varied, 0, seed=3)


def test_executors_give_the_same_bytes(tmp_path: Path) -> None:
    files = []
    for name, executor in (("here", here), ("processes", in_processes(2))):
        os.environ["TENFOLD_HOME"] = str(tmp_path / name)
        stands = sweep(study("chips=64:4096:3:log", "days=10,20"), executor)
        assert (stands.cells, stands.done, stands.failed) == (6, 6, 0)
        files.append(tmp_path / f"{name}.parquet")
        export_study(stands.study, files[-1])
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_cell_without_an_answer_is_said_and_the_others_are_answered() -> None:
    stands = sweep(study("mfu=0.4", "chip=h100-sxm,nonesuch"))
    assert (stands.done, stands.failed) == (1, 1)
    assert "nonesuch" in outcomes_of(stands.study)[1].wrong


def test_a_study_is_resumed_and_each_cell_is_there_once() -> None:
    asked = study("chips=64:4096:6:log", "days=10,20")

    def failing(place: str, jobs: Any) -> Any:
        for number, done in here(place, jobs):
            if number == 5:
                raise KeyboardInterrupt
            yield number, done

    with pytest.raises(KeyboardInterrupt):
        sweep(asked, failing)
    assert len(done_places(asked.key)) == 5
    again: list[int] = []

    def counting(place: str, jobs: Any) -> Any:
        for number, done in here(place, jobs):
            again.append(done.place)
            yield number, done

    assert sweep(asked, counting).done == 12
    assert again == list(range(5, 12))
    assert [each.place for each in outcomes_of(asked.key)] == list(range(12))


def test_a_dead_worker_is_replaced_and_its_cells_are_done() -> None:
    done = dict(in_processes(2)("dying_jobs:once", [(number, os.getpid()) for number in range(6)]))
    assert done == {number: number for number in range(6)}


def test_an_error_of_ours_is_not_tried_again() -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        list(in_processes(1)("bounded_jobs:do", ["echo", "fault", "echo"]))


def test_two_at_once_are_told_apart(home: Path) -> None:
    asked = study("days=10,20")
    sweep(asked)
    with lock_of(asked.key), pytest.raises(InputError, match="another process"), lock_of(asked.key):
        pass


def test_an_exported_study_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = sweep(study("chips=64,128", "days=10,20")).study
    export_study(key, tmp_path / "study.parquet")
    monkeypatch.setenv("TENFOLD_HOME", str(tmp_path / "other"))
    assert import_study(tmp_path / "study.parquet") == key
    export_study(key, tmp_path / "again.parquet")
    assert (tmp_path / "again.parquet").read_bytes() == (tmp_path / "study.parquet").read_bytes()
    assert kept_study(key[:5]).cells == 4
    (tmp_path / "none.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match="no exported study"):
        import_study(tmp_path / "none.parquet")


def test_what_cannot_be_written_is_one_message(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = sweep(study("days=10")).study

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tenfold.studies.parquet.bring_to_disk", full)
    with pytest.raises(InputError, match="No space left") as refused:
        keep_part(key, outcomes_of(key))
    assert len(refused.value.problems) == 1
    assert not list((home / "studies" / key / "parts").glob(".*"))


def test_the_commands_of_studies(tmp_path: Path) -> None:
    swept = tenfold("sweep", example_of("tco"), "--over", "chips=64,128", "--over", "days=10,20", "--json").data
    assert set(swept) == {"study", "cells", "done", "failed"}
    assert (swept["cells"], swept["done"], swept["failed"]) == (4, 4, 0)
    key = swept["study"]
    assert [each["study"] for each in tenfold("studies", "list", "--json").data] == [key]
    assert tenfold("studies", "show", key, "--json").data["over"] == {"chips": [64, 128], "days": [10, 20]}
    for ending in ("parquet", "csv", "json"):
        assert tenfold("studies", "export", key, tmp_path / f"study.{ending}").code == 0
    assert len(json.loads((tmp_path / "study.json").read_text())) == 4
    assert tenfold("studies", "resume", key, "--json").data == swept
    assert tenfold("studies", "delete", key).code == 0
    assert tenfold("studies", "show", key).code == 2
    refused = tenfold("sweep", example_of("tco"), "--over", "chipz=3", "--over", "chips=abc")
    assert refused.code == 2
    assert "chipz" in refused.stderr
    assert "abc" in refused.stderr


def test_a_killed_sweep_is_resumed_to_the_same_bytes(tmp_path: Path, home: Path) -> None:
    over = ["--over", "chips=64:65536:12:log", "--over", "days=10:100:6"]
    command = [sys.executable, "-m", "tenfold", "sweep", str(example_of("tco")), *over, "--workers", "1", "--json"]
    asked = study("chips=64:65536:12:log", "days=10:100:6")
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    for _ in range(400):
        if done_places(asked.key) or process.poll() is not None:
            break
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = len(done_places(asked.key))
    assert kept > 0
    assert sweep(asked).done == 72
    export_study(asked.key, tmp_path / "killed.parquet")
    os.environ["TENFOLD_HOME"] = str(tmp_path / "calm")
    sweep(asked)
    export_study(asked.key, tmp_path / "calm.parquet")
    assert (tmp_path / "killed.parquet").read_bytes() == (tmp_path / "calm.parquet").read_bytes()


def test_a_cluster_that_does_not_answer_is_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    class Ray:
        @staticmethod
        def is_initialized() -> bool:
            return False

        @staticmethod
        def init(**_: Any) -> None:
            raise RuntimeError("The current node timed out during startup.\nMore")

    monkeypatch.setattr("tenfold.studies.executors._ray", lambda: Ray)
    with pytest.raises(InputError) as told:
        list(on_ray("10.0.0.1:6379")("tenfold.studies.cells:work", []))
    (problem,) = told.value.problems
    assert problem.file == "--ray"
    assert "10.0.0.1:6379" in problem.wrong
    assert "timed out" in problem.wrong
    assert "--workers" in problem.remedy
