"""Megatron-LM logs as measured runs.

The line of each logged iteration (``training_log`` of ``megatron/training/training.py``)::

     [2026-03-01 12:00:00.000000] iteration  20/ 100 | consumed samples: 10240 | elapsed time per iteration (ms): 1811.8
     | throughput per GPU (TFLOP/s/GPU): 402.1 | learning rate: … | global batch size:   512 | lm loss: … |

Older forms have no time stamp, no throughput, or seconds (Megatron-DeepSpeed); launchers put a rank before the line.

The step time is a median: of the lines at the last global batch size, the first fifth after every start (at least
the first line) is dropped, since it holds compilation and warm-up; the median of the others is not moved by lines that
hold a checkpoint or an evaluation, as long as they are fewer than half. TFLOP/s are not read: conventions differ.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

from tenfold.quantities import InputError, Problem
from tenfold.validation.logs.lines import Line, log_error, log_lines, log_problem, not_a_number, positive_number
from tenfold.validation.logs.megatron_arguments import BEGIN, END, argument_of, columns_of, needs_model
from tenfold.validation.logs.reading import SOURCE_GROUP, ReadRun, grade, run_id, shape_label, spread_text
from tenfold.validation.training.runs import MeasuredRun

WARM_UP_SHARE = 0.2
"""Share of the lines after a start that is dropped."""
ITERATION = re.compile(r"\biteration\s+(\d+)\s*/\s*(?:\d+|infinity)\b")
ELAPSED = re.compile(r"elapsed time per iteration \((ms|s)\):\s*([^\s|/]+)(?=[\s|/])")
_BATCH = re.compile(r"global batch size:\s*([^\s|]+)")
_DATE = re.compile(r"\[(\d{4}-\d{2}-\d{2}) \d{2}:\d{2}:\d{2}")
_SECONDS = {"ms": 1e-3, "s": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One logged line: seconds a step, averaged since the line before."""

    line: int
    iteration: int
    step_time_s: float
    global_batch: float | None
    date: str


@dataclass(slots=True)
class _Part:
    """What follows one start of the program."""

    line: int
    arguments: dict[str, str] = field(default_factory=dict)
    points: dict[int, Point] = field(default_factory=dict)
    opening: str = ""


def read_megatron(path: Path) -> tuple[ReadRun, ...]:
    """Runs of a Megatron-LM log: one for each set of arguments; restarts of the same run are joined.

    What the log does not say, such as the chip, is empty in the row. Raises ``InputError`` with every problem: no
    line of an iteration, damaged lines, arguments that contradict each other, too few lines to tell warm-up from
    the run.
    """
    problems: list[Problem] = []
    parts = [part for part in _parts(log_lines(path), str(path), problems) if part.points]
    if not parts and not problems:
        raise log_error(
            str(path), None, "no line with 'elapsed time per iteration'", "Give the output of a Megatron-LM run"
        )
    runs = _runs(parts, path, problems)
    if problems:
        raise InputError(problems)
    return runs


def _parts(lines: Iterable[Line], file: str, problems: list[Problem]) -> list[_Part]:
    parts = [_Part(1)]
    dumping = False
    for line in lines:
        if BEGIN.search(line.text):
            parts.append(_Part(line.number))
            dumping = True
        elif END.search(line.text):
            dumping = False
        elif "elapsed time per iteration" in line.text:
            dumping = False
            point = point_of(line, file, problems)
            if point is not None:
                _add(parts, point, line)
        elif dumping and (argument := argument_of(line.text)) is not None:
            parts[-1].arguments.setdefault(*argument)
    return parts


def _add(parts: list[_Part], point: Point, line: Line) -> None:
    """Add a point; an iteration before the last one means that the program was started again."""
    last = next(reversed(parts[-1].points), 0)
    if point.iteration < last:
        parts.append(_Part(line.number, parts[-1].arguments))
    parts[-1].opening = parts[-1].opening or line.text
    parts[-1].points[point.iteration] = point


def point_of(line: Line, file: str, problems: list[Problem]) -> Point | None:
    """The measurement of a line; None for a line cut short or, with a problem added, for a damaged one."""
    iteration, elapsed, batch = ITERATION.search(line.text), ELAPSED.search(line.text), _BATCH.search(line.text)
    if iteration is None or elapsed is None:
        return None
    seconds = positive_number(elapsed[2])
    size = positive_number(batch[1]) if batch else None
    if seconds is None:
        problems.append(not_a_number(file, line.number, "elapsed time per iteration", elapsed[2]))
        return None
    if batch is not None and size is None and line.text.endswith("\n"):
        problems.append(not_a_number(file, line.number, "global batch size", batch[1]))
    date = _DATE.search(line.text)
    return Point(
        line=line.number,
        iteration=int(iteration[1][:18]),
        step_time_s=seconds * _SECONDS[elapsed[1]],
        global_batch=size,
        date=date[1] if date else "",
    )


def _runs(parts: list[_Part], path: Path, problems: list[Problem]) -> tuple[ReadRun, ...]:
    groups: dict[tuple[tuple[str, str | float], ...], list[_Part]] = {}
    for part in parts:
        columns = columns_of(part.arguments, str(path), part.line, problems)
        groups.setdefault(tuple(sorted(columns.items())), []).append(part)
    found = [_run(dict(columns), group, path, problems) for columns, group in groups.items()]
    return tuple(run for run in found if run is not None)


def _run(columns: dict[str, str | float], parts: list[_Part], path: Path, problems: list[Problem]) -> ReadRun | None:
    batch = next(reversed(parts[-1].points.values())).global_batch
    steady = [point for part in parts for point in steady_points(part.points.values(), batch)]
    first = next(iter(parts[0].points.values()))
    if not steady:
        wrong = "one line at the last global batch size: warm-up cannot be told from the run"
        problems.append(log_problem(str(path), first.line, wrong, "Give a log of more iterations"))
        return None
    times = [point.step_time_s for point in steady]
    everything = sum(len(part.points) for part in parts)
    run = MeasuredRun(
        **{  # type: ignore[arg-type]
            **columns,
            "id": run_id(path.stem, parts[0].opening),
            "chip": "",
            "global_batch": batch or columns.get("global_batch"),
            "step_time_s": median(times),
            "source_group": SOURCE_GROUP,
            "source_title": path.name,
            "source_date": steady[-1].date,
            "quality": grade(len(times)),
            "notes": f"median of {len(times)} of {everything} lines ({spread_text(times)}) after warm-up",
        }
    )
    _check_degrees(run, parts[0], path, problems)
    run = replace(run, model=shape_label(run))
    needed = needs_model(parts[0].arguments, run)
    return ReadRun(run=run, file=str(path), line=first.line, used=len(times), seen=everything, needs_model=needed)


def steady_points(points: Iterable[Point], batch: float | None) -> list[Point]:
    """Points at this global batch after the warm-up of one start."""
    same = [point for point in points if batch is None or point.global_batch == batch]
    return same[max(1, math.ceil(WARM_UP_SHARE * len(same))) :]


def _check_degrees(run: MeasuredRun, part: _Part, path: Path, problems: list[Problem]) -> None:
    if not (run.n_chips and run.dp):
        return
    degrees = (run.tp or 1.0) * (run.pp or 1.0) * (run.cp or 1.0) * run.dp
    if degrees != run.n_chips:
        wrong = f"TP × PP × CP × DP is {degrees:g}, but world_size is {run.n_chips:g}"
        problems.append(log_problem(str(path), part.line, wrong, "Give the log as Megatron wrote it"))
