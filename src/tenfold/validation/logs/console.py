"""Console logs of training tools as measured runs; which tools, ``CONSOLES`` says.

Each prints a line now and then that says how fast it is; what such a line looks like is a row of ``CONSOLES``, with the
columns that other lines of the same log tell. The speed is the median of the lines after the first fifth, which holds
compilation and warm-up. Forms: torchtitan ``components/metrics.py``, NeMo 2 ``lightning/callbacks``, MaxText
``metric_logger.py``, DeepSpeed ``utils/timer.py`` and ``runtime/pipe/engine.py``, Megatron Bridge
``train_utils.py``, transformers ``trainer_utils.speed_metrics``, llm-foundry's ``ConsoleLogger`` of Composer.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Literal

from tenfold.quantities import InputError, Problem, finite_of
from tenfold.validation.logs.lines import LARGEST, SMALLEST, Line, log_error, log_lines, log_problem
from tenfold.validation.logs.reading import SOURCE_GROUP, ReadRun, grade, run_id, spread_text
from tenfold.validation.training.runs import MeasuredRun

Says = Literal["step_s", "chip_tokens_per_s", "samples_per_s", "steps_per_s", "steps_in_s"]
WARM_UP_SHARE = 0.2
NUMBER = r"([0-9][0-9,]*\.?[0-9]*(?:[eE][-+]?[0-9]+)?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """How one tool says its speed."""

    framework: str
    mark: str
    """Pattern of a line by which its logs are known."""
    speed: str
    """Pattern whose group is the number."""
    says: Says
    step: str = ""
    """Pattern of the step that a line is of, so that a step logged twice counts once."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Columns of a run by the pattern of the line that tells them; the last such line counts."""
    mesh: str = ""
    """Pattern of a line with two lists: names of axes, and their degrees."""


CONSOLES: Mapping[str, Console] = {
    "torchtitan": Console(
        framework="torchtitan",
        mark=r"\bstep:\s*[0-9]+\s.*\b(?:tps|wps):\s*[0-9]",
        speed=rf"\b(?:tps|wps):\s*{NUMBER}",
        says="chip_tokens_per_s",
        step=r"\bstep:\s*([0-9]+)",
        columns={
            "seq": r"sequence length\s+([0-9]+)",
            "global_batch": r"global batch size\s+([0-9]+)",
            **{axis: rf"mesh with parallelism:.*\b{axis}=([0-9]+)" for axis in ("tp", "pp", "cp", "ep")},
        },
        mesh=r"[Dd]evice mesh with (\[[^\]]*\]), (\[[^\]]*\])",
    ),
    "nemo": Console(
        framework="NeMo",
        mark=r"train_step_timing in s\s*[=:]",
        speed=rf"train_step_timing in s\s*[=:]\s*{NUMBER}",
        says="step_s",
        step=r"\b(?:iteration|global_step)[ :=]+([0-9]+)",
        columns={"global_batch": r"global_batch_size\s*[=:]\s*([0-9]+)"},
    ),
    "maxtext": Console(
        framework="MaxText",
        mark=r"completed step: [0-9]+, seconds:",
        speed=rf"completed step: [0-9]+, seconds: {NUMBER}",
        says="step_s",
        step=r"completed step: ([0-9]+)",
        columns={
            "seq": r"Config param max_target_length: ([0-9]+)",
            "global_batch": r"Config param global_batch_size_to_train_on: ([0-9]+)",
            "n_chips": r"Num_devices: ([0-9]+)",
            "hidden": r"Config param emb_dim: ([0-9]+)",
            "layers": r"Config param num_decoder_layers: ([0-9]+)",
            "heads": r"Config param num_query_heads: ([0-9]+)",
            "kv_heads": r"Config param num_kv_heads: ([0-9]+)",
            "ffn": r"Config param mlp_dim: ([0-9]+)",
            "vocab": r"Config param vocab_size: ([0-9]+)",
        },
    ),
    "deepspeed": Console(
        framework="DeepSpeed",
        mark=r"RunningAvgSamplesPerSec\s*=",
        speed=rf"CurrSamplesPerSec\s*=\s*{NUMBER}",
        says="samples_per_s",
        step=r"global_step\s*=\s*([0-9]+)",
        columns={
            "global_batch": r"\btrain_batch_size\s+\.+\s+([0-9]+)",
            "micro_batch": r"\btrain_micro_batch_size_per_gpu\s+\.+\s+([0-9]+)",
            "n_chips": r"\bworld_size\s+\.+\s+([0-9]+)",
            "zero_stage": r"\bzero_optimization_stage\s+\.+\s+([0-9])",
        },
    ),
    "deepspeed-pipeline": Console(
        framework="DeepSpeed",
        mark=r"\bsteps: [0-9]+ loss: .*\biter time \(s\):",
        speed=rf"\biter time \(s\):\s*{NUMBER}",
        says="step_s",
        step=r"\bsteps: ([0-9]+)",
        columns={
            "global_batch": r"\btrain_batch_size\s+\.+\s+([0-9]+)",
            "micro_batch": r"\btrain_micro_batch_size_per_gpu\s+\.+\s+([0-9]+)",
            "n_chips": r"\bworld_size\s+\.+\s+([0-9]+)",
        },
    ),
    "megatron-bridge": Console(
        framework="Megatron-Bridge",
        mark=r"\bStep Time\s*:\s*[0-9.]+s\b",
        speed=rf"\bStep Time\s*:\s*{NUMBER}s\b",
        says="step_s",
    ),
    "hf-trainer": Console(
        framework="transformers",
        mark=r"['\"]train_runtime['\"]\s*:",
        speed=rf"['\"]train_runtime['\"]\s*:\s*{NUMBER}",
        says="steps_in_s",
        columns={"global_batch": r"Total train batch size .*=\s*([0-9,]+)"},
    ),
    "llm-foundry": Console(
        framework="llm-foundry",
        mark=r"Train throughput/device/tokens_per_sec:",
        speed=rf"Train throughput/device/tokens_per_sec:\s*{NUMBER}",
        says="chip_tokens_per_s",
        columns={"micro_batch": r"Train trainer/device_train_microbatch_size:\s*([0-9]+)"},
    ),
}
"""Tools by the name of their format."""
TOTAL_STEPS = re.compile(r"Total optimization steps\s*=\s*([0-9,]+)|\b([0-9]+)/\2 \[")
MESH_AXES: Mapping[str, str] = {"tp": "tp", "pp": "pp", "cp": "cp", "ep": "ep"}


