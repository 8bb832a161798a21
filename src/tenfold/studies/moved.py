"""What moved between two answers to the same kind of question: what was asked, the figures under it, its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenfold.quantities import InputError, Problem, leaves_of

ROUNDING = 1e-12
"""Relative difference that is rounding."""
ASIDE = ("question", "made", "figures", "assumptions", "schema_version", "question_name", "stated")
"""Parts of an answer that are not its numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A value that differs: by its path, or by the name of a figure."""

    name: str
    before: Any
    """None where it was not there."""
    after: Any

    @property
    def difference(self) -> float | None:
        """After − before, for numbers."""
        both = (self.before, self.after)
        return self.after - self.before if all(_is_number(each) for each in both) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Everything that differs between two answers."""

    question_name: str
    made: tuple[Change, ...]
    """Versions, overlays, seed."""
    inputs: tuple[Change, ...]
    """What was asked, by its path in the question."""
    figures: tuple[Change, ...]
    """Figures of the catalog and what was stated, by name; value, low and high apart."""
    numbers: tuple[Change, ...]
    """Numbers of the answer by path, the largest relative change first."""
    words: tuple[Change, ...]
    """Texts of the answer by path."""


def moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> Moved:
    """Compare two answers, as plain data. Raises ``InputError`` where they answer different questions."""
    names = (before["question_name"], after["question_name"])
    if names[0] != names[1]:
        wrong = f"one answers {names[0]}, the other {names[1]}"
        raise InputError(Problem(file="", key="", wrong=wrong, remedy="Give two answers to one question"))
    values = [{key: value for key, value in each.items() if key not in ASIDE} for each in (before, after)]
    changes = _changes(*(dict(leaves_of(each)) for each in values))
    numbers = [change for change in changes if change.difference is not None]
    return Moved(
        question_name=names[0],
        made=_changes(*(dict(leaves_of(each["made"])) for each in (before, after))),
        inputs=_changes(*(dict(leaves_of(each["question"])) for each in (before, after))),
        figures=_changes(*(_figure_values(each) for each in (before, after))),
        numbers=tuple(sorted(numbers, key=lambda change: -_relative(change))),
        words=tuple(change for change in changes if change.difference is None),
    )


def _figure_values(answer: Mapping[str, Any]) -> dict[str, Any]:
    named: Sequence[Mapping[str, Any]] = [*answer["figures"], *answer.get("stated", ())]
    return {
        named_figure["name"] + ("" if part == "value" else f" ({part})"): named_figure["figure"][part]
        for named_figure in named
        for part in ("value", "low", "high")
    }


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    paths: Iterable[str] = dict.fromkeys((*before, *after))
    found = (Change(name=path, before=before.get(path), after=after.get(path)) for path in paths)
    return tuple(change for change in found if _differs(change))


def _differs(change: Change) -> bool:
    difference = change.difference
    if difference is None:
        return bool(change.before != change.after)
    return bool(abs(difference) > ROUNDING * max(abs(change.before), abs(change.after)))


def _relative(change: Change) -> float:
    return float(abs(change.difference or 0.0) / max(abs(change.before), abs(change.after), 1e-300))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
