"""A fit to measured training runs as a file of a catalog: ``calibrations/*.toml``."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from tenfold.performance.training import TOPIC
from tenfold.quantities import toml_value
from tenfold.validation.training.calibrate.answer import CalibrateTrainingAnswer

SOURCE = "measured-training-runs"
UNITS = {"kernel_gap_s": "s", "community_gap_s": "s", "graph_gap_s": "s", "step_overhead_s": "s"}
DIGITS = 6


def calibration_toml(answer: CalibrateTrainingAnswer, as_of: datetime.date) -> str:
    """Every fitted constant as a measured figure with its posterior P10 and P90; the spreads and their evidence."""
    lines = [
        f'topic = "{TOPIC}"',
        f'notes = ["Fitted to {answer.used} measured runs by: tenfold calibrate training RUNS.csv --out FILE"]',
        "rows = [",
        *(f"    {toml_value(run.id)}," for run in answer.cross_validated.runs),
        "]",
        "",
        "[constants]",
        *(f"{_key(key)} = {{ {_values(key, answer)}, {_measured(as_of)} }}" for key in answer.constants),
        *_spreads(answer, as_of),
        *(f"{_key(key)} = {{ value = {value:g}, {_measured(as_of)} }}"
          for key, value in sorted(answer.evidence.items())),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _values(key: str, answer: CalibrateTrainingAnswer) -> str:
    found, name = answer.constant_ranges[key], key.split(".")[-1]
    parts = {"value": found.p50, "low": found.p10, "high": found.p90}
    return ", ".join(f"{part} = {_number(value, name)}" for part, value in parts.items())


def _number(value: float, name: str) -> str:
    text = f"{value:.{DIGITS}g}"
    return f'"{text} s"' if name in UNITS else text


def _spreads(answer: CalibrateTrainingAnswer, as_of: datetime.date) -> Iterator[str]:
    from tenfold.validation.training.calibrate.fitting import PER_DOUBLING

    for key, value in answer.log_spread.items():
        note = f"{answer.spread_runs[key]} runs predicted without their source"
        yield f'{_key(key)} = {{ value = {value:.4f}, {_measured(as_of)}, note = "{note}" }}'
    note = f"standard deviation of {PER_DOUBLING}"
    yield f'spread.doubling = {{ value = {answer.doubling_spread:.4f}, {_measured(as_of)}, note = "{note}" }}'


def _measured(as_of: datetime.date) -> str:
    return f'kind = "measured", source = "{SOURCE}", as_of = "{as_of}"'


def _key(dotted: str) -> str:
    return ".".join(f'"{part}"' if part[:1].isdigit() else part for part in dotted.split("."))
