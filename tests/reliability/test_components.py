"""Hazards by component: their sums, their counts, the chips that stop."""

from __future__ import annotations

import numpy as np
import pytest
from jobs import DAY_S, hopper_job, shipped

from tenfold.reliability import failure_rate_per_s, job_hazards, mttf_s, scaled_to, with_job_rate

NODE_DAYS = 54 * 2048


def per_1000_node_days(family: str, domain: float, chips: float = 7200.0) -> float:
    found = job_hazards(shipped().hazards[family], chips, domain, 8)
    return float(found.total_per_s) * 1000 * DAY_S * 8 / chips


@pytest.mark.parametrize(
    ("family", "domain", "figure"),
    [("default", 8, ""), ("hopper", 8, "_hopper"), ("ampere", 8, "_ampere"), ("blackwell", 72, "_blackwell"),
     ("tpu", 4096, "_tpu")],
)  # fmt: skip
def test_components_sum_to_the_rate_of_the_family(family: str, domain: float, figure: str) -> None:
    known = shipped().assumption(f"reliability.failures_per_1000_node_days{figure}").value
    assert per_1000_node_days(family, domain) == pytest.approx(known, rel=1e-3)


@pytest.mark.parametrize(
    ("cause", "count"),
    [("chip", 190), ("hbm", 72), ("nic", 7), ("host", 43), ("power", 3), ("job", 63), ("silent_corruption", 6)],
)
def test_llama_3_counts_come_back(cause: str, count: float) -> None:
    found = job_hazards(shipped().hazards["hopper"], 16_384, 8, 8)
    assert found.rate_per_s[found.causes.index(cause)] * 54 * DAY_S == pytest.approx(count, rel=1e-3)


def test_switches_cables_and_optics_share_what_the_network_lost() -> None:
    found = job_hazards(shipped().hazards["hopper"], 16_384, 8, 8)
    network = sum(found.rate_per_s[found.causes.index(cause)] for cause in ("switch", "cable", "optics"))
    assert network * 54 * DAY_S == pytest.approx(35, rel=1e-3)
    assert found.total_per_s * 54 * DAY_S == pytest.approx(419, rel=1e-3)


def test_a_rack_counts_once_and_only_where_there_are_racks() -> None:
    blackwell = shipped().hazards["blackwell"]
    racks, nodes = job_hazards(blackwell, 720, 72, 4), job_hazards(blackwell, 720, 8, 8)
    place = racks.causes.index("rack")
    assert racks.rate_per_s[place] * DAY_S * 365 == pytest.approx(10, rel=1e-3)
    assert racks.chips_stopped[place] == 72
    assert "rack" not in nodes.causes


@pytest.mark.parametrize("node", [1.0, 2.0, 4.0, 8.0])
@pytest.mark.parametrize("family", ["default", "ampere", "hopper", "blackwell", "tpu"])
def test_what_a_spare_node_replaces_never_stops_more_than_a_node(family: str, node: float) -> None:
    found = job_hazards(shipped().hazards[family], 7200, 72, node)
    of_nodes = found.chips_stopped[[kind == "node" for kind in found.kinds]]
    assert np.all(of_nodes == np.minimum(of_nodes.max(), node))
    assert of_nodes.max() == min(node, 4.0 if family == "tpu" else 8.0)


def test_links_that_are_routed_around_stop_nothing() -> None:
    found = job_hazards(shipped().hazards["tpu"], 4096, 4096, 4)
    hardware = found.of_kinds("node", "rack", "reconfigure")
    assert found.causes == ("host", "job", "silent_corruption")
    assert hardware.sum() * DAY_S == pytest.approx(1024 * 0.0008)


def test_rates_of_families_have_two_tails() -> None:
    figures = {
        name: shipped().assumption(f"reliability.failures_per_1000_node_days{name}")
        for name in ("", "_ampere", "_hopper", "_blackwell", "_tpu")
    }
    assert all(figure.range[0] < figure.value < figure.range[1] for figure in figures.values())
    assert figures["_ampere"].range == (2.34, 14.0)
    assert figures["_tpu"].range == (1.6, 6.0)
    widths = {name: figure.range[1] / figure.range[0] for name, figure in figures.items()}
    assert max(widths.values()) == widths[""]  # no record is no surer than any record


def test_scaling_keeps_proportions() -> None:
    before = job_hazards(shipped().hazards["hopper"], 16_384, 8, 8)
    after = hopper_job(16_384, 6.5)
    assert mttf_s(after.total_per_s) / 3600 == pytest.approx(1.80, abs=0.005)
    assert np.ptp(after.rate_per_s / before.rate_per_s) == pytest.approx(0, abs=1e-12)


def test_job_level_hazard_explains_the_measured_time_between_failures() -> None:
    # RSC-1: 7.9 h measured at 1,024 GPUs, 28.8 h from hardware alone.
    hardware = with_job_rate(job_hazards(shipped().hazards["ampere"], 1024, 8, 8), 0.0)
    assert mttf_s(hardware.total_per_s) / 3600 == pytest.approx(28.8, rel=0.01)
    both = with_job_rate(hardware, float(failure_rate_per_s(17.2, 1024)))
    assert mttf_s(both.total_per_s) / 3600 == pytest.approx(7.9, rel=0.01)
    assert both.causes.count("job") == 1


def test_lemon_figures_say_what_removing_them_did() -> None:
    record = shipped().hazards["hopper"]
    excess = record.figure("lemon_nodes.share").value * (record.figure("lemon_nodes.factor").value - 1)
    failing = 1 - np.exp(np.log(1 - 0.04) * (1 + excess))
    assert failing == pytest.approx(0.14, abs=0.02)


def test_hazards_of_a_chip_are_those_of_its_family_its_stem_or_the_general_ones() -> None:
    keys = {chip: shipped().hazards_of(chip).key for chip in ("h100-sxm", "tpu-v5p", "b300", "mi300x")}
    assert keys == {"h100-sxm": "hopper", "tpu-v5p": "tpu", "b300": "blackwell", "mi300x": "default"}


def test_scaled_hazards_reach_the_rate() -> None:
    assert scaled_to(hopper_job(), 0.25).total_per_s == pytest.approx(0.25)
