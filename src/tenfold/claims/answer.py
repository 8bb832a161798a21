"""The answer about statements: what was found for each, and its verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.claims.question import ClaimsQuestion
from tenfold.quantities import Made, NamedFigure


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found."""

    case: str
    """What it supposes; empty where nothing."""
    calculation: str
    """What was calculated, in words."""
    verdict: str
    found: float | str | None
    """The number or text; None where nothing could be calculated."""
    range: tuple[float, float] | None
    """P10 and P90 of the number, where it has them."""
    told: str
    """What was found with its range and unit, in words; empty where nothing."""
    asked: str
    """What it would have to be."""
    reason: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A statement with its verdict."""

    id: str
    kind: str
    by: str
    says: str
    value: float | None
    unit: str
    as_of: str
    verdict: str
    found: float | str | None
    """Of the first check that decides."""
    range: tuple[float, float] | None
    reason: str
    sources: tuple[str, ...]
    findings: tuple[Finding, ...]
    """Every check of it."""
    against: tuple[str, ...]
    """Statements that contradict it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsAnswer:
    """Statements with their verdicts."""

    question: ClaimsQuestion
    made: Made
    claims: tuple[Judged, ...]
    counts: Mapping[str, int]
    """Statements by verdict."""
    answers: int
    """Answers that the verdicts rest on; statements share them."""
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
    """Every figure under a verdict."""
