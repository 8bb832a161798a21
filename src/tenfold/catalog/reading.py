"""Reading the folders of the catalog and of its overlays into one tree for each key.

A layer is a folder laid out like ``catalog/data``. Later layers win: their tables are merged over the earlier
ones, key by key, so an overlay file holds only what it changes. A figure is replaced whole, never merged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import tomli

from tenfold.quantities import CatalogError, Problem

Tree = dict[str, Any]

FOLDERS: Mapping[str, str] = {
    "sources": "source",
    "chips": "chip",
    "systems": "system",
    "fabrics": "fabric",
    "models": "model",
    "sites": "site",
    "links": "link",
    "assumptions": "assumption",
    "calibrations": "calibration",
    "software": "software",
    "engines": "engine",
    "hazards": "hazards",
    "players": "player",
    "export_rules": "export-rule",
    "technologies": "technology",
    "services": "service",
    "prices": "price",
    "deals": "deal",
    "observations": "observation",
}
"""Folders of a catalog, and what one file or row of each holds."""
ROW_FOLDERS = ("prices", "deals", "observations")
"""Folders whose files are rows of CSV."""


HASH_DIGITS = 12
LARGEST_FILE_BYTES = 4_000_000
DEEPEST_TABLE = 12


@dataclass(frozen=True, slots=True)
class Layer:
    """One folder of files, and how its files are named in messages."""

    root: Path
    shown: str

    def holds(self, folder: str) -> bool:
        """Tell whether the layer has the folder."""
        return (self.root / folder).is_dir()

    def files(self, folder: str, ending: str) -> list[tuple[Path, str]]:
        """List the files of a folder with their names in messages, sorted, subfolders included."""
        paths = sorted(path for path in (self.root / folder).rglob(f"*{ending}") if not path.name.startswith("."))
        return [(path, f"{self.shown}/{self.place_of(path)}") for path in paths]

    def place_of(self, path: Path) -> str:
        """Where a file below the root lies in it, with slashes."""
        return "/".join(path.parts[len(self.root.parts) :])


@dataclass(frozen=True, slots=True)
class Entry:
    """The merged table of one key, and the files it came from, the last one winning."""

    tree: Tree
    parts: tuple[tuple[int, str, Tree], ...]
    """Layer number, file, and what that file gave."""

    def file_of(self, key: str) -> str:
        """Name the last file that holds a dotted key, or the last file."""
        for _, file, tree in reversed(self.parts):
            if _holds(tree, key.split(".")):
                return file
        return self.parts[-1][1]


class Unread(Mapping[str, Entry]):
    """Entries of one layer with one thing a file, the stem its key: each is parsed when it is first looked at."""

    def __init__(self, layer: Layer, folder: str, problems: list[Problem]) -> None:
        self._files: dict[str, tuple[Path, str]] = {}
        self._read: dict[str, Entry] = {}
        for path, file in layer.files(folder, ".toml"):
            if path.stem in self._files:
                problems.append(_twice(file, path.stem, self._files[path.stem][1]))
            self._files[path.stem] = (path, file)

    def __len__(self) -> int:
        return len(self._files)

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __getitem__(self, key: str) -> Entry:
        if key not in self._read:
            path, file = self._files[key]
            problems: list[Problem] = []
            tree = read_toml(path, file, problems)
            if problems:
                raise CatalogError(problems)
            self._read[key] = Entry(tree, ((0, file, tree),))
        return self._read[key]


def read_things(layers: Sequence[Layer], folder: str, problems: list[Problem]) -> Mapping[str, Entry]:
    """Read a folder with one thing a file; the stem of the file is the key. One layer alone is read file by file."""
    if len(layers) == 1:
        return Unread(layers[0], folder, problems)

    def keyed(path: Path, tree: Tree) -> Iterator[tuple[str, Tree]]:
        yield path.stem, tree

    return _read(layers, folder, keyed, problems)


def read_tables(layers: Sequence[Layer], folder: str, problems: list[Problem]) -> dict[str, Entry]:
    """Read a folder whose files hold many keys, each a table at the top of the file."""

    def keyed(_: Path, tree: Tree) -> Iterator[tuple[str, Tree]]:
        yield from tree.items()

    return _read(layers, folder, keyed, problems)


def read_figures(layers: Sequence[Layer], folder: str, problems: list[Problem]) -> dict[str, Entry]:
    """Read a folder of figures in nested tables; the key is the stem of the file and the dotted path."""

    def keyed(path: Path, tree: Tree) -> Iterator[tuple[str, Tree]]:
        yield from flatten(tree, path.stem)

    return _read(layers, folder, keyed, problems)


def names_in(tree: object) -> tuple[str, ...]:
    """Name and aliases that a file gives, as far as they are text."""
    if not isinstance(tree, dict):
        return ()
    aliases = tree.get("aliases")
    claimed = [tree.get("name"), *(aliases if isinstance(aliases, list) else ())]
    return tuple(name for name in claimed if isinstance(name, str) and name)


def flatten(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every figure of nested tables with its dotted path; a table with a value is a figure."""
    for name, value in tree.items():
        key = f"{prefix}.{name}" if prefix else name
        if isinstance(value, dict) and "value" not in value:
            yield from flatten(value, key)
        else:
            yield key, value


