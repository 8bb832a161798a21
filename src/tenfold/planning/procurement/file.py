"""The procurement file: TOML that a person writes, read into a ``Programme`` with every problem shown at once."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.catalog import Catalog, ExportStatus
from tenfold.catalog.reading import read_toml
from tenfold.planning.procurement.costs import Costs
from tenfold.planning.procurement.effects import ScenarioText, scenario_columns
from tenfold.planning.procurement.fit import Fit, effort_key, fits_of
from tenfold.planning.procurement.limits import accrued_musd
from tenfold.planning.procurement.options_table import OptionsRead, read_options
from tenfold.planning.procurement.programme import USD_PER_MUSD, Allocation, Commitments, Limits, Programme
from tenfold.planning.procurement.scenarios import read_scenarios
from tenfold.planning.procurement.values import Values, quarter_name
from tenfold.planning.procurement.workloads_table import WorkloadsRead, read_workloads
from tenfold.quantities import (
    HOURS_PER_QUARTER,
    QUARTERS_PER_YEAR,
    YEAR_S,
    InputError,
    NamedFigure,
    Problem,
    parse_date,
    shown,
)

ANY_DAY = datetime.date(2000, 1, 1)
"""Start that the rest of a file is read with when its own is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcurementFile:
    """What a procurement file says."""

    programme: Programme
    seed: int
    money: str
    """``nominal`` or ``real``."""
    money_year: int
    base_probability: float
    """What the named scenarios leave to the base case."""
    export: tuple[ExportStatus, ...]
    fits: tuple[Fit, ...]
    """How each kind of chip fits each workload."""
    excluded: tuple[str, ...]
    """Options left out, and why."""
    figures: tuple[NamedFigure, ...]
    notes: tuple[str, ...]


def read_procurement(path: Path | str, catalog: Catalog) -> ProcurementFile:
    """Read a procurement file. Raises one ``InputError`` with a ``Problem`` for everything wrong with it."""
    tree, document = _structure(Path(path))
    return read_tree(tree, document, str(path), catalog)


def read_tree(tree: Mapping[str, Any], document: Any, file: str, catalog: Catalog) -> ProcurementFile:  # noqa: ANN401
    """Read the values of a file whose structure is known to be right."""
    table = document.programme
    values, costs = Values(file=file, start=ANY_DAY, quarters=table.quarters), Costs(catalog)
    values.start = values.kept("programme.start", lambda: parse_date(table.start), ANY_DAY)
    workloads = read_workloads(document, values, catalog)
    options = read_options(document, values, catalog, costs, workloads)
    scenarios = read_scenarios(document, values, options, workloads)
    limits = _limits(document, values, options)
    numbers = _numbers(table, values, costs)
    if values.problems:
        raise InputError(dict.fromkeys(values.problems))
    return _file(document, values, costs, options, workloads, scenarios, limits, numbers)


def _structure(path: Path) -> tuple[Mapping[str, Any], Any]:
    """Parse the file and judge its structure."""
    from tenfold.catalog.structure import read_structure
    from tenfold.planning.procurement.schema import ProcurementDocument

    file, problems = str(path), list[Problem]()
    if "\0" in file or not path.is_file():
        remedy = "Write one like examples/procure.toml"
        raise InputError(Problem(file=shown(file)[1:-1], key="", wrong="no such file", remedy=remedy))
    tree = read_toml(path, file, problems)
    document = None if problems else read_structure(ProcurementDocument, tree, lambda _: file, problems)
    if problems:
        raise InputError(dict.fromkeys(problems))
    return tree, document


def _numbers(table: Any, values: Values, costs: Costs) -> Mapping[str, float]:  # noqa: ANN401
    """Read rate, life, and how much risk counts."""
    life = values.number("programme.useful_life", table.useful_life, "useful_life", 0.0) / YEAR_S
    return {
        "discount_rate_per_year": values.number("programme.discount_rate", table.discount_rate, "discount_rate", 0.0),
        "life_quarters": (life or costs.life_years()) * QUARTERS_PER_YEAR,
        "residual_share": costs.residual_share(),
        "risk_aversion": values.number("programme.risk_aversion", table.risk_aversion, "risk_aversion", 0.0),
        "cvar_level": values.number("programme.cvar_level", table.cvar_level, "cvar_level", 0.9),
    }


