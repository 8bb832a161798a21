"""Rent or own as a whole: what moves it the way it should, refusals, determinism."""

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tenfold.catalog import Catalog, load_catalog
from tenfold.planning.rent_or_own import RentOrOwnAnswer
from tenfold.planning.rent_or_own.answer import SupplyAnswer
from tenfold.planning.rent_or_own.rent_or_own import answer as make_rent_or_own
from tenfold.planning.rent_or_own.work import Work, work_of
from tenfold.quantities import InputError
from tenfold.studies.ask import Asked, read_question, source_of

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "rent-or-own.toml"
PRICED = '\n[prices]\nas_of = "2026-11"\non_demand = "$3/h"\nlong_run = "$3/h"\n'
DEMAND = """
supplies = ["on-demand", "colocation"{more}]
[demand]
chip = "h100-sxm"
chips = {chips}
utilisation = {utilisation}
horizon = "3 years"
parameters = "70B"
job_chips = {job_chips}
"""
SHORT = '[demand]\nchip = "h100-sxm"\nhorizon = "1 year"\nparameters = "8B"\n'
Answers = Callable[..., RentOrOwnAnswer]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def read(file: Path, catalog: Catalog) -> Asked:
    return read_question("rent-or-own", source_of("rent-or-own", file), catalog)


def work(file: Path, catalog: Catalog) -> Work:
    return work_of(read(file, catalog).question.demand)


@pytest.fixture(scope="module")
def example(catalog: Catalog) -> RentOrOwnAnswer:
    return make_rent_or_own(read(EXAMPLE, catalog).question, catalog)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> Answers:
    file = tmp_path_factory.mktemp("asked") / "ask.toml"

    @cache  # several tests look at the same answer
    def ask(
        rest: str = PRICED, *, utilisation: float = 0.6, job_chips: int = 64, chips: int = 64, more: str = ""
    ) -> RentOrOwnAnswer:
        asked = DEMAND.format(utilisation=utilisation, job_chips=job_chips, chips=chips, more=more)
        file.write_text(asked + rest)
        return make_rent_or_own(read(file, catalog).question, catalog)

    return ask


def of(answer: RentOrOwnAnswer, supply: str) -> SupplyAnswer:
    return next(each for each in answer.supplies if each.supply == supply)


def test_the_example_answers_everything(example: RentOrOwnAnswer) -> None:
    asked = [supply for supply in example.question.supplies if supply != "spot"]
    assert [each.supply for each in example.supplies] == asked
    assert sum(each.chance_cheapest for each in example.supplies) == pytest.approx(1.0, abs=0.01)
    assert [(name, short.kind) for name, short in example.unavailable] == [("spot", "supply")], "256 are not had so"
    for each in example.supplies:
        value = each.present_value_usd
        assert 0 < value.p10 < value.p50 < value.p90
        assert each.revenue is not None
        assert set(each.effects_usd) == {"failures", "setup", "debugging"}
        assert all(effect >= 0.0 for effect in each.effects_usd.values())
    assert example.pool is not None
    assert 0.0 < example.pool.gain < 1.0
    assert "market_utilisation" in " ".join(named.name for named in example.figures)


def test_owning_pays_back_and_overtakes_at_a_utilisation(example: RentOrOwnAnswer) -> None:
    owned = of(example, "own")
    assert owned.upfront_usd > 0
    assert owned.payback_years is not None
    assert owned.payback_years.at is not None
    assert 0.5 < owned.payback_years.at.p50 < 4.0
    assert of(example, "on-demand").payback_years is None


def test_spot_works_less_of_the_time_and_is_not_paid_for_while_it_is_away(answers: Answers) -> None:
    few = answers(job_chips=8, chips=8, more=', "spot"')
    assert of(few, "spot").goodput.p50 < of(few, "on-demand").goodput.p50
    assert of(few, "spot").goodput.p10 < 0.8, "pools that are often taken back are within its range"


def test_the_crossover_splits_answers_below_and_above_it(answers: Answers) -> None:
    crossing = of(answers(), "colocation").crossover_utilisation
    assert crossing is not None
    assert crossing.at is not None
    below, above = (answers(utilisation=crossing.at.p50 * factor) for factor in (0.6, 1.4))
    assert below.cheapest == "on-demand"
    assert above.cheapest == "colocation"


