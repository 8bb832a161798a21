"""Reading the values of a contagion file one by one, collecting what is wrong with each."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from tenfold.catalog.names import NameIndex
from tenfold.quantities import (
    Distribution,
    Fixed,
    InputError,
    Problem,
    Triangular,
    Uniform,
    parse_date,
    parse_quantity,
    shown,
)

Value = TypeVar("Value")
Tree = Mapping[str, Any]
MOST_USD = 1e15


@dataclass(slots=True)
class ContagionReader:
    """Reads values one by one and collects what is wrong."""

    file: str
    tree: Tree
    index: NameIndex
    problems: list[Problem]

    def known_wrong(self, key: str) -> bool:
        """Tell whether something is known to be wrong at a key or below it."""
        return any(problem.key == key or problem.key.startswith(f"{key}.") for problem in self.problems)

    def say(self, key: str, wrong: str, remedy: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(file=self.file, key=key, wrong=wrong, remedy=remedy))

    def read(self, key: str, raw: object, parse: Callable[[Any], Value]) -> Value | None:
        """Parse a value; None when it is absent or wrong."""
        if raw is None or self.known_wrong(key):
            return None
        try:
            return parse(raw)
        except InputError as trouble:
            self.problems += [replace(found, file=self.file, key=key) for found in trouble.problems]
        return None

    def dollars(self, key: str, raw: object) -> float | None:
        """Read an amount."""

        def parse(value: Any) -> float:  # noqa: ANN401  (any TOML value)
            amount = parse_quantity(value, "USD")
            if amount > MOST_USD:
                wrong, remedy = f"{shown(value)} is too large", "Write dollars such as '$6.3B'"
                raise InputError(Problem(file="", key="", wrong=wrong, remedy=remedy))
            return amount

        return self.read(key, raw, parse)

    def share(self, key: str, raw: object, most: float = 1.0) -> float | None:
        """Read a share of at most ``most``."""

        def parse(value: Any) -> float:  # noqa: ANN401
            found = parse_quantity(value, "1")
            if found > most:
                wrong, remedy = f"{shown(value)} is above {most:.0%}", "Write a share such as '40 %'"
                raise InputError(Problem(file="", key="", wrong=wrong, remedy=remedy))
            return found

        return self.read(key, raw, parse)

    def distribution(self, key: str, raw: object) -> Distribution | None:
        """A share, or a range of shares: uniform, or triangular where it has a mode."""
        if not isinstance(raw, dict):
            value = self.share(key, raw)
            return None if value is None else Fixed(value)
        ends = [self.share(f"{key}.{name}", raw.get(name)) for name in ("low", "mode", "high") if name in raw]
        given = [end for end in ends if end is not None]
        if len(given) < len(ends) or self.known_wrong(key):
            return None
        return self.read(key, given, lambda found: Uniform(*found) if len(found) == 2 else Triangular(*found))

    def date(self, key: str, raw: object, *, end: bool = False) -> datetime.date | None:
        """Read a date; of a month or year the first day, or the last with ``end``."""
        return self.read(key, raw, lambda value: parse_date(value, end=end))

    def player(self, key: str, raw: object) -> str | None:
        """Key of the player with this name; None, with the nearest name told, when nobody has it."""
        if not isinstance(raw, str) or self.known_wrong(key):
            return None
        try:
            return self.index.key(raw)
        except InputError:
            self.problems.append(self.index.unknown(raw, file=self.file, key=key))
        return None

    def tables(self, name: str) -> Iterator[tuple[str, Tree]]:
        """Tables of a list with their dotted keys."""
        found = self.tree.get(name, [])
        for number, table in enumerate(found if isinstance(found, list) else []):
            if isinstance(table, dict):
                yield f"{name}.{number}", table
