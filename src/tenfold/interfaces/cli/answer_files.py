"""An answer as plain data: read from the JSON that a command printed, or asked now from the file of a question."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

ENVELOPE = ("schema_version", "question_name", "question", "made", "verdict", "figures")
"""Keys every answer has."""


def read_answer(path: Path) -> dict[str, Any]:
    """Read an answer's JSON. Raises ``InputError`` for a file that is missing, too large, no JSON, or no answer."""
    from tenfold.quantities import InputError, Problem, read_tree
    from tenfold.studies import known_name

    remedy = "Write one with --json, such as: tenfold plan GOAL.toml --json > plan.json"
    found = read_tree(path, remedy)
    missing = [key for key in ENVELOPE if key not in found]
    kinds = all(isinstance(found.get(key), dict) for key in ("question", "made"))
    listed = isinstance(found.get("figures"), list) and isinstance(found.get("question_name"), str)
    if missing or not kinds or not listed:
        raise InputError(Problem(file=str(path), key="", wrong="is no answer", remedy=remedy))
    known_name(found["question_name"], file=str(path), key="question_name")
    return found


def answer_data_of(file: Path, catalog: Catalog, seed: int | str | None) -> dict[str, Any]:
    """Give an answer's data; a file that asks is answered first."""
    from tenfold.interfaces.cli.output import progress_on
    from tenfold.quantities import read_tree
    from tenfold.reports import answer_data
    from tenfold.studies import ask, named_in, read_question, source_of

    if file.suffix == ".json" and seed is None:
        return read_answer(file)
    name = named_in(read_tree(file, "Write one with: tenfold init plan"), str(file))
    asked = read_question(name, source_of(name, file), catalog, seed=seed)
    with progress_on("Answering") as progress:
        return cast("dict[str, Any]", answer_data(ask(asked, catalog, progress=progress)))