def _limits(document: Any, values: Values, options: OptionsRead) -> Limits:  # noqa: ANN401
    table = document.programme
    share = values.number("programme.max_revenue_share", table.max_revenue_share, "max_revenue_share", np.inf)
    if (table.revenue is None) != (table.max_revenue_share is None):
        values.wrong("programme.revenue", "revenue and max_revenue_share go together", "Write both or neither")
    power = [
        values.series(f"sites.{row}.power", site.power, "power", np.inf) / USD_PER_MUSD
        for row, site in enumerate(document.sites)
    ]
    return Limits(
        sites=options.sites,
        power_mw=np.stack(power),
        capital_musd=values.series("programme.capital", table.capital, "capital", np.inf) / USD_PER_MUSD,
        allocations=tuple(_allocations(document.allocations, values, options.commitments)),
        most_vendor_share=values.number("programme.max_vendor_share", table.max_vendor_share, "max_vendor_share", 1.0),
        revenue_musd=values.series("programme.revenue", table.revenue, "revenue", np.inf) / USD_PER_MUSD,
        most_revenue_share=share,
    )


def _allocations(tables: Iterable[Any], values: Values, rows: Commitments) -> Iterable[Allocation]:
    from tenfold.planning.procurement.effects import Effect, members

    for row, table in enumerate(tables):
        key = f"allocations.{row}"
        named = Effect(
            kind="allocation",
            chips=tuple(table.chips),
            vendors=tuple(table.vendors),
            suppliers=tuple(table.suppliers),
            sites=tuple(table.sites),
        )
        found = members(rows, named)
        if not found.any():
            values.wrong(
                key, f"{shown(table.name)} holds no option ordered ahead", "Name chips or suppliers of options"
            )
        yield Allocation(
            name=table.name, members=found, most_chips=values.series(f"{key}.max_chips", table.max_chips, "chips", 0.0)
        )


def _fits(programme: Programme, workloads: WorkloadsRead, costs: Costs) -> Iterator[Fit]:
    """Score the kinds of chips for every workload, and keep the assumptions used."""
    prices = _usd_per_chip_hour(programme)
    for table, run, speeds in zip(workloads.tables, workloads.runs, workloads.speeds, strict=True):
        for fit in fits_of(costs.catalog, table.name, table.kind, run, speeds, prices):
            if fit.scored:
                costs.assumed(effort_key(costs.catalog, costs.catalog.chip(fit.chip).vendor))
            yield fit


def _usd_per_chip_hour(programme: Programme) -> Mapping[str, float]:
    """Cheapest hour of each chip in the first quarter: owned by straight line, reserved, or on demand."""
    rows, offers = programme.commitments, programme.rentals
    hour = (accrued_musd(programme)[:, 0] if rows.names else np.zeros(0)) / HOURS_PER_QUARTER
    rent = offers.musd_per_chip_quarter[:, 0] / HOURS_PER_QUARTER
    found: dict[str, float] = {}
    for chip, price in (
        *zip(rows.chips, hour, strict=True),
        *(
            (offer, price)
            for offer, price, supply in zip(offers.chips, rent, offers.supplies, strict=True)
            if supply != "spot"
        ),
    ):
        found[chip] = min(found.get(chip, np.inf), float(price) * USD_PER_MUSD)
    return found


def _file(
    document: Any,  # noqa: ANN401
    values: Values,
    costs: Costs,
    options: OptionsRead,
    workloads: WorkloadsRead,
    scenarios: tuple[ScenarioText, ...],
    limits: Limits,
    numbers: Mapping[str, float],
) -> ProcurementFile:
    table, life = document.programme, numbers["life_quarters"]
    ahead = options.commitments
    term = np.where(ahead.owned, max(round(life), 1), ahead.term_quarters)
    options = replace(options, commitments=replace(ahead, term_quarters=term))
    programme = Programme(
        quarters=tuple(quarter_name(values.start, quarter) for quarter in range(values.quarters)),
        commitments=options.commitments,
        rentals=options.rentals,
        workloads=workloads.columns,
        scenarios=scenario_columns(scenarios, options.commitments, options.rentals, workloads.columns),
        limits=limits,
        **numbers,
    )
    return ProcurementFile(
        programme=programme,
        seed=document.seed,
        money=table.money,
        money_year=table.money_year,
        base_probability=scenarios[0].probability,
        export=options.export,
        fits=tuple(_fits(programme, workloads, costs)),
        excluded=options.excluded,
        figures=tuple(costs.figures.values()),
        notes=(*options.notes, *workloads.notes),
    )
