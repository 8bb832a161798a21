"""Node lists as Slurm writes them: ``gpu[001-004,007],login1`` names six nodes."""

from __future__ import annotations

import itertools
import re

MOST_NODES = 200_000
"""Nodes of one list beyond which it is taken for damaged: no cluster has as many."""
_NONE = frozenset(("", "none assigned", "none", "(null)", "unknown"))
_PARTS = re.compile(r"(?:[^,\[\]]|\[[^\[\]]*\])+")
_BRACKET = re.compile(r"\[([^\[\]]*)\]")
_SPAN = re.compile(r"([0-9]{1,18})(?:-([0-9]{1,18}))?")


def nodes_of(text: str) -> tuple[str, ...]:
    """Names in a node list; none where no node was assigned. A list that cannot be read is one name, as it stands."""
    stripped = text.strip()
    if stripped.casefold() in _NONE:
        return ()
    if "[" not in stripped:
        return tuple(name for part in stripped.split(",") if (name := part.strip()))
    if set("[]") & set(_BRACKET.sub("", stripped)):
        return (stripped,)
    names: list[str] = []
    for part in _PARTS.findall(stripped):
        spelled = _spelled(part.strip(), MOST_NODES - len(names))
        if spelled is None:
            return (stripped,)
        names += spelled
    return tuple(names)


def _spelled(part: str, most: int) -> list[str] | None:
    """Every name of one part, each of its brackets in turn; None when it cannot be read or names too many."""
    pieces = _BRACKET.split(part)
    choices: list[list[str]] = []
    for index, piece in enumerate(pieces):
        found = _numbers(piece, most) if index % 2 else [piece]
        if found is None:
            return None
        choices.append(found)
    count = 1
    for found in choices:
        count *= len(found)
    return ["".join(letters) for letters in itertools.product(*choices)] if count <= most else None


def _numbers(text: str, most: int) -> list[str] | None:
    """Numbers of a bracket with their leading zeros: "08-10" is 08, 09, 10."""
    found: list[str] = []
    for part in text.split(","):
        match = _SPAN.fullmatch(part.strip())
        if match is None:
            return None
        first, last = match[1], match[2] or match[1]
        if not 0 <= int(last) - int(first) < most:
            return None
        found += [f"{number:0{len(first)}d}" for number in range(int(first), int(last) + 1)]
    return found
