"""What words of a statement ask of a number: one table for all statements, so that no end is chosen for one of them.

A number that is stated plainly, roughly or as so many times is held by what lies within a quarter of it; one that a
document records, by what is rounded to it; what happens sometimes, by one draw in ten, mostly, by every other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

QUARTER = 1.25
"""Factor within which a number is about another; beyond it, one is far above or below."""
ROUNDED = 1.05
"""Factor within which a number is the one that a document gives."""
BETWEEN = "between"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Where a number must be; None: no end there."""

    least: float | None = None
    most: float | None = None
    above: float | None = None
    below: float | None = None

    def reach(self, low: float, high: float) -> bool:
        """Whether any number between two is within."""
        under = (self.most is None or low <= self.most) and (self.below is None or low < self.below)
        over = (self.least is None or high >= self.least) and (self.above is None or high > self.above)
        return under and over

    @property
    def open(self) -> bool:
        """Whether any number at all is within."""
        return self.most is None and self.least is None and self.above is None and self.below is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Ends as factors on the number that the words state, or on what it grows or falls by."""

    least: float | None = None
    most: float | None = None
    above: float | None = None
    below: float | None = None
    of_change: int = 0
    """1 where words state a growth, -1 a fall, 0 the number itself."""
    told: str = ""
    """What they grant, where the words alone would promise more."""


WORDINGS: Mapping[str, Wording] = {
    "about": Wording(least=1.0 / QUARTER, most=QUARTER),
    "exactly": Wording(least=1.0 / ROUNDED, most=ROUNDED, told=f"within {100.0 * (ROUNDED - 1.0):.0f} % of"),
    "up by about": Wording(least=1.0 / QUARTER, most=QUARTER, of_change=1),
    "down by about": Wording(least=1.0 / QUARTER, most=QUARTER, of_change=-1),
    "at least": Wording(least=1.0),
    "at most": Wording(most=1.0),
    "over": Wording(above=1.0),
    "under": Wording(below=1.0),
    "far above": Wording(least=QUARTER),
    "far below": Wording(most=1.0 / QUARTER),
}
"""Of words with a number."""
CHANCES: Mapping[str, Ends] = {
    "nearly always": Ends(least=0.9),
    "mostly": Ends(least=0.5),
    "sometimes": Ends(least=0.1),
    "rarely": Ends(most=0.1),
}
"""Of words without one: shares of draws, or of a whole."""
WORDS = (*WORDINGS, BETWEEN, *CHANCES)


def ends_of(words: str, states: float | None, to: float | None) -> Ends:
    """Ends that words ask for; ``states`` is the number in them, ``to`` the upper one of two.

    Raises nothing: ``states`` and ``to`` are there where the words have them.
    """
    if words in CHANCES:
        return CHANCES[words]
    number = 0.0 if states is None else states
    if words == BETWEEN:
        return Ends(least=number, most=to)
    asked = WORDINGS[words]
    found = (_end(factor, number, asked.of_change) for factor in (asked.least, asked.most, asked.above, asked.below))
    least, most, above, below = found
    if least is not None and most is not None and least > most:
        least, most = most, least
    return Ends(least=least, most=most, above=above, below=below)


def _end(factor: float | None, number: float, of_change: int) -> float | None:
    if factor is None:
        return None
    return 1.0 + of_change * factor * number if of_change else factor * number


def missing(words: str | None, states: float | None, to: float | None) -> str:
    """Say what words lack or have too much; nothing where they fit."""
    if words is None:
        return "" if states is None and to is None else "states a number without wording"
    if (words in CHANCES) == (states is not None):
        return f"'{words}' states {'no' if words in CHANCES else 'a'} number"
    if (words == BETWEEN) != (to is not None):
        return f"'{words}' states {'two numbers' if words == BETWEEN else 'no second number'}"
    return ""
