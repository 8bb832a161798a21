"""What the cost of a plan holds and what the plan leaves out, for whoever signs it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tenfold.catalog import Catalog
from tenfold.planning.at_work import policy_notes
from tenfold.planning.owner import usual_scope
from tenfold.planning.plan.answer import Design
from tenfold.planning.plan.goal import LIFE, TrainGoal, sequences_per_step, tokens_of
from tenfold.planning.plan.means import AFTER, IN_BUDGET, joining
from tenfold.planning.plan.question import PlanQuestion
from tenfold.planning.setups import cases_in_words
from tenfold.planning.supply.choose import TERM_OVER_WORK
from tenfold.quantities import DAY_S, NamedFigure, format_quantity, format_share
from tenfold.workloads import PLAIN_BYTES, TUNINGS


def notes_of(catalog: Catalog, supplies: Sequence[str], question: PlanQuestion) -> Iterator[str]:
    """Say what steps are left out, and what an owned hour holds where owning is offered."""
    low, high = (format_share(end) for end in catalog.assumption("planning.schedule_reserve_share").range)
    yield (
        f"The plan is for the final run alone; steps repeated after loss spikes, evaluation and trial runs commonly "
        f"add {low} to {high} (assumptions/planning.schedule_reserve_share)"
    )
    if question.goal.deadline_s is None:
        life = catalog.assumption(LIFE)
        yield f"No deadline is set: a run must be done within {life.value:g} years, the life of its chips ({LIFE})"
    if "own" in supplies:
        yield f"{usual_scope()}; the network is that of the chips of each design"
        yield AFTER[question.means.owned_after]
        if question.means.budget_usd is not None:
            yield IN_BUDGET


def notes_of_unstated(weights: Sequence[NamedFigure]) -> Iterator[str]:
    """Say which inputs of a step are not stated, what they may be, and the keys that would state them."""
    for name, listed in cases_in_words(weights):
        yield f"The {name} is not stated, and drawn: {listed}; goal.{name} states it"


def notes_of_best(question: PlanQuestion, goal: TrainGoal, best: Design | None) -> Iterator[str]:
    """Say what was decided for the asker: tokens, objective, a batch that moved."""
    if question.goal.tokens is None:
        yield f"The work comes to {format_quantity(tokens_of(goal), 'tokens', 3)}"
    if question.goal.objective is None:
        reason = "chips are counted and no deadline is set" if goal.objective == "fastest" else "nothing else was said"
        yield f"objective: {goal.objective}, since {reason}"
    yield from policy_notes(question.means.policy)
    if goal.lora_rank is not None:
        yield (
            f"{TUNINGS[goal.tuning].name} of rank {goal.lora_rank}: a save holds the adapters alone; their own "
            "products are not counted in the step"
        )
    if (held := TUNINGS[goal.tuning].frozen_bytes) < PLAIN_BYTES:
        yield f"Weights of layers are held in {8.0 * held:.2f} bits and brought to 16 for every product"
    if best is not None and best.supply.startswith(joining("")):
        yield f"{best.supply}: the chips that join are taken to stand in one network with those that are there"
    if best is not None:
        yield f"Days count from the order of the chips: {started(best)}; chips that are there are means.existing"
    asked = sequences_per_step(goal)
    if best is not None and best.global_batch != asked:
        moved = format_share(best.global_batch / asked - 1.0)
        new = f"{best.global_batch:,} sequences ({moved} from {asked:,})"
        yield f"global_batch: {new}, which divide over {best.chips:,} chips"


def notes_of_idle_terms(best: Sequence[Design], left_out: Sequence[Design]) -> Iterator[str]:
    """Say what would be done sooner than the best on a term many times as long as the work; one of each, or none."""
    for chosen, each in zip(best, left_out, strict=False):
        sooner = chosen.finish_days.p50 - each.finish_days.p50
        if sooner > 0.0:
            less, term = format_quantity(sooner * DAY_S, "s"), each.availability.minimum_term_days
            yield (
                f"{each.name} is done {less} sooner for {format_quantity(each.cost_usd.p50, 'USD')}: it signs for "
                f"{term:,.0f} days, more than {TERM_OVER_WORK:g} times the work, and is left out where the chip is had "
                "otherwise"
            )


def started(design: Design) -> str:
    """What of its days a design waits for its chips, which an owner does while they are set up."""
    terms = design.finish_terms_days
    waiting, setup = (format_quantity(terms.get(name, 0.0) * DAY_S, "s") for name in ("waiting", "setup"))
    return f"{waiting} of wait and {setup} of setting up are in them"
