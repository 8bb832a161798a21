"""Who may start now: rivals with one signature, by name in ``ADMISSIONS``.

    admit(State) → None: starts what may start at this instant

head          the line stops at the first job that does not fit
skip          in order, whoever fits
easy          the first that does not fit gets a promise; others start where they do not delay it
conservative  everyone that waits gets a promise in order; nobody delays one that was made before

Sources: EASY, Lifka, "The ANL/IBM SP scheduling system" (JSSPP 1995); conservative backfilling, Mu'alem and Feitelson,
IEEE TPDS 12(6), 2001. Promises are by estimate, so they hold where estimates are no less than the time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tenfold.fleet.capacity.powered import POWER, Powered
from tenfold.fleet.lines import BySize, InOrder
from tenfold.fleet.promises import conservative

if TYPE_CHECKING:
    from tenfold.fleet.engine.steady import State


@dataclass(frozen=True, slots=True)
class Admission:
    """How jobs are let in, and the line it looks at."""

    admit: Callable[[State], None]
    line: type[InOrder] | type[BySize]
    promises: bool = False
    """Whether it needs to know when running jobs are expected to end."""


def head(state: State) -> None:
    """Start the first while it fits."""
    line = state.line
    while line:
        rank = line.first()
        place = state.capacity.find(state.asks[rank])
        if place is None:
            return
        line.drop(rank)
        state.start(rank, place)


def skip(state: State) -> None:
    """Start whoever fits, in order: what is free only shrinks, so nobody who was passed over fits later on."""
    sizes, capacity = state.line.sizes, state.capacity
    while capacity.free:
        first = [ranks[0] for chips, ranks in sizes.items() if capacity.fits(chips)]
        if not first:
            return
        rank = min(first)
        state.line.drop(rank)
        state.start(rank, capacity.find(state.asks[rank]))


def easy(state: State) -> None:
    """Start the first while it fits; behind it, whoever ends before its promise or leaves room for it."""
    head(state)
    if state.line and state.capacity.free:
        _backfill(state)


def _backfill(state: State) -> None:
    first, capacity, estimate_s = state.line.first(), state.capacity, state.estimate_s
    if not any(capacity.fits(chips) for chips in state.line.sizes):
        return
    if state.promised is None or state.promised[0] != first:
        state.promised = (first, *promise(state, first))
    _, promised_s, spare = state.promised
    within_s, rank, ahead = promised_s - state.now_s, -1, dict[Any, int]()
    while capacity.free:
        found = _not_delaying(state, spare, within_s, rank, ahead)
        if found is None:
            return
        rank, place = found
        state.line.drop(rank)
        state.start(rank, place)
        if estimate_s[rank] > within_s:
            spare.take(place)


def _not_delaying(
    state: State,
    spare: Any,  # noqa: ANN401  (as the capacity copies itself)
    within_s: float,
    after: int,
    ahead: dict[Any, int],
) -> tuple[int, Any] | None:
    """Who starts next behind the promise, of ranks ``after`` the last, and where; who was passed over stays so.

    All of one ask would take the same place now, so whether that is spare is looked at once. ``ahead`` is the last of
    each ask that was looked at for whoever is gone by the promise, and is not.
    """
    capacity, estimate_s = state.capacity, state.estimate_s
    best: tuple[int, Any] | None = None
    for ask, ranks in state.line.sizes.items():
        if not capacity.fits(ask):
            continue
        place = capacity.find(ask)
        at = bisect_right(ranks, after)
        if not (spare.fits(ask) and spare.holds(place)):
            at = max(at, bisect_right(ranks, ahead.get(ask, -1)))
            count = len(ranks)
            while at < count and estimate_s[ranks[at]] > within_s:
                at += 1
            ahead[ask] = ranks[at - 1] if at else -1
        if at < len(ranks) and (best is None or ranks[at] < best[0]):
            best = ranks[at], place
    return best


def promise(state: State, first: int) -> tuple[float, Any]:
    """When a gang can start at the latest, by estimates, and what is spare then, its own place taken.

    One that fits nowhere until its level is relaxed is promised the place that it takes then.
    """
    later, ask = state.capacity.copy(), state.asks[first]
    changes = state.expected
    if isinstance(later, Powered):
        changes = sorted([*changes, *((step_s, POWER) for step_s in later.step_s if step_s > state.now_s)])
    at = 0
    promised_s = state.now_s
    while at < len(changes) and not later.fits(ask):
        promised_s = max(changes[at][0], state.now_s)
        while at < len(changes) and changes[at][0] <= promised_s:
            rank = changes[at][1]
            if rank == POWER:
                later.at(promised_s)
            else:
                later.give(state.places[rank])
            at += 1
    later.take(later.find(ask if later.fits(ask) else state.later[first]))
    return promised_s, later


ADMISSIONS: Mapping[str, Admission] = MappingProxyType(
    {
        "head": Admission(head, InOrder),
        "skip": Admission(skip, BySize),
        "easy": Admission(easy, BySize, promises=True),
        "conservative": Admission(conservative, BySize, promises=True),
    }
)
"""Admissions by name."""
