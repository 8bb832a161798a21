"""Chips that are held for a tenant from one time to another: whoever might still run then has to leave room for it.

A reservation is of chips, not of places. A job of another tenant starts only if, at every instant that it is expected
to reach, who is expected to run then, the job itself and what is reserved for others are no more than the fleet. A job
of the tenant, while its reservation lasts, comes before all that nothing is reserved for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tenfold.fleet.traces.columns import named, numbers, times_s, words
from tenfold.fleet.traces.formats import CHIPS, TENANT
from tenfold.fleet.traces.table import read_table
from tenfold.quantities import InputError, Problem, shown

FROM, UNTIL = ("from_s", "from", "start_s"), ("until_s", "until", "end_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """Chips of a tenant, from one time on the clock of the trace until another."""

    tenant: int
    """Place among the tenants of the trace."""
    chips: int
    from_s: float
    until_s: float

    def lasts(self, now_s: float) -> bool:
        """Whether it holds at an instant."""
        return self.from_s <= now_s < self.until_s


Held = tuple[int, int, float]
"""Tenant, chips, and expected end of a job that runs."""


def leaves_room(
    reservations: Sequence[Reservation],
    running: Iterable[Held],
    chips: int,
    *,
    tenant: int,
    asks: int,
    now_s: float,
    ends_s: float,
) -> bool:
    """Whether a job of ``asks`` chips that is expected to end at ``ends_s`` leaves what is reserved for others.

    Looked at where a reservation begins, and now: in between, nobody is expected to come. A tenant's own running jobs
    count as part of its reservation, up to its chips.
    """
    others = [each for each in reservations if each.tenant != tenant and each.until_s > now_s and each.from_s < ends_s]
    held = list(running) if others else []
    for at_s in {max(each.from_s, now_s) for each in others}:
        reserved = {each.tenant: each.chips for each in others if each.from_s <= at_s < each.until_s}
        there: dict[int, int] = dict.fromkeys(reserved, 0)
        beside = 0
        for whose, many, end_s in held:
            if end_s <= at_s and at_s > now_s:
                continue
            if whose in there:
                there[whose] += many
            else:
                beside += many
        needed = sum(max(reserved[whose], there[whose]) for whose in reserved)
        if beside + asks + needed > chips:
            return False
    return True


def read_reservations(path: Path, tenants: Sequence[str]) -> tuple[Reservation, ...]:
    """Read rows of tenant, chips, from and until. Raises ``InputError`` for what means nothing, and unknown tenants."""
    table = read_table(path)
    columns = [named(table, *names) for names in (TENANT, ("reserved", *CHIPS), FROM, UNTIL)]
    if None in columns:
        wrong = f"has the columns {shown(', '.join(table.columns))}"
        raise InputError(
            Problem(file=str(path), key="", wrong=wrong, remedy="Name them tenant, chips, from_s, until_s")
        )
    whose, many, begins, ends = (table.columns[name or ""] for name in columns)
    places = {name: place for place, name in enumerate(tenants)}
    found, problems = [], list(table.ragged)
    rows = zip(table.line.tolist(), words(whose), numbers(many), times_s(begins), times_s(ends), strict=True)
    for line, name, chips, from_s, until_s in rows:
        wrong = ""
        if name not in places:
            wrong = f"names {shown(name)}, which has no job in the trace"
        elif not (chips >= 1 and chips % 1 == 0):
            wrong = "has no whole number of chips"
        elif not from_s < until_s:
            wrong = "ends before it begins"
        if wrong:
            problems.append(Problem(file=str(path), key=f"line {line}", wrong=wrong, remedy="Mend the row"))
        else:
            found.append(
                Reservation(tenant=places[name], chips=int(chips), from_s=float(from_s), until_s=float(until_s))
            )
    if problems:
        raise InputError(problems)
    return tuple(found)
