"""From a question to a programme: speeds are predicted, prices and costs looked up, all of it written as columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.catalog import Catalog, ExportStatus
from tenfold.planning.at_work import policy_notes
from tenfold.planning.owner import usual_scope
from tenfold.planning.procurement.costs import Costs
from tenfold.planning.procurement.effects import members, scenario_columns
from tenfold.planning.procurement.fit import Fit, effort_key, fits_of
from tenfold.planning.procurement.had import depth_notes, options_had
from tenfold.planning.procurement.limits import accrued_musd
from tenfold.planning.procurement.options import (
    LICENCE,
    Priced,
    barred,
    commitments,
    name_of,
    priced,
    rentals,
    statuses,
)
from tenfold.planning.procurement.parts import AHEAD, Part
from tenfold.planning.procurement.programme import USD_PER_MUSD, Allocation, Commitments, Limits, Programme
from tenfold.planning.procurement.quarters import Calendar
from tenfold.planning.procurement.question import ProcureQuestion
from tenfold.planning.procurement.scenarios import scenario_texts, touched
from tenfold.planning.procurement.speeds import Speeds, run_of, speeds_of
from tenfold.planning.procurement.workloads import workload_columns, worth_of
from tenfold.quantities import HOURS_PER_QUARTER, QUARTERS_PER_YEAR, YEAR_S, Floats, NamedFigure, read_each


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A programme, and what was found on the way to it."""

    programme: Programme
    export: tuple[ExportStatus, ...]
    fits: tuple[Fit, ...]
    """How each kind of chip fits each workload."""
    excluded: tuple[str, ...]
    """Options left out, and why."""
    figures: tuple[NamedFigure, ...]
    notes: tuple[str, ...]


def build_programme(question: ProcureQuestion, catalog: Catalog) -> Built:
    """Build the programme of a question that is free of contradictions.

    Raises one ``InputError`` with every price and figure that is missing, and every run that no cluster holds.
    """
    calendar = Calendar(question.programme.start, question.programme.quarters)
    costs, status = Costs(catalog), statuses(question, catalog)
    parts, refused = options_had(question, catalog)
    left_out = {**refused, **barred(question, status, catalog)}
    chips = [option.chip for option in question.options]
    looks: tuple[Callable[[], Any], ...] = (
        lambda: speeds_of(question.workloads, chips, catalog),
        lambda: priced(question, parts, left_out, costs, calendar),
    )
    speeds, rows = read_each(lambda look: look(), looks)
    licensed = tuple(chip for chip, found in status.items() if found.status == LICENCE)
    programme = _programme(question, catalog, costs, calendar, speeds, rows, licensed, parts)
    return Built(
        programme=programme,
        export=tuple(status.values()),
        fits=tuple(_fits(question, programme, speeds, costs)),
        excluded=tuple(dict.fromkeys(left_out.values())),
        figures=tuple(costs.figures.values()),
        notes=(*_notes(question), *depth_notes(question, parts)),
    )


def _programme(
    question: ProcureQuestion,
    catalog: Catalog,
    costs: Costs,
    calendar: Calendar,
    speeds: tuple[Speeds, ...],
    rows: tuple[Priced, ...],
    licensed: tuple[str, ...],
    parts: Mapping[int, tuple[Part, ...]],
) -> Programme:
    asked, tables = question.programme, question.workloads
    life_years = costs.life_years() if asked.useful_life_s is None else asked.useful_life_s / YEAR_S
    life = life_years * QUARTERS_PER_YEAR

    def worth(kept: Sequence[Priced]) -> Floats:
        found = [worth_of(row.table.chip, catalog, tables, speeds) for row in kept]
        return np.array(found, dtype=np.float64).reshape(len(kept), len(tables))

    ahead = [row for row in rows if row.table.supply in AHEAD]
    taken = [row for row in rows if row.table.supply not in AHEAD]
    ordered, offers = commitments(ahead, worth(ahead), calendar, life), rentals(taken, worth(taken), calendar)
    workloads = workload_columns(tables, speeds, calendar)
    texts = scenario_texts(question.scenarios, calendar, licensed)
    return Programme(
        quarters=calendar.names,
        commitments=ordered,
        rentals=offers,
        workloads=workloads,
        scenarios=scenario_columns(texts, ordered, offers, workloads),
        limits=_limits(question, calendar, ordered, tuple(_of_one_offer(question, calendar, ahead, parts))),
        discount_rate_per_year=asked.discount_rate_per_year,
        life_quarters=life,
        residual_share=costs.residual_share(),
        risk_aversion=asked.risk_aversion,
        cvar_level=asked.cvar_level,
    )


