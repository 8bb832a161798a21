"""Results in words: numbers with their ranges, names of terms, and the sentence that answers the question."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tenfold.quantities import DAY_S, NamedFigure, format_quantity, format_share

if TYPE_CHECKING:
    from tenfold.planning.plan import Design, Driver, Infeasible, LayoutChoice, Plan
    from tenfold.quantities import Percentiles

_NOT_FINITE: Mapping[str, str] = {"s": "never", "USD": "without limit"}
_LABELS: Mapping[str, str] = {
    "ebitda": "EBITDA",
    "attention": "attention",
    "head": "LM head and loss",
    "matmul": "matrix multiplications",
    "elementwise": "elementwise kernels",
    "launch": "kernel launches",
    "tensor_traffic": "tensor-parallel traffic",
    "context_traffic": "context-parallel traffic",
    "expert_traffic": "expert-parallel traffic",
    "pipeline_traffic": "pipeline traffic",
    "data_traffic": "data-parallel traffic",
    "overlap_tax": "slower kernels under traffic",
    "uneven_stages": "uneven pipeline stages",
    "bubble": "pipeline bubble",
    "optimizer": "optimizer",
    "hbm": "HBM",
    "nic": "NIC",
}


def label(key: str) -> str:
    """Name a term for people: ``data_traffic_s`` is "data-parallel traffic"; unknown keys lose their underscores."""
    stem = key.removesuffix("_usd").removesuffix("_s").removesuffix("_bytes")
    return _LABELS.get(stem, stem.replace("_", " "))


def number(value: float, unit: str, digits: int = 3) -> str:
    """Print a value with its unit; an infinite time is "never"."""
    if math.isinf(value):
        return _NOT_FINITE.get(unit, "infinite")
    return format_quantity(value, unit, digits)


def days(value: float) -> str:
    """Print a time given in days: "78 days", "5.4 days", "123 days", "2.19 years"."""
    return number(value * DAY_S, "s", 2 if value < 100 else 3)


def share(value: float) -> str:
    """Print a share in percent with one decimal, and one digit below one percent."""
    size = abs(value)
    return format_share(value, 3 if size >= 0.1 else 2 if size >= 0.01 else 1)


def likely(probability: float) -> str:
    """Print a probability; certainty only when every outcome agrees: 0.998 is "over 99 %"."""
    if 0.99 < probability < 1:
        return "over 99 %"
    if 0 < probability < 0.01:
        return "under 1 %"
    return format_share(probability, 2)


def between(low: str, high: str) -> str:
    """Join two printed ends, naming a shared unit once: "72–87 days", "$118M–$146M", "-25 to -5 %"."""
    if low == high:
        return low
    unit = low[low.index(" ") :] if " " in low else ""
    joint = " to " if high.startswith("-") else "–"
    return f"{low.removesuffix(unit) if unit and high.endswith(unit) else low}{joint}{high}"


def days_between(finish: Percentiles) -> str:
    """P10–P90 of a time in days."""
    return between(days(finish.p10), days(finish.p90))


def number_between(spread: Percentiles, unit: str) -> str:
    """P10–P90 in a unit."""
    return between(number(spread.p10, unit), number(spread.p90, unit))


def share_between(spread: Percentiles) -> str:
    """P10–P90 of a share."""
    return between(share(spread.p10), share(spread.p90))


def layout_text(layout: LayoutChoice) -> str:
    """Say a layout in the field's terms, leaving out degrees of one (TP and PP excepted)."""
    degrees = [("TP", layout.tp, True), ("PP", layout.pp, True), ("VPP", layout.vpp, False), ("CP", layout.cp, False)]
    degrees += [("EP", layout.ep, False), ("DP", layout.dp, True)]
    return " ".join(f"{name}{degree}" for name, degree, always in degrees if always or degree > 1)


def layout_details(layout: LayoutChoice) -> str:
    """Say the rest of a layout: sharding, recompute, micro-batch, schedule."""
    parts = [f"ZeRO-{layout.zero_stage}" if layout.zero_stage else "no ZeRO"]
    parts += ["sequence parallel"] if layout.sequence_parallel else []
    parts += [f"recompute {layout.recompute}", f"micro-batch {layout.micro_batch}", layout.schedule]
    return ", ".join(parts)


def design_name(design: Design | Infeasible) -> str:
    """Name a design by what is bought and where: "16,384 × h100-sxm, on-demand, us-texas"."""
    return f"{design.chips:,} × {design.chip}, {design.supply}, {design.site}"


def figure_value(named: NamedFigure) -> str:
    """Print the value of a figure."""
    return number(named.figure.value, named.figure.unit)


