"""Rejected designs, gathered: designs of one chip that fail for the same reasons are one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tenfold.planning.plan import Infeasible, nearest_of
from tenfold.reports.report import Section, Table
from tenfold.reports.wording import counted, few

LINES = 12
"""Lines shown at most."""
NEXT_WITHOUT_A_PLAN = (
    "change the goal as said above; --full lists what was rejected and what is missing, with what would help"
)
"""What to do where nothing fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Designs of one chip that fail for the same kinds of reason; the reasons shown are those of the nearest one."""

    chip: str
    what: str
    """Counts, supplies and sites of the designs, in words."""
    short: tuple[str, ...]
    nearest: tuple[str, ...]
    kinds: tuple[str, ...]
    designs: int


def rejected_section(infeasible: Sequence[Infeasible], missing: Sequence[Infeasible] = ()) -> Section:
    """List rejected designs by chip and reason, with the nearest change that would fit; lack of data apart."""
    tables = [_table(infeasible, ("chip", "tried", "short", "would fit with"))] if infeasible else []
    if missing:
        tables.append(replace(_table(missing, ("chip", "tried", "not known", "remedy")), title="No data"))
    return Section(title=f"Rejected: {counted(len(infeasible), 'design')}", tables=tuple(tables))


def _table(rejected: Sequence[Infeasible], headers: tuple[str, ...]) -> Table:
    groups = rejections(rejected)
    rows = [
        (group.chip, group.what, "; ".join(group.short), "; ".join(group.nearest) or "–") for group in groups[:LINES]
    ]
    if rest := rest_text(groups):
        rows.append(("…", rest, "", ""))
    return Table(headers=headers, rows=tuple(rows))


def rejections(infeasible: Iterable[Infeasible]) -> tuple[Rejection, ...]:
    """Gather rejected designs by chip and kinds of reason, in the order in which the groups first appear."""
    groups: dict[tuple[str, tuple[str, ...]], list[Infeasible]] = {}
    for design in infeasible:
        kinds = tuple(sorted({reason.kind for reason in design.reasons}))
        groups.setdefault((design.chip, kinds), []).append(design)
    return tuple(_rejection(chip, kinds, members) for (chip, kinds), members in groups.items())


def rest_text(groups: Sequence[Rejection], lines: int = LINES) -> str:
    """Say how much is beyond the lines shown; empty when nothing is."""
    rest = groups[lines:]
    designs = sum(group.designs for group in rest)
    return f"and {designs:,} more designs in {len(rest):,} groups" if rest else ""


def _rejection(chip: str, kinds: tuple[str, ...], members: list[Infeasible]) -> Rejection:
    nearest = nearest_of(members)
    counts = sorted({design.chips for design in members})
    span = f"{counts[0]:,}" if len(counts) == 1 else f"{counts[0]:,} to {counts[-1]:,}"
    supplies = few([design.had_as for design in members], "kinds of supply")
    sites = few([design.site for design in members], "sites")
    return Rejection(
        chip=chip,
        what=f"{_designs(len(members))}{span} chips, {supplies}, {sites}",
        short=nearest.said,
        nearest=nearest.changes,
        kinds=kinds,
        designs=len(members),
    )


def _designs(count: int) -> str:
    return f"{count:,} designs: " if count > 1 else ""
