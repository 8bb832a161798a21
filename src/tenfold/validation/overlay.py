"""Writing a calibration as a catalog file."""

from __future__ import annotations

import datetime
import os
import tempfile
from pathlib import Path

import numpy as np

from tenfold.performance.training.setup import TOPIC
from tenfold.quantities import standard_normal_ppf
from tenfold.validation.calibrate import Calibrated

SOURCE = "measured-training-runs"
UNITS = {"kernel_gap_s": "s", "step_overhead_s": "s"}
DIGITS = 6
PER_DOUBLING = "all.scale_loss"


def _number(value: float, name: str) -> str:
    text = f"{value:.{DIGITS}g}"
    return f'"{text} s"' if name in UNITS else text


def calibration_toml(calibrated: Calibrated, as_of: datetime.date) -> str:
    """A ``calibrations/*.toml``: every fitted constant as a measured figure with its posterior P10 and P90."""
    spread = np.sqrt(np.diag(calibrated.fit.covariance))
    used = len(calibrated.runs)
    lines = [
        f'topic = "{TOPIC}"',
        f'notes = ["Fitted to {used} measured runs by: tenfold calibrate training RUNS.csv --out FILE"]',
        "rows = [",
        *(f'    "{done.run.id}",' for done in calibrated.runs),
        "]",
        "",
        "[constants]",
    ]
    z = float(standard_normal_ppf(0.9))
    for constant, x, sd in zip(calibrated.to_fit, calibrated.fit.x, spread, strict=True):
        name = constant.key.split(".")[-1]
        low = constant.at(float(x - z * sd), dict(calibrated.constants) | _base(calibrated, constant.key))
        high = constant.at(float(x + z * sd), dict(calibrated.constants) | _base(calibrated, constant.key))
        value = calibrated.constants[constant.key]
        lines.append(
            f"{_key(constant.key)} = {{ value = {_number(value, name)}, low = {_number(min(low, value), name)}, "
            f'high = {_number(max(high, value), name)}, kind = "measured", source = "{SOURCE}", as_of = "{as_of}" }}'
        )
    for key, value in calibrated.spreads.log_spread.items():
        runs = calibrated.spreads.runs[key]
        lines.append(
            f'{_key(key)} = {{ value = {value:.4f}, kind = "measured", source = "{SOURCE}", as_of = "{as_of}", '
            f'note = "{runs} runs predicted without their source" }}'
        )
    lines.append(
        f'spread.doubling = {{ value = {_doubling(calibrated):.4f}, kind = "measured", source = "{SOURCE}", '
        f'as_of = "{as_of}", note = "standard deviation of {PER_DOUBLING}" }}'
    )
    behind = dict(calibrated.spreads.rows) | {key: f"{chips:g}" for key, chips in calibrated.spreads.largest.items()}
    for key, count in sorted(behind.items()):
        lines.append(f'{_key(key)} = {{ value = {count}, kind = "measured", source = "{SOURCE}", as_of = "{as_of}" }}')
    return "\n".join(lines) + "\n"


def _doubling(calibrated: Calibrated) -> float:
    """Posterior standard deviation of the loss per doubling of the chips; 0 where it was not fitted."""
    keys = [constant.key for constant in calibrated.to_fit]
    if PER_DOUBLING not in keys:
        return 0.0
    place = keys.index(PER_DOUBLING)
    x, sd = calibrated.fit.x[place], np.sqrt(calibrated.fit.covariance[place, place])
    below, above = (calibrated.to_fit[place].at(float(x + step * sd), calibrated.priors) for step in (-1.0, 1.0))
    return abs(above - below) / 2.0


def _key(dotted: str) -> str:
    return ".".join(f'"{part}"' if part[:1].isdigit() else part for part in dotted.split("."))


def _base(calibrated: Calibrated, key: str) -> dict[str, float]:
    """Where a constant is its own base, the prior it started from."""
    return {key: calibrated.priors[key]} if key in calibrated.priors else {}


def write_calibration(calibrated: Calibrated, path: Path, as_of: datetime.date) -> None:
    """Write the file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(calibration_toml(calibrated, as_of))
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
