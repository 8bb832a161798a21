"""The catalog's chips, systems and fabrics, read as plain TOML: complete, sourced, resolvable and physically sane."""

from __future__ import annotations

import csv
import datetime
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tenfold.quantities.figure import FIGURE_KINDS
from tenfold.quantities.parsing import parse_quantity

DATA = Path(__file__).parents[2] / "src" / "tenfold" / "catalog" / "data"
SHARED = Path(__file__).parents[3] / "shared" / "data"

UNITS = {
    "bf16": "FLOP/s", "fp16": "FLOP/s", "fp8": "FLOP/s", "fp4": "FLOP/s", "int8": "FLOP/s", "tf32": "FLOP/s",
    "fp32": "FLOP/s", "capacity": "B", "bandwidth": "B/s", "bandwidth_per_chip_one_way": "B/s", "tdp": "W",
    "per_chip": "W", "area": "m2", "process": "m", "latency": "s", "efficiency": "1", "domain_chips": "1",
}  # fmt: skip
"""Canonical unit of each figure, by its last key."""

FIGURE_KEYS = {"value", "low", "high", "kind", "source", "as_of", "note", "checked", "conflicts"}
CHIP_KEYS = {"name", "vendor", "family", "kind", "year", "system", "aliases", "notes"}
CHIP_TABLES = {
    "peak": {"bf16", "fp16", "fp8", "fp4", "int8", "tf32", "fp32"},
    "memory": {"capacity", "bandwidth"},
    "scaleup": {"bandwidth_per_chip_one_way"},
    "power": {"tdp"},
    "die": {"area", "process"},
}
CHIP_KINDS = {"gpu", "training-asic", "inference-asic", "wafer-scale", "fpga", "cpu"}
TOPOLOGIES = {"switched", "torus", "mesh", "ring", "fat-tree", "rail", "dragonfly"}
WITHOUT_FIGURES = {"mlu690"}
"""Chips known by name only."""

TRAINING_LABELS = (
    "H100-SXM-80", "A100-SXM-80", "GB200", "A100-SXM-40", "GB300", "B200", "Ascend-910B(A2)", "A100", "Trn1", "B300",
    "TPU-v6e", "TPU-v5p", "TPU7x", "H200-SXM-141", "TPU-v5e", "MI325X", "MI355X", "MI300X", "TPU-v4", "Gaudi2", "L40S",
    "H200-NVL",
)  # fmt: skip
SERVING_LABELS = (
    "H200-SXM-141GB", "B200-180GB", "H100-SXM-80GB", "GB200-192GB", "Inferentia2", "RTX PRO 6000 Blackwell SE",
    "MI300X", "MI325X", "Gaudi3", "A100-SXM-80GB", "L40S", "TPU v6e", "H200-NVL-141GB", "H800", "Cerebras WSE-3",
    "GB300", "H20", "MI355X", "TPU v5e",
)  # fmt: skip
OTHER_LABELS = (
    "H100-96GB-HBM2e-500W", "MI250", "MI350X", "Ascend-A3", "GH200-96GB", "GH200-144GB", "H100-PCIe-80GB",
    "H100-NVL-94GB", "RTX 4090", "TPU v7x Ironwood", "Ascend 910C", "Arc Pro B60",
)  # fmt: skip
PINNED = {
    "A100": "a100-sxm-80gb", "H100": "h100-sxm", "H100-SXM-80": "h100-sxm", "H100-96GB-HBM2e-500W": "h100-96gb-hbm2e",
    "GH200": "gh200-96gb", "Trn1": "trainium1", "Ascend-A3": "ascend-910c", "Ascend-910B(A2)": "ascend-910b",
    "TPU7x": "tpu-v7", "Cerebras WSE-3": "wse-3", "gb200 (PER gpu)": "gb200",
}  # fmt: skip
"""Labels whose meaning must not drift."""

