"""What lenders ask of a GPU cloud: size by cover, reserves, floating rates, value, taxes of the US, chance."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

import tenfold
from tenfold.catalog import Catalog, load_catalog
from tenfold.economics import PriceDynamics, accelerated, npv, step_spread, with_bonus
from tenfold.economics.cloud import cloud_books
from tenfold.planning.rental import RentalAnswer, RentalQuestion
from tenfold.planning.rental.case import case_of
from tenfold.planning.rental.chance import deviations, tied
from tenfold.planning.rental.draws import sobol_values
from tenfold.planning.rental.inputs import at_p50, cloud_inputs
from tenfold.quantities import InputError

EXAMPLES = Path(__file__).parents[2] / "examples"
H100 = (EXAMPLES / "rental-h100.toml").read_text(encoding="utf-8")
CLOUD = (EXAMPLES / "rental-cloud.toml").read_text(encoding="utf-8")
LOAN = '\n[[loans]]\nname = "loan"\nkind = "level-payment"\nrate = "11 %"\nterm = "4 years"\n'


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def judge(folder: Path, catalog: Catalog, text: str) -> RentalAnswer:
    file = folder / "rental.toml"
    file.write_text(text, encoding="utf-8")
    return tenfold.rental(file, catalog=catalog)


def balances(answer: RentalAnswer) -> None:
    sheet = answer.balance_sheet
    np.testing.assert_allclose(sheet["assets_usd"], sheet["liabilities_and_equity_usd"], rtol=1e-9, atol=1e-3)


def test_a_lender_gets_the_rate_it_asks(tmp_path: Path, catalog: Catalog) -> None:
    """A loan of 11 % a year, paid by the quarter, yields 2.75 % a quarter; it yielded 10.44 % a year."""
    answer = judge(tmp_path, catalog, H100 + LOAN + 'share = "70 %"\n')
    service = -np.array(answer.cash_flow["debt_repaid_usd"]) - np.array(answer.cash_flow["interest_usd"])
    assert float(npv(np.append(-35_000.0, service), 0.0275)) == pytest.approx(0.0, abs=1e-6)
    balances(answer)


def test_debt_is_sized_to_the_cover_asked_for(tmp_path: Path, catalog: Catalog) -> None:
    covenant = '\n[[covenants]]\nkind = "dscr"\nlimit = 1.3\n'
    sized = judge(tmp_path, catalog, H100 + LOAN + "sized_to_dscr = 1.3\n" + covenant)
    assert sized.covenants[0].headroom == pytest.approx(0.0, abs=1e-5)
    share = sized.loan_shares["loan"]
    assert 0.1 < share < 1.0
    # EBITDA of a year over its annuity: (8760·1.99 − 4,454)/1.3 is served by what is lent.
    annuity = 4 * 0.0275 / -np.expm1(-16 * np.log1p(0.0275))
    assert share == pytest.approx((8760 * 1.99 - 4454.0) / 1.3 / annuity / 50_000, rel=1e-3)
    stricter = judge(tmp_path, catalog, H100 + LOAN + "sized_to_dscr = 1.6\n")
    assert stricter.loan_shares["loan"] < share


def test_a_loan_has_one_size(tmp_path: Path, catalog: Catalog) -> None:
    with pytest.raises(InputError, match="has no size"):
        judge(tmp_path, catalog, H100 + LOAN)
    with pytest.raises(InputError, match="stands beside sized_to_dscr"):
        judge(tmp_path, catalog, H100 + LOAN + "sized_to_dscr = 1.3\nshare = 0.5\n")


def test_only_interest_at_first_and_a_reserve_that_the_owners_fund(tmp_path: Path, catalog: Catalog) -> None:
    base = judge(tmp_path, catalog, H100 + LOAN + 'share = "50 %"\n')
    held = judge(tmp_path, catalog, H100 + LOAN + 'share = "50 %"\nreserve = "6 months"\n')
    late = judge(tmp_path, catalog, H100 + LOAN + 'share = "50 %"\ninterest_only = "1 year"\n')
    for answer in (held, late):
        balances(answer)
    service = -np.array(base.cash_flow["debt_repaid_usd"]) - np.array(base.cash_flow["interest_usd"])
    reserve = np.array(held.balance_sheet["reserve_usd"])
    assert reserve[0] == pytest.approx(service[1:3].sum())
    assert reserve[15:] == pytest.approx(0.0, abs=1e-6)
    assert held.totals_usd["equity"] - base.totals_usd["equity"] == pytest.approx(service[1:3].sum())
    assert held.irr < base.irr  # money that waits earns nothing
    assert held.totals_usd["net_income"] == pytest.approx(base.totals_usd["net_income"])
    assert np.array(late.cash_flow["debt_repaid_usd"])[:4] == pytest.approx(0.0)
    assert late.balance_sheet["debt_usd"][3] == pytest.approx(25_000.0)
    assert late.balance_sheet["debt_usd"][15] == pytest.approx(0.0, abs=1e-6)


def test_a_floating_rate_follows_its_path_and_chance_widens_it(tmp_path: Path, catalog: Catalog) -> None:
    rising = judge(tmp_path, catalog, H100 + LOAN + 'share = "50 %"\nrate_change_per_year = "1 %"\n')
    opening = np.array(rising.balance_sheet["debt_usd"]) - np.array(rising.cash_flow["debt_repaid_usd"])
    rate = -np.array(rising.cash_flow["interest_usd"])[:16] / opening[:16] * 4.0
    assert rate == pytest.approx(0.11 + 0.01 * np.arange(16) / 4.0)
    moved = judge(tmp_path, catalog, H100 + LOAN + 'share = "50 %"\nrate_volatility = "2 %"\n')
    assert moved.draws == 1024
    assert moved.ranges["irr"].p10 < moved.irr < moved.ranges["irr"].p90
    assert moved.irr == judge(tmp_path, catalog, H100 + LOAN + 'share = "50 %"\n').irr


def test_value_and_life_of_a_loan_by_hand(tmp_path: Path, catalog: Catalog) -> None:
    """50 % of $50,000 in four years; value straight to nothing over five: the debt is 25 of 47.5 thousand at first."""
    asks = '\n[[covenants]]\nkind = "ltv"\nlimit = 0.5\n[[covenants]]\nkind = "llcr"\nlimit = 1\n'
    answer = judge(tmp_path, catalog, H100 + LOAN + 'share = "50 %"\n' + asks)
    debt = np.array(answer.balance_sheet["debt_usd"])
    value = 50_000.0 * (1.0 - np.arange(1, 21) / 20.0)
    ltv, llcr = answer.covenants
    assert ltv.headroom == pytest.approx(0.5 - (debt[3:15] / value[3:15]).max())
    available = np.full(16, (8760 * 1.99 - 4454.0) / 4.0)
    opening = np.append(25_000.0, debt)[:16]
    life = [float(npv(available[q:], 0.0275)) / 1.0275 / opening[q] for q in range(3, 16)]
    assert llcr.headroom == pytest.approx(min(life) - 1.0)


def test_us_taxes_by_hand(tmp_path: Path, catalog: Catalog) -> None:
    """A bonus writes all off at once, and losses then take all of the income, or 80 % of it."""
    base = H100.replace('name = "one H100"', 'name = "x"\ntax_rate = "21 %"\ntax_depreciation = "macrs-5"')
    plain = judge(tmp_path, catalog, base)
    bonus = judge(tmp_path, catalog, base.replace('"21 %"\n', '"21 %"\nbonus_depreciation = "100 %"\n'))
    eighty = judge(
        tmp_path, catalog, base.replace('"21 %"\n', '"21 %"\nbonus_depreciation = "100 %"\nloss_limit = "80 %"\n')
    )
    earned = (8760 * 1.99 - 4454.0) / 4.0
    paid = np.array(bonus.income["tax_current_usd"])
    assert paid[:15] == pytest.approx(0.0)  # a loss of 50,000 less the first quarter's earnings covers 15 quarters
    assert paid.sum() == pytest.approx(0.21 * (20 * earned - 50_000.0))
    fifth = np.array(eighty.income["tax_current_usd"])
    assert fifth[1:15] == pytest.approx(0.21 * 0.2 * earned)
    totals = [float(np.sum(answer.income["tax_current_usd"])) for answer in (bonus, eighty, plain)]
    assert totals[0] == pytest.approx(totals[1])
    assert totals[2] > totals[0]  # the table is not through when the chip goes, and nothing is left to take it from
    assert bonus.irr > plain.irr
    assert bonus.irr > eighty.irr


def test_interest_beyond_the_limit_is_carried_forward(tmp_path: Path, catalog: Catalog) -> None:
    base = H100.replace('name = "one H100"', 'name = "x"\ntax_rate = "21 %"') + LOAN + 'share = "90 %"\n'
    free, held = (
        judge(tmp_path, catalog, base.replace('"21 %"\n', f'"21 %"\n{limit}'))
        for limit in ("", 'interest_limit = "10 %"\n')
    )
    earned, interest = (8760 * 1.99 - 4454.0) / 4.0, 0.0275 * 45_000.0
    first = 0.21 * (earned - 2_500.0 - min(interest, 0.1 * earned))
    assert held.income["tax_current_usd"][0] == pytest.approx(first)
    assert np.sum(held.income["tax_current_usd"]) >= np.sum(free.income["tax_current_usd"])
    expense = np.array(held.income["tax_current_usd"]) + np.array(held.income["tax_deferred_usd"])
    assert expense == pytest.approx(0.21 * np.array(held.income["pretax_income_usd"]))
    balances(held)


def test_a_bonus_stands_where_taxes_have_a_schedule_of_their_own(tmp_path: Path, catalog: Catalog) -> None:
    text = H100.replace('name = "one H100"', 'name = "x"\ntax_rate = "21 %"\nbonus_depreciation = "100 %"')
    with pytest.raises(InputError, match="taxes follow the books"):
        judge(tmp_path, catalog, text)
    schedule = with_bonus(accelerated([0.6, 0.4]), 0.5)
    assert np.asarray(schedule(100.0, 1.0, np.array([0.0, 1.0, 2.0]), 0.0)) == pytest.approx([100.0, 20.0, 0.0])


def test_market_prices_move_as_fitted_and_together(catalog: Catalog) -> None:
    """Standard deviation of ln p a step after service begins is the fitted one; fleets' shocks share half of it."""
    question = tenfold_question(catalog)
    case = case_of(question, catalog)
    values = sobol_values(case, 7)
    constants = catalog.calibration("prices").constants
    sigma = constants["on-demand.volatility_per_sqrt_year"].value
    kappa = constants["on-demand.reversion_per_year"].value
    first, second = (values[f"fleets.{place}.chance"] for place in (0, 1))
    spread = float(step_spread(PriceDynamics(reversion_per_year=kappa, volatility_per_sqrt_year=sigma), 0.25))
    assert first[:, 1].std() == pytest.approx(spread, rel=0.1)
    assert np.corrcoef(first[:, -1], second[:, -1])[0, 1] == pytest.approx(0.5, abs=0.12)
    prices, used = (
        np.corrcoef(values[f"fleets.0.market.{name}"][:, 0], values[f"fleets.1.market.{name}"][:, 0])[0, 1]
        for name in ("price", "utilisation")
    )
    assert prices == pytest.approx(0.5, abs=0.12)
    assert used == pytest.approx(0.5, abs=0.12)
    books, still = (cloud_books(cloud_inputs(case, drawn)) for drawn in (values, _without_chance(values)))
    assert books.income.revenue_market_usd[:, 8].std() > still.income.revenue_market_usd[:, 8].std()
    assert not any(key.endswith(".chance") for key in at_p50(case))


