"""Measured constants and fabrics as files of a catalog overlay."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from tenfold.performance.training import TOPIC
from tenfold.quantities import InputError, Percentiles, Problem, toml_tree, toml_value
from tenfold.validation.chip.answer import CalibrateChipAnswer, Constant, MeasuredFabric
from tenfold.validation.logs.fabric_overlay import FabricFigures, fabric_toml
from tenfold.validation.logs.latency_bandwidth import Estimate

SOURCE = "own-chip-measurements"
SOURCES_FILE = f"sources/{SOURCE}.toml"
DIGITS = 5
FABRIC_KEYS = frozenset({"latency", "efficiency"})
"""What a file of a fabric may hold that is written again."""


def overlay_files(answer: CalibrateChipAnswer) -> Mapping[str, str]:
    """Texts of the overlay's files by path in it."""
    as_of = answer.question.as_of or answer.machine.day
    title = toml_value(f"Own measurements of {answer.machine.device} with PyTorch {answer.machine.torch}")
    found = {SOURCES_FILE: f'[{SOURCE}]\ntitle = {title}\ndate = "{as_of}"\n'}
    if answer.constants:
        found[f"calibrations/{TOPIC}-measured-{answer.family}.toml"] = calibration_toml(answer, as_of)
    for key, fabric in answer.fabrics.items():
        found[f"fabrics/{key}.toml"] = fabric_toml(_figures(key, fabric), as_of, SOURCE)
    return found


def calibration_toml(answer: CalibrateChipAnswer, as_of: datetime.date) -> str:
    """Constants of a chip's kernels with their P10 and P90. No ``rows``: no run was fitted, so no spread falls."""
    note = toml_value(f"Kernels of {answer.question.chip}: {answer.machine.device}, PyTorch {answer.machine.torch}")
    lines = [f'topic = "{TOPIC}"', f"notes = [{note}]", "", "[constants]"]
    return "\n".join([*lines, *_constants(answer.constants, as_of)]) + "\n"


def _constants(constants: Mapping[str, Constant], as_of: datetime.date) -> Iterator[str]:
    for key, each in constants.items():
        ends = (("value", each.measured.p50), ("low", each.measured.p10), ("high", each.measured.p90))
        values = ", ".join(f"{name} = {value:.{DIGITS}g}" for name, value in ends)
        note = f"{each.measurements} measurements, described within {each.error:.1%}"
        name = ".".join(f'"{part}"' for part in key.split("."))
        yield f'{name} = {{ {values}, kind = "measured", source = "{SOURCE}", as_of = "{as_of}", note = "{note}" }}'


def _figures(key: str, fabric: MeasuredFabric) -> FabricFigures:
    latency = None if fabric.latency_s is None else _estimate(fabric.latency_s)
    return FabricFigures(fabric=key, efficiency=_estimate(fabric.efficiency), latency_s=latency, note=fabric.note)


def _estimate(value: Percentiles) -> Estimate:
    return Estimate(value=value.p50, low=value.p10, high=value.p90)


def joined_fabric(name: str, text: str, there: str) -> str:
    """Text of a file of the overlay where one is there: a fabric keeps a figure that was not measured again.

    Raises ``InputError`` when a fabric's file holds more than measured figures, which would be lost.
    """
    if not name.startswith("fabrics/"):
        return text
    old, new = _lines(there), _lines(text)
    if old is None:
        wrong = "the file holds more than measured figures, which would be lost"
        raise InputError(Problem(file=name, key="", wrong=wrong, remedy="Name another folder with --out"))
    return "".join(f"{line}\n" for line in (old | (new or {})).values())


def _lines(text: str) -> dict[str, str] | None:
    """Figures of a fabric, a line each; None where there is anything else."""
    try:
        keys = set(toml_tree(text, "", ""))
    except InputError:
        return None
    lines = {line.split(" = ", 1)[0]: line for line in text.splitlines() if " = " in line}
    return lines if keys == lines.keys() and keys <= FABRIC_KEYS else None
