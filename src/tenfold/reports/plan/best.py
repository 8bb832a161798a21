"""The best design, term by term: where seconds, days, dollars and memory go, what moves it, and beside the others."""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.planning.plan import Design, PlanAnswer
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.charts import Chart, Swing, memory, stacked, swing_bars, waterfall
from tenfold.reports.plan.designs import ranked_designs
from tenfold.reports.plan.words import best_pairs, driver_effect, footprint
from tenfold.reports.report import Section, Table, Terms
from tenfold.reports.wording import days, number, share, usd

COLOURS = "Blue is work, orange traffic that is not hidden, red waiting and work done twice."
COMPARED = 6
"""Designs side by side at most."""
TOP_DRIVERS = 3
NOT_PARTS = ("total", "capacity")


def cards(best: Design) -> tuple[Card, ...]:
    """Key numbers of the best design."""
    return (
        spread_card("Done in", best.finish_days, days, "best.finish_days"),
        spread_card("Cost", best.cost_usd, usd, "best.cost_usd"),
        spread_card("MFU", best.mfu, share, "best.mfu"),
        spread_card("Goodput", best.goodput, share, "best.goodput"),
        spread_card("Cash first", best.cash_usd, usd, "best.cash_usd"),
        *(Card(name=name, value=value, path=f"best.{key}") for name, value, key in footprint(best)),
    )


def term_by_term(answer: PlanAnswer, best: Design) -> Section:
    """Show the best design with its terms, and what moves it most."""
    return Section(
        title="The best design",
        lead=f"MFU counts model FLOPs without recompute against the dense peak of {answer.question.goal.precision}.",
        pairs=best_pairs(best),
        terms=_terms(best),
        tables=(_drivers(best),) if best.drivers else (),
        charts=(
            waterfall("step", "Where every second of a step goes", best.step_terms_s, "s", COLOURS),
            waterfall("cost", "Where every dollar goes", best.cost_terms_usd, "USD"),
            waterfall("finish", "Where the days go", best.finish_terms_days, "days"),
            *_swings(best),
        ),
    )


def _terms(best: Design) -> tuple[Terms, ...]:
    held = best.memory_bytes_per_chip
    lost = {name: value for name, value in best.goodput_terms.items() if name != "productive"}
    used = (
        f"{number(held['total'], 'B')} of {number(held['capacity'], 'B')} ({share(held['total'] / held['capacity'])})"
    )
    return (
        Terms(
            title=f"Where every second goes: one step takes {number(best.step_time_s.p50, 's')}",
            values=best.step_terms_s,
            unit="s",
            headline="best.step_time_s.p50",
        ),
        Terms(
            title=f"Where the days go: done in {days(best.finish_days.p50)}",
            values=best.finish_terms_days,
            unit="days",
            headline="best.finish_days.p50",
        ),
        Terms(
            title=f"What is lost of wall time: {share(best.lost_share)}",
            values=lost,
            unit="share",
            headline="best.lost_share",
        ),
        Terms(
            title=f"Where every dollar goes: {usd(best.cost_usd.p50)}",
            values=best.cost_terms_usd,
            unit="USD",
            headline="best.cost_usd.p50",
        ),
        Terms(
            title=f"Memory of the fullest chip: {used}",
            values=_parts(best),
            unit="B",
            headline="best.memory_bytes_per_chip.total",
        ),
    )


def _parts(design: Design) -> Mapping[str, float]:
    return {name: value for name, value in design.memory_bytes_per_chip.items() if name not in NOT_PARTS}


def _drivers(best: Design) -> Table:
    """List the largest drivers: each alone from its P10 to its P90, everything else at P50."""
    rows = tuple(
        (driver.name, f"{driver.low} → {driver.high}", *driver_effect(driver)) for driver in best.drivers[:TOP_DRIVERS]
    )
    headers = ("input", "P10 → P90", "finish", "cost")
    return Table(title="What moves the answer most", headers=headers, rows=rows, numeric="  rr")


def _swings(best: Design) -> tuple[Chart, ...]:
    """How far finish and cost move as each input alone goes to its P10 and its P90."""
    if not best.drivers:
        return ()
    finish, cost = (
        [Swing(name=each.name, low=each.low, high=each.high, results=getattr(each, key)) for each in best.drivers]
        for key in ("finish_days", "cost_usd")
    )
    return (
        swing_bars("finish-drivers", "What moves the finish", finish, best.finish_days.p50, "days"),
        swing_bars("cost-drivers", "What moves the cost", cost, best.cost_usd.p50, "USD"),
    )


def side_by_side(answer: PlanAnswer) -> Section:
    """Show the first designs beside each other: their steps, wall time and memory."""
    designs = _compared(answer)
    goodputs = {name: design.goodput_terms for name, design in designs.items()}
    charts = [
        stacked("goodput", "Where wall time goes, by design", goodputs, "share"),
        memory(
            "memory",
            "Memory of the fullest chip, against its capacity",
            {name: _parts(design) for name, design in designs.items()},
            {name: design.memory_bytes_per_chip["capacity"] for name, design in designs.items()},
        ),
    ]
    if len(designs) > 1:
        steps = {name: design.step_terms_s for name, design in designs.items()}
        charts.append(stacked("steps", "One step of each design", steps, "s"))
    return Section(title="Designs side by side", charts=tuple(charts), full=True)


def _compared(answer: PlanAnswer) -> Mapping[str, Design]:
    """Name the first designs by rank, so that no two share a name."""
    ranked = enumerate((each.design for each in ranked_designs(answer)[:COMPARED]), start=1)
    return {f"{rank}. {design.chips:,} × {design.chip}": design for rank, design in ranked}
