"""Pipeline schedules as rivals, and 1F1B and interleaved 1F1B against simulations of every hand-over."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.performance.training.schedules import BUBBLES, StageTimes, bubble_s
from tenfold.workloads.recipe import SCHEDULES

Task = tuple[str, int, int]
"""Pass ("F" or "B"), micro-batch, chunk of the model (0 is where tokens enter)."""


def equal_stages(forward: float, backward: float, stages: int, chunks: int = 1) -> StageTimes:
    stage = forward + backward
    return StageTimes(
        busiest_s=stage, all_s=stages * stage, weight_s=backward / 2.0, stages=float(stages), chunks=float(chunks)
    )


def order_1f1b(stage: int, stages: int, count: int) -> list[Task]:
    """Narayanan et al. 2021, figure 4 (top): fill, alternate, drain."""
    warm = min(stages - stage - 1, count)
    tasks: list[Task] = [("F", i, stage) for i in range(warm)]
    for i in range(count - warm):
        tasks += [("F", warm + i, stage), ("B", i, stage)]
    return tasks + [("B", i, stage) for i in range(count - warm, count)]


def order_interleaved(stage: int, stages: int, count: int, chunks: int) -> list[Task]:
    """Narayanan et al. 2021, figure 4 (bottom): groups of p micro-batches walk through the chunks of a stage."""

    def task(number: int, backward: bool) -> Task:
        group, inside = divmod(number, stages * chunks)
        chunk, micro = divmod(inside, stages)
        chunk = chunks - 1 - chunk if backward else chunk
        return ("B" if backward else "F", group * stages + micro, chunk * stages + stage)

    total = count * chunks
    warm = min(2 * (stages - stage - 1) + (chunks - 1) * stages, total)
    tasks = [task(i, False) for i in range(warm)]
    for i in range(total - warm):
        tasks += [task(warm + i, False), task(i, True)]
    return tasks + [task(i, True) for i in range(total - warm, total)]


def makespan(orders: list[list[Task]], forward: list[float], backward: list[float]) -> float:
    """Run each stage's tasks in order, each as soon as the chunk before (or after, backward) has handed over."""
    parts, done = len(forward), dict[Task, float]()
    clocks, places = [0.0] * len(orders), [0] * len(orders)
    while any(place < len(order) for place, order in zip(places, orders, strict=True)):
        moved = False
        for stage, order in enumerate(orders):
            while places[stage] < len(order):
                kind, micro, part = order[places[stage]]
                needs = [("F", micro, part - 1)] if kind == "F" and part else []
                needs = [("B", micro, part + 1)] if kind == "B" and part + 1 < parts else needs
                needs += [("F", micro, part)] if kind == "B" else []
                if any(need not in done for need in needs):
                    break
                start = max([clocks[stage], *(done[need] for need in needs)])
                clocks[stage] = done[kind, micro, part] = start + (forward if kind == "F" else backward)[part]
                places[stage] += 1
                moved = True
        assert moved, "the order of tasks waits for itself"
    return max(clocks)


TICKS = st.integers(1, 50).map(float)


@settings(max_examples=80, deadline=None)
@given(stages=st.integers(1, 6), count=st.integers(1, 12), forward=TICKS, backward=TICKS)
def test_1f1b_is_its_simulation(stages: int, count: int, forward: float, backward: float) -> None:
    orders = [order_1f1b(stage, stages, count) for stage in range(stages)]
    simulated = makespan(orders, [forward] * stages, [backward] * stages)
    times = equal_stages(forward, backward, stages)
    assert count * times.busiest_s + BUBBLES["1f1b"](times) == pytest.approx(simulated, rel=1e-12)


@settings(max_examples=80, deadline=None)
@given(stages=st.integers(2, 5), groups=st.integers(1, 3), chunks=st.integers(2, 4), forward=TICKS, backward=TICKS)
def test_interleaved_1f1b_is_its_simulation(
    stages: int, groups: int, chunks: int, forward: float, backward: float
) -> None:
    count = groups * stages
    orders = [order_interleaved(stage, stages, count, chunks) for stage in range(stages)]
    simulated = makespan(orders, [forward / chunks] * stages * chunks, [backward / chunks] * stages * chunks)
    times = equal_stages(forward, backward, stages, chunks)
    assert count * times.busiest_s + BUBBLES["1f1b"](times) == pytest.approx(simulated, rel=1e-9)


