"""What can be asked of a fit to measured serving."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tenfold.quantities import DataFile, Day, Named, OneOf, Problem, Text, Whole, known
from tenfold.workloads.serving import CACHE_BYTES, SERVED_FORMATS

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

ABOUT = ("model", "chip", "engine")
"""What the output of a benchmark does not say and has to be given beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrateServingQuestion:
    """Which constants of the serving model do measurements teach: a table of runs, or one benchmark of your own?

    With --out, the constants become DIR/calibrations/NAME.toml of an overlay.
    """

    runs: Annotated[str, DataFile("a CSV of measured serving runs, or the output of one benchmark")]
    """Measured runs as CSV, or what vllm bench serve, sglang.bench_serving or trtllm-bench printed or saved."""
    model: Annotated[str | None, Named("models")] = None
    """Model that the benchmark ran; a CSV says its own."""
    chip: Annotated[str | None, Named("chips")] = None
    """Chip that it ran on."""
    engine: Annotated[str | None, Named("engines")] = None
    """Engine that it ran."""
    tp: Annotated[int, Whole(most=1024)] = 1
    """Chips that split each layer."""
    pp: Annotated[int, Whole(most=1024)] = 1
    """Stages of the pipeline."""
    dp: Annotated[int, Whole(most=1024)] = 1
    """Data-parallel ranks."""
    ep: Annotated[int, Whole(most=1024)] = 1
    """Chips over which whole experts are dealt."""
    precision: Annotated[str, OneOf(tuple(SERVED_FORMATS), "precision")] = "bf16"
    """Number format of the weights."""
    kv_precision: Annotated[str | None, OneOf(tuple(CACHE_BYTES), "precision")] = None
    """Number format of the cache; the engine's habit when left out."""
    name: Annotated[str, Text(longest=60)] = "serving-own"
    """Key of the calibration, which counts over those before it in the alphabet."""
    as_of: Annotated[datetime.date | None, Day()] = None
    """Day the constants are dated in the file of --out; today when left out."""


def is_table(question: CalibrateServingQuestion) -> bool:
    """Whether the file is a table of runs; otherwise it is a benchmark's output."""
    return Path(question.runs).suffix.lower() == ".csv"


def contradictions(question: CalibrateServingQuestion, catalog: Catalog) -> Iterator[Problem]:
    """Find what a benchmark's output leaves open."""
    del catalog
    if not known(question):
        return
    if is_table(question):
        return
    for name in ABOUT:
        if getattr(question, name) is None:
            yield Problem(file="", key=name, wrong="a benchmark's output does not say it", remedy=f"Give --{name}")
