"""Rings, shares and designs over several sites."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.catalog import Catalog
from tenfold.interfaces.python import multisite
from tenfold.planning.multisite.run import Fibre
from tenfold.planning.multisite.topology import best_ring, connected_parts, ring_bytes_per_s, ways
from tenfold.quantities import parse_quantity
from tenfold.studies.examples import example_of


def fibre(first: int, second: int, km: float, wide: float) -> Fibre:
    return Fibre(first=first, second=second, kind="", distance_km=km, bytes_per_s=wide, cost_usd_per_hour=0.0)


def test_parts_are_what_no_edge_joins() -> None:
    assert connected_parts(5, [(0, 3), (1, 4)]) == [[0, 3], [1, 4], [2]]


def test_two_sites_use_both_directions_of_their_link_once() -> None:
    fibres = [fibre(0, 1, 40.0, 10.0)]
    ring = best_ring((0, 1), *ways(2, fibres), fibres)
    assert ring.loads == (1,)
    assert ring.longest_km == 40.0
    assert ring_bytes_per_s(ring, fibres) == 10.0


def test_a_chain_carries_the_way_back_too() -> None:
    fibres = [fibre(0, 1, 10.0, 8.0), fibre(1, 2, 20.0, 8.0)]
    ring = best_ring((0, 1, 2), *ways(3, fibres), fibres)
    assert ring.longest_km == 30.0
    assert ring.loads == (1, 1)


def test_a_star_shares_no_link_more_than_it_must() -> None:
    fibres = [fibre(0, 1, 1.0, 6.0), fibre(0, 2, 1.0, 6.0), fibre(0, 3, 1.0, 6.0)]
    ring = best_ring((1, 2, 3), *ways(4, fibres), fibres)
    assert ring.loads == (1, 1, 1)
    assert ring.longest_km == 2.0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(1, 100), st.floats(1, 100)), min_size=6, max_size=6))
def test_the_ring_is_the_widest_there_is(links: list[tuple[float, float]]) -> None:
    pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    fibres = [fibre(*pair, km, wide) for pair, (km, wide) in zip(pairs, links, strict=True)]
    length, taken = ways(4, fibres)
    assert np.all(length <= length.T + 1e-9)
    best = ring_bytes_per_s(best_ring((0, 1, 2, 3), length, taken, fibres), fibres)
    for number in range(6):
        wider = [fibre(each.first, each.second, each.distance_km, each.bytes_per_s * 2) for each in fibres]
        grown = [*fibres[:number], wider[number], *fibres[number + 1 :]]
        assert ring_bytes_per_s(best_ring((0, 1, 2, 3), length, taken, grown), grown) >= best


THREE = """
[run]
model = "llama-3.1-8b"
tokens = "1T"
sequence_length = 8192
global_batch = "512 sequences"
start = "2027-01-01"
objective = "{objective}"
{more}

