"""What a function of Python sets on a configuration: read from its syntax tree, nothing of it is run.

``cfg.model.tensor_model_parallel_size = 4`` gives ``model.tensor_model_parallel_size``; arguments by name of a call
that is assigned give keys below it. A value that is written out counts, and a name that the module sets to one. What
stands below a condition or a loop, or is worked out, is a stand-in that names its key.
"""

from __future__ import annotations

import ast
import builtins
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
PASSED_TO = "passed to"
"""Key of the functions of other modules that a configuration was given to."""
Setters = Mapping[str, str]
NO_SETTERS: Setters = {}
NOTHING_FOUND: Mapping[str, object] = {}
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
    passed_to: tuple[str, ...] = ()
    """Functions of other modules that it gives the configuration to, which may set anything."""


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


def functions_of(tree: ast.Module, setters: Setters = NO_SETTERS) -> tuple[Assigned, ...]:
    """What every function of a module sets, itself or through another one of the module that it starts from.

    ``setters`` are functions around the one that is started from, with the key that their second argument sets.
    """
    named = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    constants = dict(_constants(tree))
    found = []
    for name, node in named.items():
        with contextlib.suppress(RecursionError):
            found.append(_assigned(name, _values(node, _Module(named, constants, setters), frozenset())))
    return tuple(found)


def _assigned(name: str, values: Mapping[str, object]) -> Assigned:
    """What a function sets, the lines of its own over the arguments of calls."""
    lines = {key: value for key, value in values.items() if not key.startswith(BY_CALLS)}
    called = {key.removeprefix(BY_CALLS): value for key, value in values.items() if key.startswith(BY_CALLS)}
    passed = lines.pop(PASSED_TO, ())
    return Assigned(
        name=name,
        values=called | lines,
        called=frozenset(called.keys() - lines.keys()),
        passed_to=passed if isinstance(passed, tuple) else (),
    )


def _constants(tree: ast.Module) -> Iterator[tuple[str, object]]:
    """Names that a module sets to values written out."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, literal(node.value, {})
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, literal(node.value, {})


@dataclass(frozen=True, slots=True)
class _Module:
    """What its functions may use."""

    functions: Mapping[str, ast.FunctionDef]
    constants: Mapping[str, object]
    setters: Setters


def _values(function: ast.FunctionDef, module: _Module, above: frozenset[str]) -> dict[str, object]:
    """What a function sets, over what the function that it starts from sets. Raises ``RecursionError`` in a circle."""
    found: dict[str, object] = {}
    known = {**module.constants, **dict(usual_arguments(function))}
    for statement in function.body:
        start, around = _started_from(statement, module.setters)
        passed = _passed_to(statement)
        if {start, passed} & above or len(above) > MOST_STARTS:
            raise RecursionError
        if start in module.functions:
            found = _values(module.functions[start], module, above | {function.name})
        elif start:
            found.setdefault(START, start)
        if passed in module.functions:
            found = _over(found, _values(module.functions[passed], module, above | {function.name}))
        elif passed:
            found = _over(found, {PASSED_TO: (passed,)})
        for node in ast.walk(statement):
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                for key, value in _set_by(node, known, found, written=node is statement):
                    target = known if isinstance(node.targets[0], ast.Name) else found
                    target[key] = unknown(key.removeprefix(BY_CALLS)) if value is UNKNOWN and target is found else value
        found |= {key: literal(value, known, found) for key, value in around.items()}
    return found


def _over(found: Mapping[str, object], more: Mapping[str, object]) -> dict[str, object]:
    """What is set later over what was, and all that the configuration was given to."""
    passed = [each for values in (found, more) for each in _listed(values.get(PASSED_TO))]
    return {**found, **more, **({PASSED_TO: tuple(dict.fromkeys(passed))} if passed else {})}


def _listed(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _passed_to(statement: ast.stmt) -> str:
    """Name of the function that a line of its own gives a variable to, ``function(cfg)``; empty for another line."""
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return ""
    called, given = statement.value.func, statement.value.args
    if not isinstance(called, ast.Name) or not given or not isinstance(given[0], ast.Name):
        return ""
    return "" if hasattr(builtins, called.id) else called.id


def usual_arguments(function: ast.FunctionDef) -> Iterator[tuple[str, object]]:
    """Arguments of a function with the values that they have when nobody gives them."""
    arguments = function.args
    plain = [*arguments.posonlyargs, *arguments.args]
    for argument, value in zip(reversed(plain), reversed(arguments.defaults), strict=False):
        yield argument.arg, literal(value, {})
    for argument, given in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield argument.arg, UNKNOWN if given is None else literal(given, {})


def _started_from(statement: ast.stmt, setters: Setters) -> tuple[str, Mapping[str, ast.expr]]:
    """Name of the function that ``cfg = function()`` starts from, empty for another statement, and what is set on it.

    Its arguments by name are keys below ``START``. In ``cfg = setter(function(), 512)`` it is the inner one, with the
    key of the setter.
    """
    if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
        return "", {}
    call, around = statement.value, dict[str, ast.expr]()
    while isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in setters:
        if len(call.args) != 2:
            return "", {}
        around[setters[call.func.id]] = call.args[1]
        call = call.args[0]
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return "", {}
    given = {f"{START}.{argument.arg}": argument.value for argument in call.keywords if argument.arg}
    return call.func.id, {**given, **around}


def _set_by(
    node: ast.Assign, known: Mapping[str, object], found: Mapping[str, object], *, written: bool
) -> Iterator[tuple[str, object]]:
    """What an assignment sets: a name, a path, or a path and the arguments of the call that it is set to."""
    target = node.targets[0]
    path = target.id if isinstance(target, ast.Name) else _path(target)
    if not path:
        return
    yield path, literal(node.value, known, found) if written else UNKNOWN
    if isinstance(node.value, ast.Call) and not isinstance(target, ast.Name):
        for argument in node.value.keywords:
            if argument.arg:
                value = literal(argument.value, known, found) if written else UNKNOWN
                yield f"{BY_CALLS}{path}.{argument.arg}", value


def _path(target: ast.expr) -> str:
    """Attributes below a name, joined by dots; empty for another target."""
    parts: list[str] = []
    while isinstance(target, ast.Attribute):
        parts.append(target.attr)
        target = target.value
    return ".".join(reversed(parts)) if isinstance(target, ast.Name) else ""


def literal(node: ast.expr, constants: Mapping[str, object], found: Mapping[str, object] = NOTHING_FOUND) -> object:
    """Value that an expression writes out, or that a name has or a path that was set; ``UNKNOWN`` otherwise.

    A call is its function's name.
    """
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return constants.get(node.id, UNKNOWN)
    if isinstance(node, ast.Attribute):
        return found.get(_path(node), UNKNOWN)
    if isinstance(node, ast.Call):
        return _called(node, constants)
    return UNKNOWN


def _called(node: ast.Call, constants: Mapping[str, object]) -> object:
    """The only argument of a call where that is a text, or a name that has one, else the function's name.

    ``run.Config(Class)`` is the class's name.
    """
    only = node.args[0] if len(node.args) == 1 else None
    if isinstance(only, (ast.Constant, ast.Name)) and isinstance(text := literal(only, constants), str):
        return text
    if isinstance(only, ast.Name) and isinstance(node.func, ast.Attribute) and node.func.attr == "Config":
        return only.id
    return node.func.id if isinstance(node.func, ast.Name) else UNKNOWN
