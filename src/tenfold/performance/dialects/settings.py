"""Values of a configuration by name: checked, and every problem collected."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tenfold.performance.dialects.shell import unknowns_in
from tenfold.performance.dialects.stated import how_to_give
from tenfold.quantities import InputError, Problem, finite_of, shown, visible

WORDS = {"true": True, "false": False}
MEANS_NOTHING: tuple[object, ...] = (None, False, -1, "", [], {})
"""Values by which a setting says nothing."""
MOST = 10**9
"""No size or count is larger; beyond it a slip of the hand is meant."""


@dataclass(slots=True, kw_only=True)
class Settings:
    """Reads settings; wrong ones leave a problem and a harmless stand-in. Remembers what was asked for."""

    file: str
    values: Mapping[str, object]
    problems: list[Problem] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def present(self, name: str) -> bool:
        """Whether the configuration holds the setting."""
        self.asked.add(name)
        return self.values.get(name) is not None

    def report(self, name: str, wrong: str, remedy: str) -> None:
        """Keep a problem with a setting."""
        self.problems.append(Problem(file=self.file, key=name, wrong=wrong, remedy=remedy))

    def unsaid(self, name: str) -> bool:
        """Report a value that depends on what the file does not set."""
        raw = self.values.get(name)
        names = unknowns_in(raw) if isinstance(raw, str) else ()
        if names:
            said = " and ".join(f"${visible(each)}" for each in names)
            self.report(name, f"depends on {said}, which nothing sets", how_to_give(names))
        return bool(names)

    def number(self, name: str, default: float, least: float = 0.0) -> float:
        """A finite number; texts of digits count."""
        if not self.present(name) or self.unsaid(name):
            return default
        raw = self.values[name]
        try:
            value = finite_of(raw) if isinstance(raw, str) else None if isinstance(raw, bool) else float(raw)  # type: ignore[arg-type]
        except (ValueError, OverflowError, TypeError):
            value = None
        value = math.nan if value is None else value
        if not least <= value <= MOST:
            self.report(name, f"{shown(raw)} is no number from {least:g} to {MOST:,}", "Write one")
            return default
        return value

    def whole(self, name: str, default: int, least: int = 1) -> int:
        """A whole number."""
        value = self.number(name, default, least)
        if value != round(value):
            self.report(name, f"{shown(self.values[name])} is no whole number", "Write one")
            return default
        return round(value)

    def optional(self, name: str, least: int = 1) -> int | None:
        """A whole number, or None when it is absent."""
        return self.whole(name, least, least) if self.present(name) else None

    def text(self, name: str, default: str) -> str:
        """A text."""
        if not self.present(name) or self.unsaid(name):
            return default
        raw = self.values[name]
        if not isinstance(raw, str):
            self.report(name, f"{shown(raw)} is no text", "Write a text")
            return default
        return raw

    def word(self, name: str, default: str, words: Sequence[str]) -> str:
        """One of some words."""
        value = self.text(name, default)
        if value not in words:
            self.report(name, f"{shown(value)} is not known here", f"Use one of {', '.join(filter(None, words))}")
            return default
        return value

    def flag(self, name: str, default: bool) -> bool:
        """True or false; words for them count."""
        if not self.present(name) or self.unsaid(name):
            return default
        raw = WORDS.get(str(self.values[name]).casefold(), self.values[name])
        if not isinstance(raw, bool):
            self.report(name, f"{shown(raw)} is neither true nor false", "Write true or false")
            return default
        return raw

    def zero_stage(self, name: str, default: int) -> int:
        """A stage of ZeRO, 0 to 3."""
        stage = self.whole(name, default, 0)
        if stage > 3:
            self.report(name, f"there is no stage {stage}", "Use one of 0, 1, 2, 3")
            return default
        return stage

    def require_or(self, name: str, remedy: str) -> None:
        """Report one that is absent, with what to do."""
        if not self.present(name):
            self.report(name, "is missing", remedy)

    def require(self, *names: str) -> None:
        """Report every one of these that is absent."""
        for name in names:
            if not self.present(name):
                self.report(name, "is missing", "Add it, or name the model with --model")

    def refuse_others(self, tool: str, own: Callable[[str], object], written: Iterable[str] | None = None) -> None:
        """Raise ``InputError`` for a file none of whose names is the tool's ``own``: another's, or a note.

        ``written`` are the names in the file, where some of them say nothing and are no values.
        """
        if not any(own(name) for name in (self.values if written is None else written)):
            wrong = f"holds no setting that is {tool}'s own"
            remedy = f"Give a configuration of {tool}, say whose it is with --format, or ask tenfold estimate training"
            raise InputError(Problem(file=self.file, key="", wrong=wrong, remedy=remedy))

    def finish(self) -> None:
        """Raise everything that is wrong, together."""
        if self.problems:
            raise InputError(dict.fromkeys(self.problems))