@dataclass(slots=True)
class _Seen:
    """What has been read of a log."""

    points: list[tuple[int, float]] = field(default_factory=list)
    """Line and number of each speed."""
    steps: set[str] = field(default_factory=set)
    columns: dict[str, float] = field(default_factory=dict)
    total_steps: float = 0.0
    opening: str = ""


def reader_of(name: str) -> Callable[[Path], tuple[ReadRun, ...]]:
    """Reader of the logs of one tool."""
    console = CONSOLES[name]

    def read(path: Path) -> tuple[ReadRun, ...]:
        return _read(path, console)

    return read


def _read(path: Path, console: Console) -> tuple[ReadRun, ...]:
    """The run of a log, as a tuple of one. Raises ``InputError`` for a log that tells no speed."""
    problems: list[Problem] = []
    seen = _Seen()
    patterns = {name: re.compile(pattern) for name, pattern in console.columns.items()}
    for line in log_lines(path):
        _look(line, console, patterns, seen, str(path), problems)
    if problems:
        raise InputError(problems)
    if not seen.points:
        raise log_error(str(path), None, f"no line of {console.framework} that tells its speed", "Give the whole log")
    speed, used = _speed(seen, console, str(path))
    columns: dict[str, str | float] = {**seen.columns, **speed}
    run = MeasuredRun(
        **{  # type: ignore[arg-type]
            "chip": "",
            **columns,
            "framework": console.framework,
            "id": run_id(path.stem, seen.opening),
            "source_group": SOURCE_GROUP,
            "source_title": path.name,
            "quality": grade(len(used)),
            "notes": f"median of {len(used)} of {len(seen.points)} lines ({spread_text(used)}) after warm-up"
            if console.says == "step_s"
            else f"from {len(used)} of {len(seen.points)} lines of {console.framework} after warm-up",
        }
    )
    return (ReadRun(run=run, file=str(path), line=seen.points[0][0], used=len(used), seen=len(seen.points)),)


def _look(
    line: Line,
    console: Console,
    patterns: Mapping[str, re.Pattern[str]],
    seen: _Seen,
    file: str,
    problems: list[Problem],
) -> None:
    text = line.text[:20_000]
    for name, pattern in patterns.items():
        found = pattern.search(text)
        if found is not None and (value := _positive(found[1])) is not None:
            seen.columns[name] = value
    if console.mesh and (mesh := re.search(console.mesh, text)) is not None:
        seen.columns.update(_degrees(mesh[1], mesh[2]))
    if console.says == "steps_in_s" and (total := TOTAL_STEPS.search(text)) is not None:
        seen.total_steps = max(seen.total_steps, _positive(total[1] or total[2]) or 0.0)
    said = re.search(console.speed, text)
    if said is None:
        return
    value = _positive(said[1])
    if value is None:
        problems.append(log_problem(file, line.number, "its speed is no positive number", "Remove the damaged line"))
        return
    step = re.search(console.step, text) if console.step else None
    if step is not None and step[1] in seen.steps:
        return
    if step is not None:
        seen.steps.add(step[1])
    seen.opening = seen.opening or text
    seen.points.append((line.number, value))


def _speed(seen: _Seen, console: Console, file: str) -> tuple[dict[str, float], list[float]]:
    """The columns that say the speed, and the numbers they are from."""
    values = [value for _, value in seen.points]
    used = values[min(len(values) - 1, max(1, math.ceil(WARM_UP_SHARE * len(values)))) :]
    middle = median(used)
    match console.says:
        case "step_s":
            return {"step_time_s": middle}, used
        case "chip_tokens_per_s":
            return {"tokens_per_s_per_chip": middle}, used
        case "steps_per_s":
            return {"step_time_s": 1.0 / middle}, used
        case "steps_in_s":
            if not seen.total_steps:
                raise log_error(
                    file, None, "it does not say how many steps it took", "Give the whole output of the run"
                )
            return {"step_time_s": values[-1] / seen.total_steps}, values[-1:]
    batch = seen.columns.get("global_batch")
    if batch is None:
        remedy = "Give the whole log, with the configuration that DeepSpeed prints at its start"
        raise log_error(file, None, "it does not say the global batch that its samples a second are of", remedy)
    return {"step_time_s": batch / middle}, used


def _degrees(names: str, degrees: str) -> Iterator[tuple[str, float]]:
    """Degrees of the axes of a mesh, from two lists as Python prints them."""
    try:
        pairs = zip(ast.literal_eval(names), ast.literal_eval(degrees), strict=True)
        known = [(MESH_AXES[name], float(degree)) for name, degree in pairs if name in MESH_AXES]
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError, OverflowError):
        return
    yield from (pair for pair in known if 1 <= pair[1] < LARGEST)


def _positive(text: str) -> float | None:
    value = finite_of(text.replace(",", ""))
    return value if value is not None and SMALLEST < value < LARGEST else None
