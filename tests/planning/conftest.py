"""A catalog that is read once, and a small goal that plans in milliseconds."""

from __future__ import annotations

import pytest

from tenfold.catalog import Catalog, load_catalog
from tenfold.planning.plan import Goal, Means

DAY_S = 86_400.0


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture
def goal() -> Goal:
    return Goal(
        model="llama-2-7b",
        tokens=1e12,
        sequence_length=4096,
        global_batch=1024,
        precision="bf16",
        deadline_s=60 * DAY_S,
        objective="cheapest",
        confidence=0.8,
    )


@pytest.fixture
def means() -> Means:
    return Means(
        budget_usd=500_000.0,
        chips=("h100-sxm", "mi300x"),
        max_chips=64,
        supply=("on-demand", "own"),
        sites=("us-texas", "nordics"),
        power_w=None,
    )
