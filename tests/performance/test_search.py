"""Search: the optimum of brute force, counts that add up, the same numbers as an estimate, a correct front."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from training_setups import CATALOG, setup_of

from tenfold.performance.layout import Layout
from tenfold.performance.training import (
    FULL_SPACE,
    Found,
    SearchResult,
    SearchSpace,
    TrainingSetup,
    estimate_layout,
    fastest_layout,
    fastest_layouts,
    search_layouts,
    space_of,
)
from tenfold.performance.training.divided import divided
from tenfold.performance.training.front import pareto_front
from tenfold.performance.training.policies import all_policies
from tenfold.performance.training.skeletons import layers_deal
from tenfold.performance.training.space import MOST_UNEVEN, REJECTIONS
from tenfold.performance.training.timed import Search, lower_bound_s, time_chunk, unit_rows, units_of

SMALL = SearchSpace(
    tensor_parallel=(1, 2, 4),
    pipeline_parallel=(1, 2, 3, 4),
    virtual_stages=(1, 2),
    context_parallel=(1, 2),
    expert_parallel=(1, 2, 4),
    micro_batch=(1, 2),
    zero_stage=(1, 3),
    sequence_parallel=(0, 1),
    recompute=(0.0, 1.5),
    schedule=(0, 1, 2),
    tensor_overlap=(0, 1),
    data_overlap=(1,),
)
OFFERED = space_of(CATALOG.software["megatron-bridge-2026"])
CASES = {
    "dense": ("llama-3.1-8b", "h100-sxm", 16, 32),
    "experts": ("mixtral-8x7b", "a100-sxm-80gb", 16, 16),
    "nothing fits": ("llama-3.1-405b", "h100-sxm", 8, 16),
    "odd": ("gpt-oss-20b", "tpu-v5p", 12, 24),
}


@dataclass(frozen=True, slots=True)
class Ran:
    setup: TrainingSetup
    chips: int
    result: SearchResult


def run(setup: TrainingSetup, chips: int, space: SearchSpace, keep: int = 10) -> SearchResult:
    return search_layouts(setup.shape, setup.job, setup.hardware, setup.kernels, chips=chips, space=space, keep=keep)


@pytest.fixture(scope="module", params=CASES)
def ran(request: pytest.FixtureRequest) -> Ran:
    model, chip, chips, batch = CASES[request.param]
    setup = setup_of(model, chip, global_batch=batch, sequence_length=4096)
    return Ran(setup, chips, run(setup, chips, SMALL))


def distinct_layouts(setup: TrainingSetup, chips: int, space: SearchSpace) -> set[Layout]:
    """Every layout of the space by nested loops; settings that mean nothing are put to one value."""
    found = set()
    axes = product(
        space.tensor_parallel, space.pipeline_parallel, space.virtual_stages, space.context_parallel,
        space.expert_parallel, space.micro_batch, space.zero_stage, space.sequence_parallel, space.recompute,
        space.schedule, space.tensor_overlap, space.data_overlap,
    )  # fmt: skip
    for tp, pp, vpp, cp, ep, micro, zero, sp, recompute, schedule, tensor_overlap, data_overlap in axes:
        interleaved_rival = schedule > 0 and vpp > 1
        expert_free = not float(setup.shape.moe_layers) and ep > 1
        if chips % (tp * pp * cp) or interleaved_rival or expert_free or (pp == 1 and (vpp > 1 or schedule > 0)):
            continue
        dp = chips // (tp * pp * cp)
        found.add(
            Layout(
                tensor_parallel=tp, pipeline_parallel=pp, virtual_stages=vpp, context_parallel=cp, expert_parallel=ep,
                data_parallel=dp, micro_batch=micro, recompute=recompute, schedule=schedule,
                zero_stage=zero if dp * cp > 1 else max(space.zero_stage),
                data_overlap=data_overlap if dp * cp > 1 else max(space.data_overlap),
                sequence_parallel=sp if tp > 1 else max(space.sequence_parallel),
                tensor_overlap=tensor_overlap if tp > 1 else max(space.tensor_overlap),
            )
        )  # fmt: skip
    return found


def divides(setup: TrainingSetup, layout: Layout) -> bool:
    """The rules in words: heads, experts, layers, sequence, batch, schedule."""
    tp, pp, vpp = int(layout.tensor_parallel), int(layout.pipeline_parallel), int(layout.virtual_stages)
    cp, dp, ep = int(layout.context_parallel), int(layout.data_parallel), int(layout.expert_parallel)
    layers, batch = int(setup.shape.layers), int(setup.job.global_batch)
    if int(setup.shape.heads) % tp or int(setup.shape.experts or 1) % ep or (dp * cp * tp) % ep:
        return False
    if layers + (-layers % (pp * vpp)) - layers > 2 or pp * vpp > layers + 2:
        return False
    if cp > 1 and int(setup.job.sequence_length) % (2 * cp):
        return False
    if batch % (dp * int(layout.micro_batch)):
        return False
    count = batch // (dp * int(layout.micro_batch))
    rival = layout.schedule > 0
    return not ((vpp > 1 and count % pp) or (rival and count < pp) or (layout.schedule == 2 and pp % 2))


def brute(ran: Ran) -> Iterator[tuple[Layout, float, float]]:
    """Layout, step time and memory of everything that divides and fits."""
    layouts = [each for each in distinct_layouts(ran.setup, ran.chips, SMALL) if divides(ran.setup, each)]
    columns = {name: np.array([float(getattr(each, name)) for each in layouts]) for name in Layout.__slots__}
    found = estimate_layout(ran.setup, Layout(**columns))
    steps_s, memories = np.asarray(found.step.step_s), np.asarray(found.memory.total)
    for place, layout in enumerate(layouts):
        step_s, memory = float(steps_s[place]), float(memories[place])
        if place % 20 == 0:
            alone = estimate_layout(ran.setup, layout)
            assert (step_s, memory) == pytest.approx((float(alone.step.step_s), float(alone.memory.total)), rel=1e-12)
        if memory <= ran.setup.hardware.hbm_bytes:
            yield layout, step_s, memory


def rows_of(found: Found) -> Iterator[tuple[Layout, float, float]]:
    for index in range(len(found)):
        row = found.layout.take(np.array([index]))
        numbers = {name: float(np.ravel(getattr(row, name))[0]) for name in Layout.__slots__}
        yield Layout(**numbers), float(found.step_s[index]), float(found.memory_bytes[index])


def test_search_finds_what_brute_force_finds(ran: Ran) -> None:
    alone = sorted(brute(ran), key=lambda row: row[1])
    assert ran.result.counts.timed == len(alone)
    best = list(rows_of(ran.result.best))
    assert len(best) == min(10, len(alone))
    for (_, found_s, _), (_, step_s, _) in zip(best, alone, strict=False):
        assert found_s == pytest.approx(step_s, rel=1e-12)
    front = {(round(memory), round(step_s * 1e9)) for _, step_s, memory in alone if not any(
        (other_s < step_s and other <= memory) or (other_s <= step_s and other < memory) for _, other_s, other in alone
    )}  # fmt: skip
    assert {(round(memory), round(step_s * 1e9)) for _, step_s, memory in rows_of(ran.result.pareto)} == front


def test_counts_add_up_and_equal_brute_force(ran: Ran) -> None:
    counts = ran.result.counts
    assert counts.layouts_considered == len(distinct_layouts(ran.setup, ran.chips, SMALL))
    assert counts.layouts_considered == counts.timed + sum(counts.rejected.values())
    assert set(counts.rejected) <= set(REJECTIONS)
    refused = sum(not divides(ran.setup, layout) for layout in distinct_layouts(ran.setup, ran.chips, SMALL))
    assert refused == sum(number for reason, number in counts.rejected.items() if reason != "memory")


def test_an_estimate_of_each_reported_layout_gives_the_same_numbers(ran: Ran) -> None:
    for found in (ran.result.best, ran.result.pareto):
        for layout, step_s, memory in rows_of(found):
            alone = estimate_layout(ran.setup, layout)
            assert alone.step.step_s == pytest.approx(step_s, rel=1e-12)
            assert alone.memory.total == pytest.approx(memory, rel=1e-12)
            assert layout.chips == ran.chips


def test_an_empty_result_says_how_little_memory_would_do() -> None:
    model, chip, chips, batch = CASES["nothing fits"]
    setup = setup_of(model, chip, global_batch=batch)
    short = run(setup, chips, SMALL)
    assert len(short.best) == len(short.pareto) == short.counts.timed == 0
    roomy = replace(setup, hardware=replace(setup.hardware, hbm_bytes=short.least_memory_bytes))
    assert run(roomy, chips, SMALL).counts.timed > 0
    tight = replace(setup, hardware=replace(setup.hardware, hbm_bytes=short.least_memory_bytes * (1 - 1e-9)))
    assert run(tight, chips, SMALL).counts.timed == 0


@settings(max_examples=15, deadline=None)
@given(more=st.floats(1.0, 10.0))
def test_more_memory_is_never_infeasible_and_never_slower(more: float) -> None:
    setup = setup_of("llama-3.1-70b", global_batch=256)
    larger = replace(setup, hardware=replace(setup.hardware, hbm_bytes=setup.hardware.hbm_bytes * more))
    small, large = (run(each, 64, OFFERED) for each in (setup, larger))
    assert large.counts.timed >= small.counts.timed > 0
    assert large.best.step_s[0] <= small.best.step_s[0]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("space", [SMALL, FULL_SPACE], ids=["small", "full"])
def test_the_fastest_is_the_first_of_a_search(case: str, space: SearchSpace) -> None:
    model, chip, chips, batch = CASES[case]
    setup = setup_of(model, chip, global_batch=batch, sequence_length=4096)
    fastest, searched = fastest_layout(setup, chips, space), run(setup, chips, space)
    assert fastest.layouts_considered == searched.counts.layouts_considered
    if not len(searched.best):
        assert fastest.layout is None
        assert fastest.step_s == np.inf
        assert fastest.least_memory_bytes == searched.least_memory_bytes
        return
    assert (fastest.layout, fastest.step_s) == (searched.best.layout.at(0), searched.best.step_s[0])
    assert run(setup, chips, space, keep=1).best.layout.at(0) == fastest.layout


@settings(max_examples=20, deadline=None)
@given(
    chips=st.lists(st.sampled_from([6, 8, 24, 32, 40, 64]), min_size=1, max_size=4),
    memory=st.floats(0.05, 3.0),
    model=st.sampled_from(["llama-3.1-8b", "mixtral-8x7b"]),
)
def test_several_counts_at_once_are_as_each_alone(chips: list[int], memory: float, model: str) -> None:
    setup = setup_of(model, "a100-sxm-80gb", global_batch=48)
    tight = replace(setup, hardware=replace(setup.hardware, hbm_bytes=setup.hardware.hbm_bytes * memory))
    tables = [divided(count, tight.shape, tight.job, OFFERED) for count in chips]
    for count, found in zip(chips, fastest_layouts(tight, tables), strict=True):
        alone = run(tight, count, OFFERED)
        assert found.layout == (alone.best.layout.at(0) if len(alone.best) else None)
        assert found.step_s == (alone.best.step_s[0] if len(alone.best) else np.inf)
        assert found.layout is not None or found.least_memory_bytes == alone.least_memory_bytes


@pytest.mark.parametrize("case", CASES)
def test_no_layout_beats_the_bound_of_its_skeleton(case: str) -> None:
    model, chip, chips, batch = CASES[case]
    setup = setup_of(model, chip, global_batch=batch, sequence_length=4096)
    policies = all_policies(SMALL)
    search = Search(shape=setup.shape, job=setup.job, hardware=setup.hardware, kernels=setup.kernels, policies=policies)
    skeletons = divided(chips, setup.shape, setup.job, SMALL).skeletons
    units = units_of(search, skeletons, unit_rows(skeletons))
    bound_s = lower_bound_s(search, skeletons, units)
    roomy = replace(search, hardware=replace(search.hardware, hbm_bytes=np.inf))
    timed = time_chunk(roomy, skeletons, units, np.arange(len(skeletons)))
    assert np.all(bound_s > 0.0)
    assert np.all(bound_s <= timed.step_s)


@pytest.mark.parametrize("case", CASES)
def test_what_software_does_is_never_worse_switched_off(case: str) -> None:
    """Why the one space leaves sequence parallelism and overlap as the software has them."""
    model, chip, chips, batch = CASES[case]
    setup = setup_of(model, chip, global_batch=batch, sequence_length=4096)
    chosen = replace(OFFERED, sequence_parallel=(0, 1), tensor_overlap=(0, 1), data_overlap=(0, 1))
    as_offered, with_choice = (fastest_layout(setup, chips, space) for space in (OFFERED, chosen))
    assert as_offered.step_s == with_choice.step_s
    assert as_offered.least_memory_bytes == with_choice.least_memory_bytes


def test_software_decides_what_is_searched() -> None:
    old, new = space_of(CATALOG.software["megatron-deepspeed"]), OFFERED
    assert (old.virtual_stages, old.sequence_parallel, old.tensor_overlap, old.data_overlap) == ((1,), (0,), (0,), (0,))
    assert (new.sequence_parallel, new.tensor_overlap, new.data_overlap) == ((1,), (1,), (1,))
    assert new.virtual_stages == FULL_SPACE.virtual_stages
    axes = ("tensor_parallel", "pipeline_parallel", "context_parallel", "expert_parallel", "micro_batch", "zero_stage",
            "recompute")  # fmt: skip
    assert all(getattr(space, axis) == getattr(FULL_SPACE, axis) for space in (old, new) for axis in axes)


def test_progress_rises_to_one_and_results_repeat() -> None:
    setup = setup_of("llama-3.1-8b", global_batch=64)
    told: list[float] = []
    first = search_layouts(
        setup.shape, setup.job, setup.hardware, setup.kernels, chips=64, space=FULL_SPACE, progress=told.append
    )
    again = run(setup, 64, FULL_SPACE)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 1
    assert list(rows_of(first.best)) == list(rows_of(again.best))


def test_best_are_sorted_and_on_top_of_the_front(ran: Ran) -> None:
    best, front = ran.result.best, ran.result.pareto
    assert np.all(np.diff(best.step_s) >= 0)
    assert np.all(np.diff(front.step_s) > 0)
    assert np.all(np.diff(front.memory_bytes) < 0)
    order = np.lexsort((best.memory_bytes, best.step_s))
    assert order.tolist() == [*range(len(best))]
    if len(best):
        assert front.step_s[0] == best.step_s[0]
        assert front.memory_bytes[0] == best.memory_bytes[0]


@given(points=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=60))
def test_pareto_front_against_every_pair(points: list[tuple[int, int]]) -> None:
    first, second = (np.array([float(point[axis]) for point in points]) for axis in (0, 1))
    found = pareto_front(first, second).tolist()
    beaten = {
        i for i, (a, b) in enumerate(points) if any(x <= a and y <= b and (x, y) != (a, b) for x, y in points)
    }  # fmt: skip
    kept = {i: points[i] for i in range(len(points)) if i not in beaten}
    assert Counter(points[i] for i in found) == Counter(set(kept.values()))
    assert all(points[i] not in points[:i] for i in found)
    assert [points[i][0] for i in found] == sorted(points[i][0] for i in found)


def test_a_million_layouts_are_considered_for_a_trillion_parameters() -> None:
    setup = setup_of("megatron-1t", "a100-sxm-80gb", sequence_length=2048, global_batch=4096)
    result = run(setup, 4096, FULL_SPACE)
    assert result.counts.layouts_considered >= 1_000_000
    assert result.counts.layouts_considered == result.counts.timed + sum(result.counts.rejected.values())
    for layout, step_s, memory in [*rows_of(result.best)][:3]:
        alone = estimate_layout(setup, layout)
        assert alone.step.step_s == pytest.approx(step_s, rel=1e-12)
        assert alone.memory.total == pytest.approx(memory, rel=1e-12)
        assert memory <= CATALOG.chip("a100-sxm-80gb").hbm_bytes


@pytest.mark.parametrize(
    ("layers", "chunks", "dealt"),
    [(96, 32, True), (126, 128, True), (62, 64, True), (61, 64, False), (95, 32, True), (3, 6, False)],
)
def test_layers_are_dealt_with_up_to_two_missing(layers: int, chunks: int, dealt: bool) -> None:
    """Llama 3.1 405B has 126 layers on 16 stages of 8 chunks: embedding and LM head stand for two."""
    assert layers_deal(layers, np.array([chunks])).tolist() == [dealt]


@pytest.mark.parametrize(
    ("layers", "chunks", "dealt"), [(61, 16, True), (61, 32, True), (60, 32, False), (61, 128, False)]
)
def test_a_stated_pipeline_may_miss_more_where_first_and_last_chunk_can_hold_less(
    layers: int, chunks: int, dealt: bool
) -> None:
    """DeepSeek-V3 in 32 chunks of two: the first holds one, the last none, ``Et|(tt|)*30L``."""
    assert layers_deal(layers, np.array([chunks]), MOST_UNEVEN).tolist() == [dealt]
