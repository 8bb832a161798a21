"""The file: read as written, refused with everything that is wrong at once, answered as a whole."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pytest
from typed_commands import tenfold

from tenfold.catalog import Catalog
from tenfold.interfaces.python import procure
from tenfold.planning.procurement import ProcureAnswer, ProcureQuestion
from tenfold.planning.procurement.build import Built, build_programme
from tenfold.planning.supply.offer import Buyer
from tenfold.planning.supply.offers import find_offers
from tenfold.quantities import InputError
from tenfold.studies.ask import read_question, source_of

EXAMPLE = Path(__file__).parents[3] / "examples" / "procure.toml"
TEXT = EXAMPLE.read_text(encoding="utf-8")


def asked(path: Path, catalog: Catalog) -> ProcureQuestion:
    question = read_question("procure", source_of("procure", path), catalog).question
    assert isinstance(question, ProcureQuestion)
    return question


@pytest.fixture(scope="module")
def read(catalog: Catalog) -> Built:
    return build_programme(asked(EXAMPLE, catalog), catalog)


@pytest.fixture(scope="module")
def answer(catalog: Catalog) -> ProcureAnswer:
    return procure(EXAMPLE, catalog=catalog)


def test_the_example_is_read_as_written(read: Built) -> None:
    programme = read.programme
    assert programme.quarters[0] == "2027Q1"
    assert programme.quarters[-1] == "2028Q4"
    rows = programme.commitments
    assert rows.lot_chips.tolist() == [8.0] * 5
    assert rows.minimum_lots.tolist() == [8, 8, 1, 1, 1]
    assert rows.term_quarters.tolist() == [20, 20, 20, 20, 4]
    assert rows.running_musd_per_chip_quarter[4, 0] == pytest.approx(2.35 * 2190 / 1e6)
    assert programme.rentals.h100e_per_chip[1, 0] == pytest.approx(0.85)
    assert programme.workloads.unserved_musd_per_h100e_quarter[0] == pytest.approx(9 * 2190 / 1e6)
    assert programme.limits.power_mw[1].tolist() == [1.5] * 8
    assert programme.scenarios.probability.sum() == pytest.approx(1.0)
    assert programme.scenarios.names[0] == "base"
    assert programme.scenarios.probability[0] == pytest.approx(0.3)


def test_worth_of_chips_to_a_named_model_is_predicted_and_bf16_elsewhere(read: Built) -> None:
    rows = read.programme.commitments
    b200 = rows.chips.index("b200")
    assert rows.h100e_per_chip[b200, 0] == pytest.approx(2250 / 989.4)
    assert rows.h100e_per_chip[rows.chips.index("h100-sxm"), 1] == pytest.approx(1.0)
    assert 1.2 < rows.h100e_per_chip[b200, 1] < 4.0
    assert rows.h100e_per_chip[rows.chips.index("mi300x"), 1] == 0.0


def test_kinds_without_a_performance_model_are_never_scored(read: Built) -> None:
    scored = {(fit.workload, fit.kind) for fit in read.fits if fit.scored}
    assert scored == {("next model", "gpu")}
    assert len(read.fits) == 2 * 6
    for fit in read.fits:
        assert (fit.cost_usd is None) == bool(fit.why) == (not fit.scored)


def test_the_answer_holds_together(answer: ProcureAnswer) -> None:
    assert answer.status == "optimal"
    assert answer.terms is not None
    assert answer.terms.total_usd == pytest.approx(answer.expected_cost_usd)
    chance = np.array([scenario.probability for scenario in answer.scenarios])
    cost = np.array([scenario.cost_usd for scenario in answer.scenarios])
    assert float(chance @ cost) == pytest.approx(answer.expected_cost_usd)
    assert answer.objective_usd == pytest.approx(answer.expected_cost_usd + 0.5 * answer.cvar_usd)
    assert answer.objective_usd * (1 - answer.gap) == pytest.approx(answer.bound_usd)
    assert answer.gap < 0.005
    assert {order.when for order in answer.orders if order.quarter == "2027Q1"} == {"now"}
    assert all(order.chips % 8 == 0 for order in answer.orders)
    assert all(site.used_mw <= site.limit_mw + 1e-6 for site in answer.power)
    assert all(scenario.regret_usd is not None and scenario.regret_usd >= 0 for scenario in answer.scenarios)
    assert any("one more MW" in price.words for price in answer.shadow_prices)


def changed(folder: Path, *pairs: tuple[str, str]) -> Path:
    text = TEXT
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    file = folder / "procure.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_chip_that_needs_a_licence_is_left_out_of_a_controlled_country(tmp_path: Path, catalog: Catalog) -> None:
    file = changed(tmp_path, ('controlled_countries = ["CN"]', 'controlled_countries = ["US"]'))
    read = build_programme(asked(file, catalog), catalog)
    assert set(read.programme.commitments.sites) == {"nordics"}
    assert any("h100-sxm at us-texas" in words and "TPP 15,832" in words for words in read.excluded)


def test_forbidden_demand_that_cannot_be_served_is_an_answer(tmp_path: Path, catalog: Catalog) -> None:
    file = changed(tmp_path, ('unserved = "$9/h"', 'unserved = "forbidden"'), ("[600,", "[60000,"))
    answer = procure(file, catalog=catalog)
    assert answer.status == "infeasible"
    assert answer.orders == ()
    assert "assistant lacks" in answer.shortages[0].short
    assert "2027Q1" in answer.shortages[0].short


def test_a_run_that_must_be_trained_is(tmp_path: Path, catalog: Catalog) -> None:
    answer = procure(changed(tmp_path, ('unserved = "$12/h"', 'unserved = "forbidden"')), catalog=catalog)
    assert answer.status == "optimal"
    assert sum(one.unserved_h100e for one in answer.service if one.workload == "next model") == 0.0


def test_everything_wrong_is_told_at_once(tmp_path: Path, catalog: Catalog) -> None:
    file = changed(
        tmp_path,
        ('discount_rate = "10%"', 'discount_rate = "300%"'),
        ("2400, 2800]", "2400]"),
        ('site = "nordics"\npower = "1.5 MW"', 'site = "nordicks"\npower = "1.5 MW"'),
        ('chip = "mi300x"', 'chip = "mi3000x"'),
        ("probability = 0.2", "probability = 0.9"),
        ('until = "2028Q1"', 'until = "2027Q2"'),
        ("usable = 0.85\n", ""),
        ('deadline = "2028Q2"', 'deadline = "2032Q2"'),
        ('supplies = ["on-demand", "spot"]\nsince = "2027Q4"', 'suppliers = ["cloudy"]\nsince = "2027Q4"'),
    )
    with pytest.raises(InputError) as caught:
        asked(file, catalog)
    text = str(caught.value)
    for said in (
        "discount_rate", "7 values for 8 quarters", "nordicks", "mi3000x", "sum to 1.", "is not after the start",
        "usable", "outside the programme", "did you mean 'cloud'",
    ):  # fmt: skip
        assert said in text, said


SMALL = """
[programme]
start = "2027-02-15"
quarters = 3
money = "real"
money_year = 2026
discount_rate = "5%"
max_vendor_share = 0.9
[[sites]]
site = "us-texas"
power = "1 MW"
[[workloads]]
name = "w"
"""
SERVE = 'kind = "serve"\ndemand = 100\nunserved = "$20/h"\n'
TRAIN = 'kind = "train"\nwork = "500K chip-hours"\ndeadline = "2027Q3"\nunserved = "$20/h"\n'
OPTION = '[[options]]\nchip = "h100-sxm"\nsite = "us-texas"\nsupplier = "s"\nsupply = '
RENT, OWN = OPTION + '"on-demand"\nprice = "$3/h"\n', OPTION + '"own"\nprice = "$30,000"\n'


@pytest.mark.parametrize("workload", [SERVE, TRAIN, SERVE.replace("100", "0")])
@pytest.mark.parametrize("options", [RENT, OWN, RENT + OWN])
def test_programmes_with_one_kind_of_everything(tmp_path: Path, catalog: Catalog, workload: str, options: str) -> None:
    file = tmp_path / "small.toml"
    file.write_text(SMALL + workload + options, encoding="utf-8")
    answer = procure(file, catalog=catalog)
    assert answer.status == "optimal"
    assert answer.quarters == ("2027Q1", "2027Q2", "2027Q3")
    assert answer.money == "real"
    if options == RENT and workload == SERVE:
        discounted = sum(1.05 ** (-quarter / 4) for quarter in range(3))
        assert answer.expected_cost_usd == pytest.approx(100 * 3 * 2190 * discounted)
    if options == RENT and workload == TRAIN:
        assert answer.expected_cost_usd == pytest.approx(500_000 * 3 * 1.05**-0.5)


def test_a_wrong_start_does_not_hide_the_rest(tmp_path: Path, catalog: Catalog) -> None:
    file = tmp_path / "small.toml"
    text = (SMALL + SERVE + RENT).replace('"2027-02-15"', '"soon"').replace('"$20/h"', '"banana"')
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        asked(file, catalog)
    assert "programme.start" in str(caught.value)
    assert "workloads.0.unserved" in str(caught.value)


def test_keys_of_the_other_kind_and_unknown_ones_are_refused(tmp_path: Path, catalog: Catalog) -> None:
    with pytest.raises(InputError, match="does not belong to kind = 'serve'"):
        asked(changed(tmp_path, ('slo = "TTFT', 'tokens = "1T"\nslo = "TTFT')), catalog)
    with pytest.raises(InputError, match="lead_quarters"):
        asked(changed(tmp_path, ("lead_quarters = 1", "lead_quarter = 1")), catalog)
    with pytest.raises(InputError, match="no such file"):
        asked(tmp_path / "none.toml", catalog)


def test_the_integer_programme_is_no_dearer_than_rounding(catalog: Catalog, answer: ProcureAnswer) -> None:
    exact = procure(EXAMPLE, catalog=catalog, exact=True, gap=0.002)
    assert exact.objective_usd <= answer.objective_usd * (1 + 1e-9)
    assert exact.gap <= 0.002 + 1e-9


def test_what_nobody_knows_is_told_at_once_when_it_is_answered(tmp_path: Path, catalog: Catalog) -> None:
    file = changed(
        tmp_path,
        ('chip = "b200"\nsite = "us-texas"', 'chip = "dojo-d1"\nsite = "us-texas"'),
        ('chips = ["h100-sxm", "b200"]', 'chips = ["h100-sxm", "b200", "dojo-d1"]'),
    )
    with pytest.raises(InputError) as caught:
        procure(file, catalog=catalog)
    assert {problem.key for problem in caught.value.problems} == {"workloads.1.model", "options.1.chip"}


def test_a_run_that_no_cluster_holds_is_told(tmp_path: Path) -> None:
    told = tenfold("procure", changed(tmp_path, ("cluster_chips = 1024", "cluster_chips = 8")))
    assert (told.code, told.stdout) == (2, "")
    assert "workloads.1.cluster_chips: no layout of 'llama-3-70b' fits 8 H100, the unit of its work" in told.stderr


def test_how_it_is_solved_may_stand_in_the_file_or_beside_it(tmp_path: Path, catalog: Catalog) -> None:
    file = changed(tmp_path, ("seed = 1\n", "seed = 1\nplan_only = true\n"))
    assert procure(file, catalog=catalog).frontier == ()
    alone = procure(EXAMPLE, catalog=catalog, plan_only=True, time_limit="5min")
    assert (alone.frontier, alone.waiting_costs_usd) == ((), None)
    assert alone.question.time_limit_s == 300.0


def test_a_price_has_the_unit_of_its_supply(tmp_path: Path, catalog: Catalog) -> None:
    file = changed(
        tmp_path, ('price = "$40,000"', 'price = "$4/h"'), ('price = "$2.35/h"', 'price = ["$2/h", "$20,000"]')
    )
    with pytest.raises(InputError) as caught:
        asked(file, catalog)
    assert {problem.key for problem in caught.value.problems} == {
        "options.1.price", "options.4.price", "options.4.price.1"
    }  # fmt: skip


MARKET = OPTION + '"{supply}"\n{more}'
MANY = 'kind = "serve"\ndemand = 20000\nunserved = "$50/h"\n'


def market(tmp_path: Path, catalog: Catalog, supply: str, more: str = "", **swaps: str) -> Built:
    text = SMALL + MANY + MARKET.format(supply=supply, more=more)
    for old, new in swaps.items():
        text = text.replace(old.replace("_", "-"), new)
    file = tmp_path / "market.toml"
    file.write_text(text, encoding="utf-8")
    return build_programme(asked(file, catalog), catalog)


def test_an_option_without_a_price_goes_as_deep_as_sellers_do(tmp_path: Path, catalog: Catalog) -> None:
    rentals = market(tmp_path, catalog, "on-demand").programme.rentals
    site, buyer = catalog.site("us-texas"), Buyer(day=datetime.date(2027, 2, 15))
    (offer,), _ = find_offers(catalog, ("h100-sxm",), ("on-demand",), (site,), buyer)
    assert len(rentals.names) == len(offer.tiers) > 1
    assert rentals.most_chips[:, 0].cumsum().tolist() == [tier.most for tier in offer.tiers]
    dearest = rentals.musd_per_chip_quarter[-1, 0]
    assert dearest > 1.2 * rentals.musd_per_chip_quarter[0, 0], "what many chips soon cost"
    few = market(tmp_path, catalog, "on-demand", "allocation = 8\n").programme.rentals
    assert few.most_chips.max() == 8.0
    deep = market(tmp_path, catalog, "spot", "allocation = 1000000\nusable = 0.9\n")
    assert any("nobody is known to offer more than" in note for note in deep.notes)
    stated = market(tmp_path, catalog, "on-demand", 'price = "$3/h"\n').programme.rentals
    assert np.isinf(stated.most_chips).all(), "a quote in hand goes as deep as it says"


def test_a_cheaper_tier_is_had_from_its_first_chip_on(tmp_path: Path, catalog: Catalog) -> None:
    """GB200 for a year in Texas: 72 of a hyperscaler's list at more than a neocloud asks out of its holding."""
    text = {"h100_sxm": "gb200"}
    found = market(tmp_path, catalog, "reserved-1y", "allocation = 144\n", **text).programme
    rows, (limit,) = found.commitments, found.limits.allocations
    price = rows.running_musd_per_chip_quarter[:, 0]
    cheap = int(price.argmin())
    assert cheap > 0, "it is not the first tier"
    assert (rows.most_lots[:, 0] * rows.lot_chips).tolist()[cheap] == 144.0
    assert limit.most_chips.tolist() == [144.0] * len(found.quarters)
    assert limit.members.all()
    deep = market(tmp_path, catalog, "reserved-1y", "allocation = 8\n").programme
    assert not deep.limits.allocations, "no tier of H100 is cheaper than one before it"


def test_what_nobody_offers_or_the_law_forbids_is_left_out_and_said(tmp_path: Path, catalog: Catalog) -> None:
    refused = market(tmp_path, catalog, "on-demand", 'price = "$3/h"\n', us_texas="china")
    assert not refused.programme.rentals.names
    assert "export licence" in refused.excluded[0]
    read = market(tmp_path, catalog, "reserved-1y").programme.commitments
    assert (read.term_quarters >= 4).all()
    assert read.lead_quarters.tolist() == sorted(read.lead_quarters.tolist()), "what is deeper is waited for longer"


def test_a_place_that_is_no_name_is_one_problem_of_its_own(tmp_path: Path, catalog: Catalog) -> None:
    file = tmp_path / "small.toml"
    nowhere = RENT.replace('"us-texas"', "{}").replace('price = "$3/h"\n', "")
    file.write_text(SMALL + SERVE + nowhere, encoding="utf-8")
    with pytest.raises(InputError, match=r"options\.0\.site"):
        asked(file, catalog)
