"""Which inputs move an answer most: each moved by a tenth both ways, against the first numbers of its report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tenfold.interfaces.web.forms import numbers_of
from tenfold.quantities import InputError, TenfoldError, value_at
from tenfold.reports import answer_data, middle, report_of
from tenfold.studies import Asked, keep, preview, record_of

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

STEP = 0.1
CPU_S = 1.4
"""Spent at most; inputs that are left have no weight."""
HEADLINES = 3


def movers(
    name: str, tree: Mapping[str, Any], read: Callable[[Mapping[str, Any]], Asked], catalog: Catalog
) -> list[dict[str, Any]]:
    """Inputs by path with their effect, the relative change of the headline that moves most; the largest first.

    ``read`` reads a tree. Raises ``InputError`` where the question itself cannot be asked.
    """
    began, kept, found = time.process_time(), dict[Any, Any](), list[dict[str, Any]]()
    asked = read(tree)
    first = preview(asked, catalog, kept)
    keep(name, first, kept)
    paths = [card.path for card in report_of(first).cards if card.path][:HEADLINES]
    base = _headlines(first, paths)
    given_first = sorted(numbers_of(record_of(name), tree).items(), key=lambda each: _at(tree, each[0]) is None)
    for path, value in given_first:
        if time.process_time() - began > CPU_S:
            break
        effects = [_effect(base, _headlines(each, paths)) for each in _moved(tree, path, value, read, catalog, kept)]
        if max(effects, default=0.0) > 0.0:
            found.append({"path": path, "effect": max(effects)})
    return sorted(found, key=lambda each: -each["effect"])


def _moved(
    tree: Mapping[str, Any],
    path: str,
    value: float,
    read: Callable[[Mapping[str, Any]], Asked],
    catalog: Catalog,
    kept: dict[Any, Any],
) -> Iterator[object]:
    for factor in (1.0 - STEP, 1.0 + STEP):
        other = value * factor
        try:
            yield preview(read(_with(tree, path, round(other) if value == round(value) > 10 else other)), catalog, kept)
        except TenfoldError:
            continue  # beyond what the field may hold, or no answer there


def _headlines(answer: object, paths: list[str]) -> list[float | None]:
    data = answer_data(answer)
    return [_number(data, path) for path in paths]


def _number(data: Mapping[str, Any], path: str) -> float | None:
    try:
        found = middle(value_at(data, path)[0])
    except InputError:
        return None
    return float(found) if isinstance(found, (int, float)) else None


def _effect(base: list[float | None], other: list[float | None]) -> float:
    pairs = [(a, b) for a, b in zip(base, other, strict=True) if a is not None and b is not None]
    return max((abs(b - a) / max(abs(a), abs(b), 1e-300) for a, b in pairs), default=0.0)


def _at(tree: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401  (any JSON value)
    value: Any = tree
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _with(tree: Mapping[str, Any], path: str, value: float) -> dict[str, Any]:
    step, _, rest = path.partition(".")
    below = tree.get(step)
    inner = _with(below if isinstance(below, Mapping) else {}, rest, value) if rest else value
    return {**tree, step: inner}
