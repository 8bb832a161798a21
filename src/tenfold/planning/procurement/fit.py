"""Workload fit: what a workload costs on each kind of chip, from the performance rooms, with the work on software.

cost = chip-hours · cheapest price of the chip-hour · (1 + effort share)
chip-hours = tokens / (tokens/s per chip of the fastest layout that fits on the cluster named · goodput)

Kinds without a performance model are listed as such and never scored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from tenfold.catalog import Catalog, assumption_named
from tenfold.performance.training import CalibratedSetup, estimate_layout, fastest_layout, setup_training, space_of
from tenfold.planning.at_work import job_working
from tenfold.planning.drawn import WORK, common_inputs, failure_name, inputs_of, one_kind, parts_of
from tenfold.quantities import HOUR_S, NamedFigure, Uncertain, median_point
from tenfold.reliability import USUAL, Policy, failure_rate_per_s, practice_of
from tenfold.workloads import find_model, total_parameters

KINDS = ("gpu", "training-asic", "inference-asic", "wafer-scale", "fpga", "cpu")
MODELLED: Mapping[str, tuple[str, ...]] = {"train": ("gpu", "training-asic"), "serve": ()}
"""Kinds of chips that the performance rooms have a model for, by kind of workload."""
EFFORT = "ecosystem.effort_share"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRun:
    """A run whose speed is predicted."""

    model: str
    tokens: float
    sequence_length: int
    global_batch: int
    precision: str
    cluster_chips: int
    policy: Policy = USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """How fast a run goes on a kind of chip."""

    tokens_per_s_per_chip: float
    """While it works."""
    goodput: float
    """Useful time over wall time, failures and saves counted, every input at its P50."""
    rests_on: tuple[NamedFigure, ...]
    """Figures under the goodput."""

    @property
    def useful_tokens_per_s_per_chip(self) -> float:
        """Over wall time."""
        return self.tokens_per_s_per_chip * self.goodput


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How a kind of chip fits a workload; the figures are None where it is not scored."""

    workload: str
    kind: str
    scored: bool
    why: str
    """Why it is not scored; empty when it is."""
    chip: str = ""
    """The cheapest of the kind among the options."""
    tokens_per_s_per_chip: float | None = None
    goodput: float | None = None
    chip_hours: float | None = None
    usd_per_chip_hour: float | None = None
    effort_share: float | None = None
    cost_usd: float | None = None


def speed_of(catalog: Catalog, chip: str, run: TrainingRun) -> Speed | None:
    """Speed of the fastest layout on the run's cluster; None when no layout fits.

    Raises ``InputError`` for an unknown model or precision, ``MissingFigureError`` for a figure not recorded.
    """
    setup = setup_training(
        catalog,
        chip=chip,
        model=find_model(catalog, run.model),
        precision=run.precision,
        sequence_length=run.sequence_length,
        global_batch=run.global_batch,
    )
    found = fastest_layout(setup.setup, run.cluster_chips, space_of(setup.software))
    if found.layout is None:
        return None
    inputs = _inputs(catalog, setup, run.policy)
    return Speed(
        tokens_per_s_per_chip=float(estimate_layout(setup.setup, found.layout).tokens_per_s_per_chip),
        goodput=_goodput(inputs, setup, run),
        rests_on=tuple(named for known in inputs for named in known.recorded),
    )


def _inputs(catalog: Catalog, setup: CalibratedSetup, policy: Policy) -> tuple[Uncertain, ...]:
    failures = assumption_named(catalog, failure_name(catalog, setup.chip.family))
    return (inputs_of("failures", "chip", (failures,)), *common_inputs(catalog, WORK, *parts_of(policy)))


def _goodput(inputs: Sequence[Uncertain], setup: CalibratedSetup, run: TrainingRun) -> float:
    of, chips = partial(one_kind, median_point(inputs)), float(run.cluster_chips)
    rate, practice = failure_rate_per_s(of("failures"), chips), practice_of(run.policy, [setup.system])
    found = job_working(of, chips, float(total_parameters(setup.setup.shape)), practice.of(0), rate_per_s=rate)
    return float(found.productive[0])


def effort_key(catalog: Catalog, vendor: str) -> str:
    """Name of the assumption on the work a vendor's software asks for: its own, or the general one."""
    own = f"{EFFORT}_{vendor.lower()}"
    return own if own in catalog.assumptions else EFFORT


def fits_of(
    catalog: Catalog,
    workload: str,
    kind: str,
    run: TrainingRun | None,
    speeds: Mapping[str, Speed],
    usd_per_chip_hour: Mapping[str, float],
) -> Iterator[Fit]:
    """Score every kind for a workload. ``speeds`` and prices are by chip, for the chips of the options."""
    for each in KINDS:
        chips = [chip for chip in usd_per_chip_hour if catalog.chip(chip).kind == each]
        why = _unscored(kind, each, run, chips, speeds)
        if why or run is None:
            yield Fit(workload=workload, kind=each, scored=False, why=why)
            continue
        scored = [
            _scored(catalog, workload, each, run, chip, speeds[chip], usd_per_chip_hour[chip])
            for chip in chips
            if chip in speeds
        ]
        yield min(scored, key=lambda fit: fit.cost_usd or 0.0)


def _unscored(
    workload: str, kind: str, run: TrainingRun | None, chips: Sequence[str], speeds: Mapping[str, Speed]
) -> str:
    if kind not in MODELLED[workload]:
        return f"no performance model of {workload}ing on this kind" if workload == "train" else "no performance model"
    if run is None:
        return "the file gives its work as a number, not as a model and tokens"
    if not chips:
        return "no option of this kind"
    return "" if any(chip in speeds for chip in chips) else "no layout fits the cluster"


def _scored(catalog: Catalog, workload: str, kind: str, run: TrainingRun, chip: str, speed: Speed, price: float) -> Fit:
    effort = catalog.assumption(effort_key(catalog, catalog.chip(chip).vendor)).value
    hours = run.tokens / speed.useful_tokens_per_s_per_chip / HOUR_S
    return Fit(
        workload=workload,
        kind=kind,
        scored=True,
        why="",
        chip=chip,
        tokens_per_s_per_chip=speed.tokens_per_s_per_chip,
        goodput=speed.goodput,
        chip_hours=hours,
        usd_per_chip_hour=price,
        effort_share=effort,
        cost_usd=hours * price * (1.0 + effort),
    )