def _read(
    layers: Sequence[Layer],
    folder: str,
    keyed: Callable[[Path, Tree], Iterator[tuple[str, Tree]]],
    problems: list[Problem],
) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for number, layer in enumerate(layers):
        for path, file in layer.files(folder, ".toml"):
            for key, tree in keyed(path, read_toml(path, file, problems)):
                entry = found.get(key)
                if entry is not None and entry.parts[-1][0] == number:
                    problems.append(_twice(file, key, entry.parts[-1][1]))
                elif entry is not None:
                    found[key] = Entry(merge(entry.tree, tree), (*entry.parts, (number, file, tree)))
                else:
                    found[key] = Entry(tree, ((number, file, tree),))
    return found


def _twice(file: str, key: str, other: str) -> Problem:
    return Problem(file=file, key=key, wrong=f"'{key}' is also in {other}", remedy="Keep one of them")


def merge(below: Any, above: Any) -> Any:  # noqa: ANN401  (any TOML value)
    """Lay one table over another, key by key; figures, lists and plain values are replaced."""
    if not (isinstance(below, dict) and isinstance(above, dict)) or "value" in below or "value" in above:
        return above
    return below | {key: merge(below[key], value) if key in below else value for key, value in above.items()}


def read_toml(path: Path, file: str, problems: list[Problem]) -> Tree:
    """Parse one file; an empty tree, with a problem added, when it cannot be read."""
    wrong, remedy = "", "Write TOML, see https://toml.io"
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            wrong, remedy = f"the file is larger than {LARGEST_FILE_BYTES:,} bytes", "Split it"
        else:
            tree = tomli.loads(path.read_bytes().decode("utf-8"))
            if _depth_fits(tree):
                return tree
            wrong, remedy = f"tables are nested more than {DEEPEST_TABLE} deep", "Nest them less"
    except UnicodeDecodeError:
        wrong, remedy = "the file is not UTF-8 text", "Save it as UTF-8"
    except RecursionError:
        wrong, remedy = "values are nested too deep", "Nest them less"
    except ValueError as error:
        wrong = f"not TOML: {str(error).rstrip('.')}"
    except OSError as error:
        wrong, remedy = f"cannot be read: {error.strerror}", "Check the file"
    problems.append(Problem(file=file, key="", wrong=wrong, remedy=remedy))
    return {}


def _depth_fits(tree: Tree) -> bool:
    """Tell whether no table or list lies deeper than ``DEEPEST_TABLE``; level by level, without recursion."""
    level: list[Any] = [tree]
    for _ in range(DEEPEST_TABLE):
        entries = (entry for table in level for entry in (table.values() if isinstance(table, dict) else table))
        level = [entry for entry in entries if isinstance(entry, (dict, list))]
        if not level:
            return True
    return not any(level)


def _holds(tree: object, path: Sequence[str]) -> bool:
    """Tell whether the dotted path is in the tree; a figure holds everything below it."""
    for name in path:
        if not isinstance(tree, dict) or name not in tree:
            return False
        tree = tree[name]
        if isinstance(tree, dict) and "value" in tree:
            return True
    return True


def content_hash(layers: Sequence[Layer], parts: tuple[str, ...] = ("",)) -> str:
    """Hash data files of the layers by their place and content: 12 hexadecimal digits of SHA-256.

    ``parts`` are what the places begin with, such as ``chips/``.
    """
    digest = hashlib.sha256()
    for number, layer in enumerate(layers):
        _add(digest, number, layer, parts)
    return digest.hexdigest()[:HASH_DIGITS]


def content_hash_over(first: Layer, above: Sequence[Layer]) -> str:
    """The same of all files, where those of the first layer stay as they are while a process runs: read once."""
    digest = _first_digest(first).copy()
    for number, layer in enumerate(above, start=1):
        _add(digest, number, layer, ("",))
    return digest.hexdigest()[:HASH_DIGITS]


@cache
def _first_digest(layer: Layer) -> hashlib._Hash:
    digest = hashlib.sha256()
    _add(digest, 0, layer, ("",))
    return digest


def _add(digest: hashlib._Hash, number: int, layer: Layer, parts: tuple[str, ...]) -> None:
    for ending in (".toml", ".csv"):
        for path, _ in layer.files("", ending):
            place = layer.place_of(path)
            if place.startswith(parts):
                content = path.read_bytes()
                digest.update(f"{number}/{place}\0{len(content)}\0".encode())
                digest.update(content)
