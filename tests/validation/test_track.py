"""A running job against its plan: what is left, what moved the end, and what cannot be told."""

from __future__ import annotations

import datetime
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tenfold
from tenfold.quantities import InputError, Percentiles
from tenfold.validation.track.track import share_to_come

PLAN = {
    "question_name": "plan",
    "question": {"goal": {"tokens": 4096 * 1024 * 10_000, "sequence_length": 4096, "deadline_s": 90 * 86_400}},
    "global_batch": 1024,
    "best": {
        "step_time_s": {"p10": 9.0, "p50": 10.0, "p90": 11.0},
        "goodput": {"p10": 0.9, "p50": 0.95, "p90": 0.98},
        "finish_days": {"p10": 1.0, "p50": 1.22, "p90": 1.5},
    },
}


def log(step_s: float = 10.0, lost_s: float = 0.0, steps: int = 2000, times: bool = True, batch: int = 1024) -> str:
    moment, lines = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC), []
    rng = random.Random(1)
    for step in range(100, steps + 1, 100):
        moment += datetime.timedelta(seconds=100 * step_s + (lost_s if step == steps // 2 else 0.0))
        stamp = f"[{moment:%Y-%m-%d %H:%M:%S}.0] " if times else ""
        ms = 1e3 * step_s * rng.uniform(0.999, 1.001)
        said = f"elapsed time per iteration (ms): {ms:.1f} | global batch size: {batch} |"
        lines.append(f"{stamp}iteration {step:8d}/ 10000 | {said}")
    return "\n".join([*lines, ""])


def track(folder: Path, text: str, plan: Any = PLAN, **more: Any) -> Any:
    (folder / "run.log").write_text(text)
    (folder / "plan.json").write_text(json.dumps(plan))
    return tenfold.track(log=str(folder / "run.log"), plan=str(folder / "plan.json"), **more)


def test_a_run_as_planned_is_not_late(tmp_path: Path) -> None:
    found = track(tmp_path, log(lost_s=2000 * 10 * (1 / 0.95 - 1)))
    assert (found.steps_done, found.steps_total) == (2000, 10_000)
    assert found.finish_days.p50 == pytest.approx(1.22, rel=0.01)
    assert found.in_time
    assert sum(found.late_by_days.values()) == pytest.approx(found.late_days)


def test_slow_steps_and_lost_time_are_told_apart(tmp_path: Path) -> None:
    slow, stopped = track(tmp_path, log(step_s=12.0)), track(tmp_path, log(lost_s=40_000.0))
    assert slow.late_by_days["speed_of_steps"] == pytest.approx(10_000 * 2.0 / 0.95 / 86_400, rel=0.01)
    assert abs(stopped.late_by_days["speed_of_steps"]) < 0.01
    assert stopped.late_by_days["time_lost_and_the_rest"] > 0.3
    assert slow.finish_days.p50 > track(tmp_path, log()).finish_days.p50


def test_another_batch_takes_another_number_of_steps(tmp_path: Path) -> None:
    found = track(tmp_path, log(batch=512))
    assert found.steps_total == 20_000
    assert found.late_by_days["number_of_steps"] > 1.0
    assert found.in_time
    assert track(tmp_path, log(), total_steps=3000).steps_total == 3000


def test_without_times_the_plan_stands_for_what_was_lost(tmp_path: Path) -> None:
    found = track(tmp_path, log(times=False))
    assert found.finish_day is None
    assert found.goodput == found.planned_goodput
    assert any("no times" in note for note in found.notes)


@pytest.mark.parametrize("plan", [{}, {"best": None}, {**PLAN, "best": {}}, {**PLAN, "global_batch": "many"}, [1]])
def test_what_is_no_plan_is_refused(tmp_path: Path, plan: Any) -> None:
    with pytest.raises(InputError):
        track(tmp_path, log(), plan)


def test_what_is_no_log_of_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no line shows a step"):
        track(tmp_path, "nothing of the kind\n")


SHARES = st.floats(0.01, 1.0)


@given(st.tuples(SHARES, SHARES, SHARES).map(sorted), SHARES, st.floats(0.0, 1000.0))
def test_more_of_a_log_moves_what_is_expected_towards_it(shares: list[float], seen: float, days: float) -> None:
    planned = Percentiles(p10=shares[0], p50=shares[1], p90=shares[2])
    found, longer = share_to_come(planned, seen, days), share_to_come(planned, seen, days + 10.0)
    assert found.p10 <= found.p50 <= found.p90
    assert abs(longer.p50 - seen) <= abs(found.p50 - seen) + 1e-12


def test_folders_of_logs_get_a_verdict_for_each_file(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.log").write_text(log())
    (tmp_path / "a" / "note.txt").write_text("nothing of the kind\n")
    (tmp_path / "a" / "runs.csv").write_text(
        "id,chip,n_chips,seq,global_batch,step_time_s,model\nx,h100-sxm,64,8192,512,7.1,llama-3.1-8b\n"
    )
    stated = ("chip=h100-sxm", "n_chips=64", "seq=4096", "model=llama-3.1-8b")
    found = tenfold.validate_training(runs=str(tmp_path / "a"), stated=stated)
    verdicts = {each.file: (each.format, each.runs, bool(each.refused)) for each in found.files}
    assert verdicts == {"note.txt": ("", 0, True), "one.log": ("megatron", 1, False), "runs.csv": ("csv", 1, False)}
    assert found.scored == 2
    alone = tenfold.validate_training(runs=str(tmp_path / "a" / "one.log"), stated=stated)
    assert alone.scored == 1
    with pytest.raises(InputError, match="--chip"):
        tenfold.validate_training(runs=str(tmp_path / "a" / "one.log"))
