"""Checks of what a person gives: every problem is collected, then all are raised together."""

from __future__ import annotations

from collections.abc import Iterable

from tenfold.quantities.errors import InputError, Problem


def refuse(problems: Iterable[Problem]) -> None:
    """Raise everything that is wrong, together."""
    found = tuple(problems)
    if found:
        raise InputError(found)
