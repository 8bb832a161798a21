"""From what was asked to a calibrated setup, the layouts of a wish on it, and the fastest of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from tenfold.catalog import Catalog, ModelRecord, Software
from tenfold.performance import network_cases, precision_cases, software_cases
from tenfold.performance.layout import ASKED, Layout, LayoutWish
from tenfold.performance.training import (
    CalibratedSetup,
    Fastest,
    SearchSpace,
    fastest_layout,
    held,
    setup_training,
    space_of,
    step_time,
    system_for,
)
from tenfold.planning.estimate.cluster import Cluster
from tenfold.quantities import NamedFigure, Percentiles, mixture_quantile
from tenfold.workloads import find_model

USUAL_SEQUENCE = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupCase:
    """One setup that a cluster may be, with its weight and the weights of its inputs before scaling."""

    setup: CalibratedSetup
    precision: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Setups:
    """Everything but the layout, in every case that the question leaves open; the likeliest first."""

    cases: tuple[SetupCase, ...]
    weights: tuple[NamedFigure, ...]
    """Weights of the inputs that are not stated."""

    @property
    def likeliest(self) -> CalibratedSetup:
        """The setup that a layout is chosen for."""
        return self.cases[0].setup

    @property
    def precision(self) -> str:
        """Number format in the likeliest case."""
        return self.cases[0].precision

    def all_steps_s(self, layout: Layout, wish: LayoutWish) -> tuple[float, ...]:
        """Step time of a layout in every case, s; what the wish leaves to the software is as that of the case does."""
        return tuple(_step_s(case.setup, layout, wish) for case in self.cases)

    def mixture(self, steps_s: Sequence[float], log_spread: float) -> Percentiles:
        """P10, P50, P90 of step times: Σ weight · lognormal(step, spread) over the cases."""
        weights, logs = np.array([[case.weight for case in self.cases]]), np.log([list(steps_s)])
        p10, p50, p90 = (
            float(np.exp(mixture_quantile(share, weights, logs, np.array([log_spread])))[0])
            for share in (0.1, 0.5, 0.9)
        )
        return Percentiles(p10=p10, p50=p50, p90=p90)


def _step_s(setup: CalibratedSetup, layout: Layout, wish: LayoutWish) -> float:
    stack, part = setup.software, setup.setup
    flags = {
        ASKED[name].axis.column: float(getattr(stack, name))
        for name in ("sequence_parallel", "tensor_overlap", "data_overlap")
        if name not in wish.given
    }
    return float(step_time(part.shape, part.job, replace(layout, **flags), part.hardware, part.kernels).step_s)


def setups_asked(catalog: Catalog, cluster: Cluster, model: ModelRecord | None = None) -> Setups:
    """Gather everything but the layout, in every case. Without a sequence length it is the model's own, 8,192 at most.

    ``model`` is the record of a model that no name in the catalog stands for. Raises ``MissingFigureError`` for a
    figure nobody recorded.
    """
    record, chip = model or find_model(catalog, cluster.model), catalog.chip(cluster.chip)
    system = system_for(catalog, chip, cluster.system or "")
    precisions = precision_cases(catalog, chip, cluster.precision or "")
    stacks = software_cases(catalog, chip, _stack(catalog, cluster), None)
    crossed = cluster.chips > (system.scaleup_domain_chips if system.scaleup_fabric else 1)
    known = cluster.system is not None or cluster.network_bytes_per_s is not None
    networks = network_cases(catalog, known=known, crossed=crossed)
    length = cluster.sequence_length or min(record.max_sequence or USUAL_SEQUENCE, USUAL_SEQUENCE)
    cases = [
        SetupCase(
            setup=setup_training(
                catalog,
                chip=cluster.chip,
                model=record,
                precision=precision.value,
                sequence_length=length,
                global_batch=cluster.global_batch,
                software=stack.value.key,
                system=cluster.system or "",
                network_bytes_per_s=cluster.network_bytes_per_s,
                network_share=network.value,
            ),
            precision=precision.value,
            weight=precision.weight * stack.weight * network.weight,
        )
        for precision, stack, network in product(precisions, stacks, networks)
    ]
    figures = (
        [each.figure for each in precisions] + [each.figure for each in stacks] + [each.figure for each in networks]
    )
    weights = tuple(figure for figure in figures if figure is not None)
    return Setups(cases=tuple(cases), weights=weights)


def _stack(catalog: Catalog, cluster: Cluster) -> Software | None:
    return None if cluster.software is None else catalog.software[cluster.software]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wished:
    """A wish on a number of chips: which layouts it leaves, and the fastest of them."""

    setup: CalibratedSetup
    chips: int
    wish: LayoutWish

    @property
    def space(self) -> SearchSpace:
        """Layouts that the setup's software offers, with what is given held."""
        return held(space_of(self.setup.software), self.wish)

    def fastest(self) -> Fastest:
        """The fastest that fits."""
        return fastest_layout(self.setup.setup, self.chips, self.space)

    def fastest_of_any_memory(self) -> Fastest:
        """The fastest that divides, whatever memory it takes."""
        part = self.setup.setup
        roomy = replace(part, hardware=replace(part.hardware, hbm_bytes=math.inf))
        return fastest_layout(roomy, self.chips, self.space)

    def with_wish(self, wish: LayoutWish) -> Wished:
        """The same chips with another wish."""
        return replace(self, wish=wish)


def over_step(work: float, step_s: Percentiles) -> Percentiles:
    """P10, P50, P90 of a rate: work per second of a step."""
    return Percentiles(p10=work / step_s.p90, p50=work / step_s.p50, p90=work / step_s.p10)
