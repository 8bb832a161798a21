"""Files written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def check_place(path: Path, option: str) -> None:
    """Raise ``InputError`` before any work is done when a file cannot be written there."""
    from tenfold.quantities import InputError, Problem, shown

    folder = path.parent
    if "\0" in str(path):
        raise InputError(Problem(file=option, key="", wrong=f"{shown(str(path))} is no path", remedy="Name a file"))
    if path.is_dir():
        wrong, remedy = f"{shown(str(path))} is a folder", "Name a file in it"
    elif not folder.is_dir():
        wrong, remedy = f"there is no folder {shown(str(folder))}", "Make it first, or name another file"
    elif not os.access(folder, os.W_OK):
        wrong, remedy = f"{shown(str(folder))} cannot be written to", "Name a file elsewhere"
    else:
        return
    raise InputError(Problem(file=option, key="", wrong=wrong, remedy=remedy))


def write_whole(path: Path, text: str, option: str) -> None:
    """Write text to a file beside the place and move it there, so that no half is ever seen.

    Raises ``InputError`` naming ``option`` when the file cannot be written.
    """
    from tenfold.quantities import InputError, Problem

    check_place(path, option)
    place = path.resolve()
    part = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(place)
    except OSError as trouble:
        wrong = f"cannot be written ({trouble.strerror})"
        raise InputError(Problem(file=option, key="", wrong=wrong, remedy="Name a file elsewhere")) from None
    finally:
        part.unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """Make a folder and those around it. Raises ``InputError`` when that cannot be done."""
    from tenfold.quantities import InputError, Problem, shown

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as trouble:
        wrong = f"the folder {shown(str(folder))} cannot be made ({trouble})"
        raise InputError(Problem(file="--out", key="", wrong=wrong, remedy="Name another folder")) from None


def write_answer_files(place: Path, files: Mapping[str, str], option: str) -> list[Path]:
    """Write the files of an answer below a folder; the one without a name is the place itself. Gives their paths."""
    written = []
    for name, text in files.items():
        path = place / name if name else place
        if name:
            make_folder(path.parent)
        write_whole(path, text, option)
        written.append(path)
    return written


def write_new(files: Mapping[Path, str], *, force: bool) -> None:
    """Write files that are not there yet, all or none. Raises ``InputError`` for those that are, unless ``force``."""
    from tenfold.quantities import InputError, Problem

    remedy = "Name another file, or add --force to overwrite it"
    there = [path for path in files if path.exists() and not path.is_dir() and not force]
    if there:
        raise InputError(Problem(file=str(path), key="", wrong="is there already", remedy=remedy) for path in there)
    for path in files:
        check_place(path, "FILE")
    for path, text in files.items():
        write_whole(path, text, "FILE")
