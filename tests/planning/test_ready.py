"""Campuses that are still to be connected or built."""

import dataclasses
import datetime
import math
from pathlib import Path

import pytest

from tenfold.catalog import load_catalog
from tenfold.interfaces.python import multisite
from tenfold.quantities import InputError, parse_quantity
from tenfold.sites import Stage, date_it_fits, from_ready, site_power_w

CATALOG = load_catalog()
START = datetime.date(2027, 1, 1)
LATER = datetime.date(2028, 7, 1)
FILE = """
[run]
model = "llama-3.1-8b"
tokens = "1T"
sequence_length = 8192
global_batch = 512
start = 2027-01-01
[sites.one]
site = "us-ohio"
chip = "h100-sxm"
chips = 512
{first}
[sites.two]
site = "us-texas"
chip = "h100-sxm"
chips = 512
[[links]]
between = ["one", "two"]
bandwidth = "400 Gbit/s"
"""


def written(folder: Path, first: str) -> Path:
    path = folder / "multisite.toml"
    path.write_text(FILE.format(first=first))
    return path


def test_nothing_before_it_is_ready_and_the_stages_after() -> None:
    stages = (Stage(date=START, power_w=5e6), Stage(date=datetime.date(2029, 1, 1), power_w=9e6))
    found = from_ready(stages, START, LATER)
    assert [(stage.date, stage.power_w) for stage in found] == [(START, 0.0), (LATER, 5e6), (stages[1].date, 9e6)]
    assert from_ready(stages, START, START) == stages
    assert from_ready((), START, LATER)[1] == Stage(date=LATER, power_w=math.inf)


@pytest.mark.parametrize(
    ("first", "ready"),
    [('queue = "2 years"', 2029), ('build = "18 months"', 2028), ('queue = "2 years"\nbuild = "18 months"', 2029)],
)
def test_a_campus_in_the_queue_is_named_with_the_day_it_fits(tmp_path: Path, first: str, ready: int) -> None:
    answer = multisite(written(tmp_path, first), catalog=CATALOG)
    (short,) = answer.infeasible
    assert short.site == "one"
    assert short.available_mw == 0.0
    assert short.short_mw == pytest.approx(short.need_mw)
    assert short.fits_on is not None
    assert abs(short.fits_on.year + short.fits_on.month / 12 - (ready + 0.5 * (ready == 2028))) < 0.2
    assert answer.best is not None
    assert [share.name for share in answer.best.sites] == ["two"]


def test_cooling_that_the_site_does_not_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"sites.one.cooling: us-ohio has no alternatives of cooling"):
        multisite(written(tmp_path, 'cooling = "liquid"'), catalog=CATALOG)


def test_a_site_of_the_catalog_that_is_to_be_built_holds_a_plan_back() -> None:
    year = dataclasses.replace(
        CATALOG.site("us-texas").figure("power.price"), value=parse_quantity("1 year", "s"), low=None, high=None
    )
    site = dataclasses.replace(CATALOG.site("us-texas"), build_time=year)
    assert site_power_w(site, START) == 0.0
    assert date_it_fits(site, 1e9, START) == datetime.date(2028, 1, 2)
    assert site_power_w(site, None) == math.inf
    assert date_it_fits(site, 1e9, None) is None
