"""What cannot be in the scenarios of a procurement question; it passes over what could not be read."""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.planning.procurement.question import EffectTable
from tenfold.planning.procurement.scenarios import BASE, NEGLIGIBLE
from tenfold.planning.procurement.seen import Seen, problem
from tenfold.quantities import InputError, OneOf, Place, Problem, known, rows_in, shown


def scenario_problems(seen: Seen) -> Iterator[Problem]:
    """Give every problem, its key from the top of the file."""
    scenarios = [table for _, table in rows_in("", seen.question.scenarios)]
    total = sum(table.probability for table in scenarios if known(table.probability))
    if total > 1.0 + NEGLIGIBLE:
        remedy = "Write probabilities that sum to at most 1"
        yield problem("scenarios", f"probabilities sum to {total:.4g}", remedy)
    names = [BASE, *(table.name for table in scenarios if known(table.name))]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            remedy = f"Name each once; '{BASE}' is what is left over"
            yield problem("scenarios", f"{shown(name)} is there twice", remedy)
    for key, table in rows_in("scenarios", seen.question.scenarios):
        for place, effect in rows_in(f"{key}.effects", table.effects):
            yield from _of_effect(place, effect, seen)


def _of_effect(key: str, table: EffectTable, seen: Seen) -> Iterator[Problem]:
    for what, names in seen.names.items():
        if names and known(getattr(table, what)):
            yield from _not_among(f"{key}.{what}", getattr(table, what), names)
    yield from _of_kind(key, table)
    if table.licensed_chips is True and seen.question.export is None:
        yield problem(f"{key}.licensed_chips", "no export rule is given", "Add [export] with a rule")
    yield from seen.outside(key, {"since": table.since})
    calendar = seen.calendar
    if calendar is None or not known(table.since, table.until):
        return
    if calendar.end(table.until) <= calendar.first(table.since):
        yield problem(f"{key}.until", f"'{table.until}' is not after the start", "Write a later quarter")


def _of_kind(key: str, table: EffectTable) -> Iterator[Problem]:
    """Refuse what an effect of this kind cannot have, or lacks."""
    if table.kind == "interruption" and table.until is None:
        remedy = "Add the first quarter after the interruption, such as '2028Q1'"
        yield problem(f"{key}.until", "is missing", remedy)
    if table.kind == "ban" and table.until is not None:
        yield problem(f"{key}.until", "a ban does not end", "Leave it out, or write kind = 'interruption'")
    if table.kind == "delay" and table.quarters == 0:
        yield problem(f"{key}.quarters", "is missing", "Add by how many quarters deliveries are late")


def _not_among(key: str, named: tuple[str, ...], names: tuple[str, ...]) -> Iterator[Problem]:
    """Something in the question has each of the names."""
    for name in named:
        try:
            OneOf(names, "name").read(name, Place(key=key))
        except InputError as trouble:
            yield from trouble.problems
