"""Folders of files as things by key: read at first use, their names indexed, their problems one error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from tenfold.catalog import reading
from tenfold.catalog.names import NameIndex, normal
from tenfold.catalog.reading import FOLDERS, Entry, Layer
from tenfold.catalog.things import Things
from tenfold.quantities import CatalogError, Figure, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenfold.catalog.records import Source

Found = TypeVar("Found")
Thing = TypeVar("Thing")

_READERS: Mapping[str, Callable[[Sequence[Layer], str, list[Problem]], Mapping[str, Entry]]] = {
    "sources": reading.read_tables,
    "assumptions": reading.read_figures,
}
UNNAMED = ("sources", "assumptions", "calibrations")
"""Folders whose things have no names beside their keys."""


class Folders:
    """The folders of some layers; those that no overlay touches are ``below``'s, the folders of the first layer."""

    def __init__(self, layers: Sequence[Layer], below: Folders | None = None) -> None:
        self.layers = tuple(layers)
        self._below = below
        self._things: dict[str, Things[Any]] = {}
        self._indexes: dict[str, NameIndex] = {}
        self._entries: dict[str, Mapping[str, Entry]] = {}

    @cached_property
    def version(self) -> str:
        """Hash of the content of all files, 12 hexadecimal digits."""
        if self._below is None:
            return reading.content_hash(self.layers)
        return reading.content_hash_over(self.layers[0], self.layers[1:])

    @cached_property
    def touched(self) -> tuple[str, ...]:
        """Folders that an overlay holds files for."""
        return tuple(folder for folder in FOLDERS if any(layer.holds(folder) for layer in self.layers[1:]))

    @property
    def sources(self) -> Mapping[str, Source]:
        """Where figures are from, by key."""
        return self.things("sources")

    @property
    def assumptions(self) -> Mapping[str, Figure]:
        """Inputs that no file of the user gives, by dotted key."""
        return self.things("assumptions")

    def _shared(self, folder: str) -> Folders | None:
        """Who has read a folder already, or will for others."""
        return None if folder in self.touched else self._below

    def things(self, folder: str) -> Things[Any]:
        """Give the things of a folder by key. Raises ``CatalogError`` where its files cannot be told apart."""
        if folder not in self._things:
            shared = self._shared(folder)
            self._things[folder] = self._read(folder) if shared is None else shared.things(folder)
        return self._things[folder]

    def _read(self, folder: str) -> Things[Any]:
        entries = self.entries(folder)
        if folder not in UNNAMED and len(self.layers) > 1:
            self._indexes[folder] = self._named(folder)

        def made(key: str, problems: list[Problem]) -> Any:  # noqa: ANN401  (a record of the folder)
            from tenfold.catalog.building import build

            return build(folder, key, entries[key], self.sources, problems)

        return Things(entries, made)

    def _named(self, folder: str) -> NameIndex:
        """Index every name that the files of a folder give. Raises ``CatalogError`` for one that two things claim."""
        entries = self.entries(folder)
        files = {key: entry.parts[-1][1] for key, entry in entries.items()}
        names = {key: reading.names_in(entry.tree) for key, entry in entries.items()}
        index = NameIndex.of(FOLDERS[folder], folder, names, files)
        if index.problems:
            raise CatalogError(index.problems)
        return index

    def index(self, folder: str, keys: Iterable[str]) -> NameIndex:
        """Give the names of what a folder holds; things without names have only their ``keys``."""
        if (shared := self._shared(folder)) is not None:
            return shared.index(folder, keys)
        if folder not in self._indexes:
            named = folder in self._things and folder not in UNNAMED
            bare = {normal(key): key for key in keys}
            self._indexes[folder] = self._named(folder) if named else NameIndex(FOLDERS[folder], folder, bare)
        return self._indexes[folder]

    def entries(self, folder: str) -> Mapping[str, Entry]:
        """Give the merged tables of a folder with the files they came from.

        Raises ``CatalogError`` with every problem of the folder.
        """
        if (shared := self._shared(folder)) is not None:
            return shared.entries(folder)
        if folder not in self._entries:
            read = _READERS.get(folder, reading.read_things)
            self._entries[folder] = self.read(lambda problems: read(self.layers, folder, problems))
        return self._entries[folder]

    def read(self, read: Callable[[list[Problem]], Found]) -> Found:
        """Give what was read. Raises ``CatalogError`` with everything that was wrong."""
        problems: list[Problem] = []
        found = read(problems)
        if problems:
            raise CatalogError(problems)
        return found


class Folder(Generic[Thing]):
    """A folder as an attribute of what has ``folders``: its things by key, read at first use and kept."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, holder: HasFolders, owner: type | None = None) -> Mapping[str, Thing]:
        found: Mapping[str, Thing] = holder.folders.things(self._name)
        vars(holder)[self._name] = found
        return found


class HasFolders(Protocol):
    """What holds folders."""

    folders: Folders
