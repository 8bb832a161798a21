"""Measured training runs completed: shape, hardware and every layout that is left open, or why that cannot be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tenfold.catalog import (
    Catalog,
    Chip,
    Recipe,
    Software,
    System,
    TransformerShape,
    age_years,
    recipe_of,
    software_named,
)
from tenfold.performance import (
    SHARDED,
    Case,
    Cases,
    Hardware,
    KernelKey,
    hardware_of,
    network_cases,
    precision_cases,
    products_width,
    software_cases,
    stated,
    watts_per_flop_per_s,
)
from tenfold.performance.layout import Layout
from tenfold.performance.training import with_network
from tenfold.quantities import CatalogError, parse_quantity, shown
from tenfold.validation.training.dates import day_of
from tenfold.validation.training.options import layout_options
from tenfold.validation.training.runs import MeasuredRun
from tenfold.validation.training.shapes import catalog_model, shape_of_run
from tenfold.workloads import (
    ADAPTERS,
    FULL,
    LORA,
    PRECISIONS,
    QLORA,
    TUNINGS,
    TrainingJob,
    Tuning,
    usual_sequence_length,
)

QUANTISED = re.compile(r"\bQLoRA\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCase:
    """What a run may have been: one number format and stack, with every layout that the source leaves open."""

    weight: float
    key: KernelKey
    hardware: Hardware
    job: TrainingJob
    """Its global batch is a column beside the layouts."""
    layouts: Layout
    """As columns."""

    @property
    def open_layouts(self) -> int:
        """Layouts it may have had."""
        return len(np.asarray(self.layouts.micro_batch))


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedRun:
    """A measured run with everything a prediction needs; what the source leaves open is all there."""

    run: MeasuredRun
    measured_tokens_per_s_per_chip: float
    shape: TransformerShape
    cases: tuple[RunCase, ...]
    """The likeliest first."""
    networks: tuple[tuple[float, float], ...] = ((1.0, 1.0),)
    """Share of the usual bandwidth between domains, and its weight."""

    @property
    def moe(self) -> bool:
        """Whether the model has layers of experts."""
        return float(self.shape.moe_layers) > 0

    @property
    def width(self) -> str:
        """Number width of its products, and of the weights they are brought from, in the likeliest case."""
        likeliest = self.cases[0]
        return products_width(likeliest.key.weight_bytes, float(np.asarray(likeliest.job.frozen_bytes)))

    @property
    def key(self) -> KernelKey:
        """What selects kernel constants in the likeliest case."""
        return self.cases[0].key

    @property
    def open_layouts(self) -> int:
        """Layouts it may have had in the likeliest case."""
        return self.cases[0].open_layouts


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
    run = _with_sizes(run, catalog)
    try:
        chip = catalog.chip(run.chip)
        system = system_of_run(run, chip, catalog)
        return _completed(run, measured, _with_notes(shape, run), chip, system, catalog)
    except CatalogError as error:
        return f"{run.chip}: {error.problems[0].wrong}"


UNKNOWN_SEQUENCE = 2048.0
"""Tokens per sequence of a model that is not in the catalog, where the run states none."""


def _with_sizes(run: MeasuredRun, catalog: Catalog) -> MeasuredRun:
    """The run with a sequence length, and with the batch that its step time and throughput amount to."""
    model = catalog_model(run.model, catalog)
    usual = UNKNOWN_SEQUENCE if model is None else float(usual_sequence_length(model))
    length, batch = run.seq or usual, run.global_batch
    if not batch and run.step_time_s and run.tokens_per_s_per_chip and run.n_chips:
        batch = float(max(round(run.tokens_per_s_per_chip * run.n_chips * run.step_time_s / length), 1))
    return replace(run, seq=length, global_batch=batch)


def _with_notes(shape: TransformerShape, run: MeasuredRun) -> TransformerShape:
    return replace(shape, mtp_layers=0.0) if re.search(r"\bw/o MTP\b", run.notes) else shape


def _completed(
    run: MeasuredRun, measured: float, shape: TransformerShape, chip: Chip, system: System, catalog: Catalog
) -> CompletedRun | str:
    stacks = software_of(run, chip, catalog)
    cases = tuple(
        case
        for precision in precision_of(run, chip, catalog)
        for stack in stacks
        if (case := _case(run, shape, chip, system, catalog, precision, stack)) is not None
    )
    if not cases:
        return "the published degrees do not divide the chips"
    chips, domain = run.n_chips or 1.0, float(cases[0].hardware.domain_chips)
    published_by_vendor = chip.vendor.split()[0].lower() in f"{run.source_title} {run.source_url}".lower()
    stated_network = bool(run.system or run.network or system.key != chip.system or network_said(run.notes))
    known = stated_network or published_by_vendor
    networks = network_cases(catalog, known=known, crossed=chips > domain)
    return CompletedRun(
        run=run,
        measured_tokens_per_s_per_chip=measured,
        shape=shape,
        cases=tuple(sorted(cases, key=lambda case: -case.weight)),
        networks=tuple((case.value, case.weight) for case in networks),
    )


def _case(
    run: MeasuredRun,
    shape: TransformerShape,
    chip: Chip,
    system: System,
    catalog: Catalog,
    precision: Case[str],
    stack: Case[Software],
) -> RunCase | None:
    """One case of a run; None where its stack could not have the published degrees."""
    hardware = with_network(hardware_of(catalog, chip, system, precision.value), network_of(run, system))
    run, software = _by_recipe(
        run, stack.value.on_chip(chip.key).in_precision(precision.value), chip, precision, catalog
    )
    options = layout_options(run, shape, software, float(hardware.domain_chips), chip.cores)
    if not len(options.global_batches):
        return None
    weight_bytes, tuning = PRECISIONS[precision.value].weight_bytes, tuning_of(run)
    job = TrainingJob(
        sequence_length=run.seq or UNKNOWN_SEQUENCE,
        global_batch=options.global_batches,
        weight_bytes=weight_bytes,
        frozen_weights=tuning.frozen_weights,
        frozen_bytes=tuning.frozen_bytes,
        fused_attention=float(software.fused_attention),
        fused_experts=float(software.fused_experts),
    )
    return RunCase(
        weight=precision.weight * stack.weight,
        hardware=hardware,
        key=KernelKey(
            family=chip.family,
            weight_bytes=weight_bytes,
            software=software,
            age_years=age_years(software, chip.kernels_since, day_of(run.source_date)),
            watts_per_flop_per_s=watts_per_flop_per_s(chip),
            precision=precision.value,
        ),
        job=job,
        layouts=options.layouts,
    )


def _by_recipe(
    run: MeasuredRun, software: Software, chip: Chip, precision: Case[str], catalog: Catalog
) -> tuple[MeasuredRun, Software]:
    """A run and its stack with what the stack's recipe of the model says and the run does not."""
    recipe = recipe_of_run(run, software, chip, precision.value, catalog)
    if recipe is None:
        return run, software
    degrees: dict[str, Any] = {"etp": run.etp or float(recipe.chips_per_expert) or None}
    filled = replace(run, recompute=run.recompute or recipe.recompute, **degrees)
    return filled, replace(software, sends_once=recipe.sends_once)


