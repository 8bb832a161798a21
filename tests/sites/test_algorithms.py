"""Rival algorithms over several sites: published values, orders between rivals, properties."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from diloco_tables import TABLE_6, USES
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.reliability import best_renewal, failure_rate_per_s, mttf_s
from tenfold.sites import ALGORITHMS, Algorithm, SyncWork, compute_use, latency_s

GBIT = 1e9 / 8
GRID = np.logspace(-1, 3, 50)
"""Gbit/s that table 6 tries: a value there is the first that reaches the compute use."""
PAYLOAD_BITS = 12.0
"""Sent by a site for each parameter: the table does not state it; one constant for all of its rows."""


BISECTIONS = 80


def bytes_per_s_for_use(algorithm: Algorithm, work: SyncWork, use: np.ndarray) -> np.ndarray:
    """Least bandwidth of a site at which the compute is used to that share; infinite where latency alone exposes more.

    Bisection over 1 B/s to 1 EB/s, to 1e-12 of the answer.
    """
    low, high = np.zeros(use.shape), np.full(use.shape, 18.0 * np.log(10.0))
    for _ in range(BISECTIONS):
        middle = (low + high) / 2.0
        enough = compute_use(algorithm(replace(work, bytes_per_s=np.exp(middle))), work.step_s) >= use
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    reached = compute_use(algorithm(replace(work, bytes_per_s=np.exp(high))), work.step_s) >= use
    return np.where(reached, np.exp(high), np.inf)


def work(**changes: float) -> SyncWork:
    plain = SyncWork(
        parameters=405e9, step_s=26.0, sites=2.0, bytes_per_s=100 * GBIT, latency_s=2.45e-3, sync_steps=100.0,
        replicas=128.0, layers=126.0, fragments=42.0,
    )  # fmt: skip
    return replace(plain, **changes)


def table_row(model: str, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Gbit/s of a row of table 6: as predicted, exactly, and as published."""
    parameters, layers, step_s, rows = TABLE_6[model]
    asked = SyncWork(
        parameters=parameters, step_s=step_s, sites=2.0, bytes_per_s=1.0, sync_steps=float(steps), layers=layers,
        gradient_bytes=PAYLOAD_BITS / 8, outer_bytes=PAYLOAD_BITS / 8,
    )  # fmt: skip
    algorithm = ALGORITHMS["hierarchical" if steps == 1 else "diloco"]
    exact = bytes_per_s_for_use(algorithm, asked, np.array(USES)) / GBIT
    return exact, np.array(rows[steps])


def on_grid(gbit: np.ndarray) -> np.ndarray:
    """First value of the grid that suffices; infinite beyond it."""
    return np.append(GRID, np.inf)[np.searchsorted(GRID, gbit * (1 - 1e-9))]


@pytest.mark.parametrize(("steps", "gbit"), [(1, 268.0), (100, 16.0), (300, 6.2)])
def test_405b_at_90_percent_needs_the_published_bandwidth(steps: int, gbit: float) -> None:
    exact, _ = table_row("Llama3 405B", steps)
    assert on_grid(exact)[2] == pytest.approx(gbit, rel=0.10)


def test_table_6_is_reproduced_within_a_step_of_its_grid() -> None:
    step = GRID[1] / GRID[0]
    same = within = total = 0
    for model, (_, _, _, rows) in TABLE_6.items():
        for steps in rows:
            exact, published = table_row(model, steps)
            found = on_grid(exact)
            known = np.isfinite(published)
            ratio = found[known] / published[known]
            assert np.all((ratio < 1.05 * step) & (ratio > 1 / step / 1.05)), (model, steps, found, published)
            same += int(np.sum(np.abs(ratio - 1) < 0.1))
            within += int(np.sum(known))
            total += len(known)
            assert np.all(found[~known] > 500)
    assert (same, within, total) == (51, 74, 75)


def test_rarer_synchronisation_needs_less_bandwidth_in_proportion() -> None:
    exact = [table_row("Llama3 405B", steps)[0][2] for steps in (50, 100, 300)]
    assert exact[0] / exact[1] == pytest.approx(2.0, rel=0.1)
    assert exact[1] / exact[2] == pytest.approx(3.0, rel=0.1)


def test_decoupled_diloco_cuts_the_mean_bandwidth_as_published() -> None:
    # 198 to 0.84 Gbit/s among eight data centres (arXiv:2604.21428), a factor of 236. Period and payload are not
    # stated; with four bits for a parameter against sixteen it is that of a period of 59 steps, whatever the model.
    plain = work(sites=8.0, bytes_per_s=np.inf, latency_s=0.0)
    dense = np.asarray(ALGORITHMS["hierarchical"](plain).mean_bytes_per_s)
    rare = np.asarray(ALGORITHMS["decoupled"](replace(plain, sync_steps=59.0)).mean_bytes_per_s)
    assert 198 * rare / dense == pytest.approx(0.84, rel=0.01)


