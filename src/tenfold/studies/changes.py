"""Figures of the catalog changed for one question: name and value, or factor, become the text of an overlay."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tenfold.quantities import Figure, InputError, Problem, format_quantity, parse_quantity, shown

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

CHANGEABLE = ("chips", "systems", "fabrics", "sites", "links", "assumptions")
"""Folders whose figures stand in a file of their own at their path."""
TIMES = "×"
"""What a factor begins with: '× 0.8' is four fifths of the figure."""


def is_changeable(name: str) -> bool:
    """Tell whether a figure can be changed by one line of an overlay."""
    return name.partition("/")[0] in CHANGEABLE and name.count("/") in (1, 2)


def overlay_texts(changes: Mapping[str, Any], catalog: Catalog, note: str) -> dict[str, str]:
    """Files of the overlay by their path in it; ``note`` says in each figure why it was changed.

    Raises one ``InputError`` with every change that cannot be.
    """
    problems: list[Problem] = []
    files: dict[str, str] = {}
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    for name, said in sorted(changes.items()):
        try:
            file, key, told = _changed(name, said, catalog)
        except InputError as trouble:
            problems += [Problem(file="", key=name, wrong=each.wrong, remedy=each.remedy) for each in trouble.problems]
            continue
        head = f'{key} = {{ {told}, kind = "assumption", note = {json.dumps(note)}, as_of = "{today}" }}\n'
        files[file] = files.get(file, "") + head
    if problems:
        raise InputError(problems)
    return files


def _changed(name: str, said: Any, catalog: Catalog) -> tuple[str, str, str]:  # noqa: ANN401  (text or a number)
    """File of a figure in an overlay, its key there, and its values as TOML: a factor takes the range along."""
    if not is_changeable(name):
        remedy = f"Change figures of {', '.join(CHANGEABLE)}, or write an overlay"
        raise InputError(Problem(file="", key="", wrong=f"{shown(name)} cannot be changed here", remedy=remedy))
    figure, (folder, _, rest) = catalog.figure_of(name), name.partition("/")
    stem, _, path = rest.partition("." if folder == "assumptions" else "/")
    values = _values(said, figure)
    texts = {key: _toml(value, figure.unit) for key, value in values.items()}
    told = ", ".join(f"{key} = {text}" for key, text in texts.items())
    return f"{folder}/{stem}.toml", path.replace("/", "."), told


def _values(said: Any, figure: Figure) -> dict[str, float]:  # noqa: ANN401
    if not (isinstance(said, str) and said.strip().startswith(TIMES)):
        return {"value": parse_quantity(_number_or_text(said), figure.unit, negative=figure.value < 0)}
    factor = parse_quantity(_number_or_text(said.strip()[len(TIMES) :]), "1")
    known = {"value": figure.value, "low": figure.low, "high": figure.high}
    return {key: value * factor for key, value in known.items() if value is not None}


def _toml(value: float, unit: str) -> str:
    return repr(value) if unit == "1" else json.dumps(format_quantity(value, unit, 17))


def _number_or_text(said: Any) -> float | str:  # noqa: ANN401
    try:
        return float(said)
    except (TypeError, ValueError):
        return str(said)
