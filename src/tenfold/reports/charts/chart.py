"""A chart as plain data: an Apache ECharts option, the sentence a screen reader says, and the table behind it.

Options hold no functions and only finite numbers, so they are JSON. Colours are names of the page's style
(``var(--c1)``), which the page's script replaces, so one option serves light, dark and print. Each drawn item
carries ``text`` (tooltip) and may carry ``short`` (label), already printed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenfold.quantities import HOUR_S
from tenfold.reports import wording

Option = dict[str, Any]
PALETTE = tuple(f"var(--c{index})" for index in range(1, 11))
GRID: Mapping[str, Any] = {"left": 8, "right": 24, "top": 8, "bottom": 4, "outerBoundsMode": "same"}
ROW_PX = 34
AXIS_PX = 40
"""Height of the axis below the rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One chart with its table."""

    key: str
    """Identifier on the page."""
    title: str
    summary: str
    """What the chart shows, in one sentence, for those who do not see it."""
    option: Option
    height_px: int
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    colours: tuple[tuple[str, str], ...] = ()
    """Legend: what each colour of the style stands for."""
    note: str = ""
    """How to read it."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How an axis prints a unit: values are divided by ``size`` and put into ``pattern``."""

    size: float
    pattern: str


_SCALES: Mapping[str, tuple[Scale, ...]] = {
    "USD": (Scale(1e9, "${value}B"), Scale(1e6, "${value}M"), Scale(1e3, "${value}K"), Scale(1.0, "${value}")),
    "B": (Scale(1e12, "{value} TB"), Scale(1e9, "{value} GB"), Scale(1e6, "{value} MB"), Scale(1.0, "{value} B")),
    "s": (Scale(1.0, "{value} s"), Scale(1e-3, "{value} ms"), Scale(1e-6, "{value} us")),
    "h": (Scale(1.0, "{value} h"),),
    "days": (Scale(1.0, "{value} d"),),
    "years": (Scale(1.0, "{value} y"),),
    "share": (Scale(0.01, "{value} %"),),
    "1": (Scale(1.0, "{value}"),),
    "USD/h": (Scale(1.0, "${value}"),),
    "FLOP": (Scale(1e27, "{value}e27"), Scale(1e24, "{value}e24"), Scale(1.0, "{value}")),
    "count": (Scale(1e9, "{value}B"), Scale(1e6, "{value}M"), Scale(1e3, "{value}K"), Scale(1.0, "{value}")),
    "W": (Scale(1e9, "{value} GW"), Scale(1e6, "{value} MW"), Scale(1e3, "{value} kW"), Scale(1.0, "{value} W")),
    "tokens/s": (Scale(1e3, "{value}K tokens/s"), Scale(1.0, "{value} tokens/s")),
    "bit/s": (Scale(1e12, "{value} Tbit/s"), Scale(1e9, "{value} Gbit/s"), Scale(1e6, "{value} Mbit/s")),
}
"""Besides units of figures: hours, days, years are times in those units, shares are of one, ``bit/s`` is a link's,
``count`` of many things."""


def scale_for(values: Iterable[float], unit: str) -> Scale:
    """Choose the largest scale of a unit that the largest value reaches."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    return next((scale for scale in _SCALES[unit] if largest >= scale.size), _SCALES[unit][-1])


def printer(unit: str) -> Callable[[float], str]:
    """Choose how the values of a chart are printed; ``unit`` is one that ``scale_for`` knows, or a figure's."""
    shows: Mapping[str, Callable[[float], str]] = {
        "share": wording.share,
        "days": wording.days,
        "h": lambda value: wording.number(value * HOUR_S, "s"),
        "years": lambda value: f"{value:.2g} years",
        "bit/s": lambda value: _in_scale(value, scale_for([value], "bit/s")),
        "count": lambda value: _in_scale(value, scale_for([value], "count")),
    }
    return shows.get(unit, lambda value: wording.number(value, unit))


def _in_scale(value: float, scale: Scale) -> str:
    return scale.pattern.replace("{value}", f"{value / scale.size:.3g}")


def value_axis(scale: Scale, name: str = "") -> Option:
    """Axis of numbers in a scale."""
    named = {"name": name, "nameLocation": "middle", "nameGap": 28} if name else {}
    return {"type": "value", "axisLabel": {"formatter": scale.pattern, "hideOverlap": True}, **named}


def finite(value: float) -> float | None:
    """Give the value, or nothing to draw when it has no end."""
    return value if math.isfinite(value) else None


def category_axis(names: Sequence[str]) -> Option:
    """Axis of names, read from top to bottom."""
    width = min(190, 10 + 7 * max(map(len, names), default=0))
    label = {"width": width, "overflow": "break", "interval": 0, "lineHeight": 13}
    return {"type": "category", "inverse": True, "data": list(names), "axisTick": {"show": False}, "axisLabel": label}


def option(summary: str, **parts: object) -> Option:
    """Put an option together, with what every chart has."""
    described = {"enabled": True, "label": {"description": summary}}
    return {"animation": False, "aria": described, "grid": dict(GRID), "tooltip": {"confine": True}, **parts}