def test_draws_that_never_cross_count_as_never(answers: Answers) -> None:
    """P50 of the crossover is over all draws: where most never are cheaper, it is infinite, not that of a lucky few."""
    seen = []
    for price in ("$3/h", "$1.8/h", "$1.2/h", "$0.6/h"):
        crossing = of(answers(PRICED.replace('"$3/h"', f'"{price}"')), "colocation").crossover_utilisation
        assert crossing is not None
        never = 1.0 - crossing.share_of_draws - crossing.share_always
        if crossing.at is None:
            continue
        assert (crossing.at.p50 == math.inf) is (never > 0.5)
        assert (crossing.at.p90 == math.inf) is (never > 0.1)
        assert (crossing.at.p10 == 0.0) is (crossing.share_always > 0.1)
        seen.append(never > 0.5)
    assert set(seen) == {True, False}


def test_dearer_rent_favours_owning_and_a_falling_price_does_not(answers: Answers) -> None:
    dear = answers(PRICED.replace("$3/h", "$5/h"))
    falling = answers(PRICED.replace('long_run = "$3/h"', 'long_run = "$1.50/h"'))
    level = answers()
    base = of(level, "colocation").crossover_utilisation
    for other, sign in ((dear, -1.0), (falling, 1.0)):
        moved = of(other, "colocation").crossover_utilisation
        assert base is not None
        assert moved is not None
        assert base.at is not None
        assert moved.at is not None
        assert sign * (moved.at.p50 - base.at.p50) > 0.05
    assert falling.prices.p50[-1] < 0.7 * level.prices.p50[-1]


def test_larger_jobs_lose_more_to_failures(answers: Answers) -> None:
    small, large = answers(job_chips=8), answers(job_chips=100_000)
    for supply in ("on-demand", "colocation"):
        assert of(large, supply).goodput.p50 < of(small, supply).goodput.p50
        assert of(large, supply).present_value_usd.p50 > of(small, supply).present_value_usd.p50
    assert of(large, "on-demand").effects_usd["failures"] > 10 * of(small, "on-demand").effects_usd["failures"]


def test_equal_seeds_give_equal_answers_and_others_do_not(answers: Answers, catalog: Catalog) -> None:
    first = answers()
    assert make_rent_or_own(first.question, catalog) == first
    moved = make_rent_or_own(first.question, catalog, seed=9)
    assert of(moved, "on-demand").present_value_usd != of(first, "on-demand").present_value_usd


def test_compute_above_the_share_of_revenue_is_an_alert(answers: Answers) -> None:
    poor = answers(PRICED + '\n[revenue]\nper_year = "$1M"\n')
    rich = answers(PRICED + '\n[revenue]\nper_year = "$100M"\n')
    poor_share, rich_share = of(poor, "on-demand").revenue, of(rich, "on-demand").revenue
    assert poor_share is not None
    assert rich_share is not None
    assert (poor_share.alert, rich_share.alert) == (True, False)
    assert poor_share.share.p50 == pytest.approx(100 * rich_share.share.p50)


def test_what_has_no_price_is_named_and_the_rest_compared(tmp_path: Path, catalog: Catalog) -> None:
    file = tmp_path / "ask.toml"
    file.write_text(SHORT.replace("h100-sxm", "tpu-v6e") + "chips = 64\nutilisation = 0.5\n")
    answer = make_rent_or_own(read(file, catalog).question, catalog)
    why = {name: short.kind for name, short in answer.unavailable}
    assert why == {"own": "supply", "colocation": "supply", "spot": "supply"}, "neither sold nor listed"
    assert answer.owners_cost_usd_per_chip_hour is None
    assert {each.supply for each in answer.supplies} == {"on-demand", "reserved-1y", "reserved-3y"}


