"""Names of things: keys and aliases found whatever their case and punctuation, and the nearest of an unknown one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from tenfold.quantities import CatalogError, Problem, shown

_LISTED = 8
_SHORTEST_BEGINNING = 4


@lru_cache(maxsize=4096)  # the same few names are looked up again and again
def normal(name: str) -> str:
    """Strip a name of case, spaces and punctuation: "H100 SXM5 (80 GB)" is "h100sxm580gb"."""
    return re.sub(r"[\s\-_.()/]+", "", name).casefold()


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Finds the key of a thing by any of its names."""

    what: str
    """What is looked up, in the singular: "chip"."""
    folder: str
    keys: Mapping[str, str]
    """Normal name to key."""
    problems: tuple[Problem, ...] = field(default=())
    """Names that two things claim."""

    @classmethod
    def of(cls, what: str, folder: str, names: Mapping[str, Iterable[str]], files: Mapping[str, str]) -> NameIndex:
        """Index things by key and the names each goes by; a name that two things claim is a problem."""
        keys = {normal(key): key for key in names}
        problems = []
        for key, claimed in names.items():
            for name in claimed:
                owner = keys.setdefault(normal(name), key)
                if owner != key:
                    wrong, remedy = f"{shown(name)} already names {what} '{owner}'", "Give it to one of them"
                    problems.append(Problem(file=files.get(key, ""), key="aliases", wrong=wrong, remedy=remedy))
        return cls(what, folder, keys, tuple(problems))

    def key(self, name: str) -> str:
        """Find the key of the thing called ``name``. Raises ``CatalogError`` with the nearest name when unknown."""
        found = self.keys.get(normal(name))
        if found is None:
            raise CatalogError(self.unknown(name))
        return found

    def unknown(self, name: str, *, file: str = "", key: str = "") -> Problem:
        """Say that nothing has this name, and which name is nearest."""
        near = _nearest(normal(name), self.keys)
        several = [self.keys.get(normal(each), "") for each in name.split(",")]
        if len(several) > 1 and all(several):
            wrong, remedy = (
                f"{shown(name)} is {len(several)} names in one",
                "Give each on its own, or as a list in a file",
            )
        elif near:
            wrong, remedy = f"unknown {self.what} {shown(name)}: did you mean '{self.keys[near]}'?", ""
        else:
            listed = sorted(set(self.keys.values()))
            more = f" and {len(listed) - _LISTED} more" if len(listed) > _LISTED else ""
            wrong = f"unknown {self.what} {shown(name)}"
            remedy = f"Known: {', '.join(listed[:_LISTED]) or 'none'}{more}. Add one to {self.folder}/ of an overlay"
        return Problem(file=file, key=key, wrong=wrong, remedy=remedy)


def _nearest(name: str, known: Iterable[str]) -> str:
    """Choose the longest known name that begins this one, or the most similar; empty when none is near."""
    names = list(known)
    begun = [other for other in names if len(other) >= _SHORTEST_BEGINNING and name.startswith(other)]
    if begun:
        return max(begun, key=len)
    return next(iter(difflib.get_close_matches(name, names, n=1, cutoff=0.6)), "")


def unknown_key(what: str, folder: str, name: str, keys: Iterable[str]) -> Problem:
    """Say that no key of a folder is ``name``, and which is nearest."""
    return NameIndex(what, folder, {normal(key): key for key in keys}).unknown(name)
