"""Conditions of a script: true, false, or what they depend on that nobody sets."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from tenfold.performance.dialects.shell.values import Values, arithmetic, unknowns_in
from tenfold.performance.dialects.shell.words import Word, plain
from tenfold.quantities import whole_of

NUMBERS: Mapping[str, Callable[[int, int], bool]] = {
    "-eq": operator.eq, "-ne": operator.ne, "-gt": operator.gt, "-ge": operator.ge, "-lt": operator.lt,
    "-le": operator.le,
}  # fmt: skip
FILES = frozenset(("-d", "-e", "-f", "-s", "-r", "-w", "-x", "-L", "-h"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a condition comes to; where it cannot be told, ``names`` are what to give, none for the machine's own."""

    holds: bool | None
    names: tuple[str, ...] = ()

    def negated(self) -> Outcome:
        """Give the opposite."""
        return self if self.holds is None else Outcome(not self.holds)


def joined(left: Outcome, sign: str, right: Outcome) -> Outcome:
    """Outcome of two conditions with ``&&`` or ``||`` between them; one that decides alone does."""
    decides = sign == "||"
    if decides in (left.holds, right.holds):
        return Outcome(decides)
    if left.holds is None or right.holds is None:
        return Outcome(None, tuple(dict.fromkeys((*left.names, *right.names))))
    return right


def is_test(words: Sequence[Word]) -> bool:
    """Whether a command is a condition."""
    return bool(words) and plain(words[0]) in ("[", "[[", "test", "true", "false", ":")


def outcome_of(words: Sequence[Word], values: Values) -> Outcome:
    """Outcome of a command as a condition; of one that is no test nothing is known."""
    if not is_test(words):
        return Outcome(None)
    name = plain(words[0])
    if name in ("true", ":", "false"):
        return Outcome(name != "false")
    inner = [word for word in words[1:] if plain(word) not in ("]", "]]")]
    return _expression(inner, values)


def reckoned(text: str, values: Values) -> Outcome:
    """Outcome of ``(( … ))``."""
    found = arithmetic(values.fill(text))
    number = whole_of(found)
    return Outcome(None, unknowns_in(found)) if number is None else Outcome(number != 0)


def _expression(words: Sequence[Word], values: Values) -> Outcome:
    texts = [plain(word) for word in words]
    for sign, names in (("||", ("||", "-o")), ("&&", ("&&", "-a"))):
        place = next((at for at, text in enumerate(texts) if text in names and 0 < at < len(texts) - 1), None)
        if place is not None:
            return joined(_expression(words[:place], values), sign, _expression(words[place + 1 :], values))
    if texts[:1] == ["!"]:
        return _expression(words[1:], values).negated()
    if texts[:1] == ["("] and texts[-1:] == [")"]:
        return _expression(words[1:-1], values)
    return _comparison(words, texts, values)


def _comparison(words: Sequence[Word], texts: Sequence[str], values: Values) -> Outcome:
    if len(words) == 2 and texts[0] in FILES:
        return Outcome(None)
    if len(words) == 2 and texts[0] in ("-z", "-n", "-v"):
        return _emptiness(texts[0], words[1], values)
    if len(words) == 1:
        text = values.text(words[0])
        return Outcome(None, unknowns_in(text)) if unknowns_in(text) else Outcome(bool(text))
    if len(words) != 3:
        return Outcome(None)
    left, right = values.text(words[0]), values.text(words[2])
    if names := unknowns_in(left) + unknowns_in(right):
        return Outcome(None, names)
    if texts[1] in NUMBERS:
        numbers = whole_of(left), whole_of(right)
        known = numbers[0] is not None and numbers[1] is not None
        return Outcome(NUMBERS[texts[1]](numbers[0], numbers[1]) if known else None)  # type: ignore[arg-type]
    if texts[1] in ("=", "=="):
        return Outcome(_matches(left, right, words[2]))
    if texts[1] == "!=":
        return Outcome(not _matches(left, right, words[2]))
    if texts[1] == "=~":
        return _pattern(left, right)
    return Outcome(None)


def _pattern(left: str, right: str) -> Outcome:
    """A regular expression, where it is a plain one."""
    if len(right) > 100 or re.search(r"[+*{].*[+*{]|\(", right):
        return Outcome(None)
    try:
        return Outcome(re.search(right, left[:1000]) is not None)
    except re.error:
        return Outcome(None)


def _matches(text: str, pattern: str, word: Word) -> bool:
    quoted = any(part.mode != "plain" for part in word)
    return text == pattern if quoted or not set("*?") & set(pattern) else fnmatchcase(text, pattern[:200])


def _emptiness(sign: str, word: Word, values: Values) -> Outcome:
    """A variable that nothing sets is empty, as it is where nobody gives it."""
    text = values.text(word)
    names = unknowns_in(text)
    if any(name.isdecimal() for name in names):
        return Outcome(None, names)
    return Outcome((not text or bool(names)) == (sign == "-z"))