TRAINING_CHIPS = (
    "h100-sxm", "a100-sxm-80gb", "gb200", "a100-sxm-40gb", "gb300", "b200", "ascend-910b", "trainium1", "b300",
    "tpu-v6e", "tpu-v5p", "tpu-v7", "h200-sxm", "tpu-v5e", "mi325x", "mi355x", "mi300x", "tpu-v4", "gaudi2", "l40s",
    "h200-nvl", "h100-96gb-hbm2e", "h800-sxm", "mi250x", "trainium2", "gaudi3", "ascend-910c",
)  # fmt: skip
"""Chips a training run can be timed on: each needs its peak, memory, scale-up fabric and network."""


@cache
def records(folder: str) -> dict[str, dict[str, Any]]:
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted((DATA / folder).glob("*.toml"))}


@cache
def sources() -> dict[str, dict[str, str]]:
    return tomllib.loads((DATA / "sources" / "hardware.toml").read_text("utf-8"))


def figures_in(table: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for key, value in table.items():
        if isinstance(value, dict) and "value" in value:
            yield f"{path}.{key}", value
        elif isinstance(value, dict):
            yield from figures_in(value, f"{path}.{key}")


def every_figure() -> list[tuple[str, dict[str, Any]]]:
    folders = ("chips", "systems", "fabrics")
    return [found for folder in folders for key, record in records(folder).items() for found in figures_in(record, key)]


def number(figure: dict[str, Any], key: str, end: str = "value") -> float:
    return parse_quantity(figure[end], UNITS[key], key=key)


def amount(chip: str, table: str, key: str) -> float | None:
    figure = records("chips")[chip].get(table, {}).get(key)
    return None if figure is None else number(figure, key)


def normal(label: str) -> str:
    return re.sub(r"[\s\-_()]", "", label).lower()


def names(key: str, chip: dict[str, Any]) -> set[str]:
    return {normal(label) for label in (key, chip["name"], *chip["aliases"])}


@cache
def chip_by_label() -> dict[str, str]:
    return {label: key for key, chip in records("chips").items() for label in names(key, chip)}


def date_of(text: str) -> datetime.date:
    year, month, day = (*(int(part) for part in text.split("-")), 1, 1)[:3]
    return datetime.date(year, month, day)


def csv_column(file: str, column: str) -> set[str]:
    path = SHARED / file
    if not path.exists():
        pytest.skip(f"{path.name} is not in this checkout: it lies beside it, and is not part of the project")
    with path.open(encoding="utf-8", newline="") as lines:
        return {row[column] for row in csv.DictReader(lines)}


# files


def test_the_catalog_is_as_large_as_promised() -> None:
    assert len(records("chips")) >= 86
    assert len(records("systems")) >= 50
    assert len(records("fabrics")) >= 15


def test_chips_have_only_known_keys_and_complete_identities() -> None:
    for key, chip in records("chips").items():
        assert set(chip) <= CHIP_KEYS | set(CHIP_TABLES), key
        assert chip["name"], key
        assert chip["vendor"], key
        assert chip["family"], key
        assert chip["kind"] in CHIP_KINDS, key
        assert 2010 <= chip.get("year", 2020) <= 2030, key
        assert all(chip["aliases"]), key
        assert all(chip.get("notes", ["x"])), key
        for table, allowed in CHIP_TABLES.items():
            assert set(chip.get(table, {})) <= allowed, f"{key}.{table}"


def test_keys_are_file_names_anyone_can_type() -> None:
    for folder in ("chips", "systems", "fabrics"):
        for key in records(folder):
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key), key


def test_a_vendor_is_spelled_one_way() -> None:
    spelled = Counter(normal(vendor) for vendor in {chip["vendor"] for chip in records("chips").values()})
    assert max(spelled.values()) == 1


def test_chips_without_figures_are_only_those_known_by_name() -> None:
    bare = {key for key, chip in records("chips").items() if not any(table in chip for table in CHIP_TABLES)}
    assert bare == WITHOUT_FIGURES


# figures


def test_every_figure_has_value_kind_source_and_date() -> None:
    for path, figure in every_figure():
        assert set(figure) <= FIGURE_KEYS, path
        assert figure["kind"] in FIGURE_KINDS, path
        assert date_of(figure["as_of"]) <= datetime.date(2026, 12, 31), path
        assert number(figure, path.rsplit(".", 1)[-1]) > 0, path
        assert ("low" in figure) == ("high" in figure), path


