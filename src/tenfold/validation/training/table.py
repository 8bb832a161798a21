"""A table of measured runs as columns: every candidate layout of every run, ready for one broadcast prediction."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np

from tenfold.catalog import (
    Catalog,
    Chip,
    Software,
    System,
    TransformerShape,
    age_years,
    default_software,
    software_named,
)
from tenfold.performance import Hardware, Kernels, hardware_of, kernels_for, watts_per_flop_per_s
from tenfold.performance.layout import Layout, take_columns
from tenfold.quantities import CatalogError, Floats, Indices, InputError, parse_date, shown
from tenfold.validation.training.options import layout_options
from tenfold.validation.training.runs import MeasuredRun
from tenfold.validation.training.shapes import shape_of_run
from tenfold.workloads import PRECISIONS, TrainingJob

T = TypeVar("T")

DEFAULT_PRECISION = "bf16"
LORA_MODES = ("lora",)


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelKey:
    """What selects kernel constants."""

    family: str
    weight_bytes: float
    software: Software
    age_years: float
    watts_per_flop_per_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedRun:
    """A measured run with everything a prediction needs; layouts that the source leaves open are all there."""

    run: MeasuredRun
    measured_tokens_per_s_per_chip: float
    shape: TransformerShape
    hardware: Hardware
    key: KernelKey
    jobs: tuple[TrainingJob, ...]
    layouts: tuple[Layout, ...]

    @property
    def moe(self) -> bool:
        """Whether the model has layers of experts."""
        return float(self.shape.moe_layers) > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTable:
    """Columns over all candidate layouts of all completed runs."""

    runs: tuple[CompletedRun, ...]
    run_of_row: Indices
    keys: tuple[KernelKey, ...]
    key_of_row: Indices
    shape: TransformerShape
    job: TrainingJob
    layout: Layout
    hardware: Hardware

    @property
    def measured(self) -> Floats:
        """Measured tokens/s per chip of each run."""
        return np.array([done.measured_tokens_per_s_per_chip for done in self.runs])

    def kernels(self, constants: Mapping[str, float]) -> Kernels:
        """Kernel constants of every row."""
        return gather_kernels(self.keys, self.key_of_row, constants)

    def rows(self, index: Indices) -> RunTable:
        """The table with only the rows at ``index``."""
        return replace(
            self,
            run_of_row=self.run_of_row[index],
            key_of_row=self.key_of_row[index],
            shape=take_columns(self.shape, index),
            job=take_columns(self.job, index),
            layout=take_columns(self.layout, index),
            hardware=take_columns(self.hardware, index),
        )


def gather_kernels(keys: Sequence[KernelKey], index: Indices, constants: Mapping[str, float]) -> Kernels:
    """Columns of kernel constants: one look-up per key, gathered to rows."""
    found = [
        kernels_for(
            constants,
            family=key.family,
            weight_bytes=key.weight_bytes,
            software=key.software,
            age_years=key.age_years,
            watts_per_flop_per_s=key.watts_per_flop_per_s,
        )
        for key in keys
    ]
    return Kernels(
        **{field.name: np.array([getattr(k, field.name) for k in found])[index] for field in fields(Kernels)}
    )


def stack(records: Sequence[T]) -> T:
    """Records of numbers as one record of columns."""
    columns = {
        field.name: np.array([float(getattr(record, field.name)) for record in records])
        for field in fields(records[0])  # type: ignore[arg-type]
    }
    return type(records[0])(**columns)


def complete_runs(runs: Sequence[MeasuredRun], catalog: Catalog) -> tuple[list[CompletedRun], Counter[str]]:
    """Runs that can be predicted, and how many of the others were left out for which reason."""
    done: list[CompletedRun] = []
    skipped: Counter[str] = Counter()
    for run in runs:
        found = complete_run(run, catalog)
        if isinstance(found, str):
            skipped[found] += 1
        else:
            done.append(found)
    return done, skipped


def complete_run(run: MeasuredRun, catalog: Catalog) -> CompletedRun | str:
    """A run with shape, job, hardware and candidate layouts, or the reason it cannot be scored."""
    measured = run.measured_tokens_per_s_per_chip
    if run.quality.upper() == "C":
        return "quality C"
    if not measured:
        return "no tokens/s and no step time (FLOP/s alone are not scored)"
    if not run.n_chips:
        return "no number of chips"
    if run.precision and run.precision.lower() not in PRECISIONS:
        return f"unknown precision {shown(run.precision)}"
    shape = shape_of_run(run, catalog)
    if shape is None:
        return "model without a known shape"
    try:
        chip = catalog.chip(run.chip)
        system = system_of_run(run, chip, catalog)
        precision = precision_of(run, chip)
        hardware = hardware_of(catalog, chip, system, precision)
    except CatalogError as error:
        return f"{run.chip}: {error.problems[0].wrong}"
    return _completed(run, measured, _with_notes(shape, run), chip, system, hardware, precision, catalog)


def _with_notes(shape: TransformerShape, run: MeasuredRun) -> TransformerShape:
    return replace(shape, mtp_layers=0.0) if re.search(r"\bw/o MTP\b", run.notes) else shape


def _completed(
    run: MeasuredRun,
    measured: float,
    shape: TransformerShape,
    chip: Chip,
    system: System,
    hardware: Hardware,
    precision: str,
    catalog: Catalog,
) -> CompletedRun | str:
    software = software_of(run, chip, catalog).in_precision(precision)
    options = layout_options(run, shape, software, float(hardware.domain_chips), chip.cores)
    if not options.layouts:
        return "the published degrees do not divide the chips"
    weight_bytes = PRECISIONS[precision].weight_bytes
    job = TrainingJob(
        sequence_length=run.seq or 2048.0,
        global_batch=1.0,
        weight_bytes=weight_bytes,
        frozen_weights=float(run.mode in LORA_MODES),
        fused_attention=float(software.fused_attention),
    )
    return CompletedRun(
        run=run,
        measured_tokens_per_s_per_chip=measured,
        shape=shape,
        hardware=hardware,
        key=KernelKey(
            family=chip.family,
            weight_bytes=weight_bytes,
            software=software,
            age_years=age_years(software, chip.year),
            watts_per_flop_per_s=watts_per_flop_per_s(chip),
        ),
        jobs=tuple(replace(job, global_batch=batch) for batch in options.global_batches),
        layouts=options.layouts,
    )


def precision_of(run: MeasuredRun, chip: Chip) -> str:
    """The stated precision; where none is, bf16, or fp8 for frozen weights on a chip that has it (LoRA records)."""
    stated = run.precision.lower()
    if stated in PRECISIONS:
        return stated
    return "fp8" if run.mode in LORA_MODES and "fp8" in chip.peaks else DEFAULT_PRECISION


def system_of_run(run: MeasuredRun, chip: Chip, catalog: Catalog) -> System:
    """The system of that chip that the source's title names, such as a supercomputer; else the chip's default."""
    title = run.source_title.lower()
    named = (
        system
        for system in catalog.systems.values()
        if system.chip == chip.key and any(alias.lower() in title for alias in system.aliases)
    )
    return next(named, None) or catalog.system_of(chip)


def software_of(run: MeasuredRun, chip: Chip, catalog: Catalog) -> Software:
    """The stack of a run by its framework's name and date; where unnamed, the vendor's of that day or a generic one."""
    date_text = re.match(r"\d{4}(-\d{2})?", run.source_date)
    try:
        when = parse_date(date_text.group()) if date_text else None
    except InputError:
        when = None
    named = software_named(run.framework, when, catalog.software.values())
    return named or default_software(chip.vendor, catalog.software, when)


def run_table(runs: Sequence[CompletedRun]) -> RunTable:
    """Columns over every candidate layout of ``runs``, which must not be empty."""
    keys = tuple(dict.fromkeys(done.key for done in runs))
    index = {key: number for number, key in enumerate(keys)}
    counts = np.array([len(done.layouts) for done in runs])
    run_of_row = np.repeat(np.arange(len(runs)), counts)
    return RunTable(
        runs=tuple(runs),
        run_of_row=run_of_row,
        keys=keys,
        key_of_row=np.array([index[done.key] for done in runs])[run_of_row],
        shape=take_columns(stack([done.shape for done in runs]), run_of_row),
        job=stack([job for done in runs for job in done.jobs]),
        layout=stack([layout for done in runs for layout in done.layouts]),
        hardware=take_columns(stack([done.hardware for done in runs]), run_of_row),
    )
