"""Names of the catalog's chips: every label of a published run or price leads to one chip, and to one only."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parents[2] / "src" / "tenfold" / "catalog" / "data"
SHARED = Path(__file__).parents[3] / "shared" / "data"

TRAINING_LABELS = (
    "H100-SXM-80", "A100-SXM-80", "GB200", "A100-SXM-40", "GB300", "B200", "Ascend-910B(A2)", "A100", "Trn1", "B300",
    "TPU-v6e", "TPU-v5p", "TPU7x", "H200-SXM-141", "TPU-v5e", "MI325X", "MI355X", "MI300X", "TPU-v4", "Gaudi2", "L40S",
    "H200-NVL", "Ascend-A3", "RTX 4090", "H800", "Gaudi3", "MI350X",
)  # fmt: skip
SERVING_LABELS = (
    "H200-SXM-141GB", "B200-180GB", "H100-SXM-80GB", "GB200-192GB", "Inferentia2", "RTX PRO 6000 Blackwell SE",
    "MI300X", "MI325X", "Gaudi3", "A100-SXM-80GB", "L40S", "TPU v6e", "H200-NVL-141GB", "H800", "Cerebras WSE-3",
    "GB300", "H20", "MI355X", "TPU v5e", "MI350X", "Ascend 910B", "Ascend 910C", "Trainium2", "B300",
    "RTX PRO 4500 Blackwell",
)  # fmt: skip
OTHER_LABELS = (
    "H100-96GB-HBM2e-500W", "MI250", "GH200-96GB", "GH200-144GB", "H100-PCIe-80GB", "H100-NVL-94GB", "TPU v7x Ironwood",
    "Arc Pro B60",
)  # fmt: skip
NO_CHIP: dict[str, str] = {}
"""Labels of runs on chips that the catalog does not have, and why not; their runs are skipped and counted."""
PINNED = {
    "A100": "a100-sxm-80gb", "H100": "h100-sxm", "H100-SXM-80": "h100-sxm", "H100-96GB-HBM2e-500W": "h100-96gb-hbm2e",
    "GH200": "gh200-96gb", "Trn1": "trainium1", "Ascend-A3": "ascend-910c", "Ascend-910B(A2)": "ascend-910b",
    "TPU7x": "tpu-v7", "Cerebras WSE-3": "wse-3", "gb200 (PER gpu)": "gb200",
}  # fmt: skip
"""Labels whose meaning must not drift."""


@cache
def records(folder: str) -> dict[str, dict[str, Any]]:
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted((DATA / folder).glob("*.toml"))}


def normal(label: str) -> str:
    return re.sub(r"[\s\-_()]", "", label).lower()


def names(key: str, chip: dict[str, Any]) -> set[str]:
    return {normal(label) for label in (key, chip["name"], *chip["aliases"])}


@cache
def chip_by_label() -> dict[str, str]:
    return {label: key for key, chip in records("chips").items() for label in names(key, chip)}


def csv_column(file: str, column: str) -> set[str]:
    path = SHARED / file
    if not path.exists():
        pytest.skip(f"{path.name} is not in this checkout: it lies beside it, and is not part of the project")
    with path.open(encoding="utf-8", newline="") as lines:
        return {row[column] for row in csv.DictReader(lines)}


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
    unknown = {label for label in csv_column(file, column) if normal(label) not in chip_by_label()}
    assert unknown <= set(NO_CHIP)


def test_chips_that_are_said_to_be_missing_are_missing() -> None:
    assert [label for label in NO_CHIP if normal(label) in chip_by_label()] == []


@pytest.mark.parametrize(
    ("file", "labels"), [("training_runs.csv", TRAINING_LABELS), ("serving_runs.csv", SERVING_LABELS)]
)
def test_the_labels_written_here_are_those_of_the_fact_tables(file: str, labels: tuple[str, ...]) -> None:
    assert csv_column(file, "chip") - set(NO_CHIP) == set(labels)


@pytest.mark.parametrize("file", ["rental.csv", "purchase.csv"])
def test_priced_chips_exist(file: str) -> None:
    path = DATA / "prices" / file
    if not path.exists():
        pytest.skip(f"{file} is not written yet")
    with path.open(encoding="utf-8", newline="") as lines:
        assert {row["chip"] for row in csv.DictReader(lines)} <= set(records("chips"))
