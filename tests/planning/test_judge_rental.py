"""The file of a GPU cloud: published values through it, answers that hang together, files that cannot be."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from tenfold.catalog import Catalog
from tenfold.economics import Owned, hour_usd
from tenfold.economics.cloud import CloudInputs, Covenant, cloud_books, first_break, headroom
from tenfold.planning.rental import RentalAnswer
from tenfold.planning.rental.case import RentalCase, case_of
from tenfold.planning.rental.draws import sobol_values
from tenfold.planning.rental.inputs import at_p50, cloud_inputs
from tenfold.planning.rental.rental import answer as judge_rental
from tenfold.quantities import InputError, to_json
from tenfold.quantities.toml_text import write_toml
from tenfold.sites import chips_within_power
from tenfold.studies.ask import Asked, read_question, source_of

EXAMPLES = Path(__file__).parents[2] / "examples"
H100 = (EXAMPLES / "rental-h100.toml").read_text(encoding="utf-8")
CLOUD = (EXAMPLES / "rental-cloud.toml").read_text(encoding="utf-8")
LOAN = '\n[[loans]]\nname = "loan"\nkind = "equal-principal"\nshare = "70 %"\nrate = "11 %"\nterm = "5 years"\n'


def changed(text: str, changes: Mapping[str, str]) -> str:
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def asked(folder: Path, catalog: Catalog, text: str) -> Asked:
    file = folder / "rental.toml"
    file.write_text(text, encoding="utf-8")
    return read_question("rental", source_of("rental", file), catalog)


def read(folder: Path, catalog: Catalog, text: str) -> RentalCase:
    return case_of(asked(folder, catalog, text).question, catalog)


def judge(folder: Path, catalog: Catalog, text: str) -> RentalAnswer:
    return judge_rental(asked(folder, catalog, text).question, catalog, seed=0)


def test_the_published_pair(tmp_path: Path, catalog: Catalog) -> None:
    """An H100 at $1.99: $1.65 to break even, ROE 6.0 %, five-year IRR 9.4 %."""
    answer = judge(tmp_path, catalog, H100)
    assert answer.break_even_usd_per_chip_hour == pytest.approx(1.650, abs=0.0005)
    assert answer.roe == pytest.approx(0.060, abs=0.0005)
    assert answer.irr == pytest.approx(0.094, abs=0.0005)
    opex = sum(answer.break_even_terms_usd_per_chip_hour[line] for line in ("colocation", "other")) * 8760
    assert opex == pytest.approx(4454, abs=0.5)
    assert answer.break_even_terms_usd_per_chip_hour["colocation"] * 8760 == pytest.approx(2816, abs=0.5)


UTILISATION, LIFE, CAPEX = "utilisation = 1.0", 'life = "5 years"', 'value = "$50,000"'
PRICE = 'price = "$1.99/h"'


@pytest.mark.parametrize(
    ("changes", "price"),
    [
        ({UTILISATION: "utilisation = 0.9"}, 1.83),
        ({UTILISATION: "utilisation = 0.85"}, 1.94),
        ({UTILISATION: "utilisation = 0.8"}, 2.06),
        ({UTILISATION: "utilisation = 0.7"}, 2.36),
        ({LIFE: 'life = "3 years"'}, 2.41),
        ({LIFE: 'life = "4 years"'}, 1.94),
        ({LIFE: 'life = "6 years"'}, 1.46),
        ({CAPEX: 'value = "$40,000"'}, 1.42),
        ({CAPEX: 'value = "$35,000"'}, 1.31),
        ({CAPEX: 'value = "$30,000"'}, 1.19),
    ],
)
def test_the_published_break_even_table(
    tmp_path: Path, catalog: Catalog, changes: dict[str, str], price: float
) -> None:
    answer = judge(tmp_path, catalog, changed(H100, changes))
    assert answer.break_even_usd_per_chip_hour == pytest.approx(price, abs=0.005001)


def test_the_published_break_even_with_debt(tmp_path: Path, catalog: Catalog) -> None:
    """70 % debt at 11 %, in equal parts: $1.87 with interest on the mean balance d·i·C/2, in arrears 21/20 of it."""
    answer = judge(tmp_path, catalog, H100 + LOAN)
    interest = answer.break_even_terms_usd_per_chip_hour["interest"]
    assert interest * 8760 == pytest.approx(0.7 * 0.11 * 50_000 / 2 * 21 / 20)
    assert answer.break_even_usd_per_chip_hour - interest / 21 == pytest.approx(1.87, abs=0.005)


@pytest.mark.parametrize(("change", "irr"), [("-10 %", -0.007), ("-20 %", -0.124)])
def test_the_published_irr_of_a_falling_price(tmp_path: Path, catalog: Catalog, change: str, irr: float) -> None:
    text = changed(H100, {PRICE: f'{PRICE}\nchange_per_year = "{change}"'})
    assert judge(tmp_path, catalog, text).irr == pytest.approx(irr, abs=0.0005)


def test_the_pair_is_not_unique(tmp_path: Path, catalog: Catalog) -> None:
    """$35,000 at 80 % breaks even near $1.63 too, and $2.85 an hour is far more than the stock market gives."""
    other = judge(tmp_path, catalog, changed(H100, {CAPEX: 'value = "$35,000"', UTILISATION: "utilisation = 0.8"}))
    assert other.break_even_usd_per_chip_hour == pytest.approx(1.634, abs=0.001)
    dear = judge(tmp_path, catalog, changed(H100, {PRICE: 'price = "$2.85/h"'}))
    assert dear.irr == pytest.approx(0.30, abs=0.01)


def test_the_published_price_of_a_chip_from_a_deal(tmp_path: Path, catalog: Catalog) -> None:
    """$3.9 billion of equipment over 130,000 chips is $30,000 each, and a fleet at that price costs as much."""
    text = changed(H100, {"chips = 1\n": "chips = 130000\n", CAPEX: 'value = "$30,000"'})
    assert judge(tmp_path, catalog, text).totals_usd["purchases"] == pytest.approx(3.9e9)


def test_pue_moves_power_and_cost(tmp_path: Path, catalog: Catalog) -> None:
    """PUE 1.1 for 1.4: 27 % more usable IT power, and 21 % less for the same chips' energy."""
    assert chips_within_power(100e6, 1.0, 1.1) / chips_within_power(100e6, 1.0, 1.4) == pytest.approx(1.27, abs=0.005)
    power = 'power_price = "$89.2/MWh"\ndrawn_share = 0.8\npue = {}\n[fleets.opex_per_chip_year]'
    bills = [
        judge(tmp_path, catalog, changed(H100, {"[fleets.opex_per_chip_year]": power.format(pue)}))
        for pue in (1.1, 1.4)
    ]
    low, high = (bill.break_even_terms_usd_per_chip_hour["power"] for bill in bills)
    assert low / high == pytest.approx(1.1 / 1.4)
    assert low == pytest.approx(1.275 * 0.8 * 1.1 * 0.0892)
    assert bills[1].break_even_usd_per_chip_hour - bills[0].break_even_usd_per_chip_hour == pytest.approx(high - low)
    twin = Owned(
        chip_usd=1.0, rated_w=1275.0, drawn_share=0.8, pue=1.4, power_usd_per_kwh=0.0892, life_years=5.0
    )  # fmt: skip
    assert high == pytest.approx(float(hour_usd(twin)["energy"]))


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> RentalAnswer:
    one = changed(CLOUD, {'[[covenants]]\nkind = "debt-to-ebitda"\nlimit = 4.5\n': ""})  # the other takes as long again
    return judge(tmp_path_factory.mktemp("cloud"), catalog, one)