def figure_range(named: NamedFigure) -> str:
    """Print P10–P90 of a figure; empty when no range is recorded."""
    low, high = named.figure.range
    unit = named.figure.unit
    return "" if low == high else between(number(low, unit), number(high, unit))


def driver_effect(driver: Driver) -> tuple[str, str]:
    """Print what finish and cost go from and to as the driver goes from its P10 to its P90."""
    finish = " → ".join(days(value) for value in driver.finish_days)
    cost = " → ".join(number(value, "USD") for value in driver.cost_usd)
    return finish, cost


def question(plan: Plan) -> str:
    """Say what was asked: "Train llama-3.1-405b on 15.6T tokens"."""
    return f"Train {plan.goal.model} on {number(plan.goal.tokens, 'tokens')}"


def verdict(plan: Plan) -> str:
    """Answer in one sentence: the design, when it is done, what it costs, how likely; or what comes nearest."""
    if plan.best is None:
        return _nearest(plan)
    best = plan.best
    finish = f"done in {days(best.finish_days.p50)} (P10–P90 {days_between(best.finish_days)})"
    cost = f"{number(best.cost_usd.p50, 'USD')} ({number_between(best.cost_usd, 'USD')})"
    chances = [f"{likely(best.probability_in_time)} likely in time"] if plan.goal.deadline_s is not None else []
    if plan.means.budget_usd is not None:
        chances.append(f"{likely(best.probability_in_budget)} likely within budget")
    tail = f"; {', '.join(chances)}" if chances else ""
    return f"{question(plan)}: {design_name(best)}: {finish}, {cost}{tail}"


def _nearest(plan: Plan) -> str:
    if not plan.infeasible:
        return "No design meets the goal; the chips, supply and sites given form no design at all"
    nearest = min(plan.infeasible, key=lambda rejected: len(rejected.reasons))
    short = "; ".join(reason.short for reason in nearest.reasons)
    changes = "; ".join(dict.fromkeys(reason.nearest for reason in nearest.reasons if reason.nearest))
    tail = f". Would fit with: {changes}" if changes else ""
    return f"No design meets the goal; nearest: {design_name(nearest)}: {short}{tail}"


def footprint_pairs(design: Design) -> list[tuple[str, str]]:
    """List power, energy, water and carbon of a design, in the units of figures."""
    return [
        ("Facility power", number(design.power_mw * 1e6, "W")),
        ("Energy", number(design.energy_mwh * 3.6e9, "J")),
        ("Water", number(design.water_m3 * 1e3, "L")),
        ("Carbon", number(design.carbon_t * 1e3, "kg")),
    ]


def request(plan: Plan) -> list[tuple[str, str]]:
    """List the goal and the means as they were understood."""
    goal, means = plan.goal, plan.means
    deadline = "none" if goal.deadline_s is None else days(goal.deadline_s / DAY_S)
    return [
        ("Model", goal.model),
        ("Tokens", number(goal.tokens, "tokens")),
        ("Sequence length", number(goal.sequence_length, "tokens")),
        ("Global batch", f"{goal.global_batch:,} sequences"),
        ("Precision", goal.precision),
        ("Deadline", deadline),
        ("Budget", "none" if means.budget_usd is None else number(means.budget_usd, "USD")),
        ("Power limit", "none" if means.power_w is None else number(means.power_w, "W")),
        ("Objective", f"{goal.objective}, at least {share(goal.confidence)} likely"),
        ("Chips", ", ".join(means.chips) or "every chip that can train"),
        ("At most", f"{means.max_chips:,} chips"),
        ("Supply", ", ".join(means.supply)),
        ("Sites", ", ".join(means.sites) or "every site"),
    ]


def limit(name: str, side: str, value: float) -> str:
    """Name a limit: "dscr ≥ 1.2"; ``side`` is minimum or maximum."""
    return f"{name} {'≥' if side == 'minimum' else '≤'} {value:g}"


def term_rows(terms: Mapping[str, float], unit: str) -> list[tuple[str, str, str]]:
    """Name, value and share of the sum of terms that add up; terms of zero are left out, shares have no share."""
    total = sum(terms.values())
    return [
        (
            label(key),
            share(value) if unit == "share" else number(value, unit),
            share(value / total) if total and unit != "share" else "",
        )
        for key, value in terms.items()
        if value != 0
    ]


def few(names: Sequence[str], noun: str) -> str:
    """Name up to two things, count more."""
    unique = list(dict.fromkeys(names))
    return " or ".join(unique) if len(unique) <= 2 else f"{len(unique)} {noun}"


def counted(count: int, noun: str) -> str:
    """A count with its noun, such as "1 design" or "1,200 designs"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
