"""One job, one goodput: whichever question asks, a job of equal size, model and chip loses the same to failures."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plans import designed

from tenfold.catalog import Catalog, load_catalog
from tenfold.interfaces.python import multisite
from tenfold.planning.plan import Goal, Means
from tenfold.planning.procurement.fit import TrainingRun, speed_of
from tenfold.planning.rent_or_own.cash import job_at_work
from tenfold.planning.rent_or_own.inputs import find_market, uncertain_inputs
from tenfold.planning.rent_or_own.question import Demand, RentOrOwnQuestion
from tenfold.planning.rent_or_own.work import work_of
from tenfold.quantities import YEAR_S, median_point
from tenfold.quantities.documents import read_tree
from tenfold.reliability import CHECKPOINTS, RECOVERIES, USUAL, Policy, practice_of
from tenfold.studies.examples import example_of
from tenfold.workloads import find_model, total_parameters

MODEL, CHIP, CHIPS = "llama-3-70b", "h100-sxm", 1024
RUN = TrainingRun(
    model=MODEL, tokens=8e12, sequence_length=8192, global_batch=1024, precision="bf16", cluster_chips=CHIPS
)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def of_procure(catalog: Catalog, run: TrainingRun) -> float:
    found = speed_of(catalog, CHIP, run)
    assert found is not None
    return found.goodput


def test_procure_and_rent_or_own_discount_by_the_same_failures(catalog: Catalog) -> None:
    parameters = float(total_parameters(find_model(catalog, MODEL).shape))
    demand = Demand(chip=CHIP, chips=CHIPS, utilisation=0.9, horizon_s=4 * 365.25 * 86_400, parameters=parameters)
    asked = RentOrOwnQuestion(demand=demand, site="us-texas")
    points = median_point(uncertain_inputs(asked, find_market(asked, catalog), catalog))
    practice = practice_of(demand.policy, [catalog.system_of(CHIP)])
    found = job_at_work(work_of(demand), practice, points, interrupted=False).productive
    assert of_procure(catalog, RUN) == pytest.approx(float(found[0]))


def test_a_larger_cluster_loses_more(catalog: Catalog) -> None:
    assert of_procure(catalog, replace(RUN, cluster_chips=8 * CHIPS, global_batch=8192)) < of_procure(catalog, RUN)


def of_rent_or_own(catalog: Catalog, policy: Policy) -> float:
    parameters = float(total_parameters(find_model(catalog, MODEL).shape))
    demand = Demand(chip=CHIP, chips=CHIPS, utilisation=0.9, horizon_s=YEAR_S, parameters=parameters, policy=policy)
    asked = RentOrOwnQuestion(demand=demand, site="us-texas")
    points = median_point(uncertain_inputs(asked, find_market(asked, catalog), catalog))
    practice = practice_of(policy, [catalog.system_of(CHIP)])
    return float(job_at_work(work_of(demand), practice, points, interrupted=False).productive[0])


@pytest.mark.parametrize("recovery", RECOVERIES)
@pytest.mark.parametrize("checkpointing", CHECKPOINTS)
def test_a_policy_is_the_same_in_procure_and_in_rent_or_own(
    catalog: Catalog, checkpointing: str, recovery: str
) -> None:
    policy = Policy(checkpointing=checkpointing, recovery=recovery)
    found = of_procure(catalog, replace(RUN, policy=policy))
    assert found == pytest.approx(of_rent_or_own(catalog, policy), rel=1e-9)
    assert 0.0 < found < 1.0


def test_a_warm_spare_and_sensors_lose_less_and_a_standstill_loses_more_wherever_it_is_asked(catalog: Catalog) -> None:
    better = Policy(recovery="hot-standby", detection="telemetry")
    worse = Policy(checkpointing="blocking")
    goal = Goal(model="llama-2-7b", tokens=1e12, sequence_length=4096, global_batch=1024)
    means = Means(chips=("h100-sxm",), chips_exactly=1024, supply=("on-demand",), sites=("us-texas",))

    def of_plan(policy: Policy) -> float:
        best = designed(goal, replace(means, policy=policy), catalog).best
        assert best is not None
        return best.goodput.p50

    def of_multisite(policy: Policy) -> float:
        run = {"checkpointing": policy.checkpointing, "recovery": policy.recovery, "detection": policy.detection}
        tree = read_tree(example_of("multisite"), "")
        best = multisite({**tree, "run": tree["run"] | run}, catalog=catalog).best
        assert best is not None
        return -best.finish_days.p50

    def of_run(policy: Policy) -> float:
        return of_procure(catalog, replace(RUN, policy=policy))

    for goodput_under in (of_plan, of_multisite, of_run):
        assert goodput_under(worse) < goodput_under(USUAL) < goodput_under(better)


def test_the_usual_policy_stated_is_the_usual_policy_left_out(catalog: Catalog) -> None:
    said = {name: getattr(USUAL, name) for name in ("checkpointing", "recovery", "detection")}
    tree = read_tree(example_of("multisite"), "")
    stated = multisite({**tree, "run": tree["run"] | said}, catalog=catalog)
    assert stated == multisite(tree, catalog=catalog)
