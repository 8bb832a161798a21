"""One job, one goodput: whichever question asks, a job of equal size, model and chip loses the same to failures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tenfold.catalog import Catalog, load_catalog
from tenfold.planning.policy import practice_of
from tenfold.planning.procurement.fit import TrainingRun, speed_of
from tenfold.planning.rent_or_own.cash import goodput
from tenfold.planning.rent_or_own.inputs import find_market, uncertain_inputs
from tenfold.planning.rent_or_own.question import Demand, RentOrOwnQuestion
from tenfold.planning.rent_or_own.work import work_of
from tenfold.quantities import median_point
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
    found = goodput(work_of(demand), practice, points, interrupted=False)
    assert of_procure(catalog, RUN) == pytest.approx(float(found[0]))


def test_a_larger_cluster_loses_more(catalog: Catalog) -> None:
    assert of_procure(catalog, replace(RUN, cluster_chips=8 * CHIPS, global_batch=8192)) < of_procure(catalog, RUN)
