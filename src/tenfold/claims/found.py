"""Numbers and texts with their range, from answers and from the catalog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenfold.catalog import Catalog, unknown_key
from tenfold.claims.units import unit_of_figure, unit_of_path
from tenfold.quantities import Figure, InputError, MissingFigureError, NamedFigure, Problem, shown, value_at


class WrongPathError(InputError):
    """What a check names and nothing has: a path of no place in its answer, or a figure that no thing of the kind has.

    An error of the ledger, not a finding.
    """


LOW, MIDDLE, HIGH = "p10", "p50", "p90"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What stands at a path, or a figure."""

    value: float | str
    low: float
    high: float
    """P10 and P90; the value itself where it has no range, 0 of a text."""
    figures: tuple[NamedFigure, ...] = ()
    unit: str = ""
    """Of figures, or what is counted; empty for a bare number, a ratio, a text."""

    @property
    def number(self) -> float:
        """The value. Raises ``WrongPathError`` for a text."""
        if isinstance(self.value, str):
            wrong = f"{shown(self.value)} is a text"
            raise WrongPathError(Problem(file="", key="path", wrong=wrong, remedy="Name a number, or write equals"))
        return self.value

    @property
    def range(self) -> tuple[float, float] | None:
        """P10 and P90 where they differ."""
        return None if self.low == self.high else (self.low, self.high)


def found_at(data: Mapping[str, Any], path: str, figures: tuple[NamedFigure, ...]) -> Found:
    """Give what stands at a path of an answer: with the range beside it where it is a P50 or holds one.

    Raises ``WrongPathError`` for a path that leads nowhere, or to a table without a P50; ``InputError`` where the
    answer has a place for it and nothing stands there.
    """
    value, holder, _ = _walked(data, path)
    around = value if isinstance(value, Mapping) else holder
    if isinstance(value, Mapping):
        value = value.get(MIDDLE)
    if isinstance(value, bool):
        value = str(value).lower()
    if isinstance(value, str) and value.lstrip("-") == "inf":
        value = float(value)
    if value is None and around is holder:
        raise InputError(Problem(file="", key="path", wrong=f"nothing stands at {shown(path)} here", remedy=""))
    if value is None or isinstance(value, (list, Mapping)):
        remedy = "Name a number, a text, or what has P10, P50 and P90"
        raise WrongPathError(Problem(file="", key="path", wrong=f"{shown(path)} holds no single value", remedy=remedy))
    if isinstance(value, str):
        return Found(value=value, low=0.0, high=0.0, figures=figures)
    spread = isinstance(around, Mapping) and {LOW, HIGH} <= around.keys() and value == around.get(MIDDLE)
    low, high = (float(around[LOW]), float(around[HIGH])) if spread else _beside(data, path, float(value))
    return Found(value=float(value), low=low, high=high, figures=figures, unit=unit_of_path(path))


def _walked(data: Mapping[str, Any], path: str) -> tuple[Any, Any, str]:
    """As ``value_at``; a path that leaves where the answer is empty (none, no entry) is no error of the ledger."""
    try:
        return value_at(data, path)
    except InputError as trouble:
        if _empty_where_it_leaves(data, path):
            raise
        raise WrongPathError(trouble.problems) from None


def _empty_where_it_leaves(data: Mapping[str, Any], path: str) -> bool:
    steps = path.split(".")
    for count in range(len(steps) - 1, 0, -1):
        try:
            value, _, _ = value_at(data, ".".join(steps[:count]))
        except InputError:
            continue
        return value is None or value in ([], {})
    return False


def _beside(data: Mapping[str, Any], path: str, value: float) -> tuple[float, float]:
    """P10 and P90 of a place in a list of P50s, from the same place of the lists beside it."""
    steps = path.split(".")
    if MIDDLE not in steps[:-1]:
        return value, value
    at = steps.index(MIDDLE)
    low, high = (value_at(data, ".".join([*steps[:at], end, *steps[at + 1 :]]))[0] for end in (LOW, HIGH))
    return float(low), float(high)


def figure_found(catalog: Catalog, name: str) -> Found:
    """Give a figure of the catalog.

    Raises ``MissingFigureError`` for one that nobody recorded, ``WrongPathError`` for one that no thing of a kind has.
    """
    figure = recorded(catalog, name)
    low, high = figure.range
    named = NamedFigure(name=name, figure=figure)
    return Found(value=figure.value, low=low, high=high, figures=(named,), unit=unit_of_figure(named))


def recorded(catalog: Catalog, name: str) -> Figure:
    """The same, as a figure."""
    try:
        return catalog.figure_of(name)
    except MissingFigureError:
        folder, _, rest = name.partition("/")
        things: Mapping[str, object] = getattr(catalog, folder, {})
        known = {key for thing in things.values() for key in getattr(thing, "figures", ())}
        figure = rest.partition("/")[2]
        if known and figure not in known:
            raise WrongPathError([unknown_key("figure", folder, figure, sorted(known))]) from None
        raise


def total(parts: Sequence[Found], taken: Sequence[Found] = ()) -> Found:
    """Sum of numbers less what is taken from it, their ranges added end to end."""
    return Found(
        value=sum(each.number for each in parts) - sum(each.number for each in taken),
        low=sum(each.low for each in parts) - sum(each.high for each in taken),
        high=sum(each.high for each in parts) - sum(each.low for each in taken),
        figures=tuple(dict.fromkeys(figure for each in (*parts, *taken) for figure in each.figures)),
        unit=parts[0].unit,
    )


def ratio(above: Found, below: Found) -> Found:
    """One number over another, with the widest range of both. Raises ``InputError`` where the lower may be zero."""
    if min(abs(below.number), abs(below.low), abs(below.high)) == 0.0:
        raise InputError(Problem(file="", key="over", wrong="what it is divided by may be zero", remedy=""))
    ends = [top / bottom for top in (above.low, above.high) for bottom in (below.low, below.high)]
    return Found(
        value=above.number / below.number,
        low=min(ends),
        high=max(ends),
        figures=tuple(dict.fromkeys((*above.figures, *below.figures))),
    )


def change_of(before: Found, after: Found) -> Found:
    """Value after a change over the value before, P10 by P10 and P90 by P90, as both are of the same draws.

    Raises ``InputError`` where the value before is zero somewhere.
    """
    if min(abs(before.number), abs(before.low), abs(before.high)) == 0.0:
        raise InputError(Problem(file="", key="path", wrong="the value before the change is zero", remedy="Say then"))
    middle, *ends = (after.number / before.number, after.low / before.low, after.high / before.high)
    figures = tuple(dict.fromkeys((*before.figures, *after.figures)))
    return Found(value=middle, low=min(middle, *ends), high=max(middle, *ends), figures=figures)
