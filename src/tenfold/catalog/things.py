"""The things of a folder by key: a file is read against its record when the thing is first asked for."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, ValuesView
from typing import TypeVar

from tenfold.quantities import CatalogError, Problem

Thing = TypeVar("Thing")
Build = Callable[[str, list[Problem]], Thing | None]
"""Makes the thing of a key, or adds what is wrong with its file."""


class Things(Mapping[str, Thing]):
    """A mapping that reads late. One thing raises the problems of its file, ``check`` those of all files together."""

    def __init__(self, keys: Iterable[str], build: Build[Thing]) -> None:
        self._made: dict[str, Thing | None] = dict.fromkeys(keys)
        self._build = build

    def __len__(self) -> int:
        return len(self._made)

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __getitem__(self, key: str) -> Thing:
        found = self._made[key]
        if found is None:
            problems: list[Problem] = []
            found = self._made[key] = self._build(key, problems)
            if problems or found is None:
                raise CatalogError(problems)
        return found

    def __contains__(self, key: object) -> bool:
        return key in self._made

    def check(self) -> None:
        """Read everything. Raises one ``CatalogError`` with every problem of every file."""
        problems: list[Problem] = []
        for key, found in self._made.items():
            if found is None:
                self._made[key] = self._build(key, problems)
        if problems:
            raise CatalogError(problems)

    def values(self) -> ValuesView[Thing]:
        """Everything, read; every problem at once."""
        self.check()
        return super().values()

    def items(self) -> ItemsView[str, Thing]:
        """Everything with its key, read; every problem at once."""
        self.check()
        return super().items()

    def __reduce__(self) -> tuple[type[dict[str, Thing]], tuple[dict[str, Thing]]]:
        """Another process gets what was read."""
        return dict, (dict(self.items()),)