def test_the_answer_is_data_and_hangs_together(cloud: RentalAnswer) -> None:
    assert '"break_even_usd_per_chip_hour"' in to_json(cloud)
    terms = sum(cloud.break_even_terms_usd_per_chip_hour.values())
    assert terms == pytest.approx(cloud.break_even_usd_per_chip_hour)
    assert cloud.draws == 1024
    for spread in cloud.ranges.values():
        assert spread.p10 <= spread.p50 <= spread.p90
    assert cloud.ranges["irr"].p10 < cloud.irr < cloud.ranges["irr"].p90
    assets, claims = (cloud.balance_sheet[f"{side}_usd"] for side in ("assets", "liabilities_and_equity"))
    np.testing.assert_allclose(assets, claims, rtol=1e-9, atol=1e-3)
    assert len(cloud.quarters) == len(assets)
    assert cloud.quarters[0] == "2025Q1"
    assert {named.name for named in cloud.figures} >= {"sites/us-texas/power.pue", "assumptions/taxes.macrs_5_year_1"}
    assert "question/fleets.1.market.price_usd_per_chip_hour" in {named.name for named in cloud.stated}
    assert all(named.figure.source for named in (*cloud.figures, *cloud.stated))


def test_covenants_break_where_the_answer_says(tmp_path: Path, catalog: Catalog, cloud: RentalAnswer) -> None:
    """Move the market to just above and just below the break point: the covenant holds, then breaks."""
    dscr = cloud.covenants[0]
    level = 0.75 * 4096 / 6144 + 0.75 * 2048 / 6144
    assert 0.0 < dscr.break_utilisation < level
    for factor, holds in ((1.001, True), (0.999, False)):
        share = 0.75 * factor * dscr.break_utilisation / level
        changes = {
            "utilisation = { value = 0.75, low = 0.55, high = 0.9 }": f"utilisation = {share}",
            "utilisation = { value = 0.75, low = 0.5, high = 0.9 }": f"utilisation = {share}",
        }
        books = cloud_books(books_of(read(tmp_path, catalog, changed(CLOUD, changes))))
        covenant = Covenant(kind=dscr.kind, limit=dscr.limit)
        assert (float(headroom(books, covenant).min()) >= 0.0) is holds
        assert (int(first_break(books, covenant).max()) == -1) is holds
    assert dscr.break_utilisation_range.p10 < dscr.break_utilisation < dscr.break_utilisation_range.p90


