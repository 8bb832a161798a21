"""MLPerf training logs (``:::MLLOG {json}``) as measured runs.

The step time is that of a block: (``block_stop`` − ``block_start``) ÷ steps; evaluations lie between blocks and do not
count. ``block_counts`` tells the steps of a block from the counters of its events, since submissions count differently.
The first block holds warm-up and is dropped when there are others; the median of the rest is taken.
``tracked_stats`` are not used: their ``throughput`` is in samples/s in some submissions and in tokens/s in others.
The number format is in an event, or in the arguments that the program printed (``fp8=``, ``fp4=``).
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tenfold.quantities import InputError, Problem, shown
from tenfold.validation.logs.block_counts import number_of as _number
from tenfold.validation.logs.block_counts import steps_of
from tenfold.validation.logs.lines import log_error, log_lines, log_problem
from tenfold.validation.logs.printed_format import PrintedFormat
from tenfold.validation.logs.reading import SOURCE_GROUP, ReadRun, grade, run_id, spread_text
from tenfold.validation.training.runs import MeasuredRun
from tenfold.workloads import PRECISIONS

MARK = ":::MLLOG"
_DECODER = json.JSONDecoder()
LATEST_MS = 4_102_444_800_000.0
"""Start of 2100 in milliseconds; a later time is damage."""
LONGEST_STEP_S = 86_400.0
"""No step takes a day: its block counts samples that it did not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A language-model benchmark: the catalog's name of its model, its sequence length by the rules, its mode."""

    model: str
    seq: float
    mode: str = "pretrain"


BENCHMARKS = {
    "gpt3": Benchmark(model="gpt3-175b", seq=2048.0),
    "llama2_70b_lora": Benchmark(model="llama-2-70b", seq=8192.0, mode="lora"),
    "llama31_405b": Benchmark(model="llama-3.1-405b", seq=8192.0),
    "llama31_8b": Benchmark(model="llama-3.1-8b", seq=8192.0),
}
"""By ``submission_benchmark``; lengths of the reference implementations (mlcommons/training, rounds 3.0 to 5.1)."""

NUMBERS = {
    "global_batch": "global_batch_size",
    "micro_batch": "micro_batch_size",
    "tp": "tensor_parallelism",
    "pp": "pipeline_parallelism",
    "cp": "context_parallelism",
    "ep": "expert_parallelism",
    "chips_per_node": "accelerators_per_node",
    "seq": "max_sequence_length",
}
"""Columns that are the value of one event."""

