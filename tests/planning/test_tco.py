"""Cost of ownership from the catalog."""

import dataclasses
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tenfold
from tenfold.catalog import load_catalog
from tenfold.planning.tco import TcoQuestion
from tenfold.planning.tco.tco import answer
from tenfold.quantities import InputError

CATALOG = load_catalog()
H100 = TcoQuestion(chip="h100-sxm", site="us-texas")
FEW = settings(max_examples=15, deadline=None)


def test_lines_add_up_and_every_unit_agrees_with_the_hour() -> None:
    asked = dataclasses.replace(H100, mfu=0.4, days=30.0, chips=64, tokens_per_s_per_chip=1000.0)
    found = answer(asked, CATALOG)
    hour = found.usd_per_chip_hour
    assert sum(found.lines_usd.values()) == pytest.approx(found.life_usd.p50, rel=1e-9)
    assert hour.p10 < hour.p50 < hour.p90
    assert found.usd_per_run is not None
    assert found.usd_per_mtoken is not None
    assert found.usd_per_useful_flop is not None
    assert found.usd_per_run.p50 == pytest.approx(64 * 30 * 24 * hour.p50)
    assert found.usd_per_mtoken.p50 == pytest.approx(hour.p50 / 3.6)
    peak = CATALOG.chip("h100-sxm").peak_flop_per_s("bf16")
    assert found.usd_per_useful_flop.p50 == pytest.approx(hour.p50 / 3600 / peak / 0.4)


@FEW
@given(debt=st.floats(0.0, 1.0), more=st.floats(1.0, 1e4))
def test_further_lines_never_make_it_cheaper_and_debt_only_says_whom_capital_is_paid_to(
    debt: float, more: float
) -> None:
    plain = answer(H100, CATALOG)
    borrowed = answer(dataclasses.replace(H100, debt_share=debt), CATALOG)
    dearer = answer(dataclasses.replace(H100, debt_share=debt, installation_usd=more), CATALOG)
    assert dearer.usd_per_chip_hour.p50 > plain.usd_per_chip_hour.p50 == borrowed.usd_per_chip_hour.p50
    assert dearer.lines_usd["installation"] == pytest.approx(more)
    paid = [borrowed.lines_usd.get(name, 0.0) for name in ("interest", "return_on_equity")]
    assert sum(paid) == pytest.approx(plain.lines_usd["return_on_equity"])
    assert paid[0] == pytest.approx(debt * sum(paid))


def test_a_hall_is_rented_or_built() -> None:
    rented, built = (answer(dataclasses.replace(H100, hall=hall), CATALOG) for hall in ("rented", "built"))
    assert rented.lines_usd.keys() ^ built.lines_usd.keys() == {"colocation", "shell"}
    assert "in a built hall" in built.notes[0]
    assert not any("datacentre" in named.name for named in rented.figures)
    assert not any("colocation" in named.name for named in built.figures)


def test_what_is_left_out_is_named() -> None:
    assert any("--water-price" in note for note in answer(H100, CATALOG).notes)
    given_all = dataclasses.replace(
        H100,
        installation_usd=1.0,
        water_usd_per_m3=1.0,
        software_usd_per_year=1.0,
        taxes_usd_per_year=1.0,
        decommissioning_usd=1.0,
        debt_share=0.5,
        mfu=0.4,
    )
    scope, network = answer(given_all, CATALOG).notes
    assert all(line in scope for line in ("rented hall", "water", "software", "taxes", "decommissioning"))
    assert network.startswith("The network costs")


def test_the_network_follows_the_topology_and_the_size() -> None:
    costs = {
        chips: answer(dataclasses.replace(H100, chips=chips), CATALOG).lines_usd["network"]
        for chips in (32, 1024, 16_384, 100_000)
    }
    assert costs[32] < costs[1024] < costs[16_384] < costs[100_000]
    known = CATALOG.assumption("economics.network_usd_per_chip").value
    found = answer(dataclasses.replace(H100, chips=16_384), CATALOG)
    assert found.lines_usd["network"] == pytest.approx(known, rel=1e-6)


def test_the_same_server_costs_the_same_around_any_chip() -> None:
    lines = [answer(dataclasses.replace(H100, chip=chip), CATALOG).lines_usd for chip in ("h100-sxm", "mi300x")]
    assert lines[0]["hosts"] == pytest.approx(lines[1]["hosts"])
    assert lines[0]["network"] == pytest.approx(lines[1]["network"])  # 400 Gbit/s a chip, rails
    assert lines[0]["chip"] > 1.5 * lines[1]["chip"]


def test_broken_questions_are_refused_all_at_once() -> None:
    broken = dataclasses.replace(H100, debt_share=2.0, mfu=-1.0, days=math.inf, chips=0, installation_usd=-5.0)
    with pytest.raises(InputError) as trouble:
        tenfold.tco(broken, catalog=CATALOG, seed=-1)
    assert {problem.key for problem in trouble.value.problems} == {
        "debt_share", "mfu", "days", "chips", "installation", "seed",
    }  # fmt: skip
    with pytest.raises(InputError) as names:
        tenfold.tco(chip="h1000", site="texass", catalog=CATALOG)
    assert {problem.key for problem in names.value.problems} == {"chip", "site"}
