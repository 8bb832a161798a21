"""The smallest fleet that meets a wait: sizes replayed, halving between one too small and one that is enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tenfold.catalog import Catalog
from tenfold.fleet import Jobs, Rules, most_gone, replay, rules_of, summary_of, trace_of
from tenfold.planning.fleet_found import Found
from tenfold.planning.fleet_prices import asked_notes, price_of
from tenfold.planning.fleet_size.answer import FleetSizeAnswer, Sized, Tried
from tenfold.planning.fleet_size.question import MOST_CHIPS, FleetSizeQuestion
from tenfold.quantities import InputError, Problem, Progress, Shortfall, assumptions_of, format_quantity

NOTE = (
    "Found by halving: waits may rise a little with chips where gangs need whole nodes, so a smaller size between "
    "those tried may meet a target too"
)


def answer(
    question: FleetSizeQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> FleetSizeAnswer:
    """Look for the smallest fleet. Raises ``InputError`` for a trace that cannot be read, or a tenant without a job."""
    asked = question.fleet
    trace = trace_of(asked, seed)
    jobs = _jobs(trace.jobs, question.tenant)
    price, priced = price_of(asked, catalog)
    knows, trace = Found(asked, catalog), replace(trace, jobs=jobs)
    rules = knows.complete(trace, rules_of(replace(asked, chips=MOST_CHIPS, nodes_of=None), trace, seed))
    search = _Search(question, jobs, rules, price)
    sized: list[Sized] = []
    never: list[Shortfall] = []
    targets = sorted(set(question.targets_s), reverse=True)
    for place, target in enumerate(targets):
        found = search.smallest(target)
        if found is None:
            never.append(search.shortfall(target))
        else:
            sized.append(_sized(target, found, search.wait_s(found), sized))
        if progress is not None:
            progress((place + 1) / len(targets))
    figures = (*priced, *knows.figures)
    return FleetSizeAnswer(
        question=question,
        made=catalog.made(seed),
        jobs=len(jobs),
        largest_gang=int(jobs.chips.max()),
        fits=not never,
        chips=sized[-1].chips if sized else None,
        sized=tuple(sized),
        tried=tuple(search.tried[chips] for chips in sorted(search.tried)),
        infeasible=tuple(never),
        notes=(*knows.notes, *asked_notes(asked, price), *((NOTE,) if asked.nodes_of else ())),
        assumptions=assumptions_of(figures),
        figures=figures,
    )


def _sized(target_s: float, found: Tried, wait_s: float, longer: Sequence[Sized]) -> Sized:
    """A size, and what it costs more than that of the target before."""
    before = longer[-1].usd_per_h if longer else None
    more = None if before is None or found.usd_per_h is None else found.usd_per_h - before
    return Sized(target_s=target_s, chips=found.chips, wait_s=wait_s, usd_per_h=found.usd_per_h, usd_per_h_more=more)


def _jobs(jobs: Jobs, tenant: str | None) -> Jobs:
    if tenant is None:
        return jobs
    if tenant not in jobs.tenants:
        remedy = f"Use one of {', '.join(jobs.tenants[:20])}"
        raise InputError(Problem(file="", key="tenant", wrong=f"'{tenant}' has no job", remedy=remedy))
    return jobs.take(np.flatnonzero(jobs.tenant == jobs.tenants.index(tenant)))


class _Search:
    """Sizes that were replayed, and the smallest that is enough."""

    def __init__(self, question: FleetSizeQuestion, jobs: Jobs, rules: Rules, price: float | None) -> None:
        self._question, self._jobs, self._rules, self._price = question, jobs, rules, price
        self._unit = unit = question.fleet.nodes_of or 1
        gangs, gone = -(-jobs.chips // unit), most_gone(rules.spot)
        held = gone + sum(each.chips for each in rules.reservations)
        self._least = max(int(gangs.max()), -(-gone // unit))
        self._most = int(gangs.sum()) + -(-held // unit)
        """Enough for each job to have chips of its own, beside those that are reserved or taken back."""
        self.tried: dict[int, Tried] = {}

    def wait_s(self, tried: Tried) -> float:
        """Wait that the target is about."""
        return tried.mean_wait_s if self._question.measure == "mean" else tried.p90_wait_s

    def smallest(self, target_s: float) -> Tried | None:
        """Smallest size whose wait is no longer, in whole nodes; None where no size is enough."""
        low, high = self._least - 1, self._least
        while self.wait_s(self._try(high)) > target_s:
            if high >= self._most:
                return None
            low, high = high, min(2 * high, self._most)
        while high - low > 1:
            middle = (low + high) // 2
            if self.wait_s(self._try(middle)) <= target_s:
                high = middle
            else:
                low = middle
        return self._try(high)

    def shortfall(self, target_s: float) -> Shortfall:
        """Say of a target that it is met by no size, and which wait is."""
        most = self._try(self._most)
        left, target = (format_quantity(each, "s") for each in (self.wait_s(most), target_s))
        short = f"a wait of {target}: {most.chips:,} chips, enough for every job at once, leave {left}"
        return Shortfall(kind="chips", short=short, nearest=f"allow {left}")

    def _try(self, units: int) -> Tried:
        chips = units * self._unit
        if chips not in self.tried:
            sizes = (self._unit,) * units if self._question.fleet.nodes_of else ()
            rules = replace(self._rules, chips=chips, node_sizes=sizes)
            summary = summary_of(replay(self._jobs, rules), chips, rules.admission)
            self.tried[chips] = Tried(
                chips=chips,
                mean_wait_s=summary.mean_wait_s,
                p90_wait_s=summary.wait_s.p90,
                productive=summary.utilisation["productive"],
                usd_per_h=None if self._price is None else self._price * chips,
            )
        return self.tried[chips]
