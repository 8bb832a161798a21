"""From merged files to records: each read against its record, every problem collected with the file it stands in."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tenfold.catalog.figure_files import FigureIn
from tenfold.catalog.kinds import RECORDS
from tenfold.catalog.reading import Entry, flatten
from tenfold.catalog.records import Source
from tenfold.quantities import Figure, InputError, Place, Problem, read_record, shown


@dataclass(frozen=True, slots=True)
class _Sources:
    """The sources that figures may name."""

    keys: Container[str]

    def known(self, _: str) -> Any:  # noqa: ANN401  (a container of keys)
        """Keys of the sources."""
        return self.keys

    def key_of(self, _: str, name: str) -> str:
        """Names within the catalog are followed when every folder is read."""
        return name


def build(folder: str, key: str, entry: Entry, sources: Container[str], problems: list[Problem]) -> Any:  # noqa: ANN401
    """Make what a folder holds under a key; nothing where a problem is added."""
    if folder == "sources":
        return build_source(key, entry, problems)
    if folder == "assumptions":
        return build_assumption(key, entry, sources, problems)
    return build_thing(folder, key, entry, sources, problems)


def build_source(key: str, entry: Entry, problems: list[Problem]) -> Source | None:
    """Make a source."""
    found: Source | None = _read(Source, key, entry.tree, entry, Place(), problems, prefix=key)
    return None if found is None else replace(found, key=key)


def build_assumption(key: str, entry: Entry, sources: Container[str], problems: list[Problem]) -> Figure | None:
    """Make an assumption: a figure in the unit its text tells."""
    place = Place(file=entry.parts[-1][1], key=key.partition(".")[2], names=_Sources(sources))
    try:
        return FigureIn().read(entry.tree, place)
    except InputError as trouble:
        problems += trouble.problems
    return None


def build_thing(folder: str, key: str, entry: Entry, sources: Container[str], problems: list[Problem]) -> Any:  # noqa: ANN401
    """Make the record of a file in a folder, such as ``chips``; a file with a problem makes none."""
    tree = _flat_constants(entry.tree) if folder == "calibrations" else entry.tree
    found = _read(RECORDS[folder], key, tree, entry, Place(names=_Sources(sources)), problems)
    if found is None:
        return None
    own = {"file": entry.parts[-1][1]} if hasattr(found, "file") else {}
    return replace(found, key=key, **own)


def _read(
    record: type[Any], key: str, tree: object, entry: Entry, place: Place, problems: list[Problem], prefix: str = ""
) -> Any:  # noqa: ANN401  (a record of that type)
    """Read an entry; None, with every problem added under the last file that holds its key."""
    if not isinstance(tree, Mapping):
        problems.append(Problem(file=entry.file_of(""), key=key, wrong=f"{shown(tree)} is not a table", remedy=_TABLE))
        return None
    try:
        return read_record(record, tree, place)
    except InputError as trouble:
        problems += _placed(trouble.problems, entry, prefix)
    return None


_TABLE = "Write a table of keys and values"


def _placed(problems: Iterable[Problem], entry: Entry, prefix: str) -> list[Problem]:
    return [
        replace(problem, file=entry.file_of(problem.key), key=".".join(part for part in (prefix, problem.key) if part))
        for problem in problems
    ]


def _flat_constants(tree: Mapping[str, Any]) -> Mapping[str, Any]:
    constants = tree.get("constants")
    return {**tree, "constants": dict(flatten(constants))} if isinstance(constants, dict) else tree
