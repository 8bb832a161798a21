"""What made an answer: with it and the question, anybody gets the same bytes again."""

from __future__ import annotations

from dataclasses import dataclass

VERSION = "0.1.0"
"""Of Tenfold; the build reads it here, since asking the installed package costs every command 20 ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What an answer was made with."""

    tenfold: str
    """Version of Tenfold."""
    catalog: str
    """Version of the catalog, overlays included."""
    overrides: tuple[str, ...]
    """What overlays changed, one sentence each."""
    seed: int
    """Of every random draw."""
