"""A chip with everything but the layout, in every case that a question leaves open, and the mixture of its steps.

Whatever asks for the time of a step, one run or a column of them, has it from here: number format, software and network
are what is stated, or cases with weights. P10, P50 and P90 are those of Σ weight · lognormal(step of the case, spread).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, product

import numpy as np

from tenfold.catalog import Catalog, ModelRecord, Software
from tenfold.performance import network_cases, precision_cases, software_cases
from tenfold.performance.layout import ASKED, Layout
from tenfold.performance.training import CalibratedSetup, setup_training, step_alone_s, system_for
from tenfold.quantities import Column, Floats, NamedFigure, Percentiles, mixture_quantiles
from tenfold.workloads import FULL, TUNINGS

SHARES: Mapping[str, float] = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
OF_RANKS = ("tp", "pp", "ep")
"""Axes of a layout that software which only shards has no ranks on."""
UNSTATED_TERM = "unstated_s"
"""Name of the term that inputs nobody stated add to the median."""
OF_SOFTWARE = ("sequence_parallel", "tensor_overlap", "data_overlap")
"""Axes of a layout that are as the software does them, where they are not given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupCase:
    """One setup that a cluster may be, with its weight."""

    setup: CalibratedSetup
    precision: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Setups:
    """Everything but the layout, in every case that the question leaves open; the likeliest first."""

    cases: tuple[SetupCase, ...]
    weights: tuple[NamedFigure, ...]
    """Weights of the inputs that are not stated, before scaling."""

    @property
    def likeliest(self) -> CalibratedSetup:
        """The setup that a layout is chosen for."""
        return self.cases[0].setup

    @property
    def precision(self) -> str:
        """Number format in the likeliest case."""
        return self.cases[0].precision

    def steps_s(self, layout: Layout, given: Mapping[str, object], global_batch: Column) -> Floats:
        """Step time of layouts in every case, s, shape (…, cases); ``given`` axes are not left to the software."""
        alike = groupby(self.cases, lambda case: (case.precision, case.setup.software.key))
        each = [_steps_s([case.setup for case in cases], layout, given, global_batch) for _, cases in alike]
        return np.moveaxis(np.concatenate(each), 0, -1)

    def quantiles(self, steps_s: Floats, log_spread: Column) -> Mapping[str, Floats]:
        """P10, P50 and P90 of step times, s, by name; ``steps_s`` has the shape (runs, cases), the spread (runs,)."""
        weights = np.broadcast_to([case.weight for case in self.cases], steps_s.shape)
        spread = np.broadcast_to(log_spread, steps_s.shape[:1])
        found = np.exp(mixture_quantiles(tuple(SHARES.values()), weights, np.log(steps_s), spread))
        return dict(zip(SHARES, found, strict=True))

    def mixture(self, layout: Layout, given: Mapping[str, object], log_spread: float) -> Percentiles:
        """P10, P50 and P90 of the step of one layout, s."""
        steps_s = self.steps_s(layout, given, self.likeliest.setup.job.global_batch)
        found = self.quantiles(steps_s[None, :], log_spread)
        return Percentiles(**{name: float(values[0]) for name, values in found.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is trained on what, as far as it is stated."""

    chip: str
    model: ModelRecord
    sequence_length: int
    global_batch: int
    precision: str = ""
    """What runs on such chips are in where empty."""
    software: Software | None = None
    system: str = ""
    """The chip's usual one where empty."""
    network: float | str | None = None
    """Bandwidth to other nodes, B/s, or the word for the system's own in full; not known where None."""
    tuning: str = FULL
    """What is trained of the model."""
    adapter_rank: int = 0
    """Of adapters; 0 where it is not known."""
    start: datetime.date | None = None
    """Day the run starts: software is of that day, and one long after the last measurement is less sure."""
    sharded: bool | None = None
    """False where the layout is known to have tensor, pipeline or expert ranks, which sharding software has none of."""

    def setup(self, catalog: Catalog, precision: str, software: str) -> CalibratedSetup:
        """Everything but the layout in one case, with all of the network."""
        return setup_training(
            catalog,
            chip=self.chip,
            model=self.model,
            precision=precision,
            sequence_length=self.sequence_length,
            global_batch=self.global_batch,
            software=software,
            system=self.system,
            network_bytes_per_s=self.network if isinstance(self.network, float) else None,
            tuning=self.tuning,
            adapter_rank=self.adapter_rank,
            start=self.start,
        )


def setups_of(catalog: Catalog, wanted: Wanted, chips: float) -> Setups:
    """Gather everything but the layout of a run on so many chips, in every case.

    Raises ``MissingFigureError`` for a figure nobody recorded, ``InputError`` for a system of another chip.
    """
    chip = catalog.chip(wanted.chip)
    system = system_for(catalog, chip, wanted.system)
    known = bool(wanted.system) or wanted.network is not None
    crossed = chips > (system.scaleup_domain_chips if system.scaleup_fabric else 1)
    precisions = precision_cases(catalog, chip, wanted.precision or TUNINGS[wanted.tuning].format_on(chip.peaks))
    stacks = software_cases(catalog, chip, wanted.software, wanted.start, sharded=wanted.sharded)
    networks = network_cases(catalog, known=known, crossed=crossed)
    cases = tuple(
        SetupCase(
            setup=setup.with_network_share(network.value),
            precision=precision.value,
            weight=precision.weight * stack.weight * network.weight,
        )
        for precision, stack in product(precisions, stacks)
        for setup in (wanted.setup(catalog, precision.value, stack.value.key),)
        for network in networks
    )
    figures = (*(each.figure for each in precisions), *(each.figure for each in stacks))
    weights = (*figures, *(each.figure for each in networks))
    return Setups(cases=cases, weights=tuple(figure for figure in weights if figure is not None))


def sharded_by(ranks: float) -> bool | None:
    """What so many tensor × pipeline × expert ranks say of the software: that it does more than shard, or nothing."""
    return False if ranks > 1 else None


def cases_in_words(weights: Sequence[NamedFigure]) -> Iterator[tuple[str, str]]:
    """Inputs that are not stated, each with its cases and their shares."""
    by_input: dict[str, list[NamedFigure]] = {}
    for each in weights:
        by_input.setdefault(each.name.split(".")[1], []).append(each)
    for name, cases in by_input.items():
        total = sum(each.figure.value for each in cases)
        yield name, ", ".join(f"{each.name.rpartition('.')[2]} {each.figure.value / total:.0%}" for each in cases)


def is_free(free: Sequence[str]) -> bool:
    """Whether more than one axis of a layout is left to be chosen, what is as the software does it aside."""
    return len([name for name in free if name not in OF_SOFTWARE]) > 1


def over_step(work: float, step_s: Percentiles) -> Percentiles:
    """P10, P50, P90 of a rate: work per second of a step."""
    return Percentiles(p10=work / step_s.p90, p50=work / step_s.p50, p90=work / step_s.p10)


def _steps_s(
    setups: Sequence[CalibratedSetup], layout: Layout, given: Mapping[str, object], global_batch: Column
) -> Floats:
    """Step times of layouts in setups that differ in the bandwidth between domains alone, s, shape (setups, …)."""
    stack, part = setups[0].software, setups[0].setup
    flags = {ASKED[name].axis.column: float(getattr(stack, name)) for name in OF_SOFTWARE if name not in given}
    job, layouts = replace(part.job, global_batch=global_batch), replace(layout, **flags)
    shape = np.broadcast_shapes(
        np.shape(global_batch), *(np.shape(getattr(layouts, name)) for name in Layout.__slots__)
    )
    bandwidths = np.array([each.setup.hardware.scaleout_bytes_per_s for each in setups])
    hardware = replace(part.hardware, scaleout_bytes_per_s=bandwidths.reshape(-1, *(1 for _ in shape)))
    steps_s = step_alone_s(part.shape, job, layouts, hardware, part.kernels)
    return np.broadcast_to(steps_s, (len(setups), *shape))
