"""Files written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path


def check_place(path: Path, option: str) -> None:
    """Raise ``InputError`` before any work is done when a file cannot be written there."""
    from tenfold.quantities import InputError, Problem, shown

    folder = path.parent
    if "\0" in str(path):
        raise InputError(Problem(file=option, key="", wrong=f"{shown(str(path))} is no path", remedy="Name a file"))
    if path.is_dir():
        wrong, remedy = f"{shown(str(path))} is a folder", "Name a file in it"
    elif path.is_symlink() or (path.exists() and not path.is_file()):
        wrong, remedy = f"{shown(str(path))} is no regular file, and would be lost", "Name another file"
    elif not folder.is_dir():
        wrong, remedy = f"there is no folder {shown(str(folder))}", "Make it first, or name another file"
    elif not os.access(folder, os.W_OK):
        wrong, remedy = f"{shown(str(folder))} cannot be written to", "Name a file elsewhere"
    else:
        return
    raise InputError(Problem(file=option, key="", wrong=wrong, remedy=remedy))


def check_suffix(path: Path, suffix: str, option: str) -> None:
    """Raise ``InputError`` for a name that does not end as files of this kind do."""
    from tenfold.quantities import InputError, Problem, shown

    if suffix and path.suffix != suffix:
        wrong, remedy = f"{shown(path.name)} does not end in {suffix}", f"Name a file such as rows{suffix}"
        raise InputError(Problem(file=option, key="", wrong=wrong, remedy=remedy))


def write_whole(path: Path, text: str | bytes, option: str) -> None:
    """Write text, in UTF-8, or bytes to a file beside the place and move it there, so that no half is ever seen.

    Raises ``InputError`` naming ``option`` when the file cannot be written.
    """
    from tenfold.quantities import InputError, Problem

    check_place(path, option)
    place = path.resolve()
    part = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(text.encode("utf-8", errors="replace") if isinstance(text, str) else text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(place)
    except OSError as trouble:
        wrong = f"cannot be written ({trouble.strerror})"
        raise InputError(Problem(file=option, key="", wrong=wrong, remedy="Name a file elsewhere")) from None
    finally:
        part.unlink(missing_ok=True)


def check_folder(place: Path, option: str) -> None:
    """Raise ``InputError`` before any work is done when a place can be no folder."""
    from tenfold.quantities import InputError, Problem, shown

    if "\0" in str(place):
        raise InputError(Problem(file=option, key="", wrong=f"{shown(str(place))} is no path", remedy="Name a folder"))


def make_folder(folder: Path, option: str) -> None:
    """Make a folder and those around it. Raises ``InputError`` when that cannot be done."""
    from tenfold.quantities import InputError, Problem, shown

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as trouble:
        wrong = f"the folder {shown(str(folder))} cannot be made ({trouble})"
        raise InputError(Problem(file=option, key="", wrong=wrong, remedy="Name another folder")) from None


def output_texts(
    place: Path, files: Mapping[str, str | bytes], joined: Callable[[str, str, str], str] | None
) -> dict[Path, str | bytes]:
    """Texts by where they go: the one without a name to the place itself, others below it, joined to what is there.

    ``place`` may be one of the files too, for the folder around them. Raises ``InputError`` for another file.
    """
    if "" in files:
        return {place: files[""]}
    folder = _folder_of(place, list(files))
    texts: dict[Path, str | bytes] = {}
    for name, text in files.items():
        there = _text_of(folder / name) if joined is not None else ""
        texts[folder / name] = text
        if joined is not None and there and isinstance(text, str):
            texts[folder / name] = joined(name, text, there)
    return texts


def _folder_of(place: Path, names: Sequence[str]) -> Path:
    from tenfold.quantities import InputError, Problem

    for name in names:
        if place.parts[-len(Path(name).parts) :] == Path(name).parts:
            return place.parents[len(Path(name).parts) - 1]
    if place.suffix and not place.is_dir():
        wrong, remedy = "the answer becomes files in a folder", f"Name a folder, or DIR/{names[0]}"
        raise InputError(Problem(file=str(place), key="", wrong=wrong, remedy=remedy))
    return place


def _text_of(place: Path) -> str:
    """Text of a file; empty where there is none. Raises ``InputError`` for a file that is no text."""
    from tenfold.quantities import read_text

    if not place.exists() and not place.is_symlink():
        return ""
    return read_text(place, "Name another folder")


def write_new(place: Path, text: str, data: Mapping[str, str], *, force: bool) -> None:
    """Write a file and its data beside it, all or none; data that is there as it would be written stays.

    Raises ``InputError`` for what else is there, unless ``force``.
    """
    from tenfold.quantities import InputError, Problem

    beside = {place.parent / name: content for name, content in data.items()}
    files = {place: text, **{path: content for path, content in beside.items() if not _holds(path, content)}}
    remedy = "Name another file, in another folder where data is in the way, or add --force to overwrite it"
    there = [path for path in files if path.exists() and not path.is_dir() and not force]
    if there:
        raise InputError(Problem(file=str(path), key="", wrong="is there already", remedy=remedy) for path in there)
    check_place(place, "FILE")
    for path, content in files.items():
        make_folder(path.parent, "FILE")
        write_whole(path, content, "FILE")


def _holds(path: Path, content: str) -> bool:
    return path.is_file() and path.read_bytes() == content.encode()
