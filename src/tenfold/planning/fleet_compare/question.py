"""What can be asked about several fleets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from tenfold.catalog import Catalog
from tenfold.quantities import DataFile, Problem, Whole, known


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetCompareQuestion:
    """Which fleet, or which rules, make the same jobs wait less, and by how much?"""

    fleets: tuple[Annotated[str, DataFile("questions of fleet replay")], ...]
    """Files of fleet replay; the first is what the others are compared with."""
    resamples: Annotated[int, Whole(least=10, most=100_000)] = 500
    """Times that days of submissions are drawn again, for the range of a difference."""


def contradictions(question: FleetCompareQuestion, catalog: Catalog) -> Iterable[Problem]:
    """Say what cannot be between the fields."""
    del catalog  # nothing in it bears on the files
    if not known(question):
        return
    if len(question.fleets) < 2:
        yield Problem(file="", key="fleets", wrong="is one file", remedy="Name two or more")