COUNTS = ("number_of_nodes", "accelerators_per_node", "number_of_ranks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line."""

    line: int
    text: str
    key: str
    time_s: float
    value: object
    metadata: Mapping[str, Any]


def read_mlperf(path: Path) -> tuple[ReadRun, ...]:
    """The run of an MLPerf log, as a tuple of one.

    Raises ``InputError`` with every problem: no such lines, a benchmark that is no language model, no block with
    counted samples, no global batch.
    """
    problems: list[Problem] = []
    printed = PrintedFormat()
    events = list(_events(path, problems, printed))
    if problems:
        raise InputError(problems)
    if not events:
        raise log_error(str(path), None, f"no line with {MARK}", "Give a result_*.txt of an MLPerf training run")
    values = {event.key: event for event in events}
    columns = _columns(values, str(path), problems)
    batch = columns.get("global_batch")
    if not isinstance(batch, float):
        problems.append(log_problem(str(path), None, "no event 'global_batch_size'", "Give the whole log of the run"))
        raise InputError(problems)
    seq = columns.get("seq")
    times = _step_times(events, batch, seq if isinstance(seq, float) else 0.0, str(path), problems)
    if problems:
        raise InputError(problems)
    if "precision" not in columns and printed.precision:
        columns["precision"] = printed.precision
    return (_run(path, events, columns, times),)


def _events(path: Path, problems: list[Problem], printed: PrintedFormat) -> Iterator[Event]:
    for line in log_lines(path):
        _, mark, text = line.text.partition(MARK)
        if not mark:
            printed.look(line.text)
        if not mark or not line.text.endswith("\n"):
            continue
        try:
            found, _ = _DECODER.raw_decode(text.strip())
        except (ValueError, RecursionError):
            problems.append(log_problem(str(path), line.number, f"{MARK} without JSON", "Remove the damaged line"))
            continue
        if not isinstance(found, dict) or not isinstance(key := found.get("key"), str):
            problems.append(log_problem(str(path), line.number, "an event without a key", "Remove the damaged line"))
            continue
        time_ms, metadata = _number(found.get("time_ms")), found.get("metadata")
        if time_ms is None or not 0.0 <= time_ms < LATEST_MS:
            wrong = f"time_ms of '{key[:40]}' is {shown(found.get('time_ms'))}"
            problems.append(log_problem(str(path), line.number, wrong, "Remove the damaged line"))
            continue
        yield Event(
            line=line.number,
            text=line.text,
            key=key,
            time_s=time_ms / 1e3,
            value=found.get("value"),
            metadata=metadata if isinstance(metadata, dict) else {},
        )


def _columns(values: Mapping[str, Event], file: str, problems: list[Problem]) -> dict[str, str | float]:
    columns: dict[str, str | float] = {}
    for column, key in NUMBERS.items():
        if key in values:
            number = _number(values[key].value)
            if number is None or number <= 0:
                wrong = f"{key} is {shown(values[key].value)}, not a positive number"
                problems.append(log_problem(file, values[key].line, wrong, "Give the log as it was written"))
            else:
                columns[column] = number
    benchmark = values.get("submission_benchmark")
    if benchmark is not None:
        columns |= _benchmark_columns(benchmark, columns, file, problems)
    precision = values.get("lowest_numerical_precision_linear")
    if precision is not None and precision.value in PRECISIONS:
        columns["precision"] = str(precision.value)
    return columns | _chips(values)


def _benchmark_columns(
    event: Event, columns: Mapping[str, str | float], file: str, problems: list[Problem]
) -> dict[str, str | float]:
    known = BENCHMARKS.get(event.value) if isinstance(event.value, str) else None
    if known is None:
        wrong = f"{shown(event.value)} is no language-model benchmark known here"
        remedy = f"Known: {', '.join(BENCHMARKS)}"
        problems.append(log_problem(file, event.line, wrong, remedy))
        return {}
    seq = columns.get("seq", known.seq)
    return {"model": known.model, "mode": known.mode, "seq": seq}


def _chips(values: Mapping[str, Event]) -> dict[str, str | float]:
    """Name of the chip by the platform ("2xMI325X") and number of chips, where logged."""
    out: dict[str, str | float] = {}
    platform = values.get("submission_platform")
    if platform is not None and isinstance(platform.value, str):
        out["chip"] = re.sub(r"^\d+\s*x\s*", "", platform.value.strip())
    nodes, each = (
        _number(values[k].value) if k in values else None for k in ("number_of_nodes", "accelerators_per_node")
    )
    ranks = _number(values["number_of_ranks"].value) if "number_of_ranks" in values else None
    chips = nodes * each if nodes and each else ranks
    if chips and chips > 0:
        out["n_chips"] = chips
    return out


def _step_times(events: list[Event], batch: float, seq: float, file: str, problems: list[Problem]) -> list[float]:
    """Seconds a step of every block that counts, in order."""
    times: list[float] = []
    start: Event | None = None
    before: Mapping[str, Any] = {}
    uncounted = 0
    for event in events:
        if event.key == "block_start":
            start = event
        elif event.key == "block_stop":
            if start is not None:
                steps = steps_of(before, start.metadata, event.metadata, batch, seq)
                if steps is None:
                    uncounted += 1
                elif not 0.0 < event.time_s - start.time_s < steps * LONGEST_STEP_S:
                    wrong = "the block stops with no more samples, or no later, than it starts, or its steps take days"
                    problems.append(log_problem(file, event.line, wrong, "Give the log as it was written"))
                else:
                    times.append((event.time_s - start.time_s) / steps)
            before, start = event.metadata, None
    if not times and not problems:
        wrong = (
            f"none of {uncounted} blocks says how many steps, samples or tokens it took"
            if uncounted
            else "no 'block_start' followed by 'block_stop'"
        )
        problems.append(log_problem(file, None, wrong, "Give the whole log of a run that counts its samples"))
    return times


def _run(path: Path, events: list[Event], columns: Mapping[str, str | float], times: list[float]) -> ReadRun:
    used = times[1:] if len(times) > 1 else times
    first = next(event for event in events if event.key == "block_start")
    date = datetime.datetime.fromtimestamp(first.time_s, tz=datetime.UTC).date()
    warm_up = "the first dropped as warm-up" if len(times) > 1 else "warm-up included, there being one block only"
    run = MeasuredRun(
        **{  # type: ignore[arg-type]
            "chip": "",
            **columns,
            "id": run_id(path.stem, first.text),
            "step_time_s": median(used),
            "source_group": SOURCE_GROUP,
            "source_title": path.name,
            "source_date": date.isoformat(),
            "quality": "B" if len(times) == 1 else grade(len(used)),
            "notes": f"median of {len(used)} of {len(times)} blocks ({spread_text(used)}), {warm_up}"
            + ("" if "precision" in columns else "; the log does not say its number format"),
        }
    )
    return ReadRun(run=run, file=str(path), line=first.line, used=len(used), seen=len(times))
