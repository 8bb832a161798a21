"""What can be asked about logs of failures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tenfold.quantities import Amount, DataFile, Key, Named, Text

SOME = Amount("1", above=0.0, most=1e6)
"""What somebody has of nodes, days or chips of a node, which all are multiplied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodputFitQuestion:
    """How often do my own machines fail, by cause, with intervals, lemon nodes and downtimes?

    With --out, the rate becomes an overlay of the catalog: assumptions/reliability.toml and its source.
    """

    logs: tuple[Annotated[str, DataFile("output of sacct -P, or a CSV of failures")], ...]
    """Output of sacct -P, or CSVs of failures."""
    chip: Annotated[str | None, Named("chips")] = None
    """Chip of the nodes, by key or alias; --out needs it."""
    chips_per_node: Annotated[float | None, SOME] = None
    """Chips of a node; those of the chip's system, or 8, when left out."""
    nodes: Annotated[float | None, SOME] = None
    """Nodes watched, for a CSV; the column's when left out."""
    days: Annotated[float | None, SOME] = None
    """Days watched, for a CSV; the column's when left out."""
    causes: Annotated[tuple[Annotated[str, Text(longest=200)], ...], Key("cause")] = ()
    """Causes that the one rate counts; failures of nodes in jobs, all of a CSV, when left out."""
