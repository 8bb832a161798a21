"""The fastest layout of several counts of chips at once: the search's own, count by count."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from training_setups import CATALOG, setup_of

from tenfold.performance.layout import Layout
from tenfold.performance.training import (
    Fastest,
    SearchSpace,
    TrainingSetup,
    as_dealt,
    fastest_layouts,
    search_layouts,
    space_of,
)
from tenfold.performance.training.divided import divided
from tenfold.performance.training.skeletons import Skeletons

COUNTS = (8, 16, 24, 48, 64, 96, 1000)
OFFERED = space_of(CATALOG.software["megatron-bridge-2026"])
PARTLY_SEQUENCE_PARALLEL = replace(OFFERED, sequence_parallel=(0, 1), recompute=(0.0, 2.0))


def fastest(setup: TrainingSetup, counts: tuple[int, ...], space: SearchSpace) -> tuple[Fastest, ...]:
    tables = [divided(count, setup.shape, setup.job, space) for count in counts]
    return fastest_layouts(setup, tables)


@pytest.mark.parametrize(
    ("model", "chip", "batch", "space"),
    [
        ("llama-3.1-8b", "h100-sxm", 96, OFFERED),
        ("llama-3.1-70b", "mi300x", 64, PARTLY_SEQUENCE_PARALLEL),
        ("mixtral-8x7b", "a100-sxm-80gb", 96, OFFERED),
        ("nemotron-3-nano", "tpu-v5p", 128, OFFERED),
        ("llama-3.1-405b", "h100-sxm", 64, OFFERED),
    ],
)
def test_every_count_has_the_layout_that_a_search_puts_first(
    model: str, chip: str, batch: int, space: SearchSpace
) -> None:
    setup = setup_of(model, chip, global_batch=batch)
    found = fastest(setup, COUNTS, space)
    for count, each in zip(COUNTS, found, strict=True):
        alone = search_layouts(setup.shape, setup.job, setup.hardware, setup.kernels, chips=count, space=space, keep=1)
        assert each.layouts_considered == alone.counts.layouts_considered
        assert each.least_memory_bytes == (0.0 if len(alone.best) else alone.least_memory_bytes)
        assert alone.counts.rejected == dict(each.rejected) | {"memory": alone.counts.rejected["memory"]}
        assert (each.layout is None) == (len(alone.best) == 0)
        if each.layout is not None:
            assert each.step_s == alone.best.step_s[0]
            assert each.layout == alone.best.layout.at(0)
            assert each.layout.chips == count


def test_neither_company_nor_order_changes_a_count() -> None:
    setup = setup_of("llama-3.1-70b", global_batch=96)
    together = fastest(setup, COUNTS, OFFERED)
    assert fastest(setup, COUNTS[::-1], OFFERED)[::-1] == together
    assert tuple(fastest(setup, (count,), OFFERED)[0] for count in COUNTS) == together


def test_batches_are_searched_together_as_each_alone() -> None:
    setups = [setup_of("llama-3.1-70b", global_batch=batch) for batch in (96, 100, 128)]
    alone = [fastest(setup, (count,), OFFERED)[0] for setup in setups for count in COUNTS]
    tables = [divided(count, setup.shape, setup.job, OFFERED) for setup in setups for count in COUNTS]
    assert fastest_layouts(setups[0], tables) == tuple(alone)
    assert len({each.step_s for each in alone}) > len(COUNTS)


@pytest.mark.parametrize("alone", [{"tensor_overlap": (0,)}, {"data_overlap": (0,), "zero_stage": (3,)}])
def test_which_value_a_policy_has_that_has_only_one_moves_no_count(alone: dict[str, Any]) -> None:
    setup, space = setup_of("llama-3.1-8b"), replace(PARTLY_SEQUENCE_PARALLEL, **alone)
    found, same = (divided(48, setup.shape, setup.job, each) for each in (space, as_dealt(space)))
    assert (found.layouts_considered, found.rejected) == (same.layouts_considered, same.rejected)
    for name in Skeletons.__slots__:
        np.testing.assert_array_equal(getattr(found.skeletons, name), getattr(same.skeletons, name))


def test_where_nothing_divides_nothing_is_found() -> None:
    (found,) = fastest(setup_of("llama-3.1-8b", global_batch=8), (13,), OFFERED)
    assert found.layout is None
    assert found.step_s == found.least_memory_bytes == float("inf")
    assert sum(found.rejected.values()) == found.layouts_considered > 0


def test_a_layout_is_made_of_numbers() -> None:
    (found,) = fastest(setup_of("llama-3.1-8b", global_batch=64), (16,), OFFERED)
    assert found.layout is not None
    assert all(type(getattr(found.layout, name)) is float for name in Layout.__slots__)
