"""Tests of collectives: rows read from text and JSON, the fit in closed form, figures of a fabric."""

from __future__ import annotations

import datetime
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from synthetic_logs import SIZES, attempt, file_in, nccl_json, nccl_text

from tenfold.catalog import Catalog, load_catalog
from tenfold.performance.network import Links, all_reduce_s, group_of
from tenfold.quantities import InputError
from tenfold.validation.logs import (
    NcclMeasurement,
    fabric_figures,
    fabric_toml,
    fit_latency_bandwidth,
    format_of,
    read_nccl,
    sources_toml,
)
from tenfold.validation.logs.latency_bandwidth import line_through

FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def line(start_s: float, bytes_per_s: float, sizes: list[int] = SIZES) -> list[float]:
    return [start_s + 1.75 * size / bytes_per_s for size in sizes]


def test_text_and_json_say_the_same(tmp_path: Path) -> None:
    times = line(18e-6, 360e9)
    text = read_nccl(file_in(tmp_path, "a.txt", nccl_text(times)))
    data = read_nccl(file_in(tmp_path, "a.json", nccl_json(times)))
    assert len(text) == len(data) == 2 * len(SIZES)
    for one, other in zip(text, data, strict=True):
        assert (one.collective, one.ranks, one.nodes, one.in_place) == ("all_reduce", 8, 1, other.in_place)
        assert (other.collective, other.ranks, other.nodes) == ("all_reduce", 8, 1)
        assert one.size_bytes == other.size_bytes
        assert one.time_s == pytest.approx(other.time_s, rel=1e-5)
        assert one.busbw_bytes_per_s == pytest.approx(other.busbw_bytes_per_s, abs=6e6)


def test_a_process_of_several_gpus_counts_all_of_them(tmp_path: Path) -> None:
    first = read_nccl(file_in(tmp_path, "a.json", nccl_json(line(2e-5, 4e10), processes=4, ngpus=8)))[0]
    assert (first.ranks, first.nodes) == (32, 4)


@pytest.mark.parametrize(
    "row",
    [
        "1048576 262144 float sum -1 105.9 9.90 17.33 0 105.7 9.92 17.37 0",
        "1048576 262144 float none -1 105.9 9.90 17.33 N/A 105.7 9.92 17.37 N/A",
        "1048576 262144 float sum 105.9 9.90 17.33 0e+00 105.7 9.92 17.37 0e+00",
        "1048576 262144 float -1 105.9 9.90 17.33 0 105.7 9.92 17.37 0",
        "1048576 262144 float sum -1 105.9 9.90 17.33 0 105.7 9.92 17.37 0 2026-03-01 12:00:00",
        "1048576 262144 float sum -1 105.9 9.90 17.33 0 99 120 119 2.0 105.7 9.92 17.37 0 98 121 120 2.1",
    ],
)
def test_every_form_of_a_row_is_read(tmp_path: Path, row: str) -> None:
    text = nccl_text([], sizes=[]) + row + "\n"
    out, inside = read_nccl(file_in(tmp_path, "a.txt", text))
    assert [out.time_s, inside.time_s] == pytest.approx([105.9e-6, 105.7e-6])
    assert [out.busbw_bytes_per_s, inside.busbw_bytes_per_s] == pytest.approx([17.33e9, 17.37e9])
    assert (out.in_place, inside.in_place) == (False, True)


def test_tests_of_one_file_are_read_one_by_one(tmp_path: Path) -> None:
    times = line(18e-6, 360e9)
    gather = nccl_text(times, ranks=16, nodes=2, program="all_gather_perf")
    both = read_nccl(file_in(tmp_path, "two.txt", nccl_text(times) + gather + nccl_text(times)))
    assert [(each.collective, each.ranks, each.nodes) for each in both[:: 2 * len(SIZES)]] == [
        ("all_reduce", 8, 1),
        ("all_gather", 16, 2),
        ("all_reduce", 8, 1),
    ]


