"""From a check to a finding, and from the findings of a statement to its verdict.

A number within its ends supports a statement; one whose whole range (P10 to P90) is outside contradicts it; where the
range reaches in and the number does not, it depends. A change is judged by its P10, P50 and P90 after and before.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenfold.claims.answer import Finding
from tenfold.claims.asking import Answers
from tenfold.claims.found import Found, WrongPathError, change_of, figure_found, found_at, ratio, recorded, total
from tenfold.claims.ledger import SIGNS, Bounds, ChangeCheck, Check, FigureCheck, RecordCheck, ValueCheck
from tenfold.claims.units import amount, spread
from tenfold.claims.wording import WORDINGS
from tenfold.quantities import UNITS, NamedFigure, TenfoldError

SUPPORTED, CONTRADICTED, DEPENDS, NOT_CHECKABLE = "supported", "contradicted", "depends", "not_checkable"
DIGITS = 4
"""Of the ends that are asked."""
SAME = 1e-9
"""Relative difference below which nothing has moved."""
_RISES, _FALLS, _NOT_UP, _NOT_DOWN, _STAYS = SIGNS
_ALLOWED: Mapping[str, frozenset[int]] = {
    _RISES: frozenset({1}),
    _FALLS: frozenset({-1}),
    _NOT_UP: frozenset({-1, 0}),
    _NOT_DOWN: frozenset({0, 1}),
    _STAYS: frozenset({0}),
}
"""Signs of a difference that are as stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a check looked at."""

    found: Found
    verdict: str
    calculation: str
    asked: str


def finding_of(check: Check, answers: Answers) -> tuple[Finding, tuple[NamedFigure, ...]]:
    """Calculate a check; one whose figures are missing, or that a question refuses, is not checkable and says why.

    Raises ``WrongPathError`` for a path that its answer has no place for.
    """
    try:
        seen = _LOOKS[check.kind](check, answers)
    except WrongPathError:
        raise
    except TenfoldError as trouble:
        return _refused(check, trouble), ()
    value, sources, told = seen.found.value, _sources(seen.found.figures), _printed(seen.found)
    finding = Finding(
        case=check.case,
        calculation=seen.calculation,
        verdict=seen.verdict,
        found=value,
        range=seen.found.range,
        told=told,
        asked=seen.asked,
        reason=f"{told}; asked: {seen.asked}",
        sources=sources,
    )
    return finding, seen.found.figures


def verdict_of(findings: Sequence[Finding]) -> tuple[str, Finding | None]:
    """Verdict of a statement, and the finding that decides: all agree, or it depends on which case holds.

    Checks that could not be calculated count only where none could.
    """
    judged = [each for each in findings if each.verdict != NOT_CHECKABLE]
    if not judged:
        return NOT_CHECKABLE, findings[0] if findings else None
    verdicts = {each.verdict for each in judged}
    if len(verdicts) == 1:
        return judged[0].verdict, judged[0]
    return DEPENDS, next(each for each in judged if each.verdict != SUPPORTED)


def within(found: Found, bounds: Bounds) -> str:
    """Judge a number by its ends."""
    ends = bounds.ends
    if ends.reach(found.number, found.number):
        return SUPPORTED
    return DEPENDS if ends.reach(found.low, found.high) else CONTRADICTED


def moved(before: Found, after: Found, then: str) -> str:
    """Judge a change by the signs of the differences at P10, P50 and P90."""
    pairs = ((before.number, after.number), (before.low, after.low), (before.high, after.high))
    as_stated = [_sign(*pair) in _ALLOWED[then] for pair in pairs]
    if all(as_stated):
        return SUPPORTED
    return DEPENDS if any(as_stated) else CONTRADICTED


def _sign(before: float, after: float) -> int:
    if math.isclose(before, after, rel_tol=SAME, abs_tol=0.0):
        return 0
    return 1 if after > before else -1


def _value(check: ValueCheck, answers: Answers) -> Seen:
    asking = check.asking
    answered = answers.ask(asking.ask, answers.asked(asking), asking.with_figures)
    found = found_at(answered.data, asking.path, answered.figures)
    calculation = f"{asking.ask}: {asking.path}"
    if check.equals:
        verdict = SUPPORTED if found.value == check.equals else CONTRADICTED
        return Seen(found=found, verdict=verdict, calculation=calculation, asked=check.equals)
    if check.over:
        found = ratio(found, found_at(answered.data, check.over, answered.figures))
        calculation += f" over {check.over}"
    return _within(found, check.bounds, calculation)


def _change(check: ChangeCheck, answers: Answers) -> Seen:
    asking = check.asking
    base = answers.ask(asking.ask, answers.asked(asking), asking.with_figures)
    tree = answers.after(asking.ask, answers.asked(asking), check.change)
    moved_to = answers.ask(asking.ask, tree, {**asking.with_figures, **check.change_figures})
    before = found_at(base.data, asking.path, base.figures)
    after = found_at(moved_to.data, asking.path, moved_to.figures)
    changes = {**check.change, **check.change_figures}
    told = ", ".join(f"{name} = {value}" for name, value in changes.items())
    calculation = f"{asking.ask}: {asking.path} after {told}, over before"
    if check.then is None:
        return _within(change_of(before, after), check.bounds, calculation)
    ends = (before.number, before.low, before.high)
    found = change_of(before, after) if all(ends) else after
    return Seen(found=found, verdict=moved(before, after, check.then), calculation=calculation, asked=check.then)


def _figure(check: FigureCheck, answers: Answers) -> Seen:
    names = (check.figure, *check.plus)
    parts, taken = ([figure_found(answers.catalog, name) for name in each] for each in (names, check.less))
    found, calculation = total(parts, taken), " − ".join([" + ".join(names), *check.less])
    if check.over:
        found = ratio(found, figure_found(answers.catalog, check.over))
        calculation += f" over {check.over}"
    return _within(found, check.bounds, calculation)


def _record(check: RecordCheck, answers: Answers) -> Seen:
    catalog = answers.catalog
    key = catalog.key_of(check.folder, check.name)
    record = getattr(catalog, check.folder)[key]
    figures = [
        NamedFigure(name=name, figure=recorded(catalog, name))
        for name in (f"{check.folder}/{key}/{held}" for held in check.holds)
    ]
    wrong = [name for name, text in check.says.items() if str(getattr(record, name, None)) != text]
    asked = ", ".join([*check.holds, *(f"{name} = {text}" for name, text in check.says.items())]) or "is known"
    value = ", ".join(f"{name} = {getattr(record, name, None)}" for name in wrong) or key
    found = Found(value=value, low=0.0, high=0.0, figures=tuple(figures))
    verdict = CONTRADICTED if wrong else SUPPORTED
    return Seen(found=found, verdict=verdict, calculation=f"{check.folder}/{key}", asked=asked)


_LOOKS: Mapping[str, Callable[[Any, Answers], Seen]] = {
    "value": _value,
    "change": _change,
    "figure": _figure,
    "record": _record,
}
"""How each kind of check is calculated."""


def _refused(check: Check, trouble: TenfoldError) -> Finding:
    reason = str(trouble).strip().partition("\n")[0]
    return Finding(
        case=check.case,
        calculation=_told(check),
        verdict=NOT_CHECKABLE,
        found=None,
        range=None,
        told="",
        asked="",
        reason=reason,
        sources=(),
    )


def _within(found: Found, bounds: Bounds, calculation: str) -> Seen:
    """A number against its ends."""
    return Seen(found=found, verdict=within(found, bounds), calculation=calculation, asked=_ends(bounds, found.unit))


def _told(check: Check) -> str:
    if isinstance(check, FigureCheck):
        return check.figure
    if isinstance(check, RecordCheck):
        return f"{check.folder}/{check.name}"
    return f"{check.asking.ask}: {check.asking.path}"


def _ends(bounds: Bounds, unit: str) -> str:
    """Ends in words, in units of figures; before them what the words of the statement grant where that differs."""
    ends, unit = bounds.ends, unit if unit in UNITS else ""
    as_stated = bounds.states is None or bounds.states in (ends.least, ends.most, ends.above, ends.below)
    said = "" if as_stated or bounds.wording is None else f"{_granted(bounds.wording, bounds.states, unit)}: "
    if ends.least is not None and ends.most is not None:
        return f"{said}{amount(ends.least, unit, DIGITS)} to {amount(ends.most, unit, DIGITS)}"
    named = {"at least": ends.least, "above": ends.above, "at most": ends.most, "below": ends.below}
    given = (f"{words} {amount(end, unit, DIGITS)}" for words, end in named.items() if end is not None)
    return said + (", ".join(given) or "any number")


def _granted(words: str, states: float | None, unit: str) -> str:
    told = WORDINGS[words].told if words in WORDINGS else ""
    return f"{told or words} {amount(states or 0.0, unit, DIGITS)}"


def _printed(found: Found) -> str:
    if isinstance(found.value, str):
        return found.value
    if found.range is None:
        return amount(found.value, found.unit)
    return spread(found.value, found.low, found.high, found.unit)


def _sources(figures: Sequence[NamedFigure]) -> tuple[str, ...]:
    return tuple(sorted({each.figure.source for each in figures} - {""}))
