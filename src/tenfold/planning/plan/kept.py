"""Searches that previews of a plan keep: offers, layouts and runs, each for what moves it."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from dataclasses import replace
from typing import Any

from tenfold.catalog import Catalog, ModelRecord, Site, physics_version
from tenfold.planning.plan.asked import offered_to
from tenfold.planning.plan.goal import TrainGoal, sequences_per_step
from tenfold.planning.plan.means import Means
from tenfold.planning.plan.offered import Offered
from tenfold.planning.plan.train.candidates import find_runs, layouts_of
from tenfold.planning.plan.train.counts import Counts
from tenfold.planning.plan.train.layouts import Layouts
from tenfold.planning.plan.train.runs import Runs
from tenfold.planning.supply.offer import Buyer
from tenfold.quantities import Points, Uncertain, median_point, sobol_points

Kept = MutableMapping[Any, Any]
"""What is kept, by its kind and all that it was found for."""
MOST_CHIPS = 3
"""Chips searched anew."""
MOST_KEPT = 32
"""Searches kept."""
MOST_STANDING = 4
"""Plans, offers and layouts kept."""
ANY = 0.5
"""Confidence written where it does not matter."""


def kept_runs(
    kept: Kept,
    catalog: Catalog,
    goal: TrainGoal,
    model: ModelRecord,
    chips: Sequence[str],
    counts: Counts,
) -> Runs:
    """Runs on the chips that were worth a row before; on all where nothing was found for the model yet."""
    stack = (goal.precision, goal.software, goal.network, goal.tuning, goal.lora_rank, goal.system, goal.layout)
    worked = (goal.model, goal.sequence_length, sequences_per_step(goal), *stack, goal.tokens, goal.start)
    key = ("runs", _physics(kept, catalog), worked, tuple(chips), counts)
    if key not in kept:
        worth = [chip for chip in kept.get(("chips", goal.model), ()) if chip in chips][:MOST_CHIPS]
        first = not any(each[:2] == key[:2] and each[2][0] == goal.model for each in kept if each[0] == "runs")
        searched = chips if first or not worth else [chip for chip in chips if chip in worth]
        kept[key] = find_runs(catalog, goal, model, searched, counts, layouts=kept_layouts(kept, catalog, goal, model))
        forget(kept, "runs", MOST_KEPT)
    found: Runs = kept[key]
    return found


def kept_offered(
    kept: Kept, catalog: Catalog, means: Means, chips: Sequence[str], sites: Sequence[Site], buyer: Buyer
) -> Offered:
    """What can be had, as it was found for the same chips, supplies, sites and buyer."""
    stated = repr((means.supply, means.prepaid_share, means.existing, means.quotes))
    key = ("offers", catalog.version, tuple(chips), tuple(site.key for site in sites), buyer, stated)
    if key not in kept:
        kept[key] = offered_to(catalog, means, chips, sites, buyer)
        forget(kept, "offers", MOST_STANDING)
    found: Offered = kept[key]
    return found


def kept_points(kept: Kept, inputs: Sequence[Uncertain], seed: int) -> tuple[Points, Points]:
    """Points of the inputs and their median; inputs that are as they were in the last preview are not drawn again."""
    key = ("points", seed, len(inputs))
    draws, middle = kept.get(key, (None, None))
    kept[key] = (sobol_points(inputs, seed, draws), median_point(inputs, middle))
    forget(kept, "points", MOST_STANDING)
    found: tuple[Points, Points] = kept[key]
    return found


def kept_layouts(kept: Kept, catalog: Catalog, goal: TrainGoal, model: ModelRecord) -> Layouts:
    """Layouts that were searched for this goal, whatever its tokens and its time."""
    free = replace(
        goal, tokens=None, flops=None, tokens_per_parameter=None, deadline_s=None, confidence=ANY, objective=None
    )
    key = ("layouts", _physics(kept, catalog), repr(model), repr(free))
    if key not in kept:
        kept[key] = layouts_of(goal, model)
        forget(kept, "layouts", MOST_STANDING)
    found: Layouts = kept[key]
    return found


def _physics(kept: Kept, catalog: Catalog) -> str:
    """What of the catalog a search depends on: figures that are changed beside it search nothing anew."""
    key = ("physics", catalog.version)
    if key not in kept:
        kept[key] = physics_version(catalog)
        forget(kept, "physics", MOST_KEPT)
    found: str = kept[key]
    return found


def forget(kept: Kept, kind: str, most: int) -> None:
    """Forget the oldest of a kind."""
    for old in [each for each in kept if each[0] == kind][:-most]:
        del kept[old]
