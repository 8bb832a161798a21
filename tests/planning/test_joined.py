"""Chips from two sources: a fleet that is there, and chips of the same kind that join it."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from plans import designed

from tenfold.catalog import Catalog
from tenfold.planning.plan import Design, Existing, Goal, Means, PlanAnswer
from tenfold.planning.supply.evaluate import storage_usd

HOURS = 24.0


@pytest.fixture
def fleet() -> Existing:
    return Existing(chip="h100-sxm", chips=32, site="us-texas", cost_usd_per_chip_hour=0.4)


@pytest.fixture
def joined(means: Means, fleet: Existing) -> Means:
    return dataclasses.replace(
        means, chips=("h100-sxm",), existing=(fleet,), max_chips=128, supply=("on-demand",), sites=("us-texas",),
        budget_usd=None,
    )  # fmt: skip


def of(found: PlanAnswer, supply: str) -> Design:
    designs = [*([found.best] if found.best else []), *found.alternatives]
    return next(each for each in designs if each.supply == supply)


def test_rent_is_paid_for_those_that_join_alone(catalog: Catalog, goal: Goal, joined: Means) -> None:
    goal = dataclasses.replace(goal, deadline_s=80 * 86_400.0)
    means = dataclasses.replace(joined, chips_exactly=64, max_chips=None)
    found = designed(goal, means, catalog)
    both, apart = of(found, "existing + on-demand"), of(found, "on-demand")
    assert both.chips == apart.chips == 64
    assert (both.chips_there, apart.chips_there) == (32, 0)
    assert both.finish_days == apart.finish_days
    there, rent = both.cost_terms_usd["chips_there"], both.cost_terms_usd["chips"]
    assert there == pytest.approx(32 * HOURS * both.days_on_chips.p50 * 0.4, rel=0.05)
    assert rent == pytest.approx(apart.cost_terms_usd["chips"] / 2.0, rel=0.05)
    assert both.cost_usd.p50 < apart.cost_usd.p50
    assert any("stand in one network" in note for note in found.notes) == (found.best is both)
    stored = dataclasses.replace(means, existing=(dataclasses.replace(means.existing[0], storage="there"),))
    paid = of(designed(goal, stored, catalog), "existing + on-demand")
    assert paid.cost_usd.p50 < both.cost_usd.p50


def test_storage_that_is_there_is_not_rented() -> None:
    """Of 64 chips none, half, all, and a larger fleet: what is rented is for the others alone."""
    rows: Any = SimpleNamespace(chips=np.full(4, 64.0), stored=np.array([0.0, 32.0, 64.0, 128.0]), index={})
    points: Any = SimpleNamespace(of=lambda _name, _index: np.full((4, 1), 2e9))
    took: Any = SimpleNamespace(billed_days=np.full((4, 1), 30.0))
    found = storage_usd(rows, points, took)[:, 0]
    assert found[0] > 0.0
    assert found / found[0] == pytest.approx([1.0, 0.5, 0.0, 0.0])


def test_a_fleet_never_makes_a_plan_dearer(catalog: Catalog, goal: Goal, joined: Means) -> None:
    alone = dataclasses.replace(joined, existing=())
    costs = []
    for means in (joined, alone):
        best = designed(goal, means, catalog).best
        assert best is not None
        costs.append(best.holds)
    assert costs[0] <= costs[1]


def test_nobody_joins_elsewhere_or_on_spot(catalog: Catalog, goal: Goal, joined: Means) -> None:
    means = dataclasses.replace(joined, sites=("nordics", "us-texas"), supply=("on-demand", "spot", "own"))
    found = designed(goal, means, catalog)
    designs = [*([found.best] if found.best else []), *found.alternatives]
    mixed = [each for each in designs if "+" in each.supply]
    assert {(each.supply, each.site) for each in mixed} <= {("existing + on-demand", "us-texas")}
    assert all(each.chips > 32 for each in mixed)
