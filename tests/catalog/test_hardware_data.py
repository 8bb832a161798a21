"""The catalog's chips, systems and fabrics, read as plain TOML: every file complete, every figure sourced."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tenfold.quantities import FIGURE_KINDS, parse_quantity

DATA = Path(__file__).parents[2] / "src" / "tenfold" / "catalog" / "data"

UNITS = {
    "bf16": "FLOP/s", "fp16": "FLOP/s", "fp8": "FLOP/s", "fp4": "FLOP/s", "int8": "FLOP/s", "tf32": "FLOP/s",
    "fp32": "FLOP/s", "capacity": "B", "bandwidth": "B/s", "bandwidth_per_chip_one_way": "B/s", "tdp": "W",
    "per_chip": "W", "area": "m2", "process": "m", "latency": "s", "efficiency": "1", "domain_chips": "1",
    "sold_in_chips": "1",
}  # fmt: skip
"""Canonical unit of each figure, by its last key."""

FIGURE_KEYS = {"value", "low", "high", "kind", "source", "as_of", "note", "checked", "conflicts"}
CHIP_KEYS = {
    "name",
    "vendor",
    "made_in",
    "kernels_year",
    "family",
    "kind",
    "year",
    "system",
    "cores",
    "aliases",
    "notes",
}
CHIP_TABLES = {
    "peak": {"bf16", "fp16", "fp8", "fp4", "int8", "tf32", "fp32"},
    "memory": {"capacity", "bandwidth"},
    "scaleup": {"bandwidth_per_chip_one_way"},
    "power": {"tdp"},
    "die": {"area", "process"},
}
CHIP_KINDS = {"gpu", "training-asic", "inference-asic", "wafer-scale", "fpga", "cpu"}
WITHOUT_FIGURES = {"br104", "dcu-k100", "envise", "inferentia1", "matx-one", "mlu690", "rain-npu"}
"""Chips known by name only."""


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


def date_of(text: str) -> datetime.date:
    year, month, day = (*(int(part) for part in text.split("-")), 1, 1)[:3]
    return datetime.date(year, month, day)


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
    spelled = Counter(
        vendor.casefold().replace(" ", "") for vendor in {chip["vendor"] for chip in records("chips").values()}
    )
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
