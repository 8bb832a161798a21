"""What every record with figures has: its figures by dotted key, and the error for one that is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from tenfold.catalog.figure_files import FigureIn
from tenfold.quantities import ByName, Field, Figure, InNoFile, MissingFigureError, One, Problem, Table, fields_of

Own = Annotated[str, InNoFile]
"""Key of a record, or its file: known from where it was read."""


class Figured:
    """A record whose figures have dotted keys, as in its file."""

    __slots__ = ()

    key: str
    file: str

    @property
    def figures(self) -> Mapping[str, Figure]:
        """Every figure recorded, by its dotted key."""
        found: dict[str, Figure] = {}
        for field in _with_figures(type(self)):
            found.update(_figures_at(field, getattr(self, field.name)))
        return found

    def figure(self, key: str) -> Figure:
        """Give the figure with a dotted key such as ``memory.bandwidth``.

        Raises ``MissingFigureError`` when it is not recorded.
        """
        figure = self.figures.get(key)
        if figure is None:
            raise missing_figure(self, f"'{key}'", key, tuple(self.figures))
        return figure


def _with_figures(record: type) -> tuple[Field, ...]:
    """Fields that hold a figure, figures by name, or records with figures by name."""
    return tuple(field for field in fields_of(record) if _holds_figures(field.shape))


def _holds_figures(shape: object) -> bool:
    match shape:
        case One(asks):
            return isinstance(asks, FigureIn)
        case ByName(each, _):
            return _holds_figures(each)
        case Table(record):
            return issubclass(record, Figured)
    return False


def _figures_at(field: Field, value: Any) -> Iterator[tuple[str, Figure]]:  # noqa: ANN401  (what the field holds)
    if isinstance(value, Figure):
        yield field.key, value
    elif isinstance(value, Figured):
        yield from ((f"{field.key}.{key}", figure) for key, figure in value.figures.items())
    elif isinstance(value, Mapping):
        for name, each in value.items():
            inner = {name: each} if isinstance(each, Figure) else {f"{name}.{k}": f for k, f in each.figures.items()}
            yield from ((f"{field.key}.{key}", figure) for key, figure in inner.items())


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
