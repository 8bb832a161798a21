"""Impossible goals of every kind, and the changes that an answer names, asked word for word."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from tenfold.planning.plan import Infeasible
from tenfold.quantities import DAY_S, Amount, Place

Asked = TypeVar("Asked")
"""A question with ``goal`` and ``means``."""
OF_WORK = r"(?: for [a-z0-9.-]+(?: \(2\))?)?"
"""Whose field a change of a portfolio moves."""
NO_NUMBER = ("another supply", "rent it", "a site there", "an overlay", "in another country", "that needs none")
"""Ends of changes that no number says: what nobody offers, or may not be there."""


def followed(question: Asked, change: str) -> Asked | None:
    """The question with a change that was named; None where it names no key and no number to write."""
    for pattern, moved in CHANGES:
        if found := re.fullmatch(pattern + OF_WORK, change):
            asked: Asked = moved(question, *found.groups())
            return asked
    return None


def _means(**fields: Callable[[str], Any]) -> Callable[..., Any]:
    """A change of one field of the means, by how its text is read."""
    ((name, read),) = fields.items()

    def moved(question: Any, text: str) -> Any:
        return replace(question, means=replace(question.means, **{name: read(text)}))

    return moved


def _goal(**fields: Callable[[str], Any]) -> Callable[..., Any]:
    """The same of the goal, where a service of it has the field of the service."""
    ((name, read),) = fields.items()

    def moved(question: Any, text: str) -> Any:
        goal = question.goal
        if hasattr(question, "runs") and not hasattr(goal, name):
            return _of_work(question, name, read(text))
        if not hasattr(goal, name):
            goal = replace(goal, service=replace(goal.service, **{name: read(text)}))
        else:
            goal = replace(goal, **{name: read(text)})
        return replace(question, goal=goal)

    return moved


def _of_work(question: Any, name: str, value: Any) -> Any:
    """A portfolio with a field moved of each of its works that has it."""
    services, runs = (
        tuple(replace(each, **{name: value}) if hasattr(each, name) else each for each in works)
        for works in (question.services, question.runs)
    )
    return replace(question, services=services, runs=runs)


def _count(text: str) -> int:
    return int(text.replace(",", ""))


def _amount(unit: str) -> Callable[[str], Any]:
    return lambda text: Amount(unit).read(text.strip("'"), Place())


CHANGES: Sequence[tuple[str, Callable[..., Any]]] = (
    (r"(?:a budget of|budget =) ('?\$[0-9.]+[KMBT]?'?)", _means(budget_usd=_amount("USD"))),
    (r"max_chips = ([0-9]+)", _means(max_chips=_count)),
    (r"chips_exactly = ([0-9]+)", _means(chips_exactly=_count)),
    (r"[0-9,]+ chips or more", lambda question: question),
    (r"power = ('.*')", _means(power_w=_amount("W"))),
    (r"a deadline of ([0-9,]+) days?(?: \(.*\))?", _goal(deadline_s=lambda text: _count(text) * DAY_S)),
    (r"confidence = ([0-9.]+)", _goal(confidence=float)),
    (r"availability = ([0-9.]+)", _goal(availability=float)),
    (r"slo_ttft = ('.*')", _goal(slo_ttft_s=_amount("s"))),
    (r"slo_tpot = ('.*')", _goal(slo_tpot_s=_amount("s"))),
    (r"slo_e2e = ('.*')", _goal(slo_e2e_s=_amount("s"))),
    (r"[a-z-]+ has it from ([0-9-]+)", _goal(start=datetime.date.fromisoformat)),
)


def ways(rejected: Infeasible) -> Iterator[tuple[str, ...]]:
    """Every set of changes that is said to let a rejected design fit: one of the alternatives of each reason."""
    yield from itertools.product(*(change.split(", or ") for change in rejected.changes))


def failing(question: Asked, rejected: Sequence[Infeasible], fits: Callable[[Asked], bool]) -> Iterator[str]:
    """Say which changes that are named do not do, asked as they stand: of the first of each chip that can be had.

    What is named for a chip has to do with that chip alone; what names no change is no claim.
    """
    first = {each.chip: each for each in reversed(rejected) if each.can_be_had}
    for each in first.values():
        means = getattr(question, "means")  # noqa: B009
        alone = replace(question, means=replace(means, chips=(each.chip,))) if "+" not in each.chip else question  # type: ignore[type-var]
        yield from fails(alone, each, fits)


def fails(question: Asked, rejected: Infeasible, fits: Callable[[Asked], bool]) -> Iterator[str]:
    """Say which ways of a rejected design do not do, and which name nothing that can be written."""
    for way in ways(rejected) if all(each.nearest for each in rejected.reasons if each.kind != "memory") else ():
        asked: Asked | None = question
        for change in way:
            asked = None if asked is None else followed(asked, change)
        if asked is None:
            if not any(change.endswith(NO_NUMBER) for change in way):
                yield f"{rejected.name}: nothing to write: {'; '.join(way)}"
        elif not fits(asked):
            yield f"{rejected.name}: does not fit with {'; '.join(way)}"
