"""What a worker may open: files below the folder where Tenfold runs and what is installed, whoever asks."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenfold.quantities import DataFile, InputError, Many, Problem, fields_of, shown
from tenfold.studies import examples_folder, record_of

if TYPE_CHECKING:
    pass


FILE = "question"
"""What messages call what was sent."""
_ROOTS: list[str] = []


def is_confined() -> bool:
    """Whether this process opens only what it may."""
    return bool(_ROOTS)


def confine(overlays: tuple[Path, ...]) -> None:
    """From now on, open nothing outside of this folder, the installation, the user's data and the temporary folder.

    ``overlays`` may lie anywhere.
    """
    import sys
    import sysconfig
    import tempfile

    from tenfold.catalog.store import data_folder

    places: list[str | Path] = [
        *sysconfig.get_paths().values(),
        sys.prefix,
        sys.base_prefix,
        Path(__file__).parents[3],
        examples_folder(),
    ]
    places += [
        Path.cwd(),
        data_folder(),
        tempfile.gettempdir(),
        "/proc/self",
        "/dev",
        "/usr/share/zoneinfo",
        "/sys/devices",
    ]
    _ROOTS.extend(os.path.realpath(each) for each in (*places, *overlays))
    sys.addaudithook(_watch)


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if event != "open" or not isinstance(args[0], (str, bytes, os.PathLike)):
        return
    place = os.path.realpath(os.fsdecode(args[0]))
    if not any(place == root or place.startswith(f"{root}{os.sep}") for root in _ROOTS):
        wrong, remedy = "is outside the folder where Tenfold runs", "Put the file into that folder"
        raise InputError(Problem(file=FILE, key="", wrong=f"{shown(place)} {wrong}", remedy=remedy))


def data_found(name: str, tree: Mapping[str, Any]) -> dict[str, Any]:
    """Files of data: below this folder, or among the examples. Raises ``InputError`` for one elsewhere."""
    found: dict[str, Any] = {}
    for each in fields_of(record_of(name)):
        said = tree.get(each.key)
        if isinstance(each.each, DataFile) and said is not None:
            many = isinstance(each.shape, Many) and isinstance(said, list)
            found[each.key] = [_file(one, each.key) for one in said] if many else _file(said, each.key)
    return found


def _file(said: Any, key: str) -> Any:  # noqa: ANN401  (any JSON value; what is no text is refused when it is read)
    if not isinstance(said, str) or "\0" in said:
        return said
    here, shipped = Path.cwd().resolve(), examples_folder().resolve()
    for folder in (here, shipped):
        path = (folder / said).resolve()
        inside = path.is_relative_to(here) or path.is_relative_to(shipped)
        if inside and path.is_file():
            return os.path.relpath(path, here) if path.is_relative_to(here) else str(path)
    wrong, remedy = (
        f"there is no file '{said[:80]}' in this folder",
        "Put the file into the folder where tenfold web runs",
    )
    raise InputError(Problem(file=FILE, key=key, wrong=wrong, remedy=remedy))
