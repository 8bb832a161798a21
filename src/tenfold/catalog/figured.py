"""What every record with figures has: its figures by dotted key, and the error for one that is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from tenfold.quantities import Figure, MissingFigureError, Problem


class Figured:
    """A record whose figures have dotted keys, as in its file."""

    __slots__ = ()
    figure_fields: ClassVar[Mapping[str, str]]
    """Dotted key in the file to the attribute that holds the figure."""

    key: str
    file: str

    @property
    def figures(self) -> Mapping[str, Figure]:
        """Every figure recorded, by its dotted key."""
        found = ((key, getattr(self, name)) for key, name in self.figure_fields.items())
        return {key: figure for key, figure in found if figure is not None}

    def figure(self, key: str) -> Figure:
        """Give the figure with a dotted key such as ``memory.bandwidth``.

        Raises ``MissingFigureError`` when it is not recorded.
        """
        figure = self.figures.get(key)
        if figure is None:
            raise missing_figure(self, f"'{key}'", key, tuple(self.figures))
        return figure


def missing_figure(
    record: Figured, what: str, key: str, known: tuple[str, ...], otherwise: str = ""
) -> MissingFigureError:
    """Say that ``record`` lacks ``what``, which figures are known, and in which file ``key`` belongs."""
    known_text = ", ".join(known) if known else "none"
    place = f"{record.file} or your overlay" if record.file else "your overlay"
    return MissingFigureError(
        Problem(
            file="",
            key="",
            wrong=f"{record.key} has no {what}. Known: {known_text}",
            remedy=f"Add [{key}] with a source to {place}{otherwise}",
        )
    )
