"""A plan at once, for a page on which somebody moves an input: marked as a preview, and replaced by the plan itself.

Runs that were searched are kept, so that money, power and confidence search nothing anew; where the search moves, only
chips that were worth a row before are searched; and what is told beside the designs (what moves and flips the choice,
near misses, stress, failures, campuses) stays that of before.
"""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from dataclasses import replace
from typing import Any

from tenfold.catalog import Catalog, ModelRecord, Site, physics_version
from tenfold.planning.plan.answer import PlanAnswer
from tenfold.planning.plan.asked import ask_runs
from tenfold.planning.plan.goal import OPTIMAL, TrainGoal, sequences_per_step, time_allowed_s
from tenfold.planning.plan.planned import Beside, Tell, beside, outline
from tenfold.planning.plan.question import PlanQuestion, dated
from tenfold.planning.plan.standing import ANY, plan_again, standing_of, without_limits
from tenfold.planning.plan.train.candidates import find_runs, layouts_of
from tenfold.planning.plan.train.counts import Counts
from tenfold.planning.plan.train.layouts import Layouts
from tenfold.planning.plan.train.runs import Runs
from tenfold.planning.supply.offers import Buyer, Offer, Refused, find_offers
from tenfold.quantities import few_draws

Found = tuple[tuple[Offer, ...], tuple[Refused, ...]]
MOST_CHIPS = 3
"""Chips searched anew."""
MOST_KEPT = 32
"""Searches kept."""
MOST_STANDING = 4
"""Plans kept to be judged by other limits."""
OF_THE_WORK = ("tokens", "flops", "tokens_per_parameter", "deadline_s", "objective")
"""Fields of a goal that move no layout."""


def preview(question: PlanQuestion, catalog: Catalog, *, seed: int, kept: MutableMapping[Any, Any]) -> PlanAnswer:
    """Plan with few draws and what is kept."""
    last = kept.get(("outlooks", question.goal.model))
    with few_draws():
        if last is None or last.best is None:
            return _rough(question, catalog, seed, kept, beside)
        told = Beside(
            drivers=last.best.drivers, near_misses=last.near_misses, flips=last.flips, stress=last.stress
        )  # fmt: skip
        planned = _rough(question, catalog, seed, kept, lambda *_: told)
    if planned.best is None:
        return planned
    return replace(planned, failures=last.failures, campuses=last.campuses)


def _rough(
    question: PlanQuestion, catalog: Catalog, seed: int, kept: MutableMapping[Any, Any], tell: Tell
) -> PlanAnswer:
    """Plan from what is kept; a model that is chosen for its budget has nothing that stands under another one."""

    def search(catalog: Catalog, goal: TrainGoal, model: ModelRecord, chips: Sequence[str], counts: Counts) -> Runs:
        return _kept_runs(kept, catalog, goal, model, chips, counts)

    def find(
        catalog: Catalog, chips: Sequence[str], supplies: Sequence[str], sites: Sequence[Site], buyer: Buyer
    ) -> Found:
        return _kept_offers(kept, catalog, chips, supplies, sites, buyer)

    if question.goal.model == OPTIMAL:
        return outline(question, catalog, seed=seed, search=search, tell=tell)
    question = dated(question)
    key = ("standing", catalog.version, repr(without_limits(question)), seed)
    if key not in kept:
        kept[key] = standing_of(ask_runs(question, catalog, seed, search, find))
        _forget(kept, "standing", MOST_STANDING)
    return plan_again(kept[key], question, tell)


def keep(answer: PlanAnswer, kept: MutableMapping[Any, Any]) -> None:
    """Keep of a whole answer what previews after it show unchanged."""
    kept["outlooks", answer.question.goal.model] = answer
    ranked = (answer.best, *answer.alternatives)
    kept["chips", answer.question.goal.model] = tuple(dict.fromkeys(each.chip for each in ranked if each is not None))


def _kept_runs(
    kept: MutableMapping[Any, Any],
    catalog: Catalog,
    goal: TrainGoal,
    model: ModelRecord,
    chips: Sequence[str],
    counts: Counts,
) -> Runs:
    stack = (goal.precision, goal.software, goal.network, goal.tuning, goal.system, goal.layout)
    worked = (goal.model, goal.sequence_length, sequences_per_step(goal), *stack, goal.tokens, goal.start)
    key = ("runs", _physics(kept, catalog), worked, time_allowed_s(goal), tuple(chips), counts)
    if key not in kept:
        worth = [chip for chip in kept.get(("chips", goal.model), ()) if chip in chips][:MOST_CHIPS]
        first = not any(each[:2] == key[:2] and each[2][0] == goal.model for each in kept if each[0] == "runs")
        searched = chips if first or not worth else worth
        kept[key] = find_runs(catalog, goal, model, searched, counts, layouts=_kept_layouts(kept, catalog, goal, model))
        _forget(kept, "runs", MOST_KEPT)
    found: Runs = kept[key]
    return found


def _kept_offers(
    kept: MutableMapping[Any, Any],
    catalog: Catalog,
    chips: Sequence[str],
    supplies: Sequence[str],
    sites: Sequence[Site],
    buyer: Buyer,
) -> Found:
    key = ("offers", catalog.version, tuple(chips), tuple(supplies), tuple(site.key for site in sites), buyer)
    if key not in kept:
        kept[key] = find_offers(catalog, chips, supplies, sites, buyer)
        _forget(kept, "offers", MOST_STANDING)
    found: Found = kept[key]
    return found


def _kept_layouts(kept: MutableMapping[Any, Any], catalog: Catalog, goal: TrainGoal, model: ModelRecord) -> Layouts:
    """Layouts that were searched for this goal, whatever its tokens and its time."""
    free = replace(
        goal, tokens=None, flops=None, tokens_per_parameter=None, deadline_s=None, confidence=ANY, objective=None
    )
    key = ("layouts", _physics(kept, catalog), repr(model), repr(free))
    if key not in kept:
        kept[key] = layouts_of(goal, model)
        _forget(kept, "layouts", MOST_STANDING)
    found: Layouts = kept[key]
    return found


def _physics(kept: MutableMapping[Any, Any], catalog: Catalog) -> str:
    """What of the catalog a search depends on: figures that are changed beside it search nothing anew."""
    key = ("physics", catalog.version)
    if key not in kept:
        kept[key] = physics_version(catalog)
        _forget(kept, "physics", MOST_KEPT)
    found: str = kept[key]
    return found


def _forget(kept: MutableMapping[Any, Any], kind: str, most: int) -> None:
    """Forget the oldest of a kind."""
    for old in [each for each in kept if each[0] == kind][:-most]:
        del kept[old]
