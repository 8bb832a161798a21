"""The short form of ``benchmarks/fuzz.py``: every question and every reader, a few damaged inputs of each, seeded."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tenfold.catalog import Catalog, load_catalog
from tenfold.performance.dialects import READERS
from tenfold.studies import QUESTIONS
from tenfold.validation.logs import RUN_READERS

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
fuzz: Any = pytest.importorskip("fuzz")
CASES, SEED = 15, 20261127


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.mark.parametrize("group", ["questions", "dialects", "files", "others"])
def test_what_is_damaged_is_read_or_refused(catalog: Catalog, group: str) -> None:
    found = getattr(fuzz, group)(*([catalog] if group in ("questions", "files") else []))
    broken = [(target.name, said) for target in found for said in fuzz.run(target, CASES, SEED).broken]
    assert broken == []


def test_every_question_and_reader_is_a_target(catalog: Catalog) -> None:
    names = {target.name for target in fuzz.targets(catalog)}
    assert set(QUESTIONS) <= names
    assert {f"dialect {name}" for name in READERS} <= names
    assert {f"log {name}" for name in RUN_READERS} <= names


def test_samples_are_right(catalog: Catalog) -> None:
    import random

    for target in (*fuzz.dialects(), *fuzz.files(catalog), *fuzz.others()):
        if target.name != "dialect megatron1":
            target.read(target.sample, random.Random(0))


def test_a_case_is_made_again_from_its_seed() -> None:
    import random

    (target,) = (each for each in fuzz.dialects() if each.name == "dialect megatron")
    one, again, other = (fuzz.changed_bytes(target.sample, random.Random(seed)) for seed in (3, 3, 4))
    assert one == again != other


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"a": float("nan")}, 1),
        ({"a": {"p10": 2.0, "p50": 1.0, "p90": 3.0}}, 1),
        ({"a": {"p10": 1.0, "p50": 1.0, "p90": 1.0}, "probability": 0.4}, 0),
        ({"miss_probability": 1.5}, 1),
    ],
)
def test_the_oracle_sees_what_is_absurd(data: Any, wrong: int) -> None:
    assert len(list(fuzz.absurd(data))) == wrong