def _of_one_offer(
    question: ProcureQuestion, calendar: Calendar, rows: Sequence[Priced], parts: Mapping[int, tuple[Part, ...]]
) -> Iterator[Allocation]:
    """Options whose tiers may each be taken from the first chip on: together they go no further than the deepest."""
    for row, each in parts.items():
        table, deepest = question.options[row], max(part.reaches_chips for part in each)
        if sum(part.most_chips for part in each) > deepest:
            yield Allocation(
                name=name_of(table),
                members=np.array([one.table is table for one in rows], dtype=np.bool_),
                most_chips=np.minimum(calendar.by_quarter(table.allocation_chips, np.inf), deepest),
            )


def _limits(
    question: ProcureQuestion, calendar: Calendar, rows: Commitments, of_offers: tuple[Allocation, ...]
) -> Limits:
    asked, sites = question.programme, question.sites
    share = asked.max_revenue_share
    return Limits(
        sites=tuple(site.site for site in sites),
        power_mw=np.stack([calendar.by_quarter(site.power_w, np.inf) for site in sites]) / USD_PER_MUSD,
        capital_musd=calendar.by_quarter(asked.capital_usd, np.inf) / USD_PER_MUSD,
        allocations=(
            *(
                Allocation(
                    name=table.name,
                    members=members(rows, touched(table)),
                    most_chips=calendar.by_quarter(table.max_chips, np.inf),
                )
                for table in question.allocations
            ),
            *of_offers,
        ),
        most_vendor_share=asked.max_vendor_share,
        revenue_musd=calendar.by_quarter(asked.revenue_usd, np.inf) / USD_PER_MUSD,
        most_revenue_share=float("inf") if share is None else share,
    )


def _fits(question: ProcureQuestion, programme: Programme, speeds: Sequence[Speeds], costs: Costs) -> Iterator[Fit]:
    """Score the kinds of chips for every workload, and keep the assumptions used."""
    prices = _usd_per_chip_hour(programme)
    for table, speed in zip(question.workloads, speeds, strict=True):
        for named in (named for each in speed.values() for named in each.rests_on):
            costs.kept(named)
        for fit in fits_of(costs.catalog, table.name, table.kind, run_of(table), speed, prices):
            if fit.scored:
                costs.assumed(effort_key(costs.catalog, costs.catalog.chip(fit.chip).vendor))
            yield fit


def _usd_per_chip_hour(programme: Programme) -> Mapping[str, float]:
    """Cheapest hour of each chip in the first quarter: owned by straight line, reserved, or on demand."""
    rows, offers = programme.commitments, programme.rentals
    hour = (accrued_musd(programme)[:, 0] if rows.names else np.zeros(0)) / HOURS_PER_QUARTER
    rent = offers.musd_per_chip_quarter[:, 0] / HOURS_PER_QUARTER
    steady = [(chip, price) for chip, price, supply in zip(offers.chips, rent, offers.supplies, strict=True)
              if supply != "spot"]  # fmt: skip
    found: dict[str, float] = {}
    for chip, price in (*zip(rows.chips, hour, strict=True), *steady):
        found[chip] = min(found.get(chip, np.inf), float(price) * USD_PER_MUSD)
    return found


def _notes(question: ProcureQuestion) -> Iterator[str]:
    for table in question.workloads:
        if table.model is not None:
            yield f"{table.name}: work and worth of chips are predicted; failures are counted, every input at its P50"
            yield from (f"{table.name}: {note}" for note in policy_notes(table.policy))
    if any(option.supply == "own" for option in question.options):
        yield f"{usual_scope()}; the programme's discount rate and value left take the place of the last two"