def tuning_of(run: MeasuredRun) -> Tuning:
    """What is trained, by the run's mode; of adapters the notes may say that the weights beside them are quantised."""
    mode = run.mode if run.mode in ADAPTERS else FULL
    return TUNINGS[QLORA if mode == LORA and QUANTISED.search(run.notes) else mode]


def recipe_of_run(run: MeasuredRun, software: Software, chip: Chip, precision: str, catalog: Catalog) -> Recipe | None:
    """The stack's recipe of the run's model; None where it publishes none."""
    model = catalog_model(run.model, catalog)
    return None if model is None else recipe_of(software, model.key, chip.key, precision, day_of(run.source_date))


def precision_of(run: MeasuredRun, chip: Chip, catalog: Catalog) -> Cases[str]:
    """The stated format, or those that the run may have had."""
    submission = run.mode in ADAPTERS and "mlperf" in run.source_title.lower()
    return precision_cases(catalog, chip, run.precision.lower(), submission=submission)


def system_of_run(run: MeasuredRun, chip: Chip, catalog: Catalog) -> System:
    """The stated system, or one of that chip that the source's title names, such as a supercomputer, or the usual."""
    if run.system:
        return catalog.system(run.system)
    title = run.source_title.lower()
    named = (
        system
        for system in catalog.systems.values()
        if system.chip == chip.key and any(alias.lower() in title for alias in system.aliases)
    )
    return next(named, None) or catalog.system_of(chip)


CARDS = re.compile(r"\b(\d+)\s*[x×]\s*(\d+)\s*(?:Gb|Gbps|Gbit/s|Gb/s|G)\b")
"""Network cards of a node, such as 4x100Gb."""


def network_said(notes: str) -> float | None:
    """Bandwidth of a node in bytes/s as notes say it, such as 4x100Gb; None where they do not."""
    found = CARDS.search(notes)
    return float(found[1]) * float(found[2]) * 1e9 / 8.0 if found else None


def network_of(run: MeasuredRun, system: System) -> float | None:
    """Nominal bandwidth to other nodes that the run states, bytes/s per chip; None where it does not."""
    if run.network:
        return parse_quantity(run.network, "B/s")
    node = network_said(run.notes)
    return None if node is None else node / (run.chips_per_node or float(system.chips_per_node))


def software_of(run: MeasuredRun, chip: Chip, catalog: Catalog) -> Cases[Software]:
    """The stack of a run by its key, or its framework's name and date; where unnamed, those it may have been."""
    when = day_of(run.source_date)
    if run.software:
        return stated(catalog.software[catalog.key_of("software", run.software)])
    named = software_named(run.framework, when, catalog.software.values(), chip.vendor)
    ranks = (run.tp or 1.0) * (run.pp or 1.0) * (run.ep or 1.0)
    sharded = False if ranks > 1.0 else run.zero_stage == SHARDED if run.zero_stage is not None else None
    return software_cases(catalog, chip, named, when, sharded=sharded)
