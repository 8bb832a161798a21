"""What a field of a record may hold, said once, beside the field: unit, ends, choices, names.

    deadline_s: Annotated[float | None, Amount("s", least=3600)] = None
    "Time from the order of the chips until the run must be done."

A marker reads a raw value (text, number, list) into the value that the record keeps, says what is wrong in words, and
describes itself for JSON schemas, shells and forms. The markers themselves are in ``amounts``, ``words`` and
``several``; ``fields`` finds those of a record, ``documents`` reads whole files with them. A room may bring a marker of
its own: anything with the methods of ``Asks``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar, runtime_checkable

from tenfold.quantities.errors import InputError, Problem

UNREAD: Any = object()
"""Stands where something was said that cannot be read, or not said that must be: it is passed over."""
Raw = TypeVar("Raw")
Kept = TypeVar("Kept")
Progress = Callable[[float], None]
"""Told the share of the work that is done."""


class Names(Protocol):
    """Something that knows names: the catalog, as far as reading needs it."""

    def known(self, folder: str) -> Iterable[str]:
        """Keys of a folder."""
        ...

    def key_of(self, folder: str, name: str) -> str:
        """Key of a thing by key or alias. Raises ``InputError`` with the nearest when unknown."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a raw value stands, and what reading it may look at."""

    file: str = ""
    """As messages name it; empty for options and Python calls."""
    key: str = ""
    folder: Path = field(default_factory=Path)
    """What relative paths are relative to."""
    names: Names | None = None
    """None where names are taken as they stand."""

    def at(self, key: str | int) -> Place:
        """Give the place of a key below this one."""
        below = f"{self.key}.{key}" if self.key else str(key)
        return Place(file=self.file, key=below, folder=self.folder, names=self.names)

    def problem(self, wrong: str, remedy: str = "") -> Problem:
        """Say what is wrong here."""
        return Problem(file=self.file, key=self.key, wrong=wrong, remedy=remedy)

    def refusal(self, wrong: str, remedy: str = "") -> InputError:
        """Make the error that says what is wrong here."""
        return InputError(self.problem(wrong, remedy))


@runtime_checkable
class Asks(Protocol):
    """What a marker offers."""

    def read(self, raw: Any, place: Place) -> Any:  # noqa: ANN401  (any TOML value, any kept value)
        """Turn a raw value into the one kept. Raises ``InputError`` that names the place and the remedy."""
        ...

    def schema(self) -> dict[str, Any]:
        """Describe raw values as JSON Schema."""
        ...

    def words(self) -> tuple[str, ...]:
        """Words that may stand here, for completion; empty where there is no list of them."""
        ...


@dataclass(frozen=True, slots=True)
class Key:
    """The key of a field in files and its option, where it is not the field's name without its unit.

    A key with dots is that of a table within a table: ``memory.bandwidth``.
    """

    name: str


class InNoFile:
    """Marks a field that whoever reads the file sets, such as the key that is the file's own name."""


class Argument:
    """Marks the field that stands bare after the command, as files of data do: the chip of ``prices show CHIP``."""


@dataclass(frozen=True, slots=True)
class Flat:
    """Beside a record in a record: its fields are keys and options among the others, as well as in a table of its own.

    Its own defaults hold, so the field that holds it needs none but its own empty record.
    """


def read_each(read: Callable[[Raw], Kept], raw: Iterable[Raw]) -> tuple[Kept, ...]:
    """Read several values. Raises one ``InputError`` with the problems of all of them."""
    found: list[Kept] = []
    problems: list[Problem] = []
    for each in raw:
        try:
            found.append(read(each))
        except InputError as trouble:
            problems += trouble.problems
    if problems:
        raise InputError(problems)
    return tuple(found)


def placed(trouble: InputError, place: Place) -> InputError:
    """Say of an error that knows no place where it happened; one that names another file keeps it."""
    return InputError(
        problem if problem.file else replace(problem, file=place.file, key=problem.key or place.key)
        for problem in trouble.problems
    )
