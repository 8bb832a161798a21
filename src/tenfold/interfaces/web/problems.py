"""What is wrong, as a problem of RFC 9457: a list of places, each with value, what is wrong and a remedy."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tenfold.quantities import InputError, MissingFigureError, Problem

MEDIA_TYPE = "application/problem+json"
LONGEST_VALUE = 200
"""Characters of a value that are given back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of problem: the last part of its type, its status and its title."""

    name: str
    status: int
    title: str


INPUT = Kind(name="input", status=422, title="The question cannot be asked so")
MISSING_FIGURE = Kind(name="missing-figure", status=422, title="A figure is needed that nobody has recorded")
TOO_MUCH_WORK = Kind(name="too-much-work", status=422, title="This takes longer than a page may wait")
MALFORMED = Kind(name="malformed", status=400, title="The request is no JSON object")
FORBIDDEN = Kind(name="forbidden", status=403, title="Not from here")
NOT_FOUND = Kind(name="not-found", status=404, title="There is nothing here")
WRONG_METHOD = Kind(name="method", status=405, title="Not in this way")
TOO_LARGE = Kind(name="too-large", status=413, title="The request is too large")
BUSY = Kind(name="busy", status=429, title="Too many questions wait")
FAULT = Kind(name="fault", status=500, title="A fault of Tenfold")


def problem_data(
    kind: Kind, detail: str, problems: Iterable[Problem] = (), asked: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Put a problem together; ``asked`` is what the values at the keys are looked up in."""
    listed = [
        {"file": each.file, "key": each.key, "value": _value_at(asked or {}, each.key), "wrong": each.wrong,
         "remedy": each.remedy}
        for each in problems
    ]  # fmt: skip
    head = {"type": f"/problems/{kind.name}", "title": kind.title, "status": kind.status, "detail": detail}
    return {**head, "problems": listed}


def problem_of(trouble: InputError, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Say what is wrong with what was asked."""
    kind = MISSING_FIGURE if isinstance(trouble, MissingFigureError) else INPUT
    problems = tuple(dict.fromkeys(trouble.problems))
    return problem_data(kind, str(problems[0]) if problems else kind.title, problems, asked)


def problem_text(problem: Mapping[str, Any]) -> bytes:
    """Print a problem; letters that are no letters on their own are escaped."""
    return json.dumps(problem, ensure_ascii=True, allow_nan=False).encode()


def _value_at(asked: Mapping[str, Any], key: str) -> Any:  # noqa: ANN401  (any JSON value)
    value: Any = asked
    for step in key.split(".") if key else [""]:
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    if isinstance(value, str):
        return value[:LONGEST_VALUE]
    return value if isinstance(value, (bool, int, float)) and abs(value) < 1e300 else None
