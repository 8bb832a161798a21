"""Flags of a training command, from a file of flags or from the shell script that runs it. Nothing is executed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from tenfold.performance.dialects.shell.script import Ran, Script, follow
from tenfold.performance.dialects.shell.values import unknown

FLAG = re.compile(r"--[A-Za-z][\w.-]*(=.*)?", re.DOTALL)
FEW = 3
"""Flags that a command has at least to count as the one that trains, where a script has variables of flags too."""


class Flags(dict[str, tuple[str, ...]]):
    """Every flag with its values, the last one winning; a value may hold what nobody sets, see ``unknowns_in``."""

    undecided: Mapping[str, tuple[str, ...]]
    """Flags of commands that may or may not run, with what decides it."""


def flags_of(text: str, file: str, given: Mapping[str, str] | None = None) -> Flags:
    """Flags of the commands that a text runs, with ``given`` variables; of its variables where it runs none.

    Raises ``InputError`` for quotes that do not close, and for variables that become more than fits.
    """
    script = follow(text, file, given or {})
    found = _of_commands([each for each in script.ran if not each.if_known])
    if len(found) < FEW:
        found = _of_variables(script) | found
    flags = Flags(found)
    doubtful = [each for each in script.ran if each.if_known]
    flags.undecided = {name: each.if_known for each in doubtful for name in _flags_in(each.words) if name not in flags}
    return flags


def _of_commands(ran: Iterable[Ran]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for each in ran:
        found |= _flags_in(each.words)
    return found


def _of_variables(script: Script) -> dict[str, tuple[str, ...]]:
    """Flags that variables hold which no command uses, in the order of their assignment."""
    found: dict[str, tuple[str, ...]] = {}
    for _, text in script.assigned:
        if "--" in text:
            found |= _flags_in(text.split())
    return found


def _flags_in(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    flag = ""
    for word in _pieces(words):
        if FLAG.fullmatch(word):
            flag, sign, value = word.partition("=")
            found[flag] = (value,) if sign else ()
        elif flag and word not in ("\\",):
            found[flag] = (*found[flag], word)
    return found


def _pieces(words: Iterable[str]) -> Iterator[str]:
    """Words; a whole command line in one word is taken apart."""
    for word in words:
        stripped = word.strip()
        if stripped.startswith("--") and any(letter.isspace() for letter in stripped):
            yield from stripped.split()
        elif stripped:
            yield stripped


__all__ = ["FLAG", "Flags", "flags_of", "unknown"]
