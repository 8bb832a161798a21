"""Rows of a plan: drawn before any limit judges them, then made into designs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from tenfold.planning.drawn import parts_of
from tenfold.planning.plan.asked import Asked
from tenfold.planning.plan.offered import marked, may_be_had, rows_of
from tenfold.planning.plan.stated import in_question
from tenfold.planning.plan.train.evaluated import Evaluated
from tenfold.planning.plan.train.inputs import steps_of_runs, uncertain_inputs
from tenfold.planning.plan.train.powered import with_power
from tenfold.planning.supply.assess import Drawn, draw
from tenfold.planning.supply.bound import bound_chips, unasked
from tenfold.planning.supply.durations import checkpoint_interval_s
from tenfold.planning.supply.offers import newest
from tenfold.planning.supply.rows import Assessment, Rows, over_sites
from tenfold.quantities import DAY_S, Flags, Floats, Points, Uncertain, median_point, sobol_points


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """Every row of a plan and what becomes of it in the draws, before any limit judges it."""

    rows: Rows
    held: Flags
    """Where each is had, (rows, sites)."""
    interval_s: Floats
    draws: Points
    middle: Points
    drawn: Iterable[Drawn]


def inputs_of(asked: Asked) -> tuple[Uncertain, ...]:
    """What a plan does not know."""
    step = steps_of_runs(asked.catalog, asked.runs)
    further = parts_of(asked.question.means.policy)
    tiers, goal = asked.offered.tiers, asked.goal
    day, setup = goal.start or newest(asked.catalog), None
    if goal.setup_s is not None:
        setup = in_question("goal.setup_s", goal.setup_s / DAY_S, "1", day)
    setups, supplies, sites = asked.runs.setups, asked.supplies, asked.sites
    return uncertain_inputs(asked.catalog, setups, step, tiers, supplies, sites, *further, setup=setup)


Draw = Callable[[Sequence[Uncertain], int], tuple[Points, Points]]
"""What ``drawn_at`` does."""


def drawn_at(inputs: Sequence[Uncertain], seed: int) -> tuple[Points, Points]:
    """Points of the inputs, and their median."""
    return sobol_points(inputs, seed), median_point(inputs)


def lay(asked: Asked, inputs: Sequence[Uncertain], at: Draw = drawn_at) -> Laid | None:
    """Draw every row; None when there is none."""
    rows, held = rows_of(asked.catalog, asked.runs, asked.offered, asked.supplies, asked.sites)
    rows = marked(rows, asked.question.means, asked.runs.setups)
    if not len(rows):
        return None
    draws, middle = at(inputs, asked.seed)
    interval = checkpoint_interval_s(rows, asked.work, middle)
    drawn = draw(rows, asked.work, draws, interval, len(asked.sites))
    return Laid(rows=rows, held=held, interval_s=interval, draws=draws, middle=middle, drawn=drawn)


def evaluated_of(asked: Asked, laid: Laid, assessed: Assessment) -> Evaluated:
    """Rows as designs, with how they were assessed."""
    rows, means = laid.rows, asked.question.means
    chips = [setup.chip.key for setup in asked.runs.setups]
    bound = bound_chips(asked.catalog, chips, asked.goal.start or newest(asked.catalog))
    evaluated = Evaluated(
        runs=asked.runs,
        designs=over_sites(rows, assessed, asked.runs.allowed[rows.run] & may_be_had(rows, means.max_chips), laid.held),
        rows=rows,
        interval_s=laid.interval_s,
        work=asked.work,
        objective=asked.objective,
        tiers=asked.offered.tiers,
        providers=asked.offered.providers,
        supplies=asked.supplies,
        sites=asked.sites,
        bound=bound,
        unasked=unasked(bound, means.owner_country, asked.sites if means.sites is not None else ()),
        draws=laid.draws,
        middle=laid.middle,
    )
    return replace(evaluated, designs=with_power(evaluated, asked.limits))
