"""Every design against the limits: medians, quantiles and chances over all draws, as columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tenfold.planning.supply.durations import at_work, by_chip, held, of_runs
from tenfold.planning.supply.evaluate import charged_usd_by_site, porting_usd, purchase_usd, rent_usd
from tenfold.planning.supply.held import Held
from tenfold.planning.supply.rows import Assessment, Limits, Rows, Work
from tenfold.quantities import Flags, Floats, Indices, Points, Variant

MEDIAN = 0.5
HANDFUL = 128
"""Rented rows that are judged together: a call on a few takes nearly as long as on a hundred, which fit the cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What becomes of some rows in every draw, whatever limits them: finish, what is committed, and what is charged."""

    index: Indices
    """The rows."""
    finish_days: Floats
    """Shape (rows, points)."""
    committed_usd: Floats
    """Shape (rows, points)."""
    charged_usd: Iterable[Floats] | None
    """Of owned rows, row by row, shape (sites, points); None of rented ones, which are charged what is committed."""


def draw(rows: Rows, work: Work, points: Points, interval_s: Floats, sites: int) -> Iterator[Drawn]:
    """Evaluate the rows at all points, each at all of so many sites.

    A chip at a time, which stays in cache, and a run once for all the offers it is had from. Sites differ in the energy
    of what is owned, and in nothing else.
    """
    for index in by_chip(rows):
        took, run = of_runs(rows, index, work, points, interval_s)
        taken_back = bool(np.any(took.working.waiting_for_spares))
        for offer in np.unique(rows.offer[index]):
            here = np.flatnonzero(rows.offer[index] == offer)
            alike = rows.of_one_offer(index[here])
            # Chips that a provider takes back are billed as they work while they are held; no others are.
            days = held(alike, points, took.run_days[run[here]])
            yield _drawn(index[here], alike, points, at_work(days, took, run[here]) if taken_back else days, sites)


def judge(drawn: Iterable[Drawn], limits: Limits, rows: int, sites: int) -> Assessment:
    """Hold what was drawn against the limits, shape (rows, sites)."""
    found = Assessment(**{name: np.empty((rows, sites)) for name in Assessment.__slots__})
    for each in _by_handfuls(drawn):
        for name, column in _judged(each, limits).items():
            getattr(found, name)[each.index] = column
    return found


def _by_handfuls(drawn: Iterable[Drawn]) -> Iterator[Drawn]:
    """The same draws with rented rows joined; owned ones, which are worked out row by row, as they come."""
    gathered = list[Drawn]()
    for each in drawn:
        if each.charged_usd is not None:
            yield each
            continue
        gathered.append(each)
        if sum(len(piece.index) for piece in gathered) >= HANDFUL:
            yield _joined(gathered)
            gathered = []
    if gathered:
        yield _joined(gathered)


def assess_variants(
    row: Rows, work: Work, points: Points, interval_s: Floats, limits: Limits, variants: Sequence[Variant]
) -> Assessment:
    """One row at its own site under every variant of its inputs, against the limits, shape (variants, 1)."""
    count = len(variants)
    (drawn,) = draw(row, work, points.side_by_side(row.index, variants), interval_s, 1)
    charged = drawn.charged_usd
    apart = Drawn(
        index=np.arange(count),
        finish_days=drawn.finish_days.reshape(count, -1),
        committed_usd=drawn.committed_usd.reshape(count, -1),
        charged_usd=None if charged is None else [each for usd in charged for each in usd.reshape(count, 1, -1)],
    )
    return judge([apart], limits, count, 1)


def with_budget(assessed: Assessment, drawn: Iterable[Drawn], limits: Limits) -> Assessment:
    """The same assessment under another budget: only what a budget decides is judged anew."""
    columns = {name: np.empty_like(getattr(assessed, name)) for name in OF_A_BUDGET}
    for each in drawn:
        in_time, sure_days = within(each.finish_days, limits.deadline_days), assessed.sure_finish_days[each.index, :1]
        for name, column in _of_budget(each, in_time, sure_days, limits).items():
            columns[name][each.index] = column
    return replace(assessed, **columns)


def held_together(drawn: Iterable[Drawn]) -> tuple[Drawn, ...]:
    """The same draws in two pieces, rented and owned, to be judged often."""
    rented, owned = list[Drawn](), list[Drawn]()
    for each in drawn:
        (rented if each.charged_usd is None else owned).append(each)
    return tuple(_joined(pieces) for pieces in (rented, owned) if pieces)


def _joined(pieces: Sequence[Drawn]) -> Drawn:
    if len(pieces) == 1:
        return pieces[0]
    charged = [row for each in pieces if each.charged_usd is not None for row in each.charged_usd]
    return Drawn(
        index=np.concatenate([each.index for each in pieces]),
        finish_days=np.vstack([each.finish_days for each in pieces]),
        committed_usd=np.vstack([each.committed_usd for each in pieces]),
        charged_usd=charged or None,
    )


def within(values: Floats, limit: float) -> Flags:
    """Which outcomes keep a limit; what never ends keeps none, not even an infinite one."""
    return (values <= limit) & np.isfinite(values)


def _drawn(index: Indices, rows: Rows, points: Points, took: Held, sites: int) -> Drawn:
    """What becomes of rows of one offer."""
    finish = took.finish_days
    if rows.owned[0]:
        committed = purchase_usd(rows, points) + porting_usd(rows, points)
        charged = charged_usd_by_site(rows, points, took, sites)
        return Drawn(index=index, finish_days=finish, committed_usd=committed, charged_usd=charged)
    return Drawn(index=index, finish_days=finish, committed_usd=rent_usd(rows, points, took), charged_usd=None)


def _judged(drawn: Drawn, limits: Limits) -> Mapping[str, Floats]:
    """Judge rows; columns of shape (rows, sites), or (rows, 1) where all sites are alike."""
    finish, committed = drawn.finish_days, drawn.committed_usd
    finish_days, sure_finish_days = quantiles(finish, MEDIAN, limits.confidence)
    in_time = within(finish, limits.deadline_days)
    often = in_time.mean(axis=1, keepdims=True)
    late = often < limits.confidence
    if drawn.charged_usd is not None:
        (sure_committed_usd,) = quantiles(committed, limits.confidence)
        cost_usd, joint_cost_usd = owned_cost_usd(drawn.charged_usd, limits, in_time)
        joint_committed_usd = together(committed, in_time, sure_committed_usd, limits.confidence)
    else:
        cost_usd, sure_committed_usd = quantiles(committed, MEDIAN, limits.confidence)
        joint_cost_usd = joint_committed_usd = together(committed, in_time, sure_committed_usd, limits.confidence)
    return {
        "finish_days": finish_days,
        "cost_usd": cost_usd,
        "joint_cost_usd": joint_cost_usd,
        "sure_finish_days": sure_finish_days,
        "sure_committed_usd": sure_committed_usd,
        "joint_committed_usd": joint_committed_usd,
        "both_over": _both_over(drawn, sure_finish_days, sure_committed_usd, late, limits.confidence),
        "in_time": often,
        **_of_budget(drawn, in_time, sure_finish_days, limits),
    }


OF_A_BUDGET = ("joint_finish_days", "in_budget", "in_both")
"""Columns that a budget decides."""


def _of_budget(drawn: Drawn, in_time: Flags, sure_days: Floats, limits: Limits) -> Mapping[str, Floats]:
    """Judge rows by the budget, shape (rows, 1); ``sure_days`` is the finish that is kept whatever they cost."""
    in_budget = within(drawn.committed_usd, limits.budget_usd)
    return {
        "joint_finish_days": together(drawn.finish_days, in_budget, sure_days, limits.confidence),
        "in_budget": in_budget.mean(axis=1, keepdims=True),
        "in_both": (in_time & in_budget).mean(axis=1, keepdims=True),
    }


def _both_over(drawn: Drawn, sure_days: Floats, sure_usd: Floats, late: Flags, confidence: float) -> Floats:
    """Factor on the finish and the money that are sure alone at which both hold together, shape (rows, 1).

    Worked out for rows that are late, shape (rows, 1); infinite for the others, and for what is never sure.
    """
    over = np.full((len(drawn.index), 1), np.inf)
    sure = np.isfinite(sure_days) & np.isfinite(sure_usd) & (sure_days > 0.0) & (sure_usd > 0.0)
    rows = np.flatnonzero(sure & late)
    if len(rows):
        days, usd = drawn.finish_days[rows] / sure_days[rows], drawn.committed_usd[rows] / sure_usd[rows]
        (over[rows],) = quantiles(np.maximum(days, usd), confidence)
    return over


def owned_cost_usd(charged_usd: Iterable[Floats], limits: Limits, holds: Flags) -> tuple[Floats, Floats]:
    """Median cost of owned rows, and the one that holds together with what they must keep, USD, shape (rows, sites)."""
    medians, joint = list[Floats](), list[Floats]()
    for charged, kept in zip(charged_usd, holds, strict=True):
        (median,) = quantiles(charged, MEDIAN)
        medians.append(median)
        joint.append(_at_times(charged, kept, limits.confidence))
    return np.hstack(medians).T, np.hstack(joint).T


def together(values: Floats, holds: Flags, sure: Floats, confidence: float) -> Floats:
    """Smallest value that is not exceeded, while something else holds, in the share of outcomes; infinite if none.

    ``sure`` is the one that is not exceeded whatever else holds, shape (rows, 1): the answer where the other thing
    always does.
    """
    held, draws = np.count_nonzero(holds, axis=1), values.shape[1]
    found = np.where((held == draws)[:, None], sure, np.inf)
    rows = np.flatnonzero((held > _place(confidence, draws)) & (held < draws))
    if len(rows):
        (found[rows],) = quantiles(np.where(holds[rows], values[rows], np.inf), confidence)
    return found


def _at_times(values: Floats, holds: Flags, confidence: float) -> Floats:
    """The same where something else holds in some outcomes, shape (points,), alike for all rows."""
    if np.count_nonzero(holds) <= _place(confidence, len(holds)):
        return np.full((len(values), 1), np.inf)
    return quantiles(np.where(holds, values, np.inf), confidence)[0]


def _place(share: float, draws: int) -> int:
    """Place in rising order of the smallest value that the share of so many outcomes does not exceed."""
    return max(int(np.ceil(share * draws - 1e-9)) - 1, 0)


def quantiles(values: Floats, *shares: float) -> tuple[Floats, ...]:
    """Smallest values that the shares of outcomes do not exceed, shape (rows, 1).

    "At least this probable" and this agree exactly. NumPy finds one place several times faster than two at once.
    """
    places = [_place(share, values.shape[1]) for share in shares]
    return tuple(np.partition(values, place, axis=1)[:, [place]] for place in places)
