"""What was measured on one machine, as a file: the machine, and each measurement with every one of its samples."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import numpy as np

from tenfold.quantities import (
    Amount,
    Day,
    InputError,
    OneOf,
    Place,
    Problem,
    Text,
    Whole,
    read_record,
    read_tree,
    to_json,
)
from tenfold.workloads import PRECISIONS

REMEDY = "Write one with: tenfold measure --quick --out DIR"
MEASUREMENTS_FILE = "measurements.json"
KINDS: Mapping[str, tuple[str, ...]] = {
    "matmul": ("m", "n", "k"),
    "sustained": ("m", "n", "k"),
    "attention": ("batch", "heads", "tokens", "width"),
    "attention_both": ("batch", "heads", "tokens", "width"),
    "memory": ("bytes",),
    "launch": (),
    "copy_in": ("bytes",),
    "copy_out": ("bytes",),
    "all_reduce": ("bytes", "ranks"),
    "all_gather": ("bytes", "ranks"),
    "reduce_scatter": ("bytes", "ranks"),
    "alltoall": ("bytes", "ranks"),
    "train_step": ("hidden", "layers", "heads", "ffn", "vocab", "tokens", "batch"),
    "decode": ("hidden", "layers", "heads", "ffn", "vocab", "tokens", "batch"),
}
"""What is measured, and the sizes that each has. ``bytes`` of a memory stream are those moved, read and written."""
COLLECTIVES = ("all_reduce", "all_gather", "reduce_scatter", "alltoall")
Seconds = Annotated[float, Amount("s", above=0.0)]
Size = Annotated[float, Amount("1", above=0.0)]
Share = Annotated[float, Amount("1", least=0.0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What was measured on."""

    device: Annotated[str, Text(longest=200)]
    """As the driver names it."""
    torch: Annotated[str, Text(longest=100)]
    """Version of PyTorch."""
    devices: Annotated[int, Whole()]
    """Of this kind in the machine."""
    day: Annotated[datetime.date, Day()]
    """When it was begun."""
    probe_flop_per_s: Annotated[float, Amount("FLOP/s", above=0.0)]
    """Speed of a first product, from which sizes were chosen."""
    probe_bytes_per_s: Annotated[float, Amount("B/s", above=0.0)]
    """The same of a first stream."""
    memory_bytes: Annotated[float, Amount("B", above=0.0)]
    """Free for measuring when it began."""
    others_share: Share
    """Share of the device that others used when it began: of its memory, or of its cores where it is the host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One operation at one size."""

    kind: Annotated[str, OneOf(tuple(KINDS), "kind")]
    """What was done."""
    format: Annotated[str, OneOf(tuple(PRECISIONS), "format")]
    """Number format of what was worked on."""
    sizes: Mapping[str, Size] = field(default_factory=dict)
    """By the names that the kind has."""
    seconds: tuple[Seconds, ...] = ()
    """Of one operation, by sample; in the order they were taken."""
    refused: Annotated[str, Text(longest=500, empty=True)] = ""
    """Why the device or its software would not do it; empty where it did."""

    @property
    def key(self) -> str:
        """Name among the others of a machine."""
        return ".".join((self.kind, self.format, *(f"{name}{self.sizes[name]:.0f}" for name in KINDS[self.kind])))

    @property
    def median_s(self) -> float:
        """Median of the samples, s."""
        return float(np.median(self.seconds))

    @property
    def noise(self) -> float:
        """Width of P10–P90 of the samples over their median."""
        low, high = np.quantile(self.seconds, (0.1, 0.9))
        return float(high - low) / self.median_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A machine and what was measured on it so far."""

    machine: Machine
    timed: tuple[Measurement, ...] = ()

    def of(self, *kinds: str) -> tuple[Measurement, ...]:
        """Measurements of some kinds that the device did."""
        return tuple(each for each in self.timed if each.kind in kinds and each.seconds)


def read_measured(path: Path) -> Measured:
    """Read a file of measurements. Raises ``InputError`` with every problem of it."""
    found = read_record(Measured, read_tree(path, REMEDY), Place(file=str(path)))
    problems = list(_problems(found, str(path)))
    if problems:
        raise InputError(problems)
    return found


def _problems(found: Measured, file: str) -> Iterator[Problem]:
    """Measurements without the sizes of their kind, without a sample, or twice there."""
    keys: set[str] = set()
    for number, each in enumerate(found.timed):
        place = Place(file=file).at("timed").at(number)
        if set(each.sizes) != set(KINDS[each.kind]):
            wanted = ", ".join(KINDS[each.kind]) or "none"
            yield place.at("sizes").problem(f"has not the sizes of '{each.kind}'", f"Write {wanted}")
        elif each.key in keys:
            yield place.problem(f"'{each.key}' is there twice", "Keep one of them")
        else:
            keys.add(each.key)
        if not each.seconds and not each.refused:
            yield place.at("seconds").problem("no sample, and no reason for it", REMEDY)


def measured_text(measured: Measured) -> str:
    """Text of the file."""
    return to_json(measured)
