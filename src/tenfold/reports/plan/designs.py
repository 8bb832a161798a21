"""Designs in order, best first: a table of the first, every design to sort by anything, cost against finish."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from tenfold.planning.plan import BINDING, Design, PlanAnswer, had_as, time_allowed_s
from tenfold.quantities import DAY_S
from tenfold.reports import wording
from tenfold.reports.charts import Candidate, Chart, cost_against_finish
from tenfold.reports.offers import order_words
from tenfold.reports.plan.words import design_name, evidence_words, flip_words, missed_by
from tenfold.reports.report import Pairs, Section, Table
from tenfold.reports.wording import days, days_between, few, likely, number, number_between, share, share_between

RANKED = 10
"""Designs listed first at most."""
EVERY: tuple[tuple[str, str], ...] = (
    ("Rank", "r"),
    ("Chips", "r"),
    ("Chip", " "),
    ("Supply", " "),
    ("Site", " "),
    ("Finish", "r"),
    ("Cost", "r"),
    ("MFU", "r"),
    ("Goodput", "r"),
    ("In time", "r"),
    ("In budget", "r"),
    ("Both", "r"),
    ("Evidence", " "),
    ("Layout", " "),
)
"""Columns of the table of every design, ``r`` for numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedDesign:
    """The first of the designs that are alike, and where they can be."""

    design: Design
    sites: tuple[str, ...]

    @property
    def where(self) -> str:
        """Sites in words."""
        return few(self.sites, "sites")


def ranked_designs(answer: PlanAnswer) -> tuple[RankedDesign, ...]:
    """The best design and the alternatives, gathered; a rented design finishes and costs the same at every site."""
    alike: dict[tuple[object, ...], list[Design]] = {}
    for design in (*((answer.best,) if answer.best else ()), *answer.alternatives):
        key = (design.chip, design.chips, design.supply, design.layout, design.finish_days, design.cost_usd)
        alike.setdefault(key, []).append(design)
    return tuple(RankedDesign(design=group[0], sites=tuple(each.site for each in group)) for group in alike.values())


def considered(answer: PlanAnswer) -> str:
    """Say how much was looked at."""
    layouts = wording.counted(answer.layouts_considered, "layout")
    return f"{wording.counted(answer.designs_considered, 'design')} and {layouts} considered"


def first_designs(answer: PlanAnswer) -> Section:
    """Rank the first designs by the objective, with cost against finish of all."""
    designs = ranked_designs(answer)
    if not designs:
        return Section(title="Designs", lead=f"No design meets the goal; {considered(answer)}.", first=True)
    rows = tuple(_first_row(rank, each) for rank, each in enumerate(designs[:RANKED], start=1))
    headers = ("", "design", "finish", "cost\ncash first", "in time\nin budget", "both", "evidence", "can be had")
    title = f"Designs, {answer.objective} first"
    if len(designs) > RANKED:
        title += f" ({RANKED} of {len(designs):,})"
    return Section(
        title=title,
        lead=f"{considered(answer)}.",
        first=True,
        charts=(cost_chart(answer),),
        tables=(Table(headers=headers, rows=rows, numeric="r rrrr  ", marked=0),),
    )


def _first_row(rank: int, each: RankedDesign) -> tuple[str, ...]:
    design = each.design
    return (
        str(rank),
        f"{design.name}, {each.where}\n{wording.layout_text(design.layout)}",
        f"{days(design.finish_days.p50)}\n{days_between(design.finish_days)}",
        f"{number(design.cost_usd.p50, 'USD')} ({number_between(design.cost_usd, 'USD')})\n"
        f"{number(design.cash_usd.p50, 'USD')} ({number_between(design.cash_usd, 'USD')})",
        f"{likely(design.probability.in_time)}\n{likely(design.probability.in_budget)}",
        likely(design.probability.both),
        evidence_words(design),
        had_words(design),
    )


def had_words(design: Design) -> str:
    """Say who is known to offer a design, and on what terms."""
    had = design.availability
    known = "nobody known" if had.known_max_chips is None else f"{had.known_max_chips:,} known"
    least = f"\n{had.minimum_term_days:,.0f} days least" if had.minimum_term_days else ""
    wait = f"\n{had.lead_time_days:,.0f} days' wait" if had.lead_time_days else ""
    ordered = order_words(design, design.chips_there)
    units = f"\n{ordered}" if ordered else ""
    law = f"\n{design.bound}" if design.bound else ""
    return f"{BINDING.get(had.tier, had.tier)}\n{known}{least}{wait}{units}{law}"


