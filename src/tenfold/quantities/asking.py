"""What a field of a record may hold, said once, beside the field: unit, ends, choices, names.

    deadline_s: Annotated[float | None, Amount("s", least=3600)] = None
    "Time from the order of the chips until the run must be done."

A marker reads a raw value (text, number, list) into the value that the record keeps, says what is wrong in words, and
describes itself for JSON schemas, shells and forms. ``fields`` finds the markers of a record, ``documents`` reads whole
files with them. A room may bring a marker of its own: anything with the methods of ``Asks``.
"""

from __future__ import annotations

import datetime
import difflib
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar, runtime_checkable

from tenfold.quantities.dates import parse_date
from tenfold.quantities.errors import InputError, Problem, shown
from tenfold.quantities.parsing import parse_quantity
from tenfold.quantities.printing import format_quantity

MOST = 10**8
"""Beyond any count of chips, sequences or replicas that could be meant."""
LONGEST_TEXT = 10_000
"""Characters a text may have."""
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Control characters, such as those that begin an escape sequence; line breaks and tabs are none of these."""


Raw = TypeVar("Raw")
Kept = TypeVar("Kept")
Progress = Callable[[float], None]
"""Told the share of the work that is done."""


class Names(Protocol):
    """Something that knows names: the catalog, as far as reading needs it."""

    def known(self, folder: str) -> Iterable[str]:
        """Keys of a folder."""
        ...

    def key_of(self, folder: str, name: str) -> str:
        """Key of a thing by key or alias. Raises ``InputError`` with the nearest when unknown."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a raw value stands, and what reading it may look at."""

    file: str = ""
    """As messages name it; empty for options and Python calls."""
    key: str = ""
    folder: Path = field(default_factory=Path)
    """What relative paths are relative to."""
    names: Names | None = None
    """None where names are taken as they stand."""

    def at(self, key: str | int) -> Place:
        """Give the place of a key below this one."""
        below = f"{self.key}.{key}" if self.key else str(key)
        return Place(file=self.file, key=below, folder=self.folder, names=self.names)

    def problem(self, wrong: str, remedy: str = "") -> Problem:
        """Say what is wrong here."""
        return Problem(file=self.file, key=self.key, wrong=wrong, remedy=remedy)

    def refusal(self, wrong: str, remedy: str = "") -> InputError:
        """Make the error that says what is wrong here."""
        return InputError(self.problem(wrong, remedy))


@runtime_checkable
class Asks(Protocol):
    """What a marker offers."""

    def read(self, raw: Any, place: Place) -> Any:  # noqa: ANN401  (any TOML value, any kept value)
        """Turn a raw value into the one kept. Raises ``InputError`` that names the place and the remedy."""
        ...

    def schema(self) -> dict[str, Any]:
        """Describe raw values as JSON Schema."""
        ...

    def words(self) -> tuple[str, ...]:
        """Words that may stand here, for completion; empty where there is no list of them."""
        ...


@dataclass(frozen=True, slots=True)
class Unread:
    """A value that was given and could not be read."""

    raw: Any


@dataclass(frozen=True, slots=True)
class Key:
    """The key of a field in files and its option, where it is not the field's name without its unit.

    A key with dots is that of a table within a table: ``memory.bandwidth``.
    """

    name: str


class InNoFile:
    """Marks a field that whoever reads the file sets, such as the key that is the file's own name."""


class Argument:
    """Marks the field that stands bare after the command, as files of data do: the chip of ``prices show CHIP``."""


