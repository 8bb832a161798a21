"""A plan as plain data, read back from the JSON that ``tenfold plan --json`` printed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tenfold.quantities import InputError, Problem, shown

LARGEST_FILE_BYTES = 64_000_000
PARTS = ("goal", "best", "alternatives", "infeasible", "catalog_version", "seed")
"""Keys every plan has."""


def read_plan(path: Path) -> dict[str, Any]:
    """Read a plan. Raises ``InputError`` for a file that is missing, too large, no JSON, or no plan."""

    def refuse(wrong: str) -> InputError:
        remedy = "Write one with: tenfold plan GOAL.toml --json > plan.json"
        return InputError(Problem(file=str(path), key="", wrong=wrong, remedy=remedy))

    if not path.is_file():
        raise refuse("no such file")
    if path.stat().st_size > LARGEST_FILE_BYTES:
        raise refuse("is too large for a plan")
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as trouble:
        raise refuse(f"is no JSON ({shown(str(trouble))[1:-1]})") from None
    if not isinstance(found, dict) or any(part not in found for part in PARTS):
        raise refuse("is no plan")
    return found


def steps_of(path: str) -> list[str]:
    """Split a dotted path; ``alternatives[0].cost_usd`` and ``alternatives.0.cost_usd`` are one."""
    return [step for step in path.replace("[", ".").replace("]", "").split(".") if step]


def value_at(plan: Mapping[str, Any], path: str) -> tuple[Any, Any, str]:
    """Give the value at a path, the table it stands in, and its own name there.

    The longest name that a table holds counts, so names with dots in them can be typed. Raises ``InputError``
    naming what there is at the place where the path leaves the plan.
    """
    holder, value, name, left = None, plan, "", steps_of(path)
    walked: list[str] = []
    while left:
        known = _inside(value)
        taken = next((count for count in range(len(left), 0, -1) if ".".join(left[:count]) in known), 0)
        if not taken:
            raise InputError(_lost(path, walked, left[0], known))
        name = ".".join(left[:taken])
        holder, value = value, known[name]
        walked.append(name)
        left = left[taken:]
    return value, holder, name


def _inside(value: object) -> Mapping[str, Any]:
    if isinstance(value, list):
        return {str(place): entry for place, entry in enumerate(value)}
    return value if isinstance(value, dict) else {}


def _lost(path: str, walked: list[str], step: str, known: Mapping[str, Any]) -> Problem:
    import difflib

    place = ".".join(walked) or "the plan"
    close = difflib.get_close_matches(step, known, n=1)
    if close:
        corrected = ".".join([*walked, close[0]])
        return Problem(file="", key="", wrong=f"no {shown(step)} in {place}: did you mean '{corrected}'?", remedy="")
    listed = ", ".join(list(known)[:12]) or "nothing; it is a single value"
    return Problem(file="", key="", wrong=f"no {shown(step)} in {place}", remedy=f"It holds {listed}")


def leaves_of(value: object, place: str = "") -> Iterator[tuple[str, object]]:
    """Every single value of plain data with its path."""
    if not isinstance(value, (dict, list)):
        yield place, value
    for name, entry in _inside(value).items():
        yield from leaves_of(entry, f"{place}.{name}".lstrip("."))
