"""Figures with their names: what an answer rests on, and what of it is assumed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tenfold.quantities.figure import Figure

QUESTION = "question/"
"""How the name of a figure begins that the question states; the rest is its path in the question's JSON."""
SHOWN_FIRST = ("assumption", "estimate")
"""Kinds of figures that a reader has to see before the answer, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFigure:
    """A figure under an answer, with its place in the catalog, such as ``chips/h100-sxm/peak.bf16``."""

    name: str
    figure: Figure

    @property
    def stated(self) -> bool:
        """Whether the question states it, and not the catalog."""
        return self.name.startswith(QUESTION)


def stated_at(path: str, figure: Figure) -> NamedFigure:
    """Name a figure that the question states at a path in its JSON."""
    return NamedFigure(name=f"{QUESTION}{path}", figure=figure)


def assumptions_of(figures: Iterable[NamedFigure]) -> tuple[NamedFigure, ...]:
    """Keep what is assumed or estimated, assumptions first."""
    shown = [named for named in figures if named.figure.kind in SHOWN_FIRST]
    return tuple(sorted(shown, key=lambda named: SHOWN_FIRST.index(named.figure.kind)))
