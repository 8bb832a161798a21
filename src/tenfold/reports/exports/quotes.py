"""A plan as a quote sheet: what to ask sellers for, the price to walk away at, and what is worth knowing first.

The best design and the designs beside it, one for each chip and way of supply. The walk-away price is the price at
which the plan would choose otherwise; a measurement is worth making where it could change the choice.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tenfold.planning.plan import had_name
from tenfold.quantities import DAY_S, format_quantity
from tenfold.reports.exports.models import plans_alone

SHEET = "quotes.md"
DESIGNS = 4
MEASURED_CHIPS, MEASURED_HOURS = 64, 8
"""Size of a run that shows a step time: large enough for the network to count, short enough to be paid in hours."""
ASK = (
    "price of a chip-hour for the term and for half of it, and what a longer one saves",
    "share prepaid, and when the rest falls due",
    "day of hand-over of all chips, and what is paid for a day of delay",
    "network between nodes (GB/s a chip), storage (GB/s and TB) and their price",
    "nodes that stand by, and time until a failed one is replaced",
    "acceptance test: the step or the latency of this plan on these chips, with the right to refuse",
)


def write_quotes(plan: Mapping[str, Any], file: str) -> Mapping[str, str]:
    """Make the sheet of a plan's data; the same plan gives the same text."""
    works = list(plans_alone(plan, file).values()) if "service" in plan["question"]["goal"] else [plan]
    return {SHEET: "\n".join(_lines(works)) + "\n"}


def _lines(works: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The sheet of the works of a plan, which share its verdict: one, or the models of a service."""
    yield "# Request for quotes"
    yield ""
    yield f"For {' and '.join(_work(plan) for plan in works)}: {works[0]['verdict']}."
    for plan in works:
        yield from _of_model(plan, works)
        yield "| chips | term at least | start | wait known | walk away above |"
        yield "|---|---|---|---|---|"
        for design in _kinds(_designs(plan)):
            yield _row(design, plan)
    yield ""
    yield "Ask each seller:"
    yield ""
    yield from (f"- {line}" for line in (*ASK, *_longer(_designs(works[0]), works[0])))
    yield ""
    yield "What knowing more is worth (a change of the choice), the smallest first:"
    for plan in works:
        yield from _of_model(plan, works)
        yield from _worth(plan, plan["best"])


def _of_model(plan: Mapping[str, Any], works: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What a table or a list is of, where there are several."""
    yield ""
    if len(works) > 1:
        yield f"{_work(plan)}:"
        yield ""


def _designs(plan: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return [plan["best"], *plan["alternatives"]]


def _longer(designs: Sequence[Mapping[str, Any]], plan: Mapping[str, Any]) -> Iterator[str]:
    """What to ask about a run that may take longer than its term, or than it does at P50."""
    if "service" not in plan["question"]["goal"]:
        most = max((float(design["days_on_chips"]["p90"]) for design in _kinds(designs)), default=math.inf)
        if math.isfinite(most):
            needed = f"one run in ten needs them {most:,.0f} days or more"
            yield f"right to keep the chips beyond the term, and its price: {needed}"


def _work(plan: Mapping[str, Any]) -> str:
    """What the chips are for: a run of so many tokens, or a service of so many requests."""
    goal = plan["question"]["goal"]
    if "service" in goal:
        return f"{goal['service']['model']}, {plan['peak_requests_per_s']:.4g} requests/s at the peak"
    return f"{goal['model']}, {format_quantity(plan['tokens'], 'tokens')}"


def _days_needed(design: Mapping[str, Any], plan: Mapping[str, Any]) -> float:
    """Days that the chips are needed: those of a run, or the period that is served."""
    goal = plan["question"]["goal"]
    return float(goal["period_s"]) / DAY_S if "service" in goal else float(design["days_on_chips"]["p50"])


def _kinds(designs: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """The first of each chip and way of supply that has a seller."""
    first: dict[tuple[str, str], Mapping[str, Any]] = {}
    for design in designs:
        if design["supply"] not in ("own", "existing"):
            first.setdefault((design["chip"], design["supply"]), design)
    return list(first.values())[:DESIGNS]


def _row(design: Mapping[str, Any], plan: Mapping[str, Any]) -> str:
    had = design["availability"]
    term = f"{max(had['minimum_term_days'], _days_needed(design, plan)):,.0f} days"
    start = plan["question"]["goal"]["start"] or "as soon as can be"
    most = float(had.get("lead_time_most_days") or 0.0)
    late = f", up to {most:,.0f}" if most > had["lead_time_days"] else ""
    wait = f"{had['lead_time_days']:,.0f} days{late}" if had["lead_time_days"] else "none stated"
    return f"| {_asked(design)} | {term} | {start} | {wait} | {_walk_away(design, plan)} |"


def _walk_away(design: Mapping[str, Any], plan: Mapping[str, Any]) -> str:
    """Price at which the plan chooses otherwise: of the best design where it loses, of others where they win."""
    best = plan["best"]
    own = design == best
    for flip in plan["flips"]:
        of_best = own and flip["input"] == "price of the chip"
        of_other = not own and flip["input"] == f"price of the chip of {_name(design)}"
        if of_best or of_other:
            return f"${flip['to']:.2f} a chip-hour" + ("" if own else " (it is chosen below)")
    return "nothing within four times changes the choice"


def _worth(plan: Mapping[str, Any], best: Mapping[str, Any]) -> Iterator[str]:
    if not plan["flips"] and best["supply"] == "own":
        yield "- what chips are bought for: no price was tried at which another choice is the cheaper; ask for it"
    elif not plan["flips"]:
        yield "- nothing within four times its value changes the choice"
    for flip in plan["flips"]:
        unit = flip["unit"] if flip["unit"] != "1" else str(flip["written"]).strip()
        change = f"{flip['input']} {flip['from']:.3g} → {flip['to']:.3g} {unit}: {flip['choice']}"
        yield f"- {change}; {_to_know(str(flip['input']), best)}"


def _to_know(what: str, best: Mapping[str, Any]) -> str:
    """How to know an input, and what that costs."""
    if what == "step time":
        hours = float(best["days_on_chips"]["p50"]) * 24.0 * float(best["chips"])
        price = float(best["cost_usd"]["p50"]) / hours if hours else 0.0
        cost = price * MEASURED_CHIPS * MEASURED_HOURS
        return f"measure it: {MEASURED_CHIPS} chips for {MEASURED_HOURS} hours, about ${cost:,.0f}"
    if what == "failure rate":
        return "ask the seller for its log of failures"
    return "a quote, which costs nothing but the days until it comes"


def _name(design: Mapping[str, Any]) -> str:
    there = int(design.get("chips_there") or 0)
    return _named(design, int(design["chips"]), there + _ordered(design))


def _asked(design: Mapping[str, Any]) -> str:
    """What sellers are asked for: without the chips that are there."""
    unit, ordered = int(design["availability"].get("unit_chips") or 1), _ordered(design)
    units = f" ({ordered // unit:,} × {unit:,})" if unit > 1 else ""
    return _named(design, ordered, ordered) + units


def _ordered(design: Mapping[str, Any]) -> int:
    """Chips that are asked for; plans of before units were counted have as many as work."""
    return int(design.get("chips_ordered") or int(design["chips"]) - int(design.get("chips_there") or 0))


def _named(design: Mapping[str, Any], chips: int, held: int) -> str:
    return had_name(chips, held, design["chip"], design["supply"], design["availability"]["tier"])
