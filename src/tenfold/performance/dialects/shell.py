"""Flags of a command line written as a file of flags or as a shell script. Nothing is executed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

from tenfold.quantities import InputError, Problem

LONGEST_TEXT = 4_000_000
ASSIGNMENT = re.compile(r"^([A-Za-z_]\w*)\+?=(.*)$", re.DOTALL)
VARIABLE = re.compile(r"\$(?:\{(\w+)(?::?[-=]([^{}]*))?[^{}]*\}|(\w+))")
FLAG = re.compile(r"^--[A-Za-z][\w-]*")
ENDS = frozenset({"|", "||", "&", "&&", ";", ")", "then", "fi", "done", "do", "\\"})


def flags_of(text: str, file: str) -> dict[str, tuple[str, ...]]:
    """Every flag with its values, the last one winning. Variables that the text sets are filled in.

    Raises ``InputError`` for quotes that do not close.
    """
    found: dict[str, tuple[str, ...]] = {}
    variables: dict[str, str] = {}
    flag = ""
    for word in _words(text, file, variables):
        if FLAG.match(word):
            flag, _, value = word.partition("=")
            found[flag] = (value,) if value else ()
        elif word in ENDS or ASSIGNMENT.match(word):
            flag = ""
        elif flag:
            found[flag] = (*found[flag], word)
    return found


def _words(text: str, file: str, variables: dict[str, str]) -> Iterator[str]:
    """Words of the text without comments; assignments are kept in ``variables`` and quoted flags are taken apart."""
    try:
        words = shlex.split(text[:LONGEST_TEXT], comments=True)
    except ValueError as trouble:
        wrong = f"cannot be read as a shell text ({str(trouble).lower()})"
        raise InputError(Problem(file=file, key="", wrong=wrong, remedy="Close the quotes")) from None
    for word in words:
        yield from _unpacked(word.strip(), variables)


def _unpacked(word: str, variables: dict[str, str]) -> Iterator[str]:
    assigned = ASSIGNMENT.match(word)
    value = _filled(assigned[2] if assigned else word, variables)
    if assigned and "--" not in value and not value.startswith("("):
        variables[assigned[1]] = value.rstrip(";")
        yield word
        return
    if value.startswith("(") and ")" not in value:
        value = value[1:]
    if value.endswith(")") and "(" not in value:
        value = value[:-1]
    quoted = any(letter.isspace() for letter in value) and "--" in value
    yield from filter(None, value.split()) if quoted else filter(None, (value,))


def _filled(text: str, variables: Mapping[str, str]) -> str:
    """Fill in the variables that are known, else their defaults; unknown ones stay as they are."""

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[3]
        return variables.get(name, match[2] if match[2] is not None else match[0])

    return VARIABLE.sub(value, text)
