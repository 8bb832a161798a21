"""Errors that rows of a fit share: how a source ran what it measured, and what it does not say of a combination.

The error of a row is a sum of three parts, its own, that of its model, chip and engine in its source, and that of its
source, each within a group of scores and of that group's scale. So rows of one source agree on how things change with
load and length, and say of a level little more together than one of them. A mixed model with random intercepts
[Laird and Ware 1982, Biometrics 38, 963], by the inverse of Woodbury: with errors C = 1 + UUᵀ and L Lᵀ = 1 + UᵀU,
JᵀC⁻¹J = JᵀJ − (L⁻¹UᵀJ)ᵀ(L⁻¹UᵀJ).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tenfold.quantities import Flags, Floats, Indices
from tenfold.validation.serving.table import Case

PARTS = 3.0
"""Parts of the error of a row, each of the same scale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Rows of the same labels."""

    rows: Indices
    effects: Indices
    """Those that move them."""
    sd: Floats
    """By how much a unit of each does, (effects,)."""
    constants: Indices
    """The constant that each multiplies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Rows of one source and group."""

    rows: Indices
    members: Floats
    """(rows, combinations + 1): 1 where a row has a part of its error; the last is that of the source."""
    parts: tuple[Alike, ...]
    """Its rows by their labels; rows are places among those above."""


def witnesses_of(cases: Sequence[Case], weighing: Flags, alike: Sequence[Alike]) -> Iterator[Witness]:
    """Witnesses among the rows that weigh anything."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in np.flatnonzero(weighing).tolist():
        found[cases[row].run.source_title, cases[row].meaning.group].append(row)
    place = np.empty(len(cases), dtype=np.intp)
    for number, each in enumerate(alike):
        place[each.rows] = number
    for rows in found.values():
        names = [(cases[row].model, cases[row].chip, cases[row].engine.key) for row in rows]
        distinct = {name: number for number, name in enumerate(dict.fromkeys(names))}
        members = np.zeros((len(rows), len(distinct) + 1))
        members[np.arange(len(rows)), [distinct[name] for name in names]] = 1.0
        members[:, -1] = 1.0
        here = [alike[number] for number in np.unique(place[rows])]
        parts = tuple(replace(each, rows=np.flatnonzero(np.isin(rows, each.rows))) for each in here)
        yield Witness(rows=np.array(rows), members=members, parts=parts)


def shared(
    witnesses: Sequence[Witness], slopes: Floats, scaled: Floats, robust: Floats, scales: Floats, effects: int
) -> tuple[Floats, Floats]:
    """What shared errors take from the curvature and from the way down: L⁻¹UᵀJ by effect, and L⁻¹Uᵀr.

    ``slopes`` by constant, residuals ``scaled`` by ``robust`` weights, and the ``scales`` of errors are those of all
    rows; so many ``effects`` are fitted.
    """
    by_effect = np.zeros((sum(each.members.shape[1] for each in witnesses), effects))
    seen, last = np.zeros(len(by_effect)), 0
    for witness in witnesses:
        rows = witness.rows
        members = witness.members * (robust[rows] * scales[rows])[:, None]
        factor = np.linalg.cholesky(np.eye(members.shape[1]) + members.T @ members)
        solved = np.linalg.solve(factor, members.T)
        first, last = last, last + len(solved)
        seen[first:last] = solved @ scaled[rows]
        for part in witness.parts:
            here = rows[part.rows]
            by_constant = solved[:, part.rows] @ (slopes[here] * robust[here, None])
            by_effect[first:last, part.effects] += by_constant[:, part.constants] * part.sd
    return by_effect, seen
