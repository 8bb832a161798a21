"""Workload fit: what a workload costs on each kind of chip, from the performance rooms, with the work on software.

cost = chip-hours · cheapest price of the chip-hour · (1 + effort share)
chip-hours = tokens / (tokens/s per chip of the fastest layout that fits on the cluster named)

Kinds without a performance model are listed as such and never scored. Chip-hours are productive ones: no failures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tenfold.catalog import Catalog
from tenfold.performance.training import estimate_layout, fastest_layout, setup_training, space_of
from tenfold.quantities import HOUR_S
from tenfold.workloads import find_model

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
    chip_hours: float | None = None
    usd_per_chip_hour: float | None = None
    effort_share: float | None = None
    cost_usd: float | None = None


def tokens_per_s_per_chip(catalog: Catalog, chip: str, run: TrainingRun) -> float | None:
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
    return float(estimate_layout(setup.setup, found.layout).tokens_per_s_per_chip)


def effort_key(catalog: Catalog, vendor: str) -> str:
    """Name of the assumption on the work a vendor's software asks for: its own, or the general one."""
    own = f"{EFFORT}_{vendor.lower()}"
    return own if own in catalog.assumptions else EFFORT


def fits_of(
    catalog: Catalog,
    workload: str,
    kind: str,
    run: TrainingRun | None,
    speeds: Mapping[str, float],
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
    workload: str, kind: str, run: TrainingRun | None, chips: Sequence[str], speeds: Mapping[str, float]
) -> str:
    if kind not in MODELLED[workload]:
        return f"no performance model of {workload}ing on this kind" if workload == "train" else "no performance model"
    if run is None:
        return "the file gives its work as a number, not as a model and tokens"
    if not chips:
        return "no option of this kind"
    return "" if any(chip in speeds for chip in chips) else "no layout fits the cluster"


def _scored(catalog: Catalog, workload: str, kind: str, run: TrainingRun, chip: str, speed: float, price: float) -> Fit:
    effort = catalog.assumption(effort_key(catalog, catalog.chip(chip).vendor)).value
    hours = run.tokens / speed / HOUR_S
    return Fit(
        workload=workload,
        kind=kind,
        scored=True,
        why="",
        chip=chip,
        tokens_per_s_per_chip=speed,
        chip_hours=hours,
        usd_per_chip_hour=price,
        effort_share=effort,
        cost_usd=hours * price * (1.0 + effort),
    )
