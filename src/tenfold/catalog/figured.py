"""What every record with figures has: its figures by dotted key, and the error for one that is missing."""

from __future__ import annotations

import functools
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
        for field in _with_figures(self):
            found.update(_figures_at(field, getattr(self, field.name)))
        return found

    def figure(self, key: str) -> Figure:
        """Give the figure with a dotted key such as ``memory.bandwidth``.

        Raises ``MissingFigureError`` when it is not recorded.
        """
        figure = _figure_at(self, key)
        if figure is None:
            raise missing_figure(self, f"'{key}'", key, tuple(self.figures))
        return figure


def _with_figures(record: Figured) -> tuple[Field, ...]:
    """Fields that hold a figure, figures by name, or records with figures by name."""
    kind: type = type(record)
    return _of_kind(kind)


@functools.cache
def _of_kind(record: type) -> tuple[Field, ...]:
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


def _figure_at(record: Figured, key: str) -> Figure | None:
    """The figure that ``record.figures`` has under a key, without gathering the others."""
    for field in _with_figures(record):
        if key == field.key or key.startswith(f"{field.key}."):
            found = _figure_in(getattr(record, field.name), key[len(field.key) + 1 :])
            if found is not None:
                return found
    return None


def _figure_in(value: object, key: str) -> Figure | None:
    """The figure under what is left of a key; nothing is left where it is ``value`` itself."""
    if isinstance(value, Figured):
        return _figure_at(value, key)
    if isinstance(value, Mapping):
        exact = value.get(key)
        if isinstance(exact, Figure):
            return exact
        names = (name for name in value if key.startswith(f"{name}."))
        return next((found for name in names if (found := _figure_in(value[name], key[len(name) + 1 :]))), None)
    return value if isinstance(value, Figure) and not key else None


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
