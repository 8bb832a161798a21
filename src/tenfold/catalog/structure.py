"""What pydantic finds wrong with the structure of a file, in the words of the catalog."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from tenfold.catalog.figures import inner_model
from tenfold.quantities import Problem, shown

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

FileModel = TypeVar("FileModel", bound=BaseModel)

_TABLE = ("is not a table", "Write a table, such as { value = …, kind = …, source = …, as_of = … }")
_SAID = {
    "string_type": ("is not text", "Write text in quotes"),
    "string_too_short": ("is empty", "Write at least one character"),
    "int_type": ("is not a whole number", "Write a whole number without quotes"),
    "float_type": ("is not a number", "Write a number without quotes"),
    "finite_number": ("is not finite", "Write a number"),
    "list_type": ("is not a list", "Write a list, such as ['…']"),
    "dict_type": _TABLE,
    "model_type": _TABLE,
    "string_pattern_mismatch": ("is not a country code", "Write two capital letters, such as 'US'"),
}


def read_structure(
    model: type[FileModel], tree: object, file_of: Callable[[str], str], problems: list[Problem], prefix: str = ""
) -> FileModel | None:
    """Validate a tree against its file model; None, with every problem added, when it does not fit.

    ``file_of`` names the file that holds a dotted key; ``prefix`` stands before every key in messages.
    """
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            key = ".".join(str(part) for part in details["loc"] if part != "[key]")
            wrong, remedy = _said(model, details)
            shown_key = ".".join(part for part in (prefix, key) if part)
            problems.append(Problem(file=file_of(key), key=shown_key, wrong=wrong, remedy=remedy))
    return None


def _said(model: type[BaseModel], details: ErrorDetails) -> tuple[str, str]:
    """Say what is wrong and what to type, for one of pydantic's errors."""
    kind, context = details["type"], details.get("ctx", {})
    if kind == "missing":
        return "is missing", "Add it"
    if kind == "extra_forbidden":
        return _unknown_key(model, details["loc"])
    value = shown(details["input"])
    if kind == "literal_error":
        return f"{value} is not known here", f"Use {context['expected']}"
    if "remedy" in context:  # from the validators of ``files``
        return f"{value} {details['msg']}", str(context["remedy"])
    message = details["msg"]
    wrong, remedy = _SAID.get(kind, (f"cannot stand here: {message[:1].lower()}{message[1:]}", "Correct it"))
    return f"{value} {wrong}", remedy


def _unknown_key(model: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[str, str]:
    """Name the keys that the table does have, the nearest first."""
    known = list(_fields_at(model, loc[:-1]))
    close = difflib.get_close_matches(str(loc[-1]), known, n=1)
    hint = f"Did you mean '{close[0]}'? " if close else ""
    return "unknown key", f"{hint}Known: {', '.join(known)}"


def _fields_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> Mapping[str, Any]:
    """Fields of the file model at a place inside another."""
    for part in loc:
        info = model.model_fields.get(str(part))
        if info is None:
            continue  # the key of a mapping or the place in a list
        inner = inner_model(info.annotation)
        if inner is not None:
            model = inner
    return model.model_fields