def _without_chance(values: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {key: value for key, value in values.items() if not key.endswith(".chance")}


def tenfold_question(catalog: Catalog) -> RentalQuestion:
    from tenfold.studies.ask import read_question, source_of

    question = read_question("rental", source_of("rental", EXAMPLES / "rental-cloud.toml"), catalog).question
    assert isinstance(question, RentalQuestion)
    return question


def test_customers_that_default_free_their_chips(catalog: Catalog) -> None:
    question = tenfold_question(catalog)
    risky = dataclasses.replace(
        question,
        contracts=tuple(
            dataclasses.replace(each, default_per_year=type(each.price_usd_per_chip_hour)(value=0.5))
            for each in question.contracts
        ),
    )
    case = case_of(risky, catalog)
    values = sobol_values(case, 7)
    books = cloud_books(cloud_inputs(case, values))
    sound = cloud_books(cloud_inputs(case_of(question, catalog), sobol_values(case_of(question, catalog), 7)))
    lost = books.income.revenue_contracts_usd[:, 5].mean() / sound.income.revenue_contracts_usd[:, 5].mean()
    # One contract runs since the third quarter: e^(−0.5·t) of customers still pay after t years.
    assert lost == pytest.approx(np.exp(-0.5 * 0.875), abs=0.02)
    more = books.income.revenue_market_usd[:, 5].mean()
    assert more > sound.income.revenue_market_usd[:, 5].mean()


def test_deviations_start_at_service_and_come_to_rest() -> None:
    rng = np.random.default_rng(0)
    dynamics = PriceDynamics(reversion_per_year=2.0, volatility_per_sqrt_year=0.4)
    found = deviations(dynamics, rng.standard_normal((20_000, 40)), 5)
    assert np.all(found[:, :6] == 0.0)
    assert found[:, -1].std() == pytest.approx(0.4 / np.sqrt(2 * 2.0), rel=0.03)


def test_ties_keep_every_value_and_give_the_correlation() -> None:
    rng = np.random.default_rng(1)
    ranks, common = rng.uniform(size=4000), rng.uniform(size=4000)
    moved = tied(ranks, common, 0.8)
    assert np.sort(moved) == pytest.approx(np.sort(ranks))
    assert np.corrcoef(moved, common)[0, 1] == pytest.approx(np.sqrt(0.8), abs=0.03)
    assert tied(ranks, common, 0.0) == pytest.approx(ranks)
