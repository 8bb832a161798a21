"""Files written whole or not at all."""

from __future__ import annotations

import os
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