@dataclass(frozen=True, slots=True)
class Flat:
    """Beside a record in a record: its fields are keys and options among the others, as well as in a table of its own.

    Its own defaults hold, so the field that holds it needs none but its own empty record.
    """


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a unit: text such as "60 days", or a number that is in the unit already."""

    unit: str
    least: float = 0.0
    most: float = math.inf
    above: float | None = None
    """A lower end that is not itself allowed."""

    def read(self, raw: Any, place: Place) -> float:  # noqa: ANN401
        """Value in the unit, within the ends."""
        if isinstance(raw, bool) or not isinstance(raw, (str, int, float)):
            raise place.refusal(f"{shown(raw)} is not a quantity", f"Write {self._example()}")
        text = float(raw) if isinstance(raw, str) and self._is_bare(raw, place) else raw
        value = parse_quantity(text, self.unit, file=place.file, key=place.key, negative=self.least < 0)
        if self.above is not None and value <= self.above:
            low = format_quantity(self.above, self.unit)
            raise place.refusal(f"{shown(raw)} is too small", f"Write a value above {low}")
        if not self.least <= value <= self.most:
            raise place.refusal(f"{shown(raw)} is too {'small' if value < self.least else 'large'}", self._ends())
        return value

    def _is_bare(self, raw: str, place: Place) -> bool:
        """Whether an option is a number of dollars, which need no sign there: ``--taxes-per-year 1e5``."""
        if place.file or not self.unit.startswith("USD"):
            return False
        try:
            return math.isfinite(float(raw)) and raw.isascii()
        except ValueError:
            return False

    def _ends(self) -> str:
        low, high = (format_quantity(end, self.unit) for end in (self.least, self.most))
        return f"Write a value from {low} to {high}" if math.isfinite(self.most) else f"Write at least {low}"

    def _example(self) -> str:
        from tenfold.quantities.units import UNITS

        return f"text such as '{UNITS[self.unit].example}'"

    def schema(self) -> dict[str, Any]:
        """Text with a unit, or a number."""
        from tenfold.quantities.units import UNITS

        stated = {"minimum": self.least, "maximum": self.most}
        ends = {name: end for name, end in stated.items() if math.isfinite(end)}
        if self.above is not None:
            ends = {"exclusiveMinimum": self.above, **{name: end for name, end in ends.items() if name != "minimum"}}
        return {"type": ["string", "number"], "unit": self.unit, "examples": [UNITS[self.unit].example], **ends}

    def words(self) -> tuple[str, ...]:
        """No list of words."""
        return ()


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number, which text may give with a suffix ("16K") or its unit ("2048 sequences")."""

    least: int = 1
    most: int = MOST
    unit: str = "1"

    def read(self, raw: Any, place: Place) -> int:  # noqa: ANN401
        """Whole number within the ends."""
        value = self._value(raw, place)
        if self.least <= value <= self.most:
            return value
        wrong = f"{shown(raw)} is too {'small' if value < self.least else 'large'}"
        raise place.refusal(wrong, f"Give a whole number from {self.least:,} to {self.most:,}")

    def _value(self, raw: Any, place: Place) -> int:  # noqa: ANN401
        if isinstance(raw, int) and not isinstance(raw, bool):
            return raw
        if isinstance(raw, bool) or not isinstance(raw, (str, float)):
            raise place.refusal(f"{shown(raw)} is not a whole number", "Write a whole number without quotes")
        if isinstance(raw, str) and raw.strip().lstrip("+-").isdecimal() and raw.strip().isascii():
            digits = raw.strip()
            return int(digits) if len(digits) < 400 else self.most + 1
        if self.unit == "1" and isinstance(raw, str) and not any(character.isdigit() for character in raw):
            raise place.refusal(f"{shown(raw)} is not a whole number", "Write one, such as 8 or '16K'")
        value = parse_quantity(raw, self.unit, file=place.file, key=place.key, negative=True)
        if value != round(value):
            raise place.refusal(f"{shown(raw)} is not whole", "Write a whole number")
        return round(value)

    def schema(self) -> dict[str, Any]:
        """Whole number, or text that means one."""
        return {"type": ["integer", "string"], "minimum": self.least, "maximum": self.most}

    def words(self) -> tuple[str, ...]:
        """No list of words."""
        return ()


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few words; ``what`` says what they are, such as "supply"."""

    choices: tuple[str, ...]
    what: str = ""

    def read(self, raw: Any, place: Place) -> str:  # noqa: ANN401
        """Give the word back when it is known."""
        if isinstance(raw, str) and raw in self.choices:
            return raw
        listed = f"Use one of {', '.join(self.choices)}" if len(self.choices) > 1 else f"Use '{self.choices[0]}'"
        if not isinstance(raw, str):
            raise place.refusal(f"{shown(raw)} is not text", listed)
        close = difflib.get_close_matches(raw, self.choices, n=1)
        hint = f": did you mean '{close[0]}'?" if close else ""
        wrong = f"unknown {self.what} {shown(raw)}" if self.what else f"unknown {shown(raw)}"
        raise place.refusal(wrong + hint, "" if close else listed)

    def schema(self) -> dict[str, Any]:
        """One of the words."""
        return {"type": "string", "enum": list(self.choices)}

    def words(self) -> tuple[str, ...]:
        """All of them."""
        return self.choices


@dataclass(frozen=True, slots=True)
class Named:
    """A thing of the catalog by key or alias; kept by its key."""

    folder: str

    def read(self, raw: Any, place: Place) -> str:  # noqa: ANN401
        """Key of the thing."""
        name = Text(longest=200).read(raw, place)
        if place.names is None:
            return name
        try:
            return place.names.key_of(self.folder, name)
        except InputError as trouble:
            raise placed(trouble, place) from None

    def schema(self) -> dict[str, Any]:
        """Text; the keys are the catalog's to list."""
        return {"type": "string", "minLength": 1, "catalog": self.folder}

    def words(self) -> tuple[str, ...]:
        """Completed from the catalog's own files."""
        return ()


