"""Counts of chips, the runs on them, and why some cannot be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.catalog import Catalog
from tenfold.performance.layout.columns import Layout
from tenfold.planning.plan import Goal
from tenfold.planning.plan.train.candidates import find_runs
from tenfold.planning.plan.train.counts import Counts, counts_to_try, trainable_chips
from tenfold.planning.plan.train.layouts import batches_for


@given(st.integers(1, 10**8), st.sampled_from([1, 4, 8, 16, 24]), st.floats(0, 1e6))
def test_counts_are_whole_nodes_or_equal_parts_of_one_within_the_limit(most: int, node: int, least: float) -> None:
    counts = counts_to_try(most, node, least)
    assert all((count % node == 0 or node % count == 0) and least <= count <= most for count in counts)
    assert list(counts) == sorted(set(counts), reverse=True)
    assert set(counts) <= set(counts_to_try(most, node))
    assert set(counts_to_try(most, node)) <= set(counts_to_try(most + 1, node))


@given(st.integers(1, 10**6), st.integers(1, 10**5))
def test_a_batch_moves_by_a_few_per_cent_to_what_a_count_divides(count: int, batch: int) -> None:
    asked, *moved = batches_for(count, batch)
    assert asked == batch
    odd = count // (count & -count)
    for near in moved:
        assert near % odd == 0
        assert abs(near - batch) <= 0.04 * batch
    assert not (moved and batch % odd == 0)


def test_counts_that_are_named(catalog: Catalog, goal: Goal) -> None:
    model = catalog.model("llama-2-7b")
    exact = find_runs(catalog, goal, model, ("h100-sxm",), Counts(most=40, exactly=40))
    assert set(exact.chips) == {40.0}
    no_node = find_runs(catalog, goal, model, ("h100-sxm",), Counts(most=44, exactly=44))
    assert no_node.unfit[0].reason.nearest == "40 chips"
    least = find_runs(catalog, goal, model, ("h100-sxm",), Counts(most=64, least=40))
    assert set(least.chips[least.allowed]) == {40.0, 48.0, 56.0, 64.0}


def test_known_counts() -> None:
    assert counts_to_try(64, 8) == (64, 56, 48, 40, 32, 24, 16, 8, 4, 2, 1)
    assert counts_to_try(100, 8) == (96, 80, 64, 56, 48, 40, 32, 24, 16, 8, 4, 2, 1)
    assert counts_to_try(7, 8) == (4, 2, 1)


def test_runs_are_layouts_that_use_all_chips_and_fit(catalog: Catalog, goal: Goal) -> None:
    runs = find_runs(catalog, goal, catalog.model("llama-2-7b"), ("h100-sxm", "tpu-v6e"), Counts(most=64))
    assert len(runs) > 4
    assert np.all(runs.layout.chips == runs.chips)
    assert (runs.chips[runs.allowed] <= 64).all()
    assert (runs.chips[~runs.allowed] > 64).all()
    assert (runs.step_s > 0).all()
    assert all(len(getattr(runs.layout, name)) == len(runs) for name in Layout.__slots__)


def test_too_little_memory_says_how_many_chips_would_do(catalog: Catalog, goal: Goal) -> None:
    asked = replace(goal, model="llama-3.1-405b", deadline_s=None)
    runs = find_runs(catalog, asked, catalog.model("llama-3.1-405b"), ("h100-sxm",), Counts(most=64))
    assert not runs.allowed.any(), "what would do is timed, to say what else it needs"
    (unfit,) = runs.unfit
    reason = unfit.reason
    assert (unfit.chip, unfit.chips, reason.kind) == ("h100-sxm", 64, "memory")
    assert "times the memory" in reason.short
    more = int(reason.nearest.removeprefix("max_chips = "))
    found = find_runs(catalog, asked, catalog.model("llama-3.1-405b"), ("h100-sxm",), Counts(most=more))
    assert more in found.chips


def test_a_missing_peak_is_a_rejection_that_names_it(catalog: Catalog, goal: Goal) -> None:
    asked = replace(goal, precision="fp8")
    runs = find_runs(catalog, asked, catalog.model("llama-2-7b"), ("a100-sxm-80gb",), Counts(most=64))
    (unfit,) = runs.unfit
    assert unfit.reason.kind == "figure"
    assert "no 'fp8' peak" in unfit.reason.short
    assert "[peak.fp8]" in unfit.reason.nearest


def test_less_than_a_node(catalog: Catalog, goal: Goal) -> None:
    runs = find_runs(catalog, goal, catalog.model("llama-2-7b"), ("h100-sxm",), Counts(most=4))
    assert set(runs.chips[runs.allowed]) == {2.0, 4.0}
    odd = find_runs(catalog, goal, catalog.model("llama-2-7b"), ("h100-sxm",), Counts(most=3, exactly=3))
    assert odd.unfit[0].reason.nearest == "8 chips"


def test_every_trainable_chip_has_a_system(catalog: Catalog) -> None:
    chips = trainable_chips(catalog)
    assert {"h100-sxm", "mi300x", "tpu-v5p", "trainium2"} <= set(chips)
    assert all(catalog.chip(chip).kind != "inference-asic" for chip in chips)


@pytest.mark.parametrize("days", [1, 30, 300])
def test_a_longer_deadline_only_adds_counts(catalog: Catalog, goal: Goal, days: int) -> None:
    model = catalog.model("llama-2-7b")
    short, long = (
        find_runs(catalog, goal, model, ("h100-sxm",), Counts(most=512, within_s=factor * days * 86400.0))
        for factor in (1, 2)
    )
    assert len(short) < len(long) or days > 30
    assert set(short.chips) <= set(long.chips)
