"""The tables of a plan, in reading order: verdict, assumptions, designs, where time and money go, what was rejected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from rich.console import Group, RenderableType
from rich.text import Text

from tenfold.planning.plan import Design, Plan
from tenfold.quantities import NamedFigure
from tenfold.reports import wording
from tenfold.reports.outlooks import campus_pairs, failure_pairs
from tenfold.reports.ranked import ranked_designs
from tenfold.reports.rejected import LINES, rejections, rest_text
from tenfold.reports.sources import Cited, citations, cited_figures
from tenfold.reports.tables.grid import bar_table, grid_table, key_value_table, lines

RANKED = 10
"""Designs listed at most."""
TOP_DRIVERS = 3


def plan_tables(plan: Plan, sources: Mapping[str, Cited]) -> tuple[RenderableType, ...]:
    """Give everything a plan says as rich renderables; the first is the verdict in one sentence.

    ``sources`` are the catalog's, by key; a source missing there is printed as it stands.
    """
    return tuple(_spaced(_parts(plan, sources)))


def _spaced(parts: Iterator[RenderableType]) -> Iterator[RenderableType]:
    for part in parts:
        yield part
        yield Text("")


def _parts(plan: Plan, sources: Mapping[str, Cited]) -> Iterator[RenderableType]:
    yield Text(wording.verdict(plan), style="bold green" if plan.best else "bold red")
    if plan.assumptions:
        yield assumptions_table(plan)
    if plan.notes:
        yield lines("Decided for you", plan.notes)
    if plan.best is not None:
        yield designs_table(plan)
        yield from _best_design(plan.best)
    if plan.failures is not None:
        yield key_value_table("Failures, simulated over the best design", failure_pairs(plan.failures))
        yield terms_table("What failures take, by cause", plan.failures.loss, "share")
    if plan.campuses is not None:
        yield key_value_table("Its chips over all the sites", campus_pairs(plan.campuses))
    if plan.infeasible:
        yield rejected_table(plan)
    if figures := cited_figures(plan):
        yield _sources_table(figures, sources)
    yield Text(footer(plan), style="dim")


def assumptions_table(plan: Plan) -> Group:
    """List the inputs that nobody measured and that the answer rests on."""
    rows = [
        (named.name, wording.figure_value(named), wording.figure_range(named), named.figure.kind, named.figure.note)
        for named in plan.assumptions
    ]
    return grid_table("The answer assumes", ("input", "value", "P10–P90", "kind", "why"), rows, " rr  ")


def designs_table(plan: Plan) -> Group:
    """Designs ranked by the objective, the best first."""
    designs = ranked_designs(plan)
    rows = [_design_row(rank, each.design, each.where) for rank, each in enumerate(designs[:RANKED], start=1)]
    title = f"Designs, {plan.goal.objective} first"
    if len(designs) > RANKED:
        title += f" ({RANKED} of {len(designs):,})"
    headers = ("", "design", "finish", "cost", "MFU\ngoodput", "in time\nin budget")
    return grid_table(title, headers, rows, "r rrrr")


def _design_row(rank: int, design: Design, where: str) -> tuple[str, ...]:
    name = f"{design.chips:,} × {design.chip}\n{design.supply}, {where}\n{wording.layout_text(design.layout)}"
    finish = f"{wording.days(design.finish_days.p50)}\n{wording.days_between(design.finish_days)}"
    cost = f"{wording.number(design.cost_usd.p50, 'USD')}\n{wording.number_between(design.cost_usd, 'USD')}"
    shares = f"{wording.share(design.mfu.p50)}\n{wording.share(design.goodput.p50)}"
    chances = f"{wording.likely(design.probability_in_time)}\n{wording.likely(design.probability_in_budget)}"
    return (str(rank), name, finish, cost, shares, chances)


def _best_design(best: Design) -> Iterator[RenderableType]:
    yield key_value_table("The best design", best_pairs(best))
    step = f"Where every second goes: one step takes {wording.number(best.step_time_s.p50, 's')}"
    yield terms_table(step, best.step_terms_s, "s")
    yield terms_table("Where wall time goes", best.goodput_terms, "share")
    dollars = f"Where every dollar goes: {wording.number(sum(best.cost_terms_usd.values()), 'USD')}"
    yield terms_table(dollars, best.cost_terms_usd, "USD")
    yield _memory_table(best)
    if best.drivers:
        yield drivers_table(best)


def best_pairs(best: Design) -> list[tuple[str, str]]:
    """Key numbers of a design."""
    step, rate = best.step_time_s, best.tokens_per_s_per_chip
    outside = ", ".join(best.outside_calibration)
    pairs = [
        ("System", best.system),
        ("Layout", f"{wording.layout_text(best.layout)}; {wording.layout_details(best.layout)}"),
        ("Software", best.software),
        ("Step time", f"{wording.number(step.p50, 's')} ({wording.number_between(step, 's')})"),
        ("Per chip", f"{wording.number(rate.p50, 'tokens/s')} ({wording.number_between(rate, 'tokens/s')})"),
        ("MFU", f"{wording.share(best.mfu.p50)} ({wording.share_between(best.mfu)})"),
        ("Goodput", f"{wording.share(best.goodput.p50)} ({wording.share_between(best.goodput)})"),
        ("Checkpoint every", wording.number(best.checkpoint_interval_s, "s")),
        ("Cash needed", wording.number(best.committed_usd, "USD")),
        *wording.footprint_pairs(best),
        ("Calibrated by", best.calibration),
    ]
    return pairs + ([("Beyond measurements", outside)] if outside else [])


def terms_table(title: str, terms: Mapping[str, float], unit: str) -> Group:
    """Terms that add up, each with its share of the sum and a bar; terms of zero are left out."""
    total = sum(terms.values())
    shown = {wording.label(key): value for key, value in terms.items() if value != 0}
    show: Callable[[float], str] = wording.share if unit == "share" else lambda value: wording.number(value, unit)
    printed = {key: show(value) for key, value in shown.items()}
    hidden = dict.fromkeys(shown, "")
    shares = (
        {key: wording.share(value / total) for key, value in shown.items()} if total and unit != "share" else hidden
    )
    return bar_table(title, shown, printed, shares)


def _memory_table(best: Design) -> Group:
    parts = {key: value for key, value in best.memory_bytes_per_chip.items() if key not in {"total", "capacity"}}
    total, capacity = best.memory_bytes_per_chip["total"], best.memory_bytes_per_chip["capacity"]
    used = f"{wording.number(total, 'B')} of {wording.number(capacity, 'B')} ({wording.share(total / capacity)})"
    return terms_table(f"Memory of the fullest chip: {used}", parts, "B")


def drivers_table(best: Design) -> Group:
    """List the largest drivers: each alone from its P10 to its P90, everything else at P50."""
    rows = [
        (driver.name, f"{driver.low} → {driver.high}", *wording.driver_effect(driver))
        for driver in best.drivers[:TOP_DRIVERS]
    ]
    return grid_table("What moves the answer most", ("input", "P10 → P90", "finish", "cost"), rows, "  rr")


def rejected_table(plan: Plan) -> Group:
    """Rejected designs by chip and reason, with the nearest change that would fit."""
    groups = rejections(plan.infeasible)
    rows = [(group.chip, group.what, "; ".join(group.short), "; ".join(group.nearest)) for group in groups[:LINES]]
    if rest := rest_text(groups):
        rows.append(("…", rest, "", ""))
    headers = ("chip", "tried", "short", "would fit with")
    return grid_table(f"Rejected: {wording.counted(len(plan.infeasible), 'design')}", headers, rows)


def _sources_table(figures: tuple[NamedFigure, ...], sources: Mapping[str, Cited]) -> Group:
    rows = [
        (citation.title, "\n".join(citation.links), citation.kinds, citation.as_of, f"{len(citation.figures)}")
        for citation in citations(figures, sources)
    ]
    return grid_table("Sources", ("source", "address", "kind", "as of", "figures"), rows, "    r")


def footer(plan: Plan) -> str:
    """Say what made the answer, so that it can be made again."""
    overrides = f", changed by {', '.join(plan.catalog_overrides)}" if plan.catalog_overrides else ""
    considered = f"{plan.designs_considered:,} designs and {plan.layouts_considered:,} layouts considered"
    return f"{considered}. Tenfold {plan.tenfold_version}, catalog {plan.catalog_version}{overrides}, seed {plan.seed}."
