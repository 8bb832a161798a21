"""What happens around failures, asked of goodput: spares inside a rack, stages of repair, standbys, planned stops."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import tenfold
from tenfold.catalog import Catalog, load_catalog
from tenfold.planning.goodput import GoodputAnswer
from tenfold.quantities import InputError
from tenfold.reliability.spares import blocked_share

RACKS: dict[str, Any] = {
    "chip": "gb200",
    "chips": 8192,
    "failures_per_1000_node_days": 6.0,
    "repair_s": 86_400.0,
    "restart_s": 300.0,
    "days": 60.0,
    "replicas": 200,
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def ask(catalog: Catalog, **changes: Any) -> GoodputAnswer:
    return tenfold.goodput(catalog=catalog, **(RACKS | changes))


def test_sixty_four_of_seventy_two_work_and_eight_stand_ready(catalog: Catalog) -> None:
    """128 racks with two spare nodes each: any that is out of both stops all; the simulation is a rival of the form."""
    plenty, hot, none = (ask(catalog, spares_per_domain=held).ettr for held in (16, 8, 0))
    assert none.exact < hot.exact < plenty.exact
    for found in (hot, none):
        assert found.monte_carlo.p50 == pytest.approx(found.exact, abs=0.01)
    one_pool = ask(catalog, spares=256).ettr.exact
    assert hot.exact < one_pool == pytest.approx(plenty.exact, abs=0.001)  # spares for all go further than one's own


def test_the_wait_of_racks_is_that_of_one_and_of_any(catalog: Catalog) -> None:
    """By hand: ρ = λT/128 of each rack, B(S + 1, ρ) of one, K·B/(1 + (K − 1)·B) of any of them."""
    endless, hot = ask(catalog), ask(catalog, spares_per_domain=8)
    nodes = 1.0 - hot.ettr.exact / endless.ettr.exact
    from tenfold.planning.goodput.inputs import look_up

    hazards = look_up(catalog, hot.question, seed=0).run.hazards
    busy = float(hazards.of_kinds("node").sum()) * 86_400.0 / 128
    one = float(blocked_share(3.0, busy))
    assert nodes == pytest.approx(128 * one / (1 + 127 * one), rel=1e-6)


def test_repair_in_two_stages_is_one_of_their_mean(catalog: Catalog) -> None:
    staged = ask(catalog, spares=6, automatic_repair_s=1200.0, manual_repair_share=0.25)
    whole = ask(catalog, spares=6, repair_s=1200.0 + 0.25 * 86_400.0)
    assert staged.ettr.exact == pytest.approx(whole.ettr.exact)
    assert staged.ettr.exact > ask(catalog, spares=6).ettr.exact


def test_a_wrong_diagnosis_stops_the_job_again(catalog: Catalog) -> None:
    right, wrong = (
        ask(catalog, job_failures_per_1000_node_days=0.0),
        ask(catalog, job_failures_per_1000_node_days=0.0, wrong_diagnosis_share=0.5),
    )
    corrupted = 6.7817e-06 * 8192 / 24.0  # failures of an hour that are no hardware's and stay
    rates = [1.0 / answer.mttf_h for answer in (right, wrong)]
    assert rates[1] == pytest.approx(2 * rates[0], rel=0.03)
    assert rates[1] <= 2 * rates[0] + corrupted
    assert wrong.ettr.exact < right.ettr.exact


def test_warm_standbys_run_out(catalog: Catalog) -> None:
    cold = ask(catalog, restart_s=None).ettr.exact
    warm = [ask(catalog, restart_s=None, recovery="hot-standby", warm_standbys=held).ettr.exact for held in (0, 1, 3)]
    every = ask(catalog, restart_s=None, recovery="hot-standby").ettr.exact
    assert warm[0] == pytest.approx(cold)
    assert warm[0] < warm[1] < warm[2] <= every + 1e-12


def test_planned_stops_take_their_share_of_everything(catalog: Catalog) -> None:
    base = ask(catalog)
    planned = ask(catalog, maintenance_s=4 * 3600.0, maintenance_every_s=10 * 86_400.0)
    assert planned.ettr.exact == pytest.approx(base.ettr.exact * (1 - 4 / 240))
    assert planned.loss["maintenance"] == pytest.approx(4 / 240)
    for losses in (planned.loss, planned.loss_terms):
        assert math.fsum(losses.values()) == pytest.approx(planned.lost_share)
    assert planned.finish_days.p50 == pytest.approx(60.0, rel=0.02)
    assert max(row.ettr for row in planned.policies) <= 1 - 4 / 240


def test_a_power_cut_stops_all_and_memory_does_not_outlive_it(catalog: Catalog) -> None:
    base = ask(catalog, checkpointing="in-memory")
    cut = ask(catalog, checkpointing="in-memory", common_failures_per_year=12.0, common_outage_s=6 * 3600.0)
    assert 1 / cut.mttf_h - 1 / base.mttf_h == pytest.approx(12 / 8760, rel=0.01)
    lost = base.ettr.exact - cut.ettr.exact
    assert lost > 12 * 6 / 8760  # the outages, and work since storage had a save
    assert cut.loss["common_cause"] > 0.005
    small = ask(catalog, checkpointing="in-memory", common_failures_per_year=12.0, common_failure_chips=4)
    assert small.ettr.exact > cut.ettr.exact


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"spares_per_domain": 9}, "no whole nodes of 4"),
        ({"spares_per_domain": 72}, "short of a domain of 72"),
        ({"spares_per_domain": 8, "spares": 3}, "stands beside spares"),
        ({"spares_per_domain": 8, "recovery": "rack-spares", "chips": 9216}, "replaces no node of a domain"),
        ({"warm_standbys": 3}, "none are held"),
        ({"maintenance_s": 3600.0}, "is missing"),
        ({"maintenance_s": 3600.0, "maintenance_every_s": 1800.0}, "takes all of the time"),
        ({"manual_repair_share": 0.1}, "automatic-repair|automatic_repair"),
        ({"common_failures_per_year": 1.0, "common_failure_chips": 9000}, "9000 of 8192 chips"),
    ],
)
def test_what_does_not_go_together_is_refused(catalog: Catalog, changes: dict[str, Any], wrong: str) -> None:
    with pytest.raises(InputError, match=wrong):
        ask(catalog, **changes)


def test_pools_apart_are_drawn_alike() -> None:
    """The simulated shelf of many pools takes from the pool that is struck: by hand for two pools of one."""
    from tenfold.reliability.rounds import Failures
    from tenfold.reliability.shelf import Draws, Shelf, draw_spares

    draws = Draws(units=1, pools=2, class_share=np.array([1.0]), waits=1.0)
    shelf = Shelf.full(1, 4000, 2)
    times = np.repeat(np.array([[1.0], [2.0]]), 4000, axis=1)
    failures = Failures(time_s=times, kind=np.zeros((2, 4000), dtype=np.intp), stall_s=np.zeros((2, 4000)))
    draw_spares(draws, shelf, failures, np.full(4000, 10.0), np.random.default_rng(0))
    assert set(np.unique(shelf.waited_s)) == {0.0, 9.0}  # the same pool again: back at 11, wanted at 2
    assert np.mean(shelf.waited_s > 0) == pytest.approx(0.5, abs=0.03)