def test_a_covenant_nothing_can_break_and_one_nothing_can_keep(tmp_path: Path, catalog: Catalog) -> None:
    text = H100 + LOAN
    text += '\n[[covenants]]\nkind = "debt-to-assets"\nlimit = 0.99\n[[covenants]]\nkind = "dscr"\nlimit = 90\n'
    safe, hopeless = judge(tmp_path, catalog, text).covenants
    assert (safe.break_utilisation, safe.break_price_usd_per_chip_hour, safe.first_break) == (0.0, 0.0, "")
    assert math.isinf(hopeless.break_utilisation)
    assert hopeless.headroom < 0
    assert hopeless.first_break == "2025Q3"


@pytest.mark.parametrize(
    ("change", "better"),
    [
        ({PRICE: 'price = "$2.10/h"'}, True),
        ({CAPEX: 'value = "$45,000"'}, True),
        ({LIFE: 'life = "5.5 years"'}, True),
        ({UTILISATION: "utilisation = 0.95"}, False),
        ({'value = "$184.06"': 'value = "$200"'}, False),
        ({'name = "one H100"': 'name = "x"\ntax_rate = "21 %"'}, False),
        ({UTILISATION: f"{UTILISATION}\n[fleets.resale]\nshare = '10 %'"}, True),
        ({LIFE: f'{LIFE}\ndecommissioning_per_chip = "$900"'}, False),
        ({LIFE: f"{LIFE}\npaid_ahead_quarters = 3"}, False),
    ],
)
def test_what_is_better_never_lowers_irr(
    tmp_path: Path, catalog: Catalog, change: dict[str, str], better: bool
) -> None:
    base, other = judge(tmp_path, catalog, H100), judge(tmp_path, catalog, changed(H100, change))
    assert (other.irr > base.irr) is better
    assert (other.irr_of_quarterly_flows > base.irr_of_quarterly_flows) is better


@pytest.mark.parametrize(
    ("rate", "worth"), [("irr", "npv_usd"), ("irr_of_quarterly_flows", "npv_of_quarterly_flows_usd")]
)
def test_npv_is_zero_at_the_irr_of_the_same_flows(tmp_path: Path, catalog: Catalog, rate: str, worth: str) -> None:
    base = judge(tmp_path, catalog, H100 + LOAN)
    signs = []
    for factor in (0.99, 1.0, 1.01):
        cost = f'name = "one H100"\ncost_of_equity = {getattr(base, rate) * factor}'
        signs.append(getattr(judge(tmp_path, catalog, changed(H100 + LOAN, {'name = "one H100"': cost})), worth))
    assert signs[0] > 0.0 > signs[2]
    assert signs[1] == pytest.approx(0.0, abs=1e-5 * 50_000)


def test_debt_cheaper_than_the_return_lifts_roe_and_dearer_debt_lowers_it(tmp_path: Path, catalog: Catalog) -> None:
    base = judge(tmp_path, catalog, H100)
    cheap, dear = (judge(tmp_path, catalog, H100 + LOAN.replace("11 %", rate)) for rate in ("3 %", "15 %"))
    assert cheap.roe > base.roe > dear.roe
    assert cheap.irr > base.irr > dear.irr


