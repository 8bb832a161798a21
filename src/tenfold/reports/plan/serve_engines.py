"""What the chip of a serving plan takes with other engines: how far the choice of an engine matters."""

from __future__ import annotations

from tenfold.planning.plan.serve import ServicePlan
from tenfold.reports.report import Section, Table
from tenfold.reports.wording import number, number_between

LEAD = (
    "No engine was named: each that was measured on such chips, in the order of the cost that is not exceeded in the "
    "share of outcomes asked for. Engines nearer to each other than their ranges are told apart by a benchmark alone."
)


def engines_section(plan: ServicePlan) -> Section:
    """The best's chip, had as the best is, with every engine."""
    assert plan.best is not None
    rows = tuple(
        (
            each.engine,
            f"{each.chips:,}",
            f"{number(each.ttft_s.p50, 's')}\n{number(each.tpot_s.p50, 's')}",
            f"{number(each.cost_usd.p50, 'USD')} ({number_between(each.cost_usd, 'USD')})",
            number(each.holds_usd, "USD"),
            each.calibration,
        )
        for each in plan.engines
    )
    table = Table(
        headers=("engine", "chips", "TTFT\nTPOT", "cost", "holds at", "calibrated by"),
        rows=rows,
        numeric=" rrrr ",
        marked=0,
    )
    title = f"Engines on {plan.best.chip}, {plan.best.supply}, for {plan.model}"
    return Section(title=title, lead=LEAD, tables=(table,), full=True)