def changes(answer: PlanAnswer) -> Section:
    """Near misses, and what would change the choice."""
    near = tuple(
        (
            each.design.name,
            days(each.design.finish_days.p50),
            number(each.design.cost_usd.p50, "USD"),
            number(each.less_usd, "USD") if each.less_usd else "–",
            missed_by(each.design, answer.question.goal.confidence),
        )
        for each in answer.near_misses
    )
    headers = ("design", "finish", "cost", "less", "both")
    flips = tuple((str(flip["input"]), flip_words(flip).removeprefix(f"{flip['input']} ")) for flip in answer.flips)
    return Section(
        title="What would change the choice",
        first=True,
        pairs=(*flips, *_stress(answer)),
        tables=(Table(title="Near misses", headers=headers, rows=near, numeric=" rrrr"),) if near else (),
    )


def _stress(answer: PlanAnswer) -> Pairs:
    """The stress line: everything assumed at the worst that is published, at once, by name and source."""
    if answer.stress is None or not answer.stress.inputs:
        return ()
    ends = f"{days(answer.stress.finish_days)}, {number(answer.stress.cost_usd, 'USD')}"
    inputs = (f"{each.name} {each.value} ({each.source or 'assumed'})" for each in answer.stress.inputs)
    return (("All that is assumed at its worst", f"{ends}: {'; '.join(inputs)}"),)


def every_design(answer: PlanAnswer) -> Section:
    """List every design with everything to choose by."""
    designs = ranked_designs(answer)
    table = Table(
        headers=tuple(name for name, _ in EVERY),
        rows=tuple(_row(rank, each) for rank, each in enumerate(designs, start=1)),
        numeric="".join(kind for _, kind in EVERY),
        marked=0,
        sort=tuple(_sort(rank, each) for rank, each in enumerate(designs, start=1)),
    )
    return Section(title="Every design", lead="On a page, click a heading to sort.", tables=(table,), full=True)


def _row(rank: int, each: RankedDesign) -> tuple[str, ...]:
    design = each.design
    return (
        str(rank),
        f"{design.chips:,}",
        design.chip,
        had_as(design.supply, design.availability.tier),
        each.where,
        f"{days(design.finish_days.p50)}\n{days_between(design.finish_days)}",
        f"{number(design.cost_usd.p50, 'USD')}\n{number_between(design.cost_usd, 'USD')}",
        f"{share(design.mfu.p50)}\n{share_between(design.mfu)}",
        share(design.goodput.p50),
        likely(design.probability.in_time),
        likely(design.probability.in_budget),
        likely(design.probability.both),
        evidence_words(design),
        f"{wording.layout_text(design.layout)}\n{wording.layout_details(design.layout)}",
    )


def _sort(rank: int, each: RankedDesign) -> tuple[float | str, ...]:
    design = each.design
    return (
        rank,
        design.chips,
        design.chip,
        had_as(design.supply, design.availability.tier),
        each.where,
        design.finish_days.p50,
        design.cost_usd.p50,
        design.mfu.p50,
        design.goodput.p50,
        design.probability.in_time,
        design.probability.in_budget,
        design.probability.both,
        design.evidence.grade,
        wording.layout_text(design.layout),
    )


def cost_chart(answer: PlanAnswer) -> Chart:
    """Cost against finish: every design once, the best, the rest of the Pareto front, the others."""
    best = [answer.best] if answer.best is not None else []
    seen = {_identity(design) for design in best}
    on_front = bool(seen & {_identity(design) for design in answer.pareto})
    front = _fresh(answer.pareto, seen)
    others = _fresh(answer.alternatives, seen)
    goal, means = answer.question.goal, answer.question.means
    return cost_against_finish(
        "designs",
        "Cost against finish",
        best=_candidates(best),
        front=_candidates(front),
        others=_candidates(others),
        best_on_front=on_front,
        deadline_days=time_allowed_s(goal) / DAY_S,
        budget_usd=math.inf if means.budget_usd is None else means.budget_usd,
    )


def _candidates(designs: Iterable[Design]) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(name=design_name(design), finish_days=design.finish_days, cost_usd=design.cost_usd)
        for design in designs
    )


def _identity(design: Design) -> tuple[object, ...]:
    return (design.chip, design.chips, design.supply, design.site, design.layout)


def _fresh(designs: Iterable[Design], seen: set[tuple[object, ...]]) -> list[Design]:
    """Designs not yet seen; those that never finish cannot be drawn."""
    fresh = []
    for design in designs:
        if _identity(design) not in seen and math.isfinite(design.finish_days.p50 + design.cost_usd.p50):
            seen.add(_identity(design))
            fresh.append(design)
    return fresh
