"""One H100-hour, one number: whichever question asks, an owner of equal scope pays the same; and a line is one row."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from tenfold.catalog import Catalog, load_catalog, purchase_figure
from tenfold.economics import owning
from tenfold.economics.owning import LINES, Line, Owned, hour_usd, run_usd, usd_per_chip_hour
from tenfold.performance.training.setup import setup_training
from tenfold.planning import drawn, owner
from tenfold.planning.drawn import OWN, TABLE, one_kind, owned
from tenfold.planning.hardware_inputs import step_input
from tenfold.planning.owner import network_over_known
from tenfold.planning.plan.train.inputs import uncertain_inputs
from tenfold.planning.procurement.costs import Costs
from tenfold.planning.procurement.question import OptionTable
from tenfold.planning.rent_or_own.cash import owners_cost
from tenfold.planning.rent_or_own.inputs import find_market
from tenfold.planning.rent_or_own.inputs import uncertain_inputs as rent_or_own_inputs
from tenfold.planning.rent_or_own.question import Demand, RentOrOwnQuestion
from tenfold.planning.rent_or_own.rent_or_own import answer as rent_or_own
from tenfold.planning.supply.evaluate import owner_of
from tenfold.planning.supply.rows import Rows
from tenfold.planning.supply.tiers import bought as bought_tiers
from tenfold.planning.tco import TcoQuestion
from tenfold.planning.tco.tco import answer as tco
from tenfold.quantities import NamedFigure, Shortfall, median_point

CHIPS = 1024
SITE = "us-texas"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def bought(catalog: Catalog, chip: str) -> NamedFigure:
    price = purchase_figure(catalog, chip)
    assert not isinstance(price, Shortfall)
    return NamedFigure(name=f"prices/{chip}/own", figure=price)


def of_tco(catalog: Catalog, chip: str) -> float:
    """Lines of the life at P50, without what the spread adds, over its hours of use."""
    found = tco(TcoQuestion(chip=chip, site=SITE, chips=CHIPS), catalog)
    life, use = (catalog.assumption(f"economics.{name}").value for name in ("useful_life_years", "owned_utilisation"))
    return sum(usd for name, usd in found.lines_usd.items() if "spread" not in name) / (8760 * life * use)


def of_rent_or_own(catalog: Catalog, chip: str) -> float:
    asked = rent_or_own_question(chip)
    inputs = rent_or_own_inputs(asked, find_market(asked, catalog), catalog)
    network = float(np.asarray(network_over_known(catalog, catalog.system_of(catalog.chip(chip)), float(CHIPS))))
    return float(owners_cost(median_point(inputs), network)[0])


def rent_or_own_question(chip: str) -> RentOrOwnQuestion:
    demand = Demand(chip=chip, chips=CHIPS, utilisation=0.9, horizon_s=4 * 365.25 * 86_400, parameters=70e9)
    return RentOrOwnQuestion(demand=demand, site=SITE)


def of_plan(catalog: Catalog, chip: str) -> float:
    model = catalog.model("llama-3-70b")
    setup = setup_training(catalog, chip=chip, model=model, precision="bf16", sequence_length=8192, global_batch=1024)
    site = catalog.site(SITE)
    tiers = bought_tiers(catalog, chip, bought(catalog, chip))
    step = step_input(catalog, [setup], [CHIPS], "run")
    points = median_point(uncertain_inputs(catalog, [setup], step, tiers, ["own"], [site]))
    zero = np.zeros(1, dtype=np.intp)
    row = Rows(
        run=zero, chip=zero, offer=zero, supply=zero, start=zero, site=zero,
        chips=np.array([float(CHIPS)]), step_s=np.ones(1), steps=np.ones(1), waits=np.zeros(1), ported=np.zeros(1),
        sold=np.zeros(1), premium=np.zeros(1),
        prepaid=np.zeros(1), beside=np.zeros(1), beside_usd_per_chip_hour=np.zeros(1),
        stored=np.zeros(1),
        owned=np.array([True]), spot=np.array([False]), term_days=np.zeros(1),
        network=np.atleast_1d(network_over_known(catalog, setup.system, float(CHIPS))),
        unit=np.ones(1),
    )  # fmt: skip
    return usd_per_chip_hour(owner_of(row, points)).item()


def of_procure(catalog: Catalog, chip: str) -> float:
    option = OptionTable(chip=chip, site=SITE, supplier="any", supply="own", allocation_chips=(float(CHIPS),))
    costs = Costs(catalog)
    return usd_per_chip_hour(costs.owning(option, np.array([costs.price(chip, "own", SITE)]), None)).item()


@pytest.mark.parametrize("chip", ["h100-sxm", "mi300x", "b300"])
def test_one_hour_is_one_number_in_every_question(catalog: Catalog, chip: str) -> None:
    hours = [of(catalog, chip) for of in (of_tco, of_rent_or_own, of_plan, of_procure)]
    assert hours == [pytest.approx(hours[0], rel=1e-9)] * 4


def test_the_number_printed_is_the_same_within_the_noise_of_draws(catalog: Catalog) -> None:
    hour = tco(TcoQuestion(chip="h100-sxm", site=SITE, chips=CHIPS), catalog).usd_per_chip_hour
    found = rent_or_own(rent_or_own_question("h100-sxm"), catalog)
    assert found.owners_cost_usd_per_chip_hour is not None
    assert found.owners_cost_usd_per_chip_hour.p50 == pytest.approx(hour.p50, rel=0.01)
    assert any("in a rented hall" in note and "cost of capital" in note for note in found.notes)


def test_the_table_names_every_input_once_and_its_figures_are_known(catalog: Catalog) -> None:
    rows = [(part, row) for part, each in TABLE.items() for row in each]
    keys = [row.key for part, row in rows if part not in (drawn.THINGS, drawn.SITES)]
    assert len(keys) == len(set(keys))
    figures = [row.figure for part, row in rows if row.figure and part not in (drawn.SITES, drawn.MARKET)]
    assert len(figures) == len(set(figures))
    for _, row in rows:
        if row.figure:
            low, high = catalog.assumption(row.figure).range
            assert row.least <= low <= high <= row.most


def test_a_new_cost_is_a_row_of_owning_and_a_row_of_the_table(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its field is ``software_usd_per_year`` here, which has a line and no row of the table yet."""
    row = drawn.Row("software_usd_per_year", "software", "economics.storage_usd_per_chip")
    before = owned(lambda key: 0.5)
    monkeypatch.setitem(TABLE, OWN, (*TABLE[OWN], row))
    chip = bought(catalog, "h100-sxm")
    inputs = owner.owner_inputs(catalog, "h100-sxm", catalog.site(SITE), chip)
    after = owned(partial(one_kind, median_point(inputs)))
    assert row.key in {known.key for known in inputs}
    assert hour_usd(after)["software"].item() == pytest.approx(946 / 8760 / 0.9)
    assert float(np.asarray(hour_usd(before)["software"])) == 0.0


def test_a_new_line_is_in_the_hour_the_life_and_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    owner_of_one = Owned(chip_usd=1e4, rated_w=1e3, drawn_share=0.8, pue=1.2, power_usd_per_kwh=0.1, life_years=5.0)
    whole = float(usd_per_chip_hour(owner_of_one))
    monkeypatch.setattr(owning, "LINES", (*LINES, Line("security", "yearly", lambda owned: 87.6)))
    assert float(usd_per_chip_hour(owner_of_one)) == pytest.approx(whole + 0.01)
    assert float(run_usd(owner_of_one, 10.0, 1.0)["security"]) == pytest.approx(2.4)
