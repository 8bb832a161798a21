"""Results in words: numbers with their ranges, names of terms, and the sentence that answers the question."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from tenfold.quantities import DAY_S, NamedFigure, Percentiles, format_quantity, format_share

if TYPE_CHECKING:
    from tenfold.performance.layout import ParallelLayout

BAR_CELLS = 20
_EIGHTHS = " ▏▎▍▌▋▊▉"
_NOT_FINITE: Mapping[str, str] = {"s": "never", "USD": "without limit"}
_LABELS: Mapping[str, str] = {
    "ebitda": "EBITDA",
    "attention": "attention",
    "head": "LM head and loss",
    "matmul": "matrix multiplications",
    "elementwise": "elementwise kernels",
    "launch": "kernel launches",
    "dequantising": "weights brought to 16 bits",
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


def usd(value: float) -> str:
    """Print money."""
    return number(value, "USD")


def seconds(value: float) -> str:
    """Print a time."""
    return number(value, "s")


def days(value: float) -> str:
    """Print a time given in days: "78 days", "5.4 days", "123 days", "2.19 years"."""
    return number(value * DAY_S, "s", 2 if value < 100 else 3)


def share(value: float) -> str:
    """Print a share in percent with one decimal, and one digit below one percent."""
    size = abs(value)
    return format_share(value, 3 if size >= 0.1 else 2 if size >= 0.01 else 1)


def likely(probability: float) -> str:
    """Print a probability; never certainty, which a thousand draws do not give: 0.998 and 1 are "over 99 %"."""
    if probability > 0.99:
        return "over 99 %"
    if probability < 0.01:
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


def layout_text(layout: ParallelLayout) -> str:
    """Say a layout in the field's terms, leaving out degrees of one where the axis says so."""
    from tenfold.performance.layout import AXES

    degrees = ((each.axis, getattr(layout, name)) for name, each in AXES.items() if each.axis.said)
    return " ".join(f"{axis.label}{degree}" for axis, degree in degrees if axis.said == "always" or degree > 1)


def layout_details(layout: ParallelLayout) -> str:
    """Say the rest of a layout: sharding, recompute, micro-batch, schedule."""
    parts = [f"ZeRO-{layout.zero}" if layout.zero else "no ZeRO"]
    parts += ["sequence parallel"] if layout.sequence_parallel and layout.tp > 1 else []
    parts += [f"recompute {layout.recompute}", f"micro-batch {layout.micro_batch}", schedule_words(layout)]
    return ", ".join(parts)


def schedule_words(layout: ParallelLayout) -> str:
    """Name the schedule of a pipeline, if there is one."""
    if layout.pp == 1:
        return "no pipeline"
    name = layout.schedule.replace("1f1b", "1F1B")
    return f"interleaved {name}" if layout.vpp > 1 else name


def figure_value(named: NamedFigure) -> str:
    """Print the value of a figure."""
    return number(named.figure.value, named.figure.unit)


def figure_range(named: NamedFigure) -> str:
    """Print P10–P90 of a figure; empty when no range is recorded."""
    low, high = named.figure.range
    unit = named.figure.unit
    return "" if low == high else between(number(low, unit), number(high, unit))


def printer(unit: str) -> Callable[[float], str]:
    """Choose how values are printed: shares in percent, days as times, anything else with its unit."""
    shows: Mapping[str, Callable[[float], str]] = {"share": share, "days": days}
    return shows.get(unit, lambda value: number(value, unit))


def limit(name: str, side: str, value: float) -> str:
    """Name a limit: "dscr ≥ 1.2"; ``side`` is minimum or maximum."""
    return f"{name} {'≥' if side == 'minimum' else '≤'} {value:g}"


def without_rounding(terms: Mapping[str, float]) -> Mapping[str, float]:
    """Terms with zero for what only rounding leaves, which would show as a sliver or as 1.2 ns of a year."""
    least = 1e-12 * max(map(abs, terms.values()), default=0.0)
    return {name: value if abs(value) > least else 0.0 for name, value in terms.items()}


def term_rows(terms: Mapping[str, float], unit: str) -> list[tuple[str, str, str]]:
    """Name, value and share of the sum of terms that add up; terms of zero are left out, shares have no share."""
    total, show = sum(terms.values()), printer(unit)
    return [
        (label(key), show(value), share(value / total) if total and unit != "share" else "")
        for key, value in without_rounding(terms).items()
        if value != 0
    ]


def few(names: Sequence[str], noun: str) -> str:
    """Name up to two things, count more."""
    unique = list(dict.fromkeys(names))
    return " or ".join(unique) if len(unique) <= 2 else f"{len(unique)} {noun}"


def tie(names: Sequence[str], chances: Mapping[str, float]) -> str:
    """Say what no draw decides: "a tie: own is cheapest in 52 % of draws, reserved-3y in 41 %"."""
    first, *others = names
    return f"a tie: {first} is {often(first, others, chances)}"


def often(best: str, others: Sequence[str], chances: Mapping[str, float]) -> str:
    """Say how often the best is best, and others: "cheapest in 52 % of draws, reserved-3y in 41 %"."""
    behind = "".join(f", {name} in {share(chances[name])}" for name in others)
    return f"cheapest in {share(chances[best])} of draws{behind}"


def next_best(best: str, chances: Mapping[str, float]) -> list[str]:
    """What is best most often beside the best; none where there is nothing else."""
    return sorted((name for name in chances if name != best and chances[name]), key=lambda name: -chances[name])[:1]


def counted(count: int, noun: str) -> str:
    """A count with its noun, such as "1 design" or "1,200 designs"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def bar(value: float, largest: float, cells: int = BAR_CELLS) -> str:
    """Draw a bar in eighths of a cell; a value above zero always shows."""
    if value <= 0 or largest <= 0:
        return ""
    eighths = max(1, round(8 * cells * value / largest))
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