def test_hours_by_quarter_are_the_same_as_utilisation(tmp_path: Path, catalog: Catalog) -> None:
    file = tmp_path / "ask.toml"
    rest = '[demand]\nchip = "h100-sxm"\nhorizon = "1 year"\nparameters = "8B"\nchips = 100\n'
    file.write_text(rest + 'chip_hours = ["109.5K chip-hours"]\n')
    hours = work(file, catalog)
    file.write_text(rest + "utilisation = 0.5\n")
    share = work(file, catalog)
    assert np.allclose(hours.hours, share.hours)
    assert hours.utilisation == pytest.approx(0.5)
    file.write_text(rest.replace("chips = 100\n", "") + 'chip_hours = ["100K chip-hours", "219K chip-hours"]\n')
    listed = work(file, catalog)
    assert listed.hours == pytest.approx((100e3, 219e3, 219e3, 219e3))
    assert listed.chips == 100


def test_prices_that_are_stated_stand_over_the_catalogs(answers: Answers) -> None:
    answer = answers()
    assert {named.name for named in answer.stated} == {"question/prices.on_demand_usd_per_chip_hour"}
    assert answer.prices.p10[0] == answer.prices.p50[0] == answer.prices.p90[0] == pytest.approx(3.0)
    assert not any(named.name == "prices/h100-sxm/on-demand" for named in answer.figures)


@pytest.mark.parametrize("chip", ["h200-sxm", "b200", "mi300x", "a100-sxm-80gb", "tpu-v5e"])
def test_every_figure_is_found_by_its_name(tmp_path: Path, catalog: Catalog, chip: str) -> None:
    file = tmp_path / "ask.toml"
    file.write_text(SHORT.replace("h100-sxm", chip) + "chips = 64\nutilisation = 0.5\n")
    for named in make_rent_or_own(read(file, catalog).question, catalog).figures:
        found = catalog.figure_of(named.name)
        assert (found.value, found.unit) == (named.figure.value, named.figure.unit), named.name


def test_every_problem_of_a_file_is_said_at_once(tmp_path: Path, catalog: Catalog) -> None:
    file = tmp_path / "ask.toml"
    file.write_text("""
site = "atlantis"
supplies = ["lease"]
[demand]
chip = "h1000"
chips = 64
utilisation = 1.5
horizon = "90 years"
parameters = "70B"
colour = "red"
[prices]
on_demand = "-$2/h"
[pool]
correlation = -0.9
[[pool.firms]]
name = "a"
chips = 1
spread = 0.1
[[pool.firms]]
name = "b"
chips = 1
spread = 0.1
[[pool.firms]]
name = "c"
chips = 1
spread = 9
""")
    with pytest.raises(InputError) as trouble:
        read(file, catalog)
    keys = {problem.key for problem in trouble.value.problems}
    assert keys >= {
        "site",
        "supplies.0",
        "demand.chip",
        "demand.utilisation",
        "demand.horizon",
        "demand.colour",
        "prices.on_demand",
        "prices.as_of",
        "pool.correlation",
        "pool.firms.2.spread",
    }


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (SHORT + "chip_hours = []", "chip_hours"),
        (SHORT + 'chip_hours = ["219K chip-hours"]\nchips = 50', "demand.chips"),
        (SHORT + 'chip_hours = ["1 chip-hours"]\nutilisation = 0.5', "demand"),
        (f"supplies = []\n{SHORT}chips = 8\nutilisation = 0.5", "supplies"),
        (SHORT + "chips = 8\nutilisation = inf", "demand.utilisation"),
        (SHORT + 'chips = "٨"\nutilisation = 0.5', "demand.chips"),
        (SHORT + "chips = 8\nutilisation = 0.5\n[prices]\nas_of = 12:30:00", "prices.as_of"),
        (SHORT + 'chips = 8\nutilisation = 0.5\n[pool]\nfirms = [{ name = "a", chips = 1, spread = 0 }]', "pool.firms"),
        ("", "demand"),
        ("demand = 3", "demand"),
        (SHORT, "demand"),
        (SHORT + "utilisation = 0.5", "demand.chips"),
        (SHORT + 'chip_hours = ["0 chip-hours"]', "chip_hours"),
    ],
)
def test_broken_files_are_refused(tmp_path: Path, catalog: Catalog, text: str, key: str) -> None:
    file = tmp_path / "ask.toml"
    file.write_text(text)
    with pytest.raises(InputError, match=key):
        read(file, catalog)
