"""Checks of what a person gives: every problem is collected, then all are raised together."""

from __future__ import annotations

from collections.abc import Iterable

from tenfold.quantities.errors import InputError, Problem, shown

MOST = 10**8
"""Beyond any count of chips, sequences or replicas that could be meant."""


def count_problems(name: str, value: int, most: int = MOST) -> list[Problem]:
    """Say when a count is below one or beyond anything that could be meant."""
    if 1 <= value <= most:
        return []
    wrong = f"{shown(value)} is too {'small' if value < 1 else 'large'}"
    return [Problem(file="", key=name, wrong=wrong, remedy=f"Give a whole number from 1 to {most:,}")]


def refuse(problems: Iterable[Problem]) -> None:
    """Raise everything that is wrong, together."""
    found = tuple(problems)
    if found:
        raise InputError(found)
