"""What a function of Python sets on a configuration: read from its syntax tree, nothing of it is run.

``cfg.model.tensor_model_parallel_size = 4`` gives ``model.tensor_model_parallel_size``; arguments by name of a call
that is assigned give keys below it. A value that is written out counts, and a name that the module sets to one. What
stands below a condition or a loop, or is worked out, is a stand-in that names its key.
"""

from __future__ import annotations

import ast
import contextlib
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tenfold.performance.dialects.shell.values import unknown
from tenfold.quantities import InputError, Problem

LONGEST_TEXT = 1_000_000
START = "start"
"""Key of the function of another module that a function starts from."""
BY_CALLS = "call "
"""How a key begins that the argument of a call sets, until a line of its own sets it."""
MOST_STARTS = 20
"""Functions that one may start from, one after another."""
UNKNOWN = object()
"""Stands for a value that only running the code would tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """A function that sets a configuration."""

    name: str
    values: Mapping[str, object]
    """By path below the configuration; a call is its function's name, or the text that is its only argument."""
    called: frozenset[str]
    """Keys that only arguments of calls set: they describe what the call makes."""


def python_tree(text: str, file: str, remedy: str) -> ast.Module:
    """Syntax tree of a module. Raises ``InputError`` for what is no Python."""
    try:
        if len(text) > LONGEST_TEXT:
            raise ValueError
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise InputError(Problem(file=file, key="", wrong="is no Python", remedy=remedy)) from None


def functions_that_set(tree: ast.Module, key: str) -> tuple[Assigned, ...]:
    """Functions of a module that set a key, themselves or through another one of the module that they start from."""
    return tuple(each for each in functions_of(tree) if key in each.values)


def functions_of(tree: ast.Module) -> tuple[Assigned, ...]:
    """What every function of a module sets."""
    named = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    constants = dict(_constants(tree))
    found = []
    for name, node in named.items():
        with contextlib.suppress(RecursionError):
            found.append(_assigned(name, _values(node, named, constants, frozenset())))
    return tuple(found)


def _assigned(name: str, values: Mapping[str, object]) -> Assigned:
    """What a function sets, the lines of its own over the arguments of calls."""
    lines = {key: value for key, value in values.items() if not key.startswith(BY_CALLS)}
    called = {key.removeprefix(BY_CALLS): value for key, value in values.items() if key.startswith(BY_CALLS)}
    return Assigned(name=name, values=called | lines, called=frozenset(called.keys() - lines.keys()))


def _constants(tree: ast.Module) -> Iterator[tuple[str, object]]:
    """Names that a module sets to values written out."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, literal(node.value, {})
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, literal(node.value, {})


Functions = Mapping[str, ast.FunctionDef]


def _values(
    function: ast.FunctionDef, named: Functions, constants: Mapping[str, object], above: frozenset[str]
) -> dict[str, object]:
    """What a function sets, over what the function that it starts from sets. Raises ``RecursionError`` in a circle."""
    found: dict[str, object] = {}
    known = {**constants, **dict(usual_arguments(function))}
    for statement in function.body:
        start = _started_from(statement)
        if start in above or len(above) > MOST_STARTS:
            raise RecursionError
        if start in named:
            found = _values(named[start], named, constants, above | {function.name})
        elif start:
            found.setdefault(START, start)
        for node in ast.walk(statement):
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                for key, value in _set_by(node, known, written=node is statement):
                    target = known if isinstance(node.targets[0], ast.Name) else found
                    target[key] = unknown(key.removeprefix(BY_CALLS)) if value is UNKNOWN and target is found else value
    return found


def usual_arguments(function: ast.FunctionDef) -> Iterator[tuple[str, object]]:
    """Arguments of a function with the values that they have when nobody gives them."""
    arguments = function.args
    plain = [*arguments.posonlyargs, *arguments.args]
    for argument, value in zip(reversed(plain), reversed(arguments.defaults), strict=False):
        yield argument.arg, literal(value, {})
    for argument, given in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield argument.arg, UNKNOWN if given is None else literal(given, {})


def _started_from(statement: ast.stmt) -> str:
    """Name of the function that ``cfg = function()`` starts from; empty for another statement."""
    if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
        return ""
    called = statement.value.func
    return called.id if isinstance(called, ast.Name) and isinstance(statement.targets[0], ast.Name) else ""


def _set_by(node: ast.Assign, known: Mapping[str, object], *, written: bool) -> Iterator[tuple[str, object]]:
    """What an assignment sets: a name, a path, or a path and the arguments of the call that it is set to."""
    target = node.targets[0]
    path = target.id if isinstance(target, ast.Name) else _path(target)
    if not path:
        return
    yield path, literal(node.value, known) if written else UNKNOWN
    if isinstance(node.value, ast.Call) and not isinstance(target, ast.Name):
        for argument in node.value.keywords:
            if argument.arg:
                yield f"{BY_CALLS}{path}.{argument.arg}", literal(argument.value, known) if written else UNKNOWN


def _path(target: ast.expr) -> str:
    """Attributes below a name, joined by dots; empty for another target."""
    parts: list[str] = []
    while isinstance(target, ast.Attribute):
        parts.append(target.attr)
        target = target.value
    return ".".join(reversed(parts)) if isinstance(target, ast.Name) else ""


def literal(node: ast.expr, constants: Mapping[str, object]) -> object:
    """Value that an expression writes out or a name has; a call is its function's name; ``UNKNOWN`` otherwise."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return constants.get(node.id, UNKNOWN)
    if isinstance(node, ast.Call):
        return _called(node)
    return UNKNOWN


def _called(node: ast.Call) -> object:
    """The only argument of a call where that is a text, else the function's name."""
    if len(node.args) == 1 and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
        return node.args[0].value
    return node.func.id if isinstance(node.func, ast.Name) else UNKNOWN
