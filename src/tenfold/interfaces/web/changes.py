"""Figures changed on the page, as an overlay of the catalog: files of the user's data folder, named by content."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tenfold.catalog.store import data_folder
from tenfold.quantities import InputError, Problem, format_quantity, parse_quantity

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

CHANGEABLE = ("chips", "systems", "fabrics", "sites", "links", "assumptions")
"""Folders whose figures stand in a file of their own at their path."""
MOST = 50
"""Changes at once."""


def is_changeable(name: str) -> bool:
    """Tell whether a figure can be changed by one line of an overlay."""
    return name.partition("/")[0] in CHANGEABLE and name.count("/") in (1, 2)


def overlay_of(changes: Mapping[str, str], catalog: Catalog) -> Path:
    """Folder of the overlay, made where it is not there. Raises ``InputError`` with every change that cannot be."""
    problems: list[Problem] = []
    if len(changes) > MOST:
        problems.append(Problem(file="changes", key="", wrong="too many", remedy=f"Change {MOST} figures at most"))
    files: dict[str, list[str]] = {}
    for name, text in sorted(changes.items())[:MOST]:
        try:
            file, lines = _lines(name, text, catalog)
            files.setdefault(file, []).extend(lines)
        except InputError as trouble:
            problems += [
                Problem(file="changes", key=name, wrong=each.wrong, remedy=each.remedy) for each in trouble.problems
            ]
    if problems:
        raise InputError(problems)
    digest = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:12]
    folder = data_folder() / "changes" / digest
    for file, lines in files.items():
        place = folder / file
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _lines(name: str, text: str, catalog: Catalog) -> tuple[str, list[str]]:
    """File of a figure in an overlay, and its lines."""
    if not is_changeable(name):
        raise InputError(
            Problem(file="", key="", wrong="cannot be changed here", remedy="Write an overlay of the catalog")
        )
    figure, (folder, _, rest) = catalog.figure_of(name), name.partition("/")
    stem, _, path = rest.partition("." if folder == "assumptions" else "/")
    value = parse_quantity(float(text) if _is_number(text) else text, figure.unit, negative=figure.value < 0)
    said = json.dumps(format_quantity(value, figure.unit, 17)) if figure.unit != "1" else repr(value)
    today = datetime.date.today().isoformat()  # noqa: DTZ011  (the user's own day)
    facts = f'value = {said}, kind = "assumption", note = "Changed on the page", as_of = "{today}"'
    head = f"{path.replace('/', '.')} = {{ {facts} }}"
    return f"{folder}/{stem}.toml", [head]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.isascii()
