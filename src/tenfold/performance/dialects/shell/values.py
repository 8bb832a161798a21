"""What words become: variables, defaults and whole-number arithmetic filled in, as far as a script tells them.

A value that depends on something the script does not set stands between two marks, so that whoever needs it can say
what is to be given: ``unknowns_in``. How much text variables become is bounded.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tenfold.performance.dialects.shell.words import Part, Word, plain, tokens_of
from tenfold.quantities import Expansion, InputError, whole_of

MOST_LETTERS = 4_000_000
"""Letters that the variables of a script may become in all."""
MARK = "\x01"
_UNKNOWN = re.compile(f"{MARK}([^{MARK}]*){MARK}")
_NAME = re.compile(r"\$(?:\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}|([A-Za-z_]\w*|[0-9@*#?!$-]))")
_INNER = re.compile(r"([#!]?)([A-Za-z_]\w*|[0-9]+|[@*#?])(\[[^\]]*\])?(.*)", re.DOTALL)
_FROM_ECHO = re.compile(r"\s*echo\s+(.+?)\s*\|\s*bc\s*(?:-l\s*)?", re.DOTALL)
LARGEST = 10**15

_OPERATORS: Mapping[type, Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARISONS: Mapping[type, Callable[[int, int], bool]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}  # fmt: skip


def unknown(name: str) -> str:
    """Stand-in for what nothing in the script sets."""
    return f"{MARK}{name.replace(MARK, '')[:80]}{MARK}"


def unknowns_in(text: str) -> tuple[str, ...]:
    """Names of what a value depends on and nobody sets."""
    return tuple(dict.fromkeys(_UNKNOWN.findall(text)))


def arithmetic(text: str) -> str:
    """Whole number that an expression is, as text; a stand-in where it depends on an unknown, or is none."""
    if names := unknowns_in(text):
        return "".join(unknown(name) for name in names)
    try:
        tree = ast.parse(re.sub(r"(?<!/)/(?!/)", "//", text.strip())[:400], mode="eval")
        return str(_whole(tree.body))
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError, MemoryError):
        return unknown(f"$(({text.strip()[:40]}))")


def _whole(node: ast.expr) -> int:
    """Value of a syntax tree of whole numbers. Raises ``ValueError`` for anything else."""
    match node:
        case ast.Constant(value=int(number)):
            found = int(number)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            found = -_whole(inner)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            found = _OPERATORS[type(sign)](_whole(left), _whole(right))
        case ast.Compare(left=left, ops=[sign], comparators=[right]) if type(sign) in _COMPARISONS:
            found = int(_COMPARISONS[type(sign)](_whole(left), _whole(right)))
        case _:
            raise ValueError("no whole number")
    if abs(found) > LARGEST:
        raise ValueError("too large")
    return found


@dataclass(slots=True)
class Values:
    """Variables and arrays of a script, those that were given first."""

    file: str
    given: Mapping[str, str]
    """Set from outside: they stand whatever the script assigns."""
    texts: dict[str, str] = field(default_factory=dict)
    arrays: dict[str, list[str]] = field(default_factory=dict)
    arguments: list[str] | None = None
    """Of the function that runs; None at the top, where they are the user's."""
    budget: Expansion = field(init=False)

    def __post_init__(self) -> None:
        """Bound what variables become."""
        self.budget = Expansion(file=self.file, most=MOST_LETTERS, what="variables")

    def set(self, name: str, text: str) -> None:
        """Assign a variable."""
        self.texts[name] = text
        self.arrays.pop(name, None)

    def known(self, name: str) -> bool:
        """Whether anything sets it."""
        return name in self.given or name in self.texts or name in self.arrays

    def get(self, name: str) -> str:
        """Value of a variable; a stand-in where nothing sets it."""
        if name in self.given:
            return self.given[name]
        if name in self.arrays:
            return " ".join(self.arrays[name])
        if name in self.texts:
            return self.texts[name]
        if self.arguments is not None and name.isdecimal():
            place = whole_of(name) or 0
            return self.arguments[place - 1] if 0 < place <= len(self.arguments) else ""
        if name in ("@", "*"):
            return " ".join(self.arguments or ())
        return unknown(name)

    def fill(self, text: str) -> str:
        """Text with its variables filled in."""
        found: list[str] = []
        at = 0
        while (start := text.find("$", at)) >= 0:
            found.append(text[at:start])
            value, at = self._dollar(text, start)
            self.budget.add(len(value))
            found.append(value)
        found.append(text[at:])
        return "".join(found)

    def _dollar(self, text: str, start: int) -> tuple[str, int]:
        """What a ``$`` and what belongs to it become, and where the text goes on."""
        if text.startswith("$((", start):
            end = _closing(text, start + 1)
            return arithmetic(self._names_filled(self.fill(text[start + 3 : end - 1]))), end + 1
        if text.startswith("$(", start):
            end = _closing(text, start + 1)
            return self._substituted(text[start + 2 : end]), end + 1
        name = _NAME.match(text, start)
        if name is None:
            return "$", start + 1
        return self._named(name[1] if name[1] is not None else name[2]), name.end()

    def _names_filled(self, text: str) -> str:
        """Bare names of an expression are variables too."""
        parts = re.split(f"({MARK}[^{MARK}]*{MARK})", text)
        return "".join(
            part if part.startswith(MARK) else re.sub(r"[A-Za-z_]\w*", lambda found: self.get(found[0]), part)
            for part in parts
        )

    def _substituted(self, command: str) -> str:
        """Output of the commands that are known to reckon: ``expr``, ``echo … | bc``, ``echo``."""
        filled = self.fill(command)
        if (echo := _FROM_ECHO.fullmatch(filled)) is not None:
            return arithmetic(echo[1].strip("\"' "))
        words = filled.split()
        if words[:1] == ["expr"]:
            return arithmetic(" ".join(words[1:]).replace("\\", ""))
        if words[:1] == ["echo"] and "|" not in words:
            return " ".join(word.strip("\"'") for word in words[1:])
        names = unknowns_in(filled)
        return "".join(map(unknown, names)) if names else unknown(f"$({command.strip()[:40]})")

    def _named(self, inner: str) -> str:
        """Value of ``${…}``: a name, an array, a length, with its default."""
        found = _INNER.fullmatch(inner)
        if found is None:
            return unknown(inner[:40])
        sign, name, place, rest = found[1], found[2], found[3], found[4]
        if sign:
            return str(len(self.arrays[name])) if name in self.arrays else unknown(name)
        if place is not None and name in self.arrays and place not in ("[@]", "[*]"):
            entry = whole_of(self.fill(place[1:-1]))
            row = self.arrays[name]
            return row[entry] if entry is not None and 0 <= entry < len(row) else unknown(name)
        value = self.get(name)
        default = re.match(r":?([-=+])(.*)", rest, re.DOTALL)
        if default is None:
            return value
        absent = (not self.known(name) and MARK in value) or (rest.startswith(":") and not value)
        if default[1] == "+":
            return "" if absent else self.fill(default[2])
        chosen = self.fill(default[2]) if absent else value
        if default[1] == "=" and absent:
            self.set(name, chosen)
        return chosen

    def words(self, word: Word) -> list[str]:
        """Words that one word becomes: outside quotes a filled value is divided at its spaces."""
        whole = plain(word)
        array = re.fullmatch(r"\$\{([A-Za-z_]\w*)\[[@*]\]\}", whole)
        if array is not None and array[1] in self.arrays and array[1] not in self.given:
            self.budget.add(sum(map(len, self.arrays[array[1]])))
            return list(self.arrays[array[1]])
        found, divided = [""], False
        for part in word:
            text = part.text if part.mode == "single" else self.fill(part.text)
            if part.mode != "plain" or text == part.text:
                found[-1] += text
                continue
            pieces = text.split()
            if text[:1].isspace() and found[-1]:
                found.append("")
            found[-1] += pieces[0] if pieces else ""
            found += pieces[1:]
            divided = True
        return [each for each in found if each] if divided else found

    def text(self, word: Word) -> str:
        """Text that one word becomes, undivided."""
        return "".join(part.text if part.mode == "single" else self.fill(part.text) for part in word)

    def array(self, text: str) -> list[str]:
        """Entries of an array that is written ``(…)``."""
        return [
            entry for token in tokens_of(text, self.file) if not isinstance(token, str) for entry in self.words(token)
        ]


def _closing(text: str, start: int) -> int:
    """Place of the bracket that closes the one at ``start``; the end of the text where none does."""
    depth = 0
    for place in range(start, len(text)):
        depth += (text[place] == "(") - (text[place] == ")")
        if not depth:
            return place
    return len(text)


def unpacked(text: str, file: str) -> list[str]:
    """Words of a quoted text that holds flags, as in ``bash -c "…"``; itself where it holds none."""
    if "--" not in text or not any(letter.isspace() for letter in text):
        return [text]
    try:
        return [plain(token) for token in tokens_of(text, file) if not isinstance(token, str)]
    except InputError:
        return text.split()


__all__ = ["MARK", "Part", "Values", "arithmetic", "unknown", "unknowns_in", "unpacked"]