def test_the_collective_of_an_older_file_is_in_its_name(tmp_path: Path) -> None:
    text = "".join(row for row in nccl_text(line(1e-5, 1e11)).splitlines(keepends=True) if "starting" not in row)
    assert read_nccl(file_in(tmp_path, "h100_reduce_scatter_8.txt", text))[0].collective == "reduce_scatter"
    assert read_nccl(file_in(tmp_path, "x.txt", text), collective="all_gather")[0].collective == "all_gather"
    with pytest.raises(InputError, match="Give --collective"):
        read_nccl(file_in(tmp_path, "x.txt", text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (nccl_text([], sizes=[]), "no row of results"),
        (nccl_text([1e-5], sizes=[1024], wrong="17"), "17 results were wrong"),
        (nccl_text([1e-5], sizes=[1024], ranks=1), "one rank alone"),
        (nccl_text([1e-5], sizes=[1024]) + "1024 256 float sum -1 12.0 1.0\n", "cut short or of unknown columns"),
        (nccl_text([1e-5], sizes=[1024]) + "1024 256 float sum -1 nan 1 1 0 nan 1 1 0\n", "the time is 'nan'"),
        (nccl_text([1e-5], sizes=[1024]) + "9" * 400 + " 256 float sum -1 9 1 1 0 9 1 1 0\n", "unknown columns"),
        ('{"bus_bw": ', "is no JSON"),
        ('{"results": 3}', "no list 'results'"),
        (json.dumps({"results": [{"size": 8, "out_of_place": {"cpu_time": 3.0}}]}), "times of the processor"),
        (json.dumps({"results": [3]}), "results.1: has no size"),
    ],
)
def test_what_is_wrong_with_a_test_is_said(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_nccl(file_in(tmp_path, "a.txt", text))
    assert said in str(caught.value)


def test_the_closed_form_equals_numpy_least_squares() -> None:
    rng = np.random.default_rng(5)
    sizes = np.array(SIZES, dtype=float)
    times = (2e-5 + sizes / 3e11) * rng.normal(1.0, 0.05, len(sizes))
    alpha, beta = line_through(list(sizes), list(times))
    expected, *_ = np.linalg.lstsq(np.stack([1 / times, sizes / 1e9 / times], axis=1), np.ones(len(sizes)), rcond=None)
    assert alpha.value == pytest.approx(expected[0], rel=1e-8)
    assert beta.value == pytest.approx(expected[1] / 1e9, rel=1e-8)


@FUZZ
@given(
    start_s=st.floats(1e-6, 1e-3),
    bytes_per_s=st.floats(1e9, 1e12),
    ranks=st.integers(2, 512),
    collective=st.sampled_from(["all_reduce", "all_gather", "reduce_scatter", "alltoall"]),
)
def test_an_exact_line_is_found_again(start_s: float, bytes_per_s: float, ranks: int, collective: str) -> None:
    factor = (2.0 if collective == "all_reduce" else 1.0) * (ranks - 1) / ranks
    sizes = [2.0**power for power in range(8, 36, 2)]
    fit = fit_latency_bandwidth([measured(s, start_s + factor * s / bytes_per_s, collective, ranks) for s in sizes])
    assert fit.busbw_bytes_per_s.value == pytest.approx(bytes_per_s, rel=1e-4)
    assert fit.start_s is not None
    assert fit.start_s.value == pytest.approx(start_s, rel=1e-4)
    assert fit.start_s.low <= fit.start_s.value <= fit.start_s.high


def measured(
    size: float, time: float, collective: str = "all_reduce", ranks: int = 8, nodes: int = 1
) -> NcclMeasurement:
    return NcclMeasurement(
        collective=collective,
        size_bytes=size,
        ranks=ranks,
        nodes=nodes,
        time_s=time,
        busbw_bytes_per_s=0.0,
        in_place=False,
        file="t",
        line=1,
    )


def test_p10_to_p90_holds_the_truth_in_80_percent_of_noisy_tests() -> None:
    rng = np.random.default_rng(11)
    sizes = [2.0**power for power in range(10, 34, 2)]
    held = np.zeros(2)
    for _ in range(400):
        noise = rng.normal(1.0, 0.05, len(sizes))
        alpha, beta = line_through(sizes, [(2e-5 + s / 3e11) * e for s, e in zip(sizes, noise, strict=True)])
        held += [alpha.low <= 2e-5 <= alpha.high, beta.low <= 1 / 3e11 <= beta.high]
    assert held / 400 == pytest.approx([0.8, 0.8], abs=0.06)


def test_large_messages_alone_give_a_bandwidth_and_no_latency() -> None:
    rng = np.random.default_rng(2)
    fit = fit_latency_bandwidth([measured(s * 1e9, 1.75e9 * s / 3.6e11 * rng.normal(1, 0.01)) for s in range(1, 9)])
    assert fit.start_s is None
    assert fit.busbw_bytes_per_s.value == pytest.approx(3.6e11, rel=0.05)


def test_too_few_sizes_and_times_that_do_not_grow_are_refused() -> None:
    with pytest.raises(InputError, match="2 sizes, but latency and bandwidth need 3"):
        fit_latency_bandwidth([measured(1e3, 1e-5), measured(1e6, 2e-5)])
    with pytest.raises(InputError, match="times do not grow with the size"):
        fit_latency_bandwidth([measured(s, time) for s, time in ((1e3, 2e-5), (1e6, 1e-5), (1e9, 1.5e-5), (2e9, 1e-5))])


def test_sizes_and_times_without_digits_left_are_refused() -> None:
    with pytest.raises(InputError, match="too much alike to tell latency from bandwidth"):
        fit_latency_bandwidth([measured(1e9 + step, 1e-3 + 1e-12 * step) for step in range(4)])


@pytest.mark.parametrize(("ranks", "nodes"), [(8, 1), (4, 1), (16, 2), (64, 8), (8, 8)])
def test_the_model_gives_back_the_times_its_figures_are_fitted_to(catalog: Catalog, ranks: int, nodes: int) -> None:
    system = catalog.system("hgx-h100")
    inside = catalog.fabric(system.scaleup_fabric)
    links = Links(
        scaleup_bytes_per_s=system.scaleup_bytes_per_s_per_chip_one_way * inside.efficiency,
        scaleup_latency_s=inside.latency_s,
        scaleout_bytes_per_s=system.scaleout_bytes_per_s_per_chip_one_way * 0.77,
        scaleout_latency_s=9e-6,
    )
    group = group_of(float(ranks), 1.0, float(ranks // nodes))
    tests = [
        measured(2.0**p, float(all_reduce_s(2.0**p, group, links)), "all_reduce", ranks, nodes) for p in range(8, 34)
    ]
    (figures,) = fabric_figures([fit_latency_bandwidth(tests)], system, catalog)
    assert figures.latency_s is not None
    if nodes == 1:
        assert figures.fabric == system.scaleup_fabric
        assert figures.efficiency.value == pytest.approx(inside.efficiency, rel=1e-6)
        assert figures.latency_s.value == pytest.approx(inside.latency_s, rel=1e-6)
    else:
        assert figures.fabric == system.scaleout_fabric
        assert figures.efficiency.value == pytest.approx(0.77, rel=1e-6)
        assert figures.latency_s.value == pytest.approx(9e-6, rel=1e-6)


def test_hosts_of_a_rack_are_one_domain(catalog: Catalog) -> None:
    tests = [measured(2.0**p, 5e-5 + 2.0**p / 1e11, "all_reduce", 16, 4) for p in range(8, 34)]
    (figures,) = fabric_figures([fit_latency_bandwidth(tests)], catalog.system("gb200-nvl72"), catalog)
    assert figures.fabric == "nvl72-switch"


@pytest.mark.parametrize(
    ("collective", "ranks", "nodes", "bytes_per_s", "said"),
    [
        ("sendrecv", 8, 1, 1e11, "says little of a collective"),
        ("all_reduce", 16, 1, 1e11, "Give --system"),
        ("all_reduce", 8, 1, 1e13, "times the nominal bandwidth"),
        ("all_reduce", 16, 2, 5e12, "times the nominal bandwidth"),
    ],
)
def test_tests_that_do_not_fit_the_system_are_refused(
    catalog: Catalog, collective: str, ranks: int, nodes: int, bytes_per_s: float, said: str
) -> None:
    tests = [measured(2.0**p, 1e-6 + 2.0**p / bytes_per_s, collective, ranks, nodes) for p in range(8, 34)]
    with pytest.raises(InputError, match=said):
        fabric_figures([fit_latency_bandwidth(tests)], catalog.system("hgx-h100"), catalog)


def test_the_overlay_is_a_catalog(tmp_path: Path, catalog: Catalog) -> None:
    day = datetime.date(2026, 3, 1)
    fit = fit_latency_bandwidth(read_nccl(file_in(tmp_path, "a.txt", nccl_text(line(18e-6, 360e9)))))
    (figures,) = fabric_figures([fit], catalog.system("hgx-h100"), catalog)
    for name, text in (
        ("fabrics/nvlink-switch.toml", fabric_toml(figures, day)),
        ("sources/own.toml", sources_toml(day)),
    ):
        (tmp_path / "my" / name).parent.mkdir(parents=True)
        (tmp_path / "my" / name).write_text(text)
    fabric = load_catalog([tmp_path / "my"]).fabric("nvlink-switch")
    assert fabric.efficiency == pytest.approx(0.8, rel=1e-3)
    assert fabric.latency_s == pytest.approx(18e-6 / 2 / math.log2(8), rel=1e-3)
    assert fabric.figure("latency").kind == "measured"


@FUZZ
@given(
    text=st.sampled_from([nccl_text(line(1e-5, 1e11)), nccl_json(line(1e-5, 1e11))]),
    cuts=st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 40), st.text(max_size=12)), min_size=1, max_size=4),
)
def test_damaged_tests_are_read_or_refused(tmp_path: Path, text: str, cuts: list[tuple[int, int, str]]) -> None:
    for start, length, inserted in cuts:
        text = text[:start] + inserted + text[start + length :]
    path = tmp_path / "damaged.txt"
    path.write_text(text, encoding="utf-8", errors="replace")
    found, problems = attempt(read_nccl, path)
    assert found or problems
    assert all(str(path) in problem.file and problem.remedy for problem in problems)
    assert all(each.time_s > 0 and each.ranks > 1 for each in found)


def test_the_format_shows(tmp_path: Path) -> None:
    assert format_of(file_in(tmp_path, "a.txt", nccl_text(line(1e-5, 1e11)))) == "nccl"
    assert format_of(file_in(tmp_path, "a.json", nccl_json(line(1e-5, 1e11)))) == "nccl"
