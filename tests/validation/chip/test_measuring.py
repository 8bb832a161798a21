"""Taking measurements: what is listed to be timed, what a kill leaves, and PyTorch on the host where it is there."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_chip import DAY, Truth, measured_by
from typed_commands import tenfold

from tenfold.quantities import InputError
from tenfold.validation import chip as measured_chip
from tenfold.validation.chip.measured import COLLECTIVES, KINDS, Machine, Measured
from tenfold.validation.chip.measuring.tasks import LEAST_OPERATION_S, MEMORY_SHARE, QUICK, THOROUGH, Effort, tasks_of

TRUTH = Truth(efficiency={"bf16": 0.82, "fp8": 0.7})
TINY = Effort(samples=3, least_sample_s=1e-4, most_operation_s=0.01, sustained_s=0.01, budget_s=60.0)
with_torch = pytest.mark.skipif(find_spec("torch") is None, reason="needs PyTorch, the extra `measure`")


def machine(flop_per_s: float, bytes_per_s: float, memory_bytes: float) -> Machine:
    return Machine(
        device="some",
        torch="0",
        devices=1,
        day=DAY,
        probe_flop_per_s=flop_per_s,
        probe_bytes_per_s=bytes_per_s,
        memory_bytes=memory_bytes,
        others_share=0.0,
    )


@given(
    flop_per_s=st.floats(1e8, 5e15),
    bytes_per_s=st.floats(1e8, 2e13),
    memory_bytes=st.floats(1e8, 3e11),
    ranks=st.sampled_from([1, 2, 8]),
)
def test_what_is_listed_fits_any_device(flop_per_s: float, bytes_per_s: float, memory_bytes: float, ranks: int) -> None:
    tasks = tasks_of(machine(flop_per_s, bytes_per_s, memory_bytes), QUICK, ranks)
    assert len({task.key for task in tasks}) == len(tasks)
    assert {task.kind in COLLECTIVES for task in tasks} == ({False, True} if ranks > 1 else {False})
    for task in tasks:
        assert set(task.sizes) == set(KINDS[task.kind])
        assert all(size >= 1 for size in task.sizes.values())
        if task.kind == "matmul":
            took_s = 2 * task.sizes["m"] * task.sizes["n"] * task.sizes["k"] / flop_per_s
            assert LEAST_OPERATION_S <= took_s <= QUICK.most_operation_s
        if task.kind == "memory":
            assert task.sizes["bytes"] <= MEMORY_SHARE * memory_bytes


def test_a_current_chip_gets_what_a_fit_needs() -> None:
    tasks = tasks_of(machine(7e14, 2.5e12, 80e9), QUICK, 8)
    counts = {kind: sum(task.kind == kind for task in tasks) for kind in KINDS}
    assert counts["matmul"] >= 10
    assert counts["attention"] == counts["attention_both"] >= 5
    assert counts["memory"] >= 3
    assert counts["train_step"] == counts["decode"] == 3
    assert all(counts[kind] >= 3 for kind in COLLECTIVES)
    assert QUICK.budget_s < 300 < THOROUGH.budget_s


def a_chip_that_was_measured(monkeypatch: pytest.MonkeyPatch, found: Measured) -> None:
    """Let `tenfold measure` find these measurements on the machine, one after another."""

    def measure(effort: Effort, keep: measured_chip.Keep, **given: object) -> Measured:
        del effort
        before = given["before"]
        kept = before if isinstance(before, Measured) else replace(found, timed=())
        keep(kept)
        for each in found.timed[len(kept.timed) :]:
            kept = replace(kept, timed=(*kept.timed, each))
            keep(kept)
        return kept

    monkeypatch.setattr(measured_chip, "measure", measure)


def test_the_command_writes_an_overlay_that_an_estimate_uses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_chip_that_was_measured(monkeypatch, measured_by(TRUTH, device="H100 SXM"))
    out = tmp_path / "own"
    said = tenfold("measure", "--quick", "--out", out, "--json")
    assert said.code == 0, said.stderr
    assert said.data["question_name"] == "calibrate chip"
    assert said.data["question"]["chip"] == "h100-sxm"
    assert {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} == {
        "measurements.json",
        "calibrations/training-measured-hopper.toml",
        "fabrics/nvlink-switch.toml",
        "sources/own-chip-measurements.toml",
    }
    asked = ("estimate", "training", "--model", "llama-3.1-8b", "--chip", "h100-sxm", "--chips", "8")
    estimated = tenfold(*asked, "--global-batch", "64", "--catalog", out, "--json")
    assert estimated.code == 0, estimated.stderr
    assert any("training-measured-hopper" in str(each) for each in estimated.data["made"]["overrides"])
    again = tenfold("measure", "--quick", "--out", out, "--json")
    assert again.data["constants"] == said.data["constants"]


def test_another_folder_of_another_chip_and_others_at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_chip_that_was_measured(monkeypatch, measured_by(TRUTH))
    unknown = tenfold("measure", "--quick", "--out", tmp_path / "a")
    assert unknown.code == 2
    assert "'a chip that was made up', which names no chip of the catalog" in unknown.stderr
    a_chip_that_was_measured(monkeypatch, measured_by(TRUTH, others_share=0.7))
    shared = tenfold("measure", "--quick", "--out", tmp_path / "b", "--chip", "h100-sxm")
    assert shared.code == 2
    assert "others used 70% of the device" in shared.stderr
    assert not list(tmp_path.rglob("*.json")), "refused before anything was timed"


def test_ctrl_c_keeps_what_was_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = measured_by(TRUTH)

    def stopped(effort: Effort, keep: measured_chip.Keep, **given: object) -> Measured:
        del effort, given
        keep(replace(found, timed=found.timed[:3]))
        raise KeyboardInterrupt

    monkeypatch.setattr(measured_chip, "measure", stopped)
    said = tenfold("measure", "--quick", "--out", tmp_path / "own", "--chip", "h100-sxm")
    assert said.code == 130
    assert "what was measured is kept in" in said.stderr
    assert len(measured_chip.read_measured(tmp_path / "own" / "measurements.json").timed) == 3


@pytest.mark.skipif(find_spec("torch") is not None, reason="PyTorch is installed")
def test_without_pytorch_the_extra_is_named(tmp_path: Path) -> None:
    said = tenfold("measure", "--quick", "--out", tmp_path)
    assert said.code == 2
    assert "PyTorch is not installed. Install the extra: pip install 'tenfold[measure]'" in said.stderr


def small(device_flop_per_s: float = 4e10) -> Measured:
    """A machine slow enough that everything that is listed for it is done in no time."""
    from tenfold.validation.chip.measuring.device import found_device

    device = found_device()
    host = machine(device_flop_per_s, 1e9, 3e8)
    return Measured(machine=replace(host, device=device.name, devices=device.count, day=datetime.date(2026, 11, 27)))


@with_torch
def test_every_kind_runs_on_the_host_and_a_kill_loses_one_at_most(tmp_path: Path) -> None:
    place = tmp_path / "measurements.json"
    kept: list[int] = []

    class KilledError(Exception):
        pass

    def keep(measured: Measured) -> None:
        place.write_text(measured_chip.measured_text(measured), encoding="utf-8")
        kept.append(len(measured.timed))
        if len(kept) == 4:
            raise KilledError

    with pytest.raises(KilledError):
        measured_chip.measure(TINY, keep, before=small(), progress=None)
    assert kept == [0, 1, 2, 3]
    left = measured_chip.read_measured(place)
    done: list[float] = []
    found = measured_chip.measure(TINY, lambda _: None, before=left, progress=done.append)
    assert found.timed[:3] == left.timed
    assert done[-1] == 1.0
    by_kind: Mapping[str, bool] = {each.kind: bool(each.seconds) for each in found.timed}
    assert {kind for kind, ran in by_kind.items() if not ran} <= {"copy_in", "copy_out"}, by_kind
    assert {"matmul", "sustained", "attention", "attention_both", "memory", "launch", "train_step", "decode"} <= {
        kind for kind, ran in by_kind.items() if ran
    }
    assert json.loads(measured_chip.measured_text(found))["timed"]


@with_torch
def test_two_processes_time_their_collectives() -> None:
    from tenfold.validation.chip.measuring.collectives import measured_collectives
    from tenfold.validation.chip.measuring.device import found_device

    tasks = [task for task in tasks_of(small().machine, TINY, 2) if task.kind == "all_reduce"][:2]
    found = measured_collectives(found_device(), tasks, TINY, 2)
    assert {len(seconds) for seconds, _ in found.values()} == {TINY.samples}
    assert set(found) == {task.key for task in tasks}


@with_torch
def test_processes_that_fail_are_a_reason_and_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    from torch import multiprocessing

    from tenfold.validation.chip.measuring.collectives import measured_collectives
    from tenfold.validation.chip.measuring.device import found_device

    def failing(*_: object, **__: object) -> None:
        raise RuntimeError("no network\nlast line")

    monkeypatch.setattr(multiprocessing, "spawn", failing)
    tasks = [task for task in tasks_of(small().machine, TINY, 2) if task.kind == "all_gather"][:2]
    found = measured_collectives(found_device(), tasks, TINY, 2)
    assert set(found.values()) == {((), "last line")}


@with_torch
def test_another_machine_does_not_go_on_with_what_was_begun() -> None:
    other = replace(small(), machine=replace(small().machine, device="another"))
    with pytest.raises(InputError, match="was being measured there"):
        measured_chip.measure(TINY, lambda _: None, before=other, progress=None)
