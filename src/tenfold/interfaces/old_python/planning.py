"""Plan: a goal and the means, or a goal file, become a plan."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from typing import cast

from tenfold.catalog import Catalog
from tenfold.planning import Goal, Means, Plan, Supply, make_plan, read_goal


def plan(
    goal: Goal | str | PathLike[str],
    means: Means | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> Plan:
    """Plan a goal: ranked designs with finish, cost and energy, what was rejected and why, and the sources.

    ``goal`` is a ``Goal`` with ``means`` beside it, or the path of a goal file, which holds both. ``seed`` overrides
    the file's; the same goal, means, catalog and seed give the same plan. ``progress`` is told the share done.
    Raises ``InputError`` with every problem of the file or the names. That nothing meets the goal is a plan
    without a ``best``, not an error.
    """
    from tenfold.catalog import load_catalog

    known = catalog or load_catalog()
    if isinstance(goal, Goal):
        return make_plan(goal, means or no_limits(), known, seed=seed or 0, progress=progress)
    read = read_goal(str(goal), known)
    chosen = read.seed if seed is None else seed
    return make_plan(read.goal, means or read.means, known, seed=chosen, progress=progress, notes=read.notes)


def no_limits() -> Means:
    """Means of someone whom nothing limits but the goal file's own defaults: every chip, every site."""
    from tenfold.planning.goal_schema import DEFAULT_MAX_CHIPS, DEFAULT_SUPPLY

    return Means(
        budget_usd=None,
        chips=(),
        max_chips=DEFAULT_MAX_CHIPS,
        supply=cast("tuple[Supply, ...]", DEFAULT_SUPPLY),
        sites=(),
        power_w=None,
    )
