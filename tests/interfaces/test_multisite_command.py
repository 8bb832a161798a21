"""``tenfold multisite`` as typed: answers, sensitivities, power, every problem of a file at once."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typed_commands import Answer, tenfold

from tenfold.catalog import Catalog, load_catalog
from tenfold.interfaces.python import multisite
from tenfold.reports.answers import answer_json

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
RUN = """
[run]
model = "llama-3.1-8b"
tokens = "2T"
sequence_length = 8192
global_batch = "512 sequences"
start = "2027-01-01"
objective = "fastest"
"""
SITE = """
[sites.{name}]
site = "us-texas"
chip = "{chip}"
chips = {chips}
{more}
"""
LINK = """
[[links]]
between = ["a", "b"]
kind = "{kind}"
distance = "{km} km"
bandwidth = "{gbit} Gbit/s"
"""


def file_in(folder: Path, *parts: str) -> Path:
    path = folder / "sites.toml"
    path.write_text(RUN + "".join(parts))
    return path


def site(name: str, chip: str = "h100-sxm", chips: int = 64, more: str = "") -> str:
    return SITE.format(name=name, chip=chip, chips=chips, more=more)


def link(gbit: float = 1000, km: float = 100, kind: str = "long-haul-fibre") -> str:
    return LINK.format(gbit=gbit, km=km, kind=kind)


def ask(*args: str | Path) -> Answer:
    return tenfold("multisite", *args)


@pytest.fixture(scope="module")
def known() -> Catalog:
    return load_catalog()


Data = Callable[[Path], Any]


@pytest.fixture(scope="module")
def data_of(known: Catalog) -> Data:
    """What ``--json`` prints, with a catalog that is read once."""
    return lambda path: json.loads(answer_json(multisite(path, catalog=known)))


@pytest.fixture(scope="module")
def near(data_of: Data) -> Any:
    return data_of(EXAMPLES / "multisite-40km.toml")


@pytest.fixture(scope="module")
def far() -> Any:
    return ask(EXAMPLES / "multisite-500km.toml", "--json").data


def test_forty_kilometres_of_dark_fibre_carry_every_step(near: Any) -> None:
    """Over 40 km synchronising every step is as good as anything, to the noise of the draws; at equal loss."""
    designs = (near["best"], *near["alternatives"])
    best = next(each for each in designs if each["algorithm"] in ("hierarchical", "synchronous"))
    assert best["finish_days"]["p50"] < 1.01 * near["best"]["finish_days"]["p50"]
    assert best["finish_days"]["p90"] <= near["best"]["finish_days"]["p90"]
    assert best["compute_use"] > 0.99
    assert best["compute_use_range"]["p10"] < best["compute_use"] < best["compute_use_range"]["p90"] < 1.0
    assert best["loss_ratio"] == 1.0
    assert [each["share"] for each in best["sites"]] == [0.5, 0.5]
    assert near["edges"][0]["round_trip_s"] == pytest.approx(392e-6, rel=0.01)


def test_five_hundred_kilometres_at_100_gbit_call_for_low_communication(far: Any) -> None:
    best = far["best"]
    assert best["algorithm"] in ("decoupled", "streaming-diloco", "diloco")
    assert far["edges"][0]["round_trip_s"] == pytest.approx(4.9e-3, rel=0.01)
    dense = next(each for each in far["alternatives"] if each["algorithm"] == "hierarchical")
    assert dense["compute_use"] < 0.2
    assert dense["finish_days"]["p50"] > 3 * best["finish_days"]["p50"]


@pytest.mark.parametrize("which", ["near", "far"])
def test_terms_shares_and_power_add_up(which: str, request: pytest.FixtureRequest) -> None:
    best = request.getfixturevalue(which)["best"]
    assert sum(each["share"] for each in best["sites"]) == pytest.approx(1.0)
    assert sum(each["power_mw"] for each in best["sites"]) == pytest.approx(best["power_mw"])
    assert best["finish_days"]["p10"] < best["finish_days"]["p50"] < best["finish_days"]["p90"]
    assert sum(best["finish_terms_days"].values()) == pytest.approx(best["finish_days"]["p50"], rel=0.1)


def test_designs_are_ranked_and_sensitivities_monotone(far: Any) -> None:
    finish = [each["finish_days"]["p50"] for each in (far["best"], *far["alternatives"])]
    assert finish == sorted(finish)
    wider = [each["finish_days"] for each in far["bandwidth"]]
    assert all(later <= earlier * (1 + 1e-9) for earlier, later in itertools.pairwise(wider))
    longer = [each["finish_days"] for each in far["distance"]]
    assert all(later >= earlier * (1 - 1e-9) for earlier, later in itertools.pairwise(longer))


def test_one_big_campus_is_compared_with_the_power_it_has(near: Any) -> None:
    north = next(each for each in near["one_campus"] if each["site"] == "north")
    assert north["chips"] == 16384
    assert not north["wins"]
    assert north["short"]["fits_on"] == "2027-09-01"
    assert north["short"]["short_mw"] == pytest.approx(north["power_mw"] - 20, rel=1e-9)


def test_one_big_campus_wins_where_the_link_is_thin_and_there_is_power(tmp_path: Path, data_of: Data) -> None:
    data = data_of(file_in(tmp_path, site("a"), site("b"), link(gbit=0.5)))
    assert any(each["wins"] for each in data["one_campus"]) or len(data["best"]["sites"]) == 1


def test_the_map_has_places_and_the_use_of_links(far: Any) -> None:
    assert {node["name"]: round(node["latitude"]) for node in far["nodes"]} == {"ohio": 40, "virginia": 39}
    use = far["best"]["links"][0]
    assert use["mean_use"] == pytest.approx(use["mean_bytes_per_s"] / use["bandwidth_bytes_per_s"])
    assert 0 < use["mean_use"] <= 1


def test_different_chips_end_a_step_together(tmp_path: Path, data_of: Data) -> None:
    path = file_in(tmp_path, site("a", "a100-sxm-80gb"), site("b", "h100-sxm"), link())
    sites = {each["name"]: each for each in data_of(path)["best"]["sites"]}
    assert sites["b"]["share"] > 1.5 * sites["a"]["share"]
    assert sites["a"]["step_time_s"] == pytest.approx(sites["b"]["step_time_s"], rel=0.35)


def test_a_tpu_pod_and_a_rack_train_together_as_data(tmp_path: Path, data_of: Data) -> None:
    path = file_in(tmp_path, site("a", "tpu-v5p", 256, 'price = "$2/h"'), site("b", "gb200", 144), link())
    data = data_of(path)
    assert {each["chip"] for each in data["best"]["sites"]} <= {"tpu-v5p", "gb200"}
    assert len(data["nodes"]) == 2


def test_distance_comes_from_the_locations_when_it_is_left_out(tmp_path: Path, data_of: Data) -> None:
    text = '\n[[links]]\nbetween = ["a", "b"]\n'
    where = "latitude = 40.0\nlongitude = -83.0"
    data = data_of(file_in(tmp_path, site("a"), site("b", more=where), text))
    assert data["edges"][0]["distance_km"] == pytest.approx(1.4 * 1750, rel=0.05)
    assert any("times the great circle" in note for note in data["notes"])


def test_power_that_is_short_is_an_answer_with_the_date_it_fits(tmp_path: Path, data_of: Data) -> None:
    short = 'power = "50 kW"\nstages = [{ date = "2028-04", power = "2 MW" }]'
    data = data_of(file_in(tmp_path, site("a", more=short)))
    assert data["best"] is None
    (found,) = data["infeasible"]
    assert found["fits_on"] == "2028-04-01"
    assert found["short_mw"] == pytest.approx(found["need_mw"] - 0.05)
    assert "at most" in found["nearest"]
    assert "No site can train" in ask(tmp_path / "sites.toml").stdout


def test_a_site_short_of_power_is_left_out_and_the_other_trains(tmp_path: Path, data_of: Data) -> None:
    path = file_in(tmp_path, site("a", more='power = "50 kW"'), site("b"), link())
    data = data_of(path)
    assert [each["name"] for each in data["best"]["sites"]] == ["b"]
    assert [each["site"] for each in data["infeasible"]] == ["a"]


def test_links_with_a_price_cost_it_for_the_whole_run(tmp_path: Path, data_of: Data) -> None:
    there = [site(name, more='price = "$2/h"\n') for name in "ab"]
    free = data_of(file_in(tmp_path, *there, link()))["best"]
    paid = data_of(file_in(tmp_path, *there, link() + 'cost = "$100/h"\n'))["best"]
    assert free["link_cost_usd"] == 0.0
    assert paid["link_cost_usd"] == pytest.approx(2400 * paid["finish_days"]["p50"], rel=1e-6)


def test_json_is_the_same_when_asked_again(tmp_path: Path, data_of: Data) -> None:
    path = file_in(tmp_path, site("a"), site("b"), link())
    assert json.loads(ask(path, "--json").stdout) == data_of(path)


def test_the_table_begins_with_the_verdict() -> None:
    lines = ask(EXAMPLES / "multisite-40km.toml").stdout.splitlines()
    assert lines[0].startswith("Train llama-3.1-405b at north (50 %) and south (50 %)")


def test_every_problem_of_a_file_is_shown_at_once(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(
        RUN.replace("llama-3.1-8b", "llama-9").replace('"2T"', '"lots"')
        + site("a", "h1000")
        + site("b", chips=63)
        + site("c", more='price = "cheap"\nlatitude = 3.0')
        + '\n[[links]]\nbetween = ["a", "x"]\n'
        + '[[links]]\nbetween = ["b", "b"]\ndistance = "1 km"\nbandwidth = "0 Gbit/s"\n'
    )
    answer = ask(path)
    assert answer.code == 2
    said = answer.stderr
    for part in (
        "run.model: unknown model 'llama-9'",
        "run.tokens: 'lots'",
        "sites.a.chip: unknown chip 'h1000'",
        "sites.b.chips: 63 chips do not fill nodes of 8",
        "sites.c.price",
        "sites.c.longitude: is missing",
        "links.0.between: unknown site 'x'",
        "links.1.between: a link between a site and itself",
        "links.1.bandwidth: '0 Gbit/s' is too small",
    ):
        assert part in said, part
    assert all(line.startswith(f"error: {path}") for line in said.splitlines())


def test_sites_that_are_not_connected_are_named(tmp_path: Path) -> None:
    answer = ask(file_in(tmp_path, site("a"), site("b"), site("c"), link()))
    assert answer.code == 2
    assert "sites are not connected: a, b | c" in answer.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "run: is missing"),
        ("[run]\nmodle = 1\n", "Did you mean 'model'?"),
        ("not toml", "is no TOML"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "none.toml"
    path.write_text(text)
    answer = ask(path)
    assert answer.code == 2
    assert said in answer.stderr


def test_a_chip_without_a_price_says_what_to_type(tmp_path: Path) -> None:
    answer = ask(file_in(tmp_path, site("a", "trainium3")))
    assert answer.code == 2
    assert "sites.a.price" in answer.stderr
    assert "price = '$2/h'" in answer.stderr
