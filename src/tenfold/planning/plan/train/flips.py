"""What would change the choice: for each input that can, the value at which another design is chosen or nothing fits.

An input of the best design is made worse, one of a rival better, by a factor in all draws, everything else drawn as it
is; the factor at which the order changes is found by bisection. Designs that share the input move with it: they are
judged, and chosen, at the moved value. Another number of the chips of the best design, had as they are, is no other
choice while the best design fits. Beyond ``FARTHEST`` times nothing is said: whoever knows that little of an input has
other questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from tenfold.planning.plan.train.evaluated import Evaluated, place_of, rows_at
from tenfold.planning.plan.verdicts import Flip
from tenfold.planning.supply.assess import assess_variants
from tenfold.planning.supply.choose import RANKINGS, objective_of
from tenfold.planning.supply.evaluate import rent_usd_per_chip_hour
from tenfold.planning.supply.rows import Limits, Rows
from tenfold.quantities import Flags, Floats, Indices, Percentiles, Uncertain

FARTHEST = 4.0
HALVINGS, ABREAST = 12, 3
"""Halvings of a bisection, and how many of them are answered by one question."""
RIVALS = 3
NOTHING = "nothing fits"
WORSE = ("price", "step", "failures", "lead", "big_and_soon")
"""Inputs of the best design that are made worse."""


@dataclass(frozen=True, slots=True)
class _Case:
    evaluated: Evaluated
    limits: Limits
    objective: str

    def score(self, place: int) -> float:
        """Objective of a design as it is; infinite where it does not fit."""
        return float(self.scores(place, "price", np.ones(1))[0])

    def scores(self, place: int, key: str, factors: Floats) -> Floats:
        """Objective of a design with an input times each of the factors; infinite where it does not fit."""
        evaluated, limits = self.evaluated, self.limits
        row, draws = rows_at(evaluated, np.array([place])), evaluated.draws
        variants = [{key: draws.of(key, row.index) * factor} for factor in factors]
        interval = evaluated.interval_s[evaluated.designs.row[[place]]]
        found = assess_variants(row, evaluated.work, draws, interval, limits, variants)
        energy = float(evaluated.designs.energy_j[place]) * (factors if key == "step" else np.ones_like(factors))
        return np.where(found.in_both[:, 0] < limits.confidence, np.inf, objective_of(found, self.objective, energy))


def flips(
    evaluated: Evaluated,
    inputs: Sequence[Uncertain],
    limits: Limits,
    objective: str,
    ranked: Indices,
    names: Mapping[int, str],
) -> tuple[Flip, ...]:
    """List what changes the choice, the smallest change first. ``ranked`` are designs that fit, the best one first."""
    case, best = _Case(evaluated, limits, objective), int(ranked[0])
    known = {each.key: each for each in inputs}
    found = [*_worse(case, known, best, ranked, names), *_better(case, known, best, ranked, names)]
    return tuple(flip for _, flip in sorted(found, key=lambda pair: pair[0]))


def _worse(
    case: _Case, known: Mapping[str, Uncertain], best: int, ranked: Indices, names: Mapping[int, str]
) -> Iterator[tuple[float, Flip]]:
    row, as_drawn = rows_at(case.evaluated, np.array([best])), _as_drawn(case)
    behind = [int(each) for each in ranked[1:] if as_drawn[each] >= as_drawn[best]]  # the rest no rule lets be chosen
    for key in WORSE:
        if not _plays(key, row):
            continue
        if not known[key].figures[place_of(known[key], row)].figure.value:
            continue  # what is none most often is none times anything, and its other outcomes have no name
        found = _change(case, known[key], best, behind)
        if found is not None:
            factor, chosen = found
            choice = NOTHING if chosen is None else names[chosen]
            yield abs(np.log(factor)), _flip(case, known[key], row, factor, choice, own=True)


def _change(case: _Case, known: Uncertain, best: int, others: Sequence[int]) -> tuple[float, int | None] | None:
    """Smallest factor on an input of the best design from which another is chosen, and which; None of them fits.

    The rival is the best design that keeps its input, until one that moves is found to overtake at what was found.
    """
    apart = (each for each in others if not _alike(case, best, each) and not _shares(case, known, best, each))
    rivals = [each for each in (next(apart, None),) if each is not None]
    while True:
        limits = partial(_least, case, known, best, tuple(rivals))
        factor = _first(lambda f, limits=limits: _worse_than(case.scores(best, known.key, f), limits(f)), FARTHEST)  # type: ignore[misc]
        moved = np.array([FARTHEST if factor is None else factor])
        chosen = _chosen(case, known, best, others, moved)
        if chosen is None or chosen in rivals or _alike(case, best, chosen):
            return None if factor is None else (factor, chosen)
        if factor is None and case.scores(best, known.key, moved)[0] <= _least(case, known, best, (chosen,), moved)[0]:
            return None
        rivals.append(chosen)


def _least(case: _Case, known: Uncertain, best: int, rivals: Sequence[int], factors: Floats) -> Floats:
    """Least objective of rivals where an input of the best design, and theirs if it is the same, is times factors."""
    least = np.full(len(factors), np.inf)
    for each in rivals:
        moves = _shares(case, known, best, each)
        least = np.minimum(least, case.scores(each, known.key, factors) if moves else case.score(each))
    return least


def _chosen(case: _Case, known: Uncertain, best: int, others: Sequence[int], factor: Floats) -> int | None:
    """Design that is best of the others at a factor, shape (1,); None where none fits.

    A worse input makes no objective better: who was behind, as drawn, the best one found so far stays behind.
    """
    as_drawn = _as_drawn(case)
    chosen, least = None, np.inf
    for each in sorted(others, key=lambda place: float(as_drawn[place])):
        if chosen is not None and as_drawn[each] >= least:
            break
        score = float(_least(case, known, best, (each,), factor)[0])
        if score < least:
            chosen, least = each, score
    return chosen


def _as_drawn(case: _Case) -> Floats:
    """What the objective sorts all designs by, nothing moved."""
    return RANKINGS[case.objective](case.evaluated.designs)[0]


def _better(
    case: _Case, known: Mapping[str, Uncertain], best: int, ranked: Indices, names: Mapping[int, str]
) -> Iterator[tuple[float, Flip]]:
    """Prices of rivals at which they would be chosen."""
    score, seen = case.score(best), set[tuple[int, int]]()
    for each in (int(place) for place in ranked[1:]):
        row = rows_at(case.evaluated, np.array([each]))
        kind = (int(row.chip[0]), int(row.supply[0]))
        alike = _alike(case, best, each) or _shares(case, known["price"], best, each)
        if kind in seen or len(seen) == RIVALS or alike:
            continue
        seen.add(kind)
        factor = _first(lambda f, each=each: case.scores(each, "price", 1.0 / f) < score, FARTHEST)  # type: ignore[misc]
        if factor is not None:
            yield abs(np.log(factor)), _flip(case, known["price"], row, 1.0 / factor, names[each], own=False)


def _worse_than(scores: Floats, limit: float) -> Flags:
    return (scores > limit) | ~np.isfinite(scores)


def _plays(key: str, row: Rows) -> bool:
    """Whether an input plays a part in a design."""
    rented = not row.owned[0]
    return bool({"lead": rented and row.waits[0] > 0.0, "big_and_soon": rented and row.premium[0] > 0.0}.get(key, True))


def _shares(case: _Case, known: Uncertain, one: int, other: int) -> bool:
    """Whether two designs have the same figure of an input."""
    rows = rows_at(case.evaluated, np.array([one, other]))
    if known.axis == "all":
        return True
    first, second = rows.index[known.axis].tolist()
    return bool(known.figures[first].name == known.figures[second].name)


def _alike(case: _Case, one: int, other: int) -> bool:
    """Whether two designs are the same chip had the same way, elsewhere or in another number."""
    designs = case.evaluated.designs
    return bool(designs.chip[one] == designs.chip[other] and designs.supply[one] == designs.supply[other])


def _first(changed: Callable[[Floats], Flags], farthest: float) -> float | None:
    """Smallest factor above 1 from which a change holds; None where it does not up to the farthest.

    Bisection, in which all the middles that the next ``ABREAST`` halvings may come to are asked about at once.
    """
    if not changed(np.array([farthest]))[0]:
        return None
    low, high = 0.0, float(np.log(farthest))
    for _ in range(HALVINGS // ABREAST):
        ends, middles = [(low, high)], list[float]()
        for node in range(2**ABREAST - 1):
            below, above = ends[node]
            middles.append((below + above) / 2.0)
            ends += [(below, middles[node]), (middles[node], above)]
        holds, node = changed(np.array([float(np.exp(middle)) for middle in middles])), 0
        for _ in range(ABREAST):
            node = 2 * node + (1 if holds[node] else 2)
        low, high = ends[node]
    return float(np.exp(high))


def _flip(case: _Case, known: Uncertain, row: Rows, factor: float, choice: str, *, own: bool) -> Flip:
    figure = known.figures[place_of(known, row)].figure
    unit = "s" if known.key == "step" else figure.unit
    value = _middle(case, known.key, figure.value, row)
    whose = known.label if own else f"{known.label} of {choice}"
    written = known.written if known.written not in ("", "%") else ""
    return {"input": whose, "from": value, "to": value * factor, "unit": unit, "written": written, "choice": choice}


def _middle(case: _Case, key: str, value: float, row: Rows) -> float:
    """An input as the design is shown with it: a step in seconds, a rent with what the count adds to it, at P50."""
    if key == "step":
        return value * float(row.step_s[0])
    if key == "price" and not row.owned[0]:
        return Percentiles.of(rent_usd_per_chip_hour(row, case.evaluated.draws)).p50
    return value
