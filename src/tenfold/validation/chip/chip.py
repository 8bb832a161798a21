"""Measurements of one's own chip: the answer put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from tenfold.catalog import Catalog, Chip, Software, System, default_software, software_named
from tenfold.performance.training import system_for, training_constants
from tenfold.quantities import InputError, Percentiles, Progress, assumptions_of
from tenfold.validation.chip.answer import CalibrateChipAnswer, MeasuredFabric
from tenfold.validation.chip.constants import fitted_kernels, prior_figures
from tenfold.validation.chip.fabrics import measured_fabrics
from tenfold.validation.chip.measured import Measured, read_measured
from tenfold.validation.chip.question import CalibrateChipQuestion
from tenfold.validation.chip.rates import rates_of
from tenfold.validation.chip.refusals import noise_of, refusals
from tenfold.validation.chip.steps import OneChip, step_of
from tenfold.validation.logs.latency_bandwidth import Estimate

PLAIN = "pytorch"
"""Name of the software that the measured step is written in."""


def answer(
    question: CalibrateChipQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> CalibrateChipAnswer:
    """Fit constants to measurements of a chip, and compare a measured training step with and without them.

    Raises ``InputError`` for measurements that are not those of the chip alone, with every reason.
    """
    del progress  # fitted in no time
    measured, chip = read_measured(Path(question.measurements)), catalog.chip(question.chip)
    problems = list(refusals(measured, chip, question.measurements))
    if problems:
        raise InputError(problems)
    system = system_for(catalog, chip, question.system or "")
    before = training_constants(catalog)
    kernels = fitted_kernels(measured, chip, catalog, before)
    after = before | {key: each.measured.p50 for key, each in kernels.constants.items()}
    on = OneChip(catalog=catalog, chip=chip, system=system, software=_software(question, chip, catalog, measured))
    figures = prior_figures(catalog)
    return CalibrateChipAnswer(
        question=question,
        made=catalog.made(seed),
        machine=measured.machine,
        family=chip.family,
        used=sum(bool(each.seconds) for each in measured.timed),
        refused={each.key: each.refused for each in measured.timed if each.refused},
        noise=noise_of(measured),
        constants=kernels.constants,
        fabrics=_fabrics(measured, system, catalog, question.measurements),
        steps=tuple(step_of(each, on, before, after) for each in measured.of("train_step")),
        rates=rates_of(measured),
        notes=(*kernels.notes, *_notes(measured, on)),
        assumptions=assumptions_of(figures),
        figures=figures,
    )


def _software(question: CalibrateChipQuestion, chip: Chip, catalog: Catalog, measured: Measured) -> Software:
    """The stack that is asked for; else that of plain PyTorch on the day of measuring."""
    if question.software is not None:
        return catalog.software[question.software]
    stacks, day = catalog.software, measured.machine.day
    found = software_named(PLAIN, day, stacks.values(), chip.vendor)
    return found or default_software(chip.vendor, stacks, day)


def _fabrics(measured: Measured, system: System, catalog: Catalog, file: str) -> Mapping[str, MeasuredFabric]:
    return {
        each.fabric: MeasuredFabric(
            efficiency=_percentiles(each.efficiency),
            efficiency_before=_held(catalog, each.fabric),
            latency_s=None if each.latency_s is None else _percentiles(each.latency_s),
            note=each.note,
        )
        for each in measured_fabrics(measured, system, catalog, file)
    }


def _held(catalog: Catalog, fabric: str) -> float | None:
    share = catalog.fabric(fabric).reachable_share
    return None if share is None else share.value


def _percentiles(estimate: Estimate) -> Percentiles:
    return Percentiles(p10=estimate.low, p50=estimate.value, p90=estimate.high)


def _notes(measured: Measured, on: OneChip) -> Iterator[str]:
    """Say what the numbers are not."""
    if measured.of("train_step"):
        yield (
            f"The measured step is plain PyTorch, predicted as {on.software.key}: it judges the constants and none is "
            "fitted to it, so the range of a prediction stays as wide as before"
        )
    if measured.machine.devices == 1:
        yield "One device: no collective was timed, and the fabrics stay as the catalog has them"
    if measured.of("launch"):
        yield "What a launch takes is shown only: what is lost between kernels is a software stack's own"
