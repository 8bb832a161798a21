"""What moved between two answers: number by number, by the names that lead to them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from codes import Answer

RELATIVE = 1e-9
CLOCK = frozenset({"seconds"})
"""Names under which an answer says how long it took."""
Value = float | bool | None
"""What is compared: a number, a truth, or that there is none. Texts are not: they say what numbers said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A value that both codes give, and that differs."""

    path: str
    before: Value
    after: Value

    @property
    def share(self) -> float:
        """Change as a share of the larger of the two; infinite where one is no number."""
        return _share(self.before, self.after)

    def __str__(self) -> str:
        said = f"{self.path}: {_shown(self.before)} -> {_shown(self.after)}"
        if not self.before or not self.after or math.isinf(self.share):
            return said
        return f"{said} ({self.after / self.before - 1:+.3g})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two answers to one question, told apart."""

    same: int = 0
    """Values that did not move."""
    moved: tuple[Move, ...] = ()
    gone: tuple[str, ...] = ()
    """Paths of values that only the code before gives."""
    new: tuple[str, ...] = ()
    """Paths of values that only the code now gives."""
    turned: str = ""
    """That one code answers what the other refuses; empty where both do the same."""
    not_asked: str = ""
    """Why the code before could not be asked."""
    broken: str = ""
    """Why the code now cannot be asked, or fails where it should refuse."""


def compare(before: Answer, after: Answer) -> Compared:
    """Compare what two codes answered to one question."""
    if after.failed or after.was_not_understood:
        return Compared(broken=after.said)
    if before.failed or before.was_not_understood:
        return Compared(not_asked=before.said)
    if after.data is None and before.data is None:
        return Compared()
    if after.data is None:
        return Compared(turned=f"refused now, answered before: {after.said}")
    if before.data is None:
        return Compared(turned=f"answered now, refused before: {before.said}")
    old, now = dict(values(before.data)), dict(values(after.data))
    moved = tuple(
        Move(path=path, before=value, after=now[path])
        for path, value in old.items()
        if path in now and _share(value, now[path]) > RELATIVE
    )
    return Compared(
        same=len(old.keys() & now.keys()) - len(moved),
        moved=moved,
        gone=tuple(path for path in old if path not in now),
        new=tuple(path for path in now if path not in old),
    )


def values(data: object, path: str = "") -> Iterator[tuple[str, Value]]:
    """Every value of an answer with its path; entries of a list by their names where those tell them apart."""
    if isinstance(data, Mapping):
        for name, value in data.items():
            if name not in CLOCK:
                yield from values(value, f"{path}.{name}" if path else str(name))
    elif isinstance(data, list):
        for name, value in zip(_names(data), data, strict=True):
            yield from values(value, f"{path}[{name}]")
    elif data is None or isinstance(data, float | int):
        yield path, data


def _names(entries: Sequence[object]) -> Sequence[object]:
    names = [entry.get("name") for entry in entries if isinstance(entry, Mapping)]
    told_apart = len(set(map(str, names))) == len(entries) and None not in names
    return names if told_apart else range(len(entries))


def _share(before: Value, after: Value) -> float:
    if before is after:
        return 0.0
    if before is None or after is None or isinstance(before, bool) or isinstance(after, bool):
        return math.inf
    larger = max(abs(before), abs(after))
    return abs(after - before) / larger if larger else 0.0


def _shown(value: Value) -> str:
    return f"{value:.9g}" if isinstance(value, float) else str(value)