def test_ranges_hold_their_values() -> None:
    for path, figure in every_figure():
        key = path.rsplit(".", 1)[-1]
        if "low" in figure:
            assert number(figure, key, "low") <= number(figure, key) <= number(figure, key, "high"), path


def test_assumptions_say_why_and_nothing_else_uses_their_source() -> None:
    for path, figure in every_figure():
        assert (figure["source"] == "assumption-hardware") == (figure["kind"] == "assumption"), path
        if figure["kind"] in {"assumption", "estimate"} and "conflicts" not in figure:
            assert figure.get("note") or figure["source"] != "assumption-hardware", path


def test_every_source_is_written_down_and_every_one_is_used() -> None:
    cited: set[str] = set()
    for path, figure in every_figure():
        keys = {figure["source"], *([figure["checked"]] if "checked" in figure else [])}
        keys |= {conflict["source"] for conflict in figure.get("conflicts", [])}
        assert keys <= set(sources()), f"{path}: {keys - set(sources())}"
        cited |= keys
    assert cited == set(sources())


def test_sources_have_title_address_and_date() -> None:
    for key, source in sources().items():
        assert set(source) == {"title", "url", "date"}, key
        assert source["title"], key
        assert source["url"].startswith("https://") or key == "assumption-hardware", key
        assert date_of(source["date"]) <= datetime.date(2026, 12, 31), key


def test_a_check_is_by_another_source() -> None:
    for path, figure in every_figure():
        assert figure.get("checked") != figure["source"], path


def test_conflicts_conflict() -> None:
    for path, figure in every_figure():
        key = path.rsplit(".", 1)[-1]
        for conflict in figure.get("conflicts", []):
            assert set(conflict) == {"value", "source"}, path
            assert number(conflict, key) != number(figure, key), path


# names


def test_no_two_chips_answer_to_one_name() -> None:
    owners = Counter(label for key, chip in records("chips").items() for label in names(key, chip))
    assert [label for label, owned in owners.items() if owned > 1] == []


@pytest.mark.parametrize("label", sorted({*TRAINING_LABELS, *SERVING_LABELS, *OTHER_LABELS}))
def test_labels_of_published_runs_name_a_chip(label: str) -> None:
    assert normal(label) in chip_by_label()


@pytest.mark.parametrize(("label", "key"), PINNED.items())
def test_ambiguous_labels_keep_their_meaning(label: str, key: str) -> None:
    assert chip_by_label()[normal(label)] == key


@pytest.mark.parametrize(
    ("file", "column"), [("training_runs.csv", "chip"), ("serving_runs.csv", "chip"), ("chips.csv", "name")]
)
def test_labels_of_the_fact_tables_name_a_chip(file: str, column: str) -> None:
    assert {label for label in csv_column(file, column) if normal(label) not in chip_by_label()} == set()


@pytest.mark.parametrize(
    ("file", "labels"), [("training_runs.csv", TRAINING_LABELS), ("serving_runs.csv", SERVING_LABELS)]
)
def test_the_labels_written_here_are_those_of_the_fact_tables(file: str, labels: tuple[str, ...]) -> None:
    assert csv_column(file, "chip") == set(labels)


@pytest.mark.parametrize("file", ["rental.csv", "purchase.csv"])
def test_priced_chips_exist(file: str) -> None:
    path = DATA / "prices" / file
    if not path.exists():
        pytest.skip(f"{file} is not written yet")
    with path.open(encoding="utf-8", newline="") as lines:
        assert {row["chip"] for row in csv.DictReader(lines)} <= set(records("chips"))


# systems and fabrics


def test_systems_are_built_of_known_parts() -> None:
    for key, system in records("systems").items():
        assert set(system) <= {"name", "chip", "chips_per_node", "scaleup", "scaleout", "power"}, key
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
        assert set(fabric) <= {"name", "topology", "torus_dimensions", "latency", "efficiency"}, key
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


def test_a_system_draws_more_than_its_chips_and_less_than_four_times_that() -> None:
    for key, system in records("systems").items():
        tdp = amount(system["chip"], "power", "tdp")
        if "power" in system and tdp is not None:
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