def test_same_seed_same_answer_other_seed_other_draws(tmp_path: Path, catalog: Catalog) -> None:
    case = read(tmp_path, catalog, CLOUD)
    first, again, other = (sobol_values(case, seed)["fleets.0.market.price"] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert np.percentile(first, [10, 50, 90]) == pytest.approx([1.70, 2.35, 2.99], rel=0.01)


def test_distributions_of_the_file(tmp_path: Path, catalog: Catalog) -> None:
    even = '{ value = "$2/h", low = "$1/h", high = "$3/h", distribution = "uniform" }'
    case = read(tmp_path, catalog, changed(H100, {PRICE: f"price = {even}"}))
    drawn = sobol_values(case, 0)["fleets.0.market.price"]
    assert (drawn.min(), drawn.max()) == pytest.approx((1.0, 3.0), abs=0.01)
    assert np.percentile(drawn, [10, 90]) == pytest.approx([1.2, 2.8], abs=0.01)


def books_of(case: RentalCase) -> CloudInputs:
    return cloud_inputs(case, at_p50(case))


def test_deliveries_contracts_and_better_chips_reach_the_books(tmp_path: Path, catalog: Catalog) -> None:
    case = read(tmp_path, catalog, CLOUD)
    inputs = books_of(case)
    h100, b200 = inputs.fleets
    assert h100.delivered[:3] == pytest.approx([0.5, 0.5, 0.0])
    assert np.flatnonzero(b200.delivered).tolist() == [4, 5]
    books = cloud_books(inputs)
    assert float(np.ravel(books.balance.deposits_usd)[3]) == pytest.approx(
        1024 * 62_300
    )  # half of the B200, paid ahead
    assert float(np.ravel(h100.resale_share)[0]) == pytest.approx(math.exp(-0.08 * 5) / 2.0)
    anchor = inputs.contracts[0]
    assert anchor.active.sum() == pytest.approx(12.0)
    assert np.flatnonzero(anchor.active)[0] == 2


BROKEN: dict[str, tuple[dict[str, str], str, str]] = {
    "ends before it starts": (
        {'end = "2029Q4"': 'end = "2026Q1"'}, "contracts.1.end",
        "ends on 2026-03-31, before it starts on 2026-07-01",
    ),
    "negative term": ({'term = "3 years"': 'term = "-3 years"'}, "contracts.0.term", "'-3 years' is negative"),
    "end and term": ({'term = "3 years"': 'term = "3 years"\nend = "2028"'},
                     "contracts.0.end", "both an end and a term"),
    "no end": ({'term = "3 years"\n': ""}, "contracts.0.end", "has neither an end nor a term"),
    "outlives the fleet": ({'end = "2029Q4"': 'end = "2033Q1"'}, "contracts.1.end", "after 'b200' retires in 2031Q1"),
    "too early": ({'start = "2026Q3"': 'start = "2025Q1"'}, "contracts.1.start", "before 'b200' enters service"),
    "oversold": ({"chips = 3072": "chips = 4097"}, "fleets.0.chips", "promise 4,097 of 4,096 chips in 2025Q3"),
    "unknown fleet": ({'fleet = "h100"': 'fleet = "h10"'}, "contracts.0.fleet", "did you mean 'h100'?"),
    "loan too long": ({'term = "3.5 years"': 'term = "9 years"'}, "loans.0.term", "is due after 'h100' retires"),
    "odd term": ({'term = "3.5 years"': 'term = "3.6 years"'}, "loans.0.term", "not a whole number of quarters"),
    "over-financed": ({'fleets = ["b200"]': 'fleets = ["b200", "h100"]', 'share = "50 %"': 'share = "60 %"'},
                      "loans.1.share", "loans pay 105 % of 'h100'"),
    "twice": ({'name = "research lab"': 'name = "anchor customer"'}, "contracts.1.name", "is there twice"),
    "no unit": ({'price = "$2.60/h"': 'price = "2.60"'}, "contracts.0.price", "'2.60' has no unit"),
    "too much used": ({"utilisation = 0.6": "utilisation = 1.6"}, "contracts.1.utilisation", "'1.6' is too large"),
    "half a range": ({"{ value = 0.75, low = 0.55, high = 0.9 }": "{ value = 0.75, low = 0.55 }"},
                     "fleets.0.market.utilisation", "has only one end of its range"),
    "range in disorder": ({"low = 0.55, high = 0.9": "low = 0.8, high = 0.9"}, "fleets.0.market.utilisation",
                          "not between"),
    "unknown key": ({"cash_at_start": "cash_at_strat"}, "cloud.cash_at_strat", "unknown key"),
    "unknown site": ({'site = "us-texas"': 'site = "us-texs"'}, "fleets.0.space.site", "did you mean 'us-texas'?"),
    "two resales": ({'wear_per_year = "8 %"': 'wear_per_year = "8 %"\nshare = 0.1'}, "fleets.0.resale.share", "beside"),
    "power without watts": ({'rated_power = "1.275 kW"\n': ""}, "fleets.0.space.rated_power", "is missing"),
    "all in and lines": ({'storage = "$800"': 'all_in = "$800"'}, "fleets.0.capex_per_chip.all_in", "already holds"),
    "no year": ({"year = 2025\n": ""}, "money.year", "is missing"),
    "neither nominal nor real": ({'terms = "nominal"': 'terms = "both"'}, "money.terms", "unknown 'both'"),
    "other currency": ({'currency = "USD"': 'currency = "EUR"'}, "money.currency", "unknown 'EUR'"),
    "range with a slip": ({"low = 0.55": "lo = 0.55"}, "fleets.0.market.utilisation.lo", "unknown key"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "key", "said"), BROKEN.values(), ids=BROKEN)
def test_contradictions_are_said(
    tmp_path: Path, catalog: Catalog, changes: dict[str, str], key: str, said: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, catalog, changed(CLOUD, changes))
    found = {problem.key: problem.wrong for problem in caught.value.problems}
    assert said in found[key]
    assert all(problem.remedy or problem.wrong.endswith("?") for problem in caught.value.problems)


def test_every_problem_is_said_at_once(tmp_path: Path, catalog: Catalog) -> None:
    several = ("ends before it starts", "negative term", "no unit", "too much used", "odd term", "half a range")
    text = CLOUD
    for name in several:
        text = changed(text, BROKEN[name][0])
    with pytest.raises(InputError) as caught:
        read(tmp_path, catalog, text)
    assert {BROKEN[name][1] for name in several} <= {problem.key for problem in caught.value.problems}


def test_real_terms_are_said(tmp_path: Path, catalog: Catalog) -> None:
    answer = judge(tmp_path, catalog, changed(H100, {'terms = "nominal"': 'terms = "real"'}))
    assert (answer.currency, answer.year, answer.terms) == ("USD", 2024, "real")


def test_a_missing_file_says_where_to_start(tmp_path: Path, catalog: Catalog) -> None:
    with pytest.raises(InputError, match=r"no such file.*tenfold init rental"):
        read_question("rental", source_of("rental", tmp_path / "none.toml"), catalog)


def test_a_question_written_as_toml_asks_the_same(tmp_path: Path, catalog: Catalog) -> None:
    first = asked(tmp_path, catalog, CLOUD).question
    assert asked(tmp_path, catalog, write_toml(first)).question == first


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({'first_quarter = "2026Q1"': 'first_quarter = "9999Q4"'}, "fleets.1.first_quarter"),
        ({'start = "2026Q3"': "start = 0001-01-01"}, "contracts.1.start"),
        ({'end = "2029Q4"': "end = 9999-12-31"}, "contracts.1.end"),
        ({'date = "2027Q1"': "date = 12:30:00"}, "arrivals.0.date"),
        ({'term = "3 years"': 'term = "1e400 years"'}, "contracts.0.term"),
        ({'price = "$2.60/h"': "price = inf"}, "contracts.0.price"),
        ({'price = "$2.60/h"': "price = true"}, "contracts.0.price"),
        ({'price = "$2.60/h"': "price = { value = [1] }"}, "contracts.0.price.value"),
        ({"chips = 3072": 'chips = "٣٠٧٢"'}, "contracts.0.chips"),
        ({'name = "anchor customer"': 'name = ""'}, "contracts.0.name"),
        ({"limit = 1.05": 'limit = "$5"'}, "covenants.0.limit"),
        ({'kind = "dscr"': 'kind = "icr"'}, "covenants.0.kind"),
        ({"delivery_quarters = 2\nlife": "delivery_quarters = 1.5\nlife"}, "fleets.0.delivery_quarters"),
    ],
)
def test_what_no_books_can_hold_is_refused_by_its_key(
    tmp_path: Path, catalog: Catalog, changes: dict[str, str], key: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, catalog, changed(CLOUD, changes))
    assert key in {problem.key for problem in caught.value.problems}
