"""Choices that the draws do not decide."""

from __future__ import annotations

from collections.abc import Mapping

ODDS = 1.5
"""Times as often as any other that the best has to be best, to be a choice."""


def tied(chances: Mapping[str, float]) -> tuple[str, ...]:
    """What is best in about as many draws as what is best most often, the most often first; empty where that decides.

    ``chances`` are the shares of draws in which each is best.
    """
    order = sorted(chances, key=lambda name: -chances[name])
    level = [name for name in order if chances[name] * ODDS > chances[order[0]]]
    return tuple(level) if len(level) > 1 else ()