def test_isolated_failures_lift_goodput_as_published() -> None:
    # 27 to 88 % under heavy failures at 1.2M chips. The recovery time that gives 27 % in series is found first; with
    # it, eight sites that fail alone must come near the published 88 %. Checkpoints are taken to be free.
    rate = np.asarray(failure_rate_per_s(6.5, 1.2e6))
    recovery = np.linspace(1.0, 600.0, 4000)
    series = best_renewal(0.01, recovery, mttf_s(rate), 1.0).goodput
    slow = recovery[np.argmin(np.abs(np.asarray(series) - 0.27))]
    alone = best_renewal(0.01, slow, mttf_s(rate / 8), 1.0).goodput
    assert float(np.asarray(alone)) == pytest.approx(0.88, abs=0.05)


def test_intellect_1_is_met_on_links_of_the_internet() -> None:
    # 10B parameters, 14 nodes, eight bits, 38 minutes between synchronisations that hide behind nothing
    # (arXiv:2412.01152): 83 % over three continents and 96 % in one country.
    run = SyncWork(
        parameters=10e9, step_s=22.8, sites=14.0, bytes_per_s=1.0, latency_s=latency_s(10_000.0), sync_steps=100.0,
        outer_bytes=1.0, backward_share=0.0,
    )  # fmt: skip
    need = bytes_per_s_for_use(ALGORITHMS["diloco"], run, np.array([0.83, 0.96])) / GBIT
    assert 0.1 < need[0] < 1.0
    assert 1.0 < need[1] < 4.0
    assert need[1] / need[0] == pytest.approx((0.17 / 0.83) / (0.04 / 0.96), rel=0.02)


def test_nemotron_340b_keeps_96_percent_over_1000_km() -> None:
    # Two sites 1,000 km apart: reducing inside the sites first, with some Tbit/s, layer by layer.
    run = SyncWork(
        parameters=340e9,
        step_s=8.0,
        sites=2.0,
        bytes_per_s=1.0,
        latency_s=latency_s(1000.0),
        replicas=64.0,
        layers=96.0,
    )
    need = float(bytes_per_s_for_use(ALGORITHMS["hierarchical"], run, np.array(0.96))) / GBIT
    assert 0.5e3 < need < 2e3
    assert compute_use(ALGORITHMS["hierarchical"](replace(run, bytes_per_s=np.inf)), 8.0) > 0.995


works = st.builds(
    work,
    parameters=st.floats(1e8, 1e13),
    step_s=st.floats(0.1, 100),
    sites=st.integers(2, 16).map(float),
    bytes_per_s=st.floats(1e7, 1e14),
    latency_s=st.floats(0, 0.2),
    sync_steps=st.integers(1, 500).map(float),
    replicas=st.integers(16, 4096).map(float),
    layers=st.integers(1, 200).map(float),
    fragments=st.integers(1, 60).map(float),
    overlap_steps=st.integers(1, 5).map(float),
)


@settings(max_examples=60)
@given(works, st.sampled_from(sorted(ALGORITHMS)), st.floats(1.0, 50.0))
def test_wider_links_never_slow_and_longer_ones_never_speed_up(asked: SyncWork, name: str, factor: float) -> None:
    algorithm = ALGORITHMS[name]
    base = float(np.asarray(algorithm(asked).exposed_s_per_step))
    wider = algorithm(replace(asked, bytes_per_s=np.multiply(asked.bytes_per_s, factor))).exposed_s_per_step
    longer = algorithm(replace(asked, latency_s=np.multiply(asked.latency_s, factor))).exposed_s_per_step
    assert wider <= base * (1 + 1e-9)
    assert longer >= base * (1 - 1e-9)


@settings(max_examples=60)
@given(works)
def test_rivals_are_in_order(asked: SyncWork) -> None:
    exposed = {name: float(np.asarray(each(asked).exposed_s_per_step)) for name, each in ALGORITHMS.items()}
    slack = 1e-9 * max(exposed.values())
    assert exposed["hierarchical"] <= exposed["synchronous"] + slack
    assert exposed["diloco"] <= exposed["hierarchical"] + slack
    assert exposed["decoupled"] <= exposed["streaming-diloco"] + slack


@settings(max_examples=40)
@given(works, st.sampled_from(sorted(ALGORITHMS)))
def test_mean_bandwidth_never_exceeds_what_the_link_has(asked: SyncWork, name: str) -> None:
    cost = ALGORITHMS[name](asked)
    assert cost.mean_bytes_per_s <= np.asarray(asked.bytes_per_s) * (1 + 1e-9)
    assert cost.loss.ratio >= 1.0


def test_a_site_alone_sends_nothing() -> None:
    for name, algorithm in ALGORITHMS.items():
        cost = algorithm(work(sites=1.0, bytes_per_s=np.inf))
        assert cost.exposed_s_per_step == 0.0, name
        assert cost.bytes_per_sync == 0.0, name


def test_streaming_lowers_the_peak_and_only_decoupled_isolates() -> None:
    costs = {name: each(work(streamed_bytes=2.0)) for name, each in ALGORITHMS.items()}
    assert costs["streaming-diloco"].peak_bytes_per_s < costs["diloco"].peak_bytes_per_s / 20
    assert costs["decoupled"].peak_bytes_per_s < costs["diloco"].peak_bytes_per_s / 20
    assert [name for name, cost in costs.items() if cost.isolates_failures] == ["decoupled"]