@settings(max_examples=80, deadline=None)
@given(layers=st.lists(TICKS, min_size=2, max_size=5), more=st.integers(0, 10))
def test_1f1b_of_uneven_stages_takes_no_longer_than_the_closed_form(layers: list[float], more: int) -> None:
    """The busiest stage sets the pace; the closed form is what it takes when that stage is the last."""
    stages, count = len(layers), len(layers) + more
    forward, backward = [x / 3.0 for x in layers], [2.0 * x / 3.0 for x in layers]
    simulated = makespan([order_1f1b(stage, stages, count) for stage in range(stages)], forward, backward)
    assert count * max(layers) * (1.0 - 1e-12) <= simulated <= closed_1f1b(layers, count) * (1.0 + 1e-12)


@settings(max_examples=40, deadline=None)
@given(stages=st.integers(2, 6), more=st.integers(0, 10), layer=TICKS, head=st.floats(0.0, 2.0))
def test_1f1b_is_exact_when_the_last_stage_has_the_head(stages: int, more: int, layer: float, head: float) -> None:
    layers, count = [layer] * (stages - 1) + [layer * (1.0 + head)], stages + more
    forward, backward = [x / 3.0 for x in layers], [2.0 * x / 3.0 for x in layers]
    simulated = makespan([order_1f1b(stage, stages, count) for stage in range(stages)], forward, backward)
    assert closed_1f1b(layers, count) == pytest.approx(simulated, rel=1e-9)


def closed_1f1b(layers: list[float], count: int) -> float:
    busiest = max(layers)
    times = StageTimes(
        busiest_s=busiest, all_s=sum(layers), weight_s=busiest / 3.0, stages=float(len(layers)), chunks=1.0
    )
    return count * busiest + float(BUBBLES["1f1b"](times))


@given(stages=st.integers(1, 64), count=st.integers(1, 512), forward=TICKS, backward=TICKS)
def test_bubble_of_equal_stages_is_p_minus_1_over_m(stages: int, count: int, forward: float, backward: float) -> None:
    times = equal_stages(forward, backward, stages)
    share = float(BUBBLES["1f1b"](times)) / (count * times.busiest_s)
    assert share == pytest.approx((stages - 1) / count, rel=1e-9, abs=1e-12)


@given(stages=st.integers(1, 64), chunks=st.integers(1, 16), forward=TICKS, backward=TICKS)
def test_interleaving_divides_the_bubble(stages: int, chunks: int, forward: float, backward: float) -> None:
    plain, dealt = (BUBBLES["1f1b"](equal_stages(forward, backward, stages, v)) for v in (1, chunks))
    assert dealt == pytest.approx(float(plain) / chunks, rel=1e-12)


@given(stages=st.integers(1, 64), forward=TICKS, backward=TICKS)
def test_zero_bubble_is_no_worse_than_1f1b_and_never_negative(stages: int, forward: float, backward: float) -> None:
    """ZB-H1 [Qi et al. 2023, table 1]: (p − 1)(F + B_input − W), with B_input = W half of the backward pass each."""
    times = equal_stages(forward, backward, stages)
    found = float(BUBBLES["zero-bubble"](times))
    assert 0.0 <= found <= float(BUBBLES["1f1b"](times)) * (1 + 1e-12)
    assert found == pytest.approx((stages - 1) * (forward + backward / 2.0 - backward / 2.0), rel=1e-9, abs=1e-9)


@given(half=st.integers(1, 32), weight=TICKS)
def test_dualpipe_is_as_published_when_all_passes_are_equal(half: int, weight: float) -> None:
    """DeepSeek-V3 2024, table 2: (p/2 − 1)(F&B + B − 3W) with F = W, B = 2W and F&B = F + B."""
    times = equal_stages(weight, 2.0 * weight, 2 * half)
    assert BUBBLES["dualpipe"](times) == pytest.approx((half - 1) * (3.0 + 2.0 - 3.0) * weight, rel=1e-9, abs=1e-9)


@given(index=st.integers(0, 2), stages=st.sampled_from((2, 4, 8)), forward=TICKS, backward=TICKS)
def test_the_index_of_a_schedule_picks_its_rival(index: int, stages: int, forward: float, backward: float) -> None:
    times = equal_stages(forward, backward, stages)
    assert tuple(BUBBLES) == SCHEDULES
    assert float(bubble_s(times, float(index))) == float(BUBBLES[SCHEDULES[index]](times))
