"""Replays of published traces reproduce values that other programs gave, start by start."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from traces import REFERENCE, TRACES, needs

import tenfold
from tenfold.fleet import Jobs, Rules, fill, read_nodes, read_tasks, read_trace, replay

PHILLY = TRACES / "philly_jobs.parquet"
HELIOS = TRACES / "helios_venus_2vc_sept2020.parquet"
NODES_OF_8 = (8,) * 80


@cache
def jobs(path: Path) -> Jobs:
    return read_trace(path).jobs


@needs(PHILLY)
@pytest.mark.parametrize(
    ("rules", "mean_jct_s"),
    [
        (Rules(chips=640), 46_304.850),
        (Rules(chips=640, order="sjf"), 17_597.418),
        (Rules(chips=640, admission="skip"), 28_570.203),
        (Rules(chips=640, admission="easy"), 39_457.677),
        (Rules(chips=768, admission="easy"), 14_286.527),
        (Rules(chips=640, node_sizes=NODES_OF_8), 159_762.671),
        (Rules(chips=640, node_sizes=NODES_OF_8, placement="first-fit"), 150_839.686),
        (Rules(chips=640, node_sizes=NODES_OF_8, order="sjf"), 16_934.201),
    ],
    ids=lambda value: f"{value.order}-{value.admission}-{len(value.node_sizes)}" if isinstance(value, Rules) else "",
)
def test_philly(rules: Rules, mean_jct_s: float) -> None:
    assert replay(jobs(PHILLY), rules).jct_s.mean() == pytest.approx(mean_jct_s, abs=0.01)


@needs(PHILLY)
def test_what_sharing_is_worth() -> None:
    table = REFERENCE / "fleet_reference_philly_quotas.csv"
    shared = replay(jobs(PHILLY), Rules(chips=792))
    assert shared.wait_s.mean() == pytest.approx(827.158, abs=0.01)
    split = tenfold.fleet_replay(trace=str(PHILLY), chips=792, quotas=str(table))
    assert split.mean_wait_s == pytest.approx(175_344.028, abs=0.01)
    assert split.wait_reasons["quota"] > split.wait_reasons["capacity"]
    means = {each.name: each.mean_jct_s for each in split.groups if each.by == "tenant"}
    for row in csv.DictReader(table.read_text().splitlines()):
        if row["policy"] == "fifo" and row["virtual_cluster"] in means:
            assert means[row["virtual_cluster"]] == pytest.approx(float(row["mean_jct_s"]), abs=0.01)


@needs(HELIOS)
def test_helios() -> None:
    rules = {"fifo": ("fifo", "head"), "sjf": ("sjf", "head"), "skip": ("fifo", "skip")}
    both = jobs(HELIOS)
    for row in csv.DictReader((REFERENCE / "fleet_reference_helios_slice.csv").read_text().splitlines()):
        order, admission = rules[row["policy"]]
        whole = row["virtual_cluster"] == "both"
        some = both if whole else both.take(np.flatnonzero(both.tenant == both.tenants.index(row["virtual_cluster"])))
        chips = int(row["gpus"])
        found = replay(
            some,
            Rules(
                chips=chips,
                node_sizes=(8,) * (chips // 8),
                order=order,
                admission=admission,
                interval_s=float(row["round_s"]),
                quotas={"vcvGl": 160, "vcvlY": 16} if whole else {},
            ),
        )
        assert found.jct_s.mean() == pytest.approx(float(row["mean_jct_s"]), abs=0.01), row


@needs(PHILLY)
@pytest.mark.parametrize("order", ["srtf", "las"])
def test_moving_orders_of_a_window(order: str) -> None:
    """A tenth of the trace here; all of it by benchmarks/fleet.py."""
    some = jobs(PHILLY).take(np.arange(4_000))
    found = replay(some, Rules(chips=300, order=order, admission="skip", queues=(3_250.0, 7_200.0)))
    fifo = replay(some, Rules(chips=300))
    assert found.preemptions > 0
    assert found.wait_s.mean() < fifo.wait_s.mean()
    assert found.wait_s.min() > -1e-6


@needs(REFERENCE)
def test_gavel() -> None:
    table = REFERENCE / "gavel_trace_max_min_fairness.csv"
    found = {
        order: tenfold.fleet_replay(
            trace=str(table),
            throughputs=str(REFERENCE / "gavel_throughputs.csv"),
            kinds={"v100": 8, "p100": 16, "k80": 24},
            order=order,
        ).mean_jct_s
        for order in ("fifo", "las", "max-min")
    }
    assert found["fifo"] == pytest.approx(35_904.57, rel=0.05)
    assert found["las"] == pytest.approx(19_989.26, rel=0.05)
    assert found["max-min"] == pytest.approx(14_622.82, rel=0.05)


@needs(REFERENCE)
def test_openb() -> None:
    """One draw of the fast placements here; ten of all by benchmarks/fleet.py."""
    nodes, tasks = read_nodes(REFERENCE / "openb_nodes.csv"), read_tasks(REFERENCE / "openb_pods_default.csv")
    expected = {"random": 86.3, "dot-prod": 90.62, "best-fit": 92.86}
    found = {name: 100 * np.mean([fill(nodes, tasks, name, seed)[4] for seed in range(1)]) for name in expected}
    assert found == {name: pytest.approx(value, abs=1.0) for name, value in expected.items()}
    assert list(found) == sorted(found, key=lambda name: found[name])
