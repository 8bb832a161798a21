"""The catalog's hardware holds together: systems of known parts, chips fit for training, possible figures."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tenfold.quantities import parse_quantity

DATA = Path(__file__).parents[2] / "src" / "tenfold" / "catalog" / "data"

UNITS = {
    "bf16": "FLOP/s", "fp16": "FLOP/s", "fp8": "FLOP/s", "fp4": "FLOP/s", "int8": "FLOP/s", "tf32": "FLOP/s",
    "fp32": "FLOP/s", "capacity": "B", "bandwidth": "B/s", "bandwidth_per_chip_one_way": "B/s", "tdp": "W",
    "per_chip": "W", "area": "m2", "process": "m", "latency": "s", "efficiency": "1", "domain_chips": "1",
}  # fmt: skip
"""Canonical unit of each figure, by its last key."""

TOPOLOGIES = {"switched", "torus", "mesh", "ring", "fat-tree", "rail", "dragonfly"}
TRAINING_CHIPS = (
    "h100-sxm", "a100-sxm-80gb", "gb200", "a100-sxm-40gb", "gb300", "b200", "ascend-910b", "trainium1", "b300",
    "tpu-v6e", "tpu-v5p", "tpu-v7", "h200-sxm", "tpu-v5e", "mi325x", "mi355x", "mi300x", "tpu-v4", "gaudi2", "l40s",
    "h200-nvl", "h100-96gb-hbm2e", "h800-sxm", "mi250x", "trainium2", "gaudi3", "ascend-910c",
)  # fmt: skip
"""Chips a training run can be timed on: each needs its peak, memory, scale-up fabric and network."""


@cache
def records(folder: str) -> dict[str, dict[str, Any]]:
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted((DATA / folder).glob("*.toml"))}


def number(figure: dict[str, Any], key: str, end: str = "value") -> float:
    return parse_quantity(figure[end], UNITS[key], key=key)


def amount(chip: str, table: str, key: str) -> float | None:
    figure = records("chips")[chip].get(table, {}).get(key)
    return None if figure is None else number(figure, key)


# systems and fabrics


def test_systems_are_built_of_known_parts() -> None:
    for key, system in records("systems").items():
        parts = {"name", "chip", "chips_per_node", "sold_in_chips", "aliases", "notes", "scaleup", "scaleout", "power"}
        assert set(system) <= parts, key
        assert system["chip"] in records("chips"), key
        assert system["chips_per_node"] >= 1, key
        assert set(system.get("power", {})) <= {"per_chip"}, key
        assert set(system.get("scaleup", {})) <= {"fabric", "domain_chips", "bandwidth_per_chip_one_way"}, key
        assert set(system.get("scaleout", {})) <= {"fabric", "bandwidth_per_chip_one_way"}, key
        for network in ("scaleup", "scaleout"):
            assert system.get(network, {"fabric": "pcie"})["fabric"] in records("fabrics"), f"{key}.{network}"


def test_a_chip_s_default_system_is_made_of_that_chip() -> None:
    for key, chip in records("chips").items():
        if "system" in chip:
            assert records("systems")[chip["system"]]["chip"] == key


def test_every_fabric_is_used_by_a_system() -> None:
    used = {
        system[net]["fabric"]
        for system in records("systems").values()
        for net in ("scaleup", "scaleout")
        if net in system
    }
    assert used == set(records("fabrics"))


def test_fabrics_have_a_topology_a_latency_and_an_efficiency() -> None:
    for key, fabric in records("fabrics").items():
        assert set(fabric) <= {"name", "topology", "torus_dimensions", "optical_switches", "latency", "efficiency"}, key
        assert fabric["topology"] in TOPOLOGIES, key
        assert ("torus_dimensions" in fabric) == (fabric["topology"] == "torus"), key
        assert 0.3e-6 <= number(fabric["latency"], "latency") <= 100e-6, key
        assert 0.3 <= number(fabric["efficiency"], "efficiency") <= 1.0, key


def test_systems_stay_inside_what_the_chip_can_send() -> None:
    for key, system in records("systems").items():
        injected = system.get("scaleup", {}).get("bandwidth_per_chip_one_way")
        if injected is not None:
            limit = amount(system["chip"], "scaleup", "bandwidth_per_chip_one_way")
            assert limit is not None, key
            assert number(injected, "bandwidth_per_chip_one_way") <= limit * 1.001, key


DRAWN_NOT_RATED = {
    "tpu-v3-pod": "measured average of training runs, chips far from their TDP",
    "tpu-v7-pod": "the pod's 10 MW of Google, beside a TDP that Epoch estimates",
}


def test_a_system_draws_more_than_its_chips_and_less_than_four_times_that() -> None:
    for key, system in records("systems").items():
        tdp = amount(system["chip"], "power", "tdp")
        if "power" in system and tdp is not None and key in DRAWN_NOT_RATED:
            assert 0.5 * tdp <= number(system["power"]["per_chip"], "per_chip") < 1.15 * tdp, key
        elif "power" in system and tdp is not None:
            assert 1.15 * tdp <= number(system["power"]["per_chip"], "per_chip") <= 4 * tdp, key


@pytest.mark.parametrize("key", TRAINING_CHIPS)
def test_chips_of_training_runs_are_complete(key: str) -> None:
    chip = records("chips")[key]
    assert "bf16" in chip["peak"]
    assert set(chip["memory"]) == {"capacity", "bandwidth"}
    system = records("systems")[chip["system"]]
    assert "bandwidth_per_chip_one_way" in system["scaleup"]
    assert "domain_chips" in system["scaleup"]
    assert "bandwidth_per_chip_one_way" in system["scaleout"]


# physics

SANE = {
    ("memory", "capacity"): (100e6, 1.1e12),
    ("memory", "bandwidth"): (30e9, 40e12),
    ("scaleup", "bandwidth_per_chip_one_way"): (30e9, 2.1e12),
    ("power", "tdp"): (20.0, 3000.0),
    ("die", "area"): (100e-6, 1700e-6),
    ("die", "process"): (1.9e-9, 30e-9),
}


@pytest.mark.parametrize(("table", "key"), SANE)
def test_figures_lie_where_physics_puts_them(table: str, key: str) -> None:
    low, high = SANE[table, key]
    on_chip = {"groq-lpu-v1", "wse-3", "dojo-d1"}
    seen = 0
    for chip in set(records("chips")) - on_chip:
        found = amount(chip, table, key)
        if found is not None:
            seen += 1
            assert low <= found <= high, chip
    assert seen > 20


def test_peak_per_watt_is_possible() -> None:
    for key, chip in records("chips").items():
        tdp = amount(key, "power", "tdp")
        if tdp is not None and "bf16" in chip.get("peak", {}):
            per_watt = number(chip["peak"]["bf16"], "bf16") / tdp
            assert 0.05e12 <= per_watt <= 3.2e12, key


def ratio(key: str, over: str, under: str) -> float | None:
    top, bottom = amount(key, "peak", over), amount(key, "peak", under)
    return None if top is None or bottom is None else top / bottom


@pytest.mark.parametrize("family", ["hopper", "ada", "blackwell", "blackwell-ultra", "cdna3", "cdna4", "tpu-v7"])
def test_fp8_is_twice_bf16_so_no_sparse_peak_crept_in(family: str) -> None:
    members = [key for key, chip in records("chips").items() if chip["family"] == family]
    ratios = {key: found for key in members if (found := ratio(key, "fp8", "bf16")) is not None}
    assert ratios
    for key, found in ratios.items():
        assert found == pytest.approx(2.0, rel=0.05), key


@pytest.mark.parametrize("family", ["tpu-v5p", "tpu-v6e", "gaudi3", "trainium1"])
def test_chips_without_fast_fp8_do_not_claim_it(family: str) -> None:
    for key, chip in records("chips").items():
        if chip["family"] == family:
            assert ratio(key, "fp8", "bf16") == pytest.approx(1.0), key


def test_fp16_equals_bf16_where_both_run_on_the_same_units() -> None:
    seen = 0
    for key, chip in records("chips").items():
        if chip["family"] != "gaudi3" and (found := ratio(key, "fp16", "bf16")) is not None:
            seen += 1
            assert found == pytest.approx(1.0, rel=0.01), key
    assert seen > 25


def test_int8_is_at_most_twice_bf16_but_for_chips_of_integers() -> None:
    integer_first = {"mlu370-x8", "zhikai-100"}
    for key in set(records("chips")) - integer_first:
        found = ratio(key, "int8", "bf16")
        limit = 4.1 if key == "rtx-4090" else 2.1
        assert found is None or found <= limit, key


def test_known_peaks_are_dense() -> None:
    dense = {
        "h100-sxm": 989.4e12,
        "a100-sxm-80gb": 312e12,
        "h20": 148e12,
        "l40s": 362e12,
        "b200": 2250e12,
        "mi300x": 1307.4e12,
    }
    for key, peak in dense.items():
        assert amount(key, "peak", "bf16") == pytest.approx(peak, rel=1e-3), key


def test_export_versions_keep_their_compute_and_lose_their_links() -> None:
    for cut, whole in (("a800-sxm", "a100-sxm-80gb"), ("h800-sxm", "h100-sxm")):
        assert amount(cut, "peak", "bf16") == amount(whole, "peak", "bf16")
        links = amount(cut, "scaleup", "bandwidth_per_chip_one_way")
        assert links == pytest.approx(200e9)
        assert (amount(whole, "scaleup", "bandwidth_per_chip_one_way") or 0.0) > 200e9


# families


def test_software_grows_up_with_the_first_chip_of_a_family() -> None:
    first: dict[str, int] = {}
    for record in records("chips").values():
        if year := record.get("year"):
            first[record["family"]] = min(first.get(record["family"], year), year)
    for key, record in records("chips").items():
        since = record.get("kernels_year", record.get("year", 0))
        assert since == first.get(record["family"], 0), key
        assert record.get("kernels_year", 0) < record.get("year", 1), key