[sites.a]
site = "us-ohio"
chip = "h100-sxm"
chips = 64
[sites.b]
site = "us-virginia"
chip = "h100-sxm"
chips = 64
[sites.c]
site = "france"
chip = "h100-sxm"
chips = 64
[[links]]
between = ["a", "b"]
bandwidth = "1 Tbit/s"
[[links]]
between = ["b", "c"]
bandwidth = "10 Gbit/s"
"""


@pytest.mark.parametrize("objective", ["fastest", "cheapest"])
def test_the_best_of_three_sites_is_first_by_its_objective(catalog: Catalog, tmp_path: Path, objective: str) -> None:
    path = tmp_path / "three.toml"
    path.write_text(THREE.format(objective=objective, more=""))
    answer = multisite(path, catalog=catalog)
    assert answer.best is not None
    designs = (answer.best, *answer.alternatives)
    values = [each.cost_usd.p50 if objective == "cheapest" else each.finish_days.p50 for each in designs]
    assert values[0] == pytest.approx(min(values), rel=1e-6)
    assert {len(each.sites) for each in designs} == {1, 2, 3}
    assert answer.designs_considered == 3 + 4 * (2 + 3 * 7)
    if objective == "fastest":
        assert {each.name for each in answer.best.sites} == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("chips", "power"),
    [(64, 3e4), (65_536, 5e6), (8, None)],
    ids=["a node has the power", "the chips stated have no layout", "too few for the model"],
)
def test_what_a_site_without_power_or_layout_needs_is_enough(
    catalog: Catalog, tmp_path: Path, chips: int, power: float | None
) -> None:
    """Word for word: a day, a power, or a count that has a layout."""
    (path := tmp_path / "three.toml").write_text(THREE.format(objective="fastest", more=""))
    stated = multisite(path, catalog=catalog).question
    one = replace(stated.sites["a"], chips=chips, power_w=power)
    model = "llama-3.1-405b" if power is None else stated.run.model
    asked = replace(stated, run=replace(stated.run, model=model), sites={"a": one}, links=())
    found = multisite(asked, catalog=catalog)
    assert found.best is None
    (said,) = (*(each.nearest for each in found.infeasible), *(each.reason.nearest for each in found.refused))
    for change in said.split(", or "):
        moved = re.fullmatch(r"(?:(?:at most )?([0-9,]+) chips)?(?: with )?(?:power = '(.*)')?", change)
        assert moved, change
        count = one.chips if moved[1] is None else int(moved[1].replace(",", ""))
        watts = power if moved[2] is None else parse_quantity(moved[2], "W")
        changed = replace(asked, sites={"a": replace(one, chips=count, power_w=watts)})
        assert multisite(changed, catalog=catalog).best is not None, change


def test_named_algorithms_and_periods_are_kept_to(catalog: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "three.toml"
    path.write_text(THREE.format(objective="fastest", more='algorithms = ["diloco"]\nsync_steps = [64]'))
    answer = multisite(path, catalog=catalog)
    assert answer.best is not None
    several = [each for each in (answer.best, *answer.alternatives) if len(each.sites) > 1]
    assert {(each.algorithm, each.sync_steps) for each in several} == {("diloco", 64)}
    assert not any(each.loss_known for each in several)


def test_a_link_that_carries_all_but_nothing_warns_of_nothing(tmp_path: Path, catalog: Catalog) -> None:
    """Warnings are errors here: a run that all but never ends is a number of days, or none."""
    text = example_of("multisite").read_text(encoding="utf-8")
    file = tmp_path / "slow.toml"
    file.write_text(re.sub(r'bandwidth = "[^"]*"', 'bandwidth = "0.001 Gbit/s"', text), encoding="utf-8")
    found = multisite(file, catalog=catalog)
    assert found.best is not None
    assert len(found.best.sites) == 1


@pytest.mark.parametrize(("model", "chips", "given"), [("llama-3.1-8b", 56, 48), ("llama-3.1-70b", 8, 0)])
def test_a_site_without_a_layout_gives_fewer_chips_or_is_refused_by_name(
    catalog: Catalog, tmp_path: Path, model: str, chips: int, given: int
) -> None:
    """No layout of 7 nodes divides a batch of 512: the site was in no design, and nothing said so."""
    (path := tmp_path / "three.toml").write_text(THREE.format(objective="fastest", more="algorithms = ['diloco']"))
    stated = multisite(path, catalog=catalog).question
    sites = {"a": stated.sites["a"], "b": replace(stated.sites["b"], chips=chips)}
    asked = replace(
        stated, run=replace(stated.run, model=model, sync_steps=(100,)), sites=sites, links=stated.links[:1]
    )
    answer = multisite(asked, catalog=catalog)
    assert answer.best is not None
    of_b = {site.chips for each in (answer.best, *answer.alternatives) for site in each.sites if site.name == "b"}
    assert of_b == ({given} if given else set())
    assert any(note.startswith(f"b gives {given} of its {chips} × h100-sxm") for note in answer.notes) == bool(given)
    refused = [(each.site, each.reason.kind) for each in answer.refused]
    assert refused == ([] if given else [("b", "layout")])
