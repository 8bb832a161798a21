"""What the rows of a trace ask for beside chips: columns that are optional, each with what its cells may hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.fleet.traces.columns import Words, first_of, named, numbers
from tenfold.fleet.traces.table import Table
from tenfold.fleet.wants import Wants, make_wants
from tenfold.quantities import Flags, Floats, Indices

WORDS = {"within": ("within", "level"), "kinds": ("kinds", "accepts"), "model": ("model",)}
"""Columns of words, by what they mean."""
NUMBERS = {
    "relax_s": ("relax_s", "relax_after_s"),
    "global_batch": ("global_batch",),
    "least_chips": ("least_chips", "min_chips"),
}
"""Columns of numbers, of which an empty cell says nothing."""
ABSENT = np.float64(-1.0)
"""In place of an empty cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Those columns that are there, by what they mean."""

    words: dict[str, Words]
    numbers: dict[str, Floats]
    """``ABSENT`` for an empty cell, NaN for one that is no number."""

    def faults(self, chips: Floats) -> list[tuple[Flags, str]]:
        """What makes a row mean nothing."""
        found = [
            (np.isnan(column) | ((column < 0) & (column != ABSENT)), f"no number as {name}")
            for name, column in self.numbers.items()
        ]
        if "least_chips" in self.numbers:
            found.append((self.numbers["least_chips"] > chips, "more least_chips than chips"))
        if "model" in self.words:
            batch = self.numbers.get("global_batch", np.full(len(chips), ABSENT))
            found.append(((self.words["model"] != "") & ~(batch >= 1), "a model but no global_batch"))
        return found

    def take(self, kept: Indices, chips: Floats) -> Wants:
        """What jobs want of rows that mean something."""
        least = self._number("least_chips", kept, chips[kept])
        return make_wants(
            chips[kept].astype(np.int64),
            relax_s=self._number("relax_s", kept, np.full(len(kept), np.inf)),
            global_batch=self._number("global_batch", kept, np.zeros(len(kept))).astype(np.int64),
            least_chips=np.maximum(least, 1.0).astype(np.int64),
            within=self._word("within", kept),
            kinds=self._word("kinds", kept),
            model=self._word("model", kept),
        )

    def _word(self, name: str, kept: Indices) -> Words | None:
        return self.words[name][kept] if name in self.words else None

    def _number(self, name: str, kept: Indices, otherwise: Floats) -> Floats:
        if name not in self.numbers:
            return otherwise
        column = self.numbers[name][kept]
        return np.where(column == ABSENT, otherwise, column)


def wanted(table: Table) -> Wanted | None:
    """Columns of wants; None where there is none of them."""
    words = {name: column for name, names in WORDS.items() if (column := first_of(table, names)) is not None}
    read = {name: _numbers(table, there) for name, names in NUMBERS.items() if (there := named(table, *names))}
    return Wanted(words=words, numbers=read) if words or read else None


def _numbers(table: Table, name: str) -> Floats:
    cells = table.columns[name]
    empty = np.array([cell is None or str(cell).strip() in ("", "nan") for cell in cells.tolist()], dtype=np.bool_)
    return np.where(empty, ABSENT, numbers(cells))
