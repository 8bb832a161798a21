"""Words that a field may hold: one of a few, a name of the catalog, free text, a day, yes or no, a path."""

from __future__ import annotations

import datetime
import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenfold.quantities.asking import Place, placed
from tenfold.quantities.boundary import is_there
from tenfold.quantities.dates import parse_date
from tenfold.quantities.errors import InputError, Problem, shown

LONGEST_TEXT = 10_000
"""Characters a text may have."""
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Control characters, such as those that begin an escape sequence; line breaks and tabs are none of these."""


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
        if not is_there(path):
            raise InputError(Problem(file=shown(name)[1:-1], key="", wrong="no such file", remedy=f"Name {self.what}"))
        return path.as_posix()

    def schema(self) -> dict[str, Any]:
        """A path."""
        return {"type": "string", "minLength": 1, "description": f"Path of {self.what}"}

    def words(self) -> tuple[str, ...]:
        """Completed by the shell."""
        return ()


@dataclass(frozen=True, slots=True)
class SideFile:
    """A file beside the question, which has an option; the bare argument of a command is never meant by it."""

    what: str = "data"

    def read(self, raw: Any, place: Place) -> str:  # noqa: ANN401
        """Path of the file, which must be there."""
        return DataFile(self.what).read(raw, place)

    def schema(self) -> dict[str, Any]:
        """A path."""
        return DataFile(self.what).schema()

    def words(self) -> tuple[str, ...]:
        """Completed by the shell."""
        return ()