@dataclass(frozen=True, slots=True)
class Text:
    """Text that is not empty."""

    longest: int = LONGEST_TEXT
    empty: bool = False

    def read(self, raw: Any, place: Place) -> str:  # noqa: ANN401
        """Give the text back."""
        if not isinstance(raw, str):
            raise place.refusal(f"{shown(raw)} is not text", "Write text in quotes")
        if not raw and not self.empty:
            raise place.refusal("is empty", "Write at least one character")
        if len(raw) > self.longest:
            raise place.refusal(f"{shown(raw)} is too long", f"Write at most {self.longest:,} characters")
        if CONTROL.search(raw):
            raise place.refusal(f"{shown(raw)} holds characters that a terminal would act on", "Leave them out")
        return raw

    def schema(self) -> dict[str, Any]:
        """Text."""
        return {"type": "string"} if self.empty else {"type": "string", "minLength": 1}

    def words(self) -> tuple[str, ...]:
        """No list of words."""
        return ()


@dataclass(frozen=True, slots=True)
class Day:
    """A date: '2027-03-01', '2027-03', '2027Q3' or '2027'; of a period its first day, or its last with ``end``."""

    end: bool = False
    first_year: int = datetime.MINYEAR
    last_year: int = datetime.MAXYEAR

    def read(self, raw: Any, place: Place) -> datetime.date:  # noqa: ANN401
        """Day meant."""
        day = parse_date(raw, file=place.file, key=place.key, end=self.end)
        if self.first_year <= day.year <= self.last_year:
            return day
        wrong = f"{shown(str(raw))} is too {'early' if day.year < self.first_year else 'late'}"
        raise place.refusal(wrong, f"Write a day from {self.first_year} to {self.last_year}")

    def schema(self) -> dict[str, Any]:
        """Text or a TOML date."""
        return {"type": "string", "examples": ["2027-03-01", "2027-03", "2027Q3", "2027"]}

    def words(self) -> tuple[str, ...]:
        """No list of words."""
        return ()


@dataclass(frozen=True, slots=True)
class Switch:
    """Yes or no."""

    def read(self, raw: Any, place: Place) -> bool:  # noqa: ANN401
        """Give the answer back."""
        if isinstance(raw, bool):
            return raw
        raise place.refusal(f"{shown(raw)} is neither true nor false", "Write true or false")

    def schema(self) -> dict[str, Any]:
        """True or false."""
        return {"type": "boolean"}

    def words(self) -> tuple[str, ...]:
        """No list of words."""
        return ()


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of data that the question is about: measured runs, a log, a trace. A relative path is kept from here."""

    what: str = "data"

    def read(self, raw: Any, place: Place) -> str:  # noqa: ANN401
        """Path of the file, which must be there."""
        name = raw.as_posix() if isinstance(raw, Path) else Text(longest=4096).read(raw, place)
        path = place.folder / name
        if "\0" in name or not path.exists():
            raise InputError(Problem(file=shown(name)[1:-1], key="", wrong="no such file", remedy=f"Name {self.what}"))
        return path.as_posix()

    def schema(self) -> dict[str, Any]:
        """A path."""
        return {"type": "string", "minLength": 1, "description": f"Path of {self.what}"}

    def words(self) -> tuple[str, ...]:
        """Completed by the shell."""
        return ()


@dataclass(frozen=True, slots=True)
class Series:
    """One value for all, or a list of one for each; kept as a tuple."""

    each: Asks

    @property
    def unit(self) -> str:
        """Unit of each value; empty where they have none."""
        return str(getattr(self.each, "unit", ""))

    def read(self, raw: Any, place: Place) -> tuple[Any, ...]:  # noqa: ANN401
        """Read the value, or every value of the list."""
        if not isinstance(raw, (list, tuple)):
            return (self.each.read(raw, place),)
        if not raw:
            raise place.refusal("is empty", "Write one value, or a list of them")
        return read_each(lambda numbered: self.each.read(numbered[1], place.at(numbered[0])), enumerate(raw))

    def schema(self) -> dict[str, Any]:
        """Either of the two."""
        return {"anyOf": [self.each.schema(), {"type": "array", "items": self.each.schema(), "minItems": 1}]}

    def words(self) -> tuple[str, ...]:
        """Those of each value."""
        return self.each.words()


def read_each(read: Callable[[Raw], Kept], raw: Iterable[Raw]) -> tuple[Kept, ...]:
    """Read several values. Raises one ``InputError`` with the problems of all of them."""
    found: list[Kept] = []
    problems: list[Problem] = []
    for each in raw:
        try:
            found.append(read(each))
        except InputError as trouble:
            problems += trouble.problems
    if problems:
        raise InputError(problems)
    return tuple(found)


def placed(trouble: InputError, place: Place) -> InputError:
    """Say of an error that knows no place where it happened; one that names another file keeps it."""
    return InputError(
        problem if problem.file else replace(problem, file=place.file, key=problem.key or place.key)
        for problem in trouble.problems
    )


BARE: Mapping[type, Asks] = {
    str: Text(empty=True),
    int: Whole(least=0),
    float: Amount("1"),
    bool: Switch(),
    datetime.date: Day(),
}
"""What a field without a marker may hold, by its type."""
