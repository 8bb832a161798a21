"""A plan at once, for a page on which somebody moves an input: marked as a preview, and replaced by the plan itself.

What budget, power and confidence do not move stands, worked out once: offers, runs, draws and descriptions of designs
are the same under every budget, and judged again they give the plan that ``outline`` gives of the same question. Where
the search moves, only chips that were worth a row before are searched; and what is told beside the designs (what moves
and flips the choice, near misses, stress, failures, campuses) stays that of before.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

from tenfold.catalog import Catalog
from tenfold.planning.plan.answer import Design, PlanAnswer
from tenfold.planning.plan.asked import Asked, Search, ask_runs, limits_of
from tenfold.planning.plan.goal import OPTIMAL
from tenfold.planning.plan.kept import ANY, MOST_STANDING, Kept, forget, kept_offered, kept_points, kept_runs
from tenfold.planning.plan.laid import Draw, Laid, evaluated_of, inputs_of, lay
from tenfold.planning.plan.planned import Beside, Chosen, Tell, beside, choose, nothing_of, plan_with
from tenfold.planning.plan.question import PlanQuestion, dated
from tenfold.planning.plan.train.designs import describe, judged_again
from tenfold.planning.plan.train.evaluated import Evaluated
from tenfold.planning.plan.train.powered import power_limits_w
from tenfold.planning.supply.assess import held_together, judge, with_budget
from tenfold.planning.supply.choose import feasible
from tenfold.planning.supply.rows import Assessment, Limits
from tenfold.quantities import Indices, Uncertain, few_draws


class Outline(Protocol):
    """What ``outline`` does, with which the module that answers plans from nothing."""

    def __call__(
        self, question: PlanQuestion, catalog: Catalog, *, seed: int, search: Search, tell: Tell
    ) -> PlanAnswer:
        """Plan with runs found so."""
        ...


def preview(question: PlanQuestion, catalog: Catalog, *, seed: int, kept: Kept, outline: Outline) -> PlanAnswer:
    """Plan with few draws and what is kept; ``outline`` plans what nothing stands for."""
    last = kept.get(("outlooks", question.goal.model))
    with few_draws():
        if last is None or last.best is None:
            return _rough(question, catalog, seed, kept, outline, beside)
        told = Beside(
            drivers=last.best.drivers, near_misses=last.near_misses, flips=last.flips, stress=last.stress
        )  # fmt: skip
        planned = _rough(question, catalog, seed, kept, outline, lambda *_: told)
    if planned.best is None:
        return planned
    return replace(planned, failures=last.failures, campuses=last.campuses)


def _rough(question: PlanQuestion, catalog: Catalog, seed: int, kept: Kept, outline: Outline, tell: Tell) -> PlanAnswer:
    """Plan from what is kept; a model that is chosen for its budget has nothing that stands under another one."""
    search, find = partial(kept_runs, kept), partial(kept_offered, kept)
    if question.goal.model == OPTIMAL:
        return outline(question, catalog, seed=seed, search=search, tell=tell)
    question = dated(question)
    key = ("standing", catalog.version, repr(without_limits(question)), seed)
    if key not in kept:
        kept[key] = standing_of(ask_runs(question, catalog, seed, search, find), partial(kept_points, kept))
        forget(kept, "standing", MOST_STANDING)
    return plan_again(kept[key], question, tell)


def keep(answer: PlanAnswer, kept: Kept) -> None:
    """Keep of a whole answer what previews after it show unchanged."""
    kept["outlooks", answer.question.goal.model] = answer
    ranked = (answer.best, *answer.alternatives)
    kept["chips", answer.question.goal.model] = tuple(dict.fromkeys(each.chip for each in ranked if each is not None))


@dataclass(slots=True, kw_only=True)
class Standing:
    """What limits do not move, and what of it was described and judged so far."""

    asked: Asked
    at: Draw
    """How its inputs are drawn."""
    inputs: tuple[Uncertain, ...]
    nothing: Chosen
    laid: Laid | None
    """None where there is no row."""
    evaluated: Evaluated | None
    """Under the limits it was first asked with."""
    made: dict[int, Design] = field(default_factory=dict)
    """Designs by their place."""
    sure: dict[float, Assessment] = field(default_factory=dict)
    """Assessments of the rows by confidence, under any budget."""
    further: list[Standing | None] = field(default_factory=list)
    """With the counts that cannot hold the deadline, once it was asked for."""

    def beyond_deadline(self) -> Standing | None:
        """The same with all counts; None where they are in it."""
        if not self.further:
            asked = self.asked.beyond_deadline()
            self.further.append(None if asked is None else standing_of(asked, self.at))
        return self.further[0]


def without_limits(question: PlanQuestion) -> PlanQuestion:
    """The question without what a standing plan may be judged by anew: the same for all questions that share one."""
    goal, means = replace(question.goal, confidence=ANY), replace(question.means, budget_usd=None, power_w=None)
    return replace(question, goal=goal, means=means)


def standing_of(asked: Asked, at: Draw) -> Standing:
    """Draw the rows of a question, to be judged by many limits."""
    inputs = inputs_of(asked)
    laid, nothing = lay(asked, inputs, at), nothing_of(asked, inputs)
    if laid is None:
        return Standing(asked=asked, at=at, inputs=inputs, nothing=nothing, laid=None, evaluated=None)
    laid = replace(laid, drawn=held_together(laid.drawn))
    assessed = judge(laid.drawn, asked.limits, len(laid.rows), len(asked.sites))
    return Standing(
        asked=asked,
        at=at,
        inputs=inputs,
        nothing=nothing,
        laid=laid,
        evaluated=evaluated_of(asked, laid, assessed),
        sure={asked.limits.confidence: assessed},
    )


def plan_again(standing: Standing, question: PlanQuestion, tell: Tell) -> PlanAnswer:
    """Plan a question that differs from the standing one in its limits only."""
    goal = replace(standing.asked.goal, confidence=question.goal.confidence)
    asked = replace(standing.asked, question=question, goal=goal, limits=limits_of(question, standing.asked.catalog))
    laid, before, evaluated = standing.laid, standing.evaluated, None
    if laid is not None and before is not None:
        evaluated = _judged(standing, laid, before, asked.limits)
    if evaluated is None or not feasible(evaluated.designs, asked.limits).any():
        further = standing.beyond_deadline()
        if further is not None:
            return plan_again(further, question, tell)
    if evaluated is None:
        return plan_with(asked, standing.nothing)

    def described(evaluated: Evaluated, places: Indices) -> tuple[Design, ...]:
        return _described(standing.made, evaluated, places)

    return plan_with(asked, choose(asked, evaluated, standing.inputs, tell, standing.nothing, described))


def _judged(standing: Standing, laid: Laid, evaluated: Evaluated, limits: Limits) -> Evaluated:
    """The designs under other limits; what they draw stays."""
    rows, before = laid.rows, evaluated.designs
    if limits.confidence not in standing.sure:
        standing.sure[limits.confidence] = judge(laid.drawn, limits, len(rows), len(evaluated.sites))
    assessed = with_budget(standing.sure[limits.confidence], laid.drawn, limits)
    columns = {name: getattr(assessed, name)[before.row, before.site] for name in Assessment.__slots__}
    designs = replace(
        before,
        assessed=Assessment(**columns),
        power_limit_w=power_limits_w(evaluated.sites, limits)[before.site],
    )
    return replace(evaluated, designs=designs)


def _described(made: dict[int, Design], evaluated: Evaluated, places: Indices) -> tuple[Design, ...]:
    """Designs of places, described once and judged anew."""
    new = places[[place not in made for place in places.tolist()]]
    made |= zip(new.tolist(), describe(evaluated, new), strict=True)
    return tuple(judged_again(made[place], evaluated, place) for place in places.tolist())
