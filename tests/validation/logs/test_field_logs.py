"""Logs as people have them: cases of the field with their right values, and own ones of the same kinds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.catalog import load_catalog
from tenfold.quantities import InputError
from tenfold.validation.failures.rates import fit_failure_logs
from tenfold.validation.logs.block_counts import steps_of
from tenfold.validation.logs.fabric_overlay import fabric_figures
from tenfold.validation.logs.formats import format_of
from tenfold.validation.logs.latency_bandwidth import fit_latency_bandwidth
from tenfold.validation.logs.megatron import read_megatron
from tenfold.validation.logs.mlperf import read_mlperf
from tenfold.validation.logs.nccl_tests import read_nccl
from tenfold.validation.logs.printed_format import PrintedFormat
from tenfold.validation.logs.read import RUN_READERS
from tenfold.validation.logs.shared_nodes import SharedNodes, chips_in

FIELD = Path(__file__).parents[4] / "shared" / "field"


def case(name: str) -> Path:
    if not (FIELD / name).is_file():
        pytest.skip("the shared cases are not here")
    return FIELD / name


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("mlperf_start_in_steps.txt", 15.0),
        ("mlperf_block_own_count.txt", 2.0),
        ("mlperf_gpt3_epochs_in_tokens.txt", 11.0),
    ],
)
def test_field_mlperf_counters(name: str, seconds: float) -> None:
    (found,) = read_mlperf(case(name))
    assert found.run.step_time_s == pytest.approx(seconds)
    assert "does not say its number format" in found.run.notes


def test_field_arguments_of_2020() -> None:
    run = read_megatron(case("megatron_2020.log"))[0].run
    assert (run.tp, run.dp, run.micro_batch, run.global_batch) == (2, 8, 8, 64)
    assert run.step_time_s == pytest.approx(1.98, abs=0.001)


def test_field_jobs_that_share_a_node() -> None:
    fit = fit_failure_logs([case("sacct_shared_node.txt")])
    assert fit.node_days == pytest.approx(30.0)
    assert fit.rate.p50 == pytest.approx(39.4, abs=0.05)


@pytest.mark.parametrize(
    ("name", "cause", "count"),
    [("sacct_cut_state.txt", "out-of-memory", 1), ("sacct_launch_failed.txt", "node-failure", 2)],
)
def test_field_states(name: str, cause: str, count: int) -> None:
    fit = fit_failure_logs([case(name)])
    assert {rate.cause: rate.events for rate in fit.rates}[cause] == count
    assert not any("unknown state" in note for note in fit.notes)


def test_field_columns_of_fixed_width() -> None:
    with pytest.raises(InputError, match="sacct -P"):
        fit_failure_logs([case("sacct_fixed_width.txt")])


@pytest.mark.parametrize(
    ("name", "collective", "gb_per_s"),
    [
        ("all_reduce_mpirun_tag_output.txt", "", 472),
        ("all_reduce_error_column.txt", "", 231),
        ("allreduce-1node.txt", "all_reduce", 472),
    ],
)
def test_field_collectives(name: str, collective: str, gb_per_s: float) -> None:
    fit = fit_latency_bandwidth(read_nccl(case(name), collective=collective))
    assert fit.collective == "all_reduce"
    assert fit.busbw_bytes_per_s.value == pytest.approx(gb_per_s * 1e9, rel=0.002)


def test_field_levels_that_overlap() -> None:
    catalog = load_catalog()
    fit = fit_latency_bandwidth(read_nccl(case("all_reduce_2hosts_fast.txt")))
    (figures,) = fabric_figures([fit], catalog.system("hgx-h100"), catalog)
    assert figures.efficiency.low >= 0.65
    assert figures.efficiency.low <= figures.efficiency.value <= figures.efficiency.high <= 1.0


# own samples of the same kinds

SEQ, BATCH = 2048.0, 64.0


@pytest.mark.parametrize(
    ("before", "start", "stop", "steps"),
    [
        ({}, {"step": 0}, {"step": 100}, 100.0),
        ({"step": 100}, {}, {"step": 150}, 50.0),
        ({}, {"samples_count": 0}, {"samples_count": 640}, 10.0),
        ({"samples_count": 640}, {"samples_count": 640}, {"samples_count": 1280}, 10.0),
        ({"samples_count": 640}, {"samples_count": 10}, {"samples_count": 1280}, 10.0),
        ({"samples_count": 640}, {"samples_count": 640}, {"samples_count": 640}, 10.0),
        ({"samples_count": 1280}, {"samples_count": 640}, {"samples_count": 640}, 10.0),
        ({"samples_count": 640}, {}, {"samples_count": 1280}, 10.0),
        ({}, {"epoch_count": 10 * BATCH * SEQ}, {"epoch_count": 10 * BATCH * SEQ}, 10.0),
        ({}, {"samples_count": 5, "step": 0}, {"samples_count": 5, "step": 7}, 7.0),
        ({}, {"samples_count": "0"}, {"samples_count": "640"}, 10.0),
        ({}, {}, {}, None),
        ({}, {"epoch_count": 3}, {"epoch_count": 3}, None),
    ],
)
def test_steps_of_a_block(before: dict[str, Any], start: dict[str, Any], stop: dict[str, Any], steps: Any) -> None:
    assert steps_of(before, start, stop, BATCH, SEQ) == steps


@pytest.mark.parametrize(
    ("lines", "precision"),
    [
        (["lr=3e-4 fp8=True fp8_hybrid=True"], "fp8"),
        (["'fp8': 'hybrid', 'fp8_recipe': 'mxfp8'"], "mxfp8"),
        (["fp4=True fp8=False"], "nvfp4"),
        (["fp4: False", "fp8: None"], "bf16"),
        (["FP8=True"], "fp8"),
        (["nothing of the kind"], ""),
    ],
)
def test_the_printed_number_format(lines: list[str], precision: str) -> None:
    printed = PrintedFormat()
    for line in lines:
        printed.look(line)
    assert printed.precision == precision


HEADER = "JobID|State|Start|End|Elapsed|NNodes|NodeList|AllocTRES"


def job(number: int, state: str, start: int, end: int, node: str = "n1", chips: int = 2) -> str:
    elapsed = f"{end - start}-00:00:00"
    return f"{number}|{state}|2026-03-{start:02}T00:00:00|2026-03-{end:02}T00:00:00|{elapsed}|1|{node}|gres/gpu={chips}"


def test_a_node_is_watched_while_any_job_is_on_it_and_fails_once(tmp_path: Path) -> None:
    rows = [
        job(1, "COMPLETED", 1, 11),
        job(2, "NODE_FAIL", 6, 16),
        job(3, "NODE_FAIL", 8, 16),
        job(4, "COMPLETED", 1, 6, "n2"),
    ]
    path = tmp_path / "jobs.txt"
    path.write_text("\n".join([HEADER, *rows, ""]))
    fit = fit_failure_logs([path])
    assert fit.node_days == pytest.approx(15.0 + 5.0)
    assert fit.rates[0].events == 1


def test_without_times_a_job_counts_by_its_chips(tmp_path: Path) -> None:
    path = tmp_path / "jobs.txt"
    path.write_text("JobID|State|Elapsed|NNodes|AllocTRES\n1|COMPLETED|8-00:00:00|1|cpu=4,gres/gpu=2,node=1\n")
    assert fit_failure_logs([path]).node_days == pytest.approx(2.0)
    assert chips_in("billing=4,gres/gpu:h100=8") is None


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=30))
def test_time_covered_is_the_union_of_spans(spans: list[tuple[int, int]]) -> None:
    nodes = SharedNodes()
    added = sum(nodes.add("n", float(start), float(start + length)) for start, length in spans)
    assert added == len({second for start, length in spans for second in range(start, start + length)})


@pytest.mark.parametrize("state", ["OUT_OF_ME+", "OUT_OF_MEMORY", "OOM", "out_of_memory"])
def test_states_cut_short_or_abbreviated(tmp_path: Path, state: str) -> None:
    path = tmp_path / "jobs.txt"
    path.write_text(f"JobID|State|Elapsed|NNodes\n1|COMPLETED|1-00:00:00|2\n2|{state}|06:00:00|2\n")
    assert {rate.cause: rate.events for rate in fit_failure_logs([path]).rates} == {"out-of-memory": 1}


@pytest.mark.parametrize("days", ["9" * 400, "²", "٣", "1e3", "-1"])
def test_numbers_beyond_reckoning_are_left_out_and_said(tmp_path: Path, days: str) -> None:
    path = tmp_path / "jobs.txt"
    path.write_text(
        f"JobID|State|Elapsed|NNodes|NodeList\n1|FAILED|{days}-00:00:00|1|n1\n2|COMPLETED|1-00:00:00|1|n1\n"
    )
    fit = fit_failure_logs([path])
    assert fit.node_days == pytest.approx(1.0)
    assert any("no duration" in note for note in fit.notes)


ROW = "1048576 262144 float sum -1 105.9 9.90 17.33 0 105.7 9.92 17.37 0"
DEVICES = "#  Rank  0 Group  0 Pid 1 on a device  0 [0x1] H100\n#  Rank  1 Group  0 Pid 2 on a device  1 [0x2] H100\n"


@pytest.mark.parametrize(
    "prefix",
    ["", "[1,0]<stdout>:", "0: ", "worker-0 | ", "2026-03-01T12:00:00.123Z ", "[node-00:0]: ", "(Worker pid=12) "],
)
def test_prefixes_of_launchers(tmp_path: Path, prefix: str) -> None:
    path = tmp_path / "all_gather.txt"
    text = DEVICES + "# size count type redop root time algbw busbw #wrong\n" + ROW + "\n"
    path.write_text("".join(f"{prefix}{line}\n" for line in text.splitlines()))
    out, inside = read_nccl(path)
    assert (out.size_bytes, out.ranks, out.collective) == (1048576, 2, "all_gather")
    assert inside.in_place


def test_the_option_beats_the_name_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "allreduce-1node.txt"
    path.write_text(DEVICES + ROW + "\n")
    assert read_nccl(path)[0].collective == "all_reduce"
    assert read_nccl(path, collective="all_gather")[0].collective == "all_gather"


def test_all_to_all_over_hosts_is_at_least_what_went_out(tmp_path: Path) -> None:
    catalog = load_catalog()
    system = catalog.system("hgx-h100")
    devices = "".join(f"#  Rank {n:2} Group  0 Pid 1 on n{n // 8} device  {n % 8} [0x1] H100\n" for n in range(16))
    share = 0.8
    seconds = 0.5 / (share * system.scaleout_bytes_per_s_per_chip_one_way)
    rows = "".join(
        f"{2**p} {2**p // 4} float none -1 {2**p * seconds * 1e6 + 30:.3f} 1 1 N/A\n" for p in range(20, 34, 2)
    )
    rows = "".join(f"{line} {' '.join(line.split()[5:])}\n" for line in rows.splitlines())
    path = tmp_path / "alltoall.txt"
    path.write_text(devices + rows)
    (figures,) = fabric_figures([fit_latency_bandwidth(read_nccl(path))], system, catalog)
    assert figures.efficiency.low == pytest.approx(share, rel=0.02)
    assert figures.efficiency.high == pytest.approx(1.0)


def test_a_line_without_end_is_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "result_0.txt"
    path.write_text("x" * 3_000_000 + "\n" + json.dumps({"a": 1}))
    with pytest.raises(InputError, match="no line with"):
        read_mlperf(path)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("torchtitan", {"tokens_per_s_per_chip": 8107.5, "tp": 2.0, "framework": "torchtitan"}),
        ("nemo", {"step_time_s": 12.6, "global_batch": 512.0}),
        ("maxtext", {"step_time_s": 3.46, "global_batch": 512.0, "seq": 8192.0, "n_chips": 256.0}),
        ("deepspeed", {"step_time_s": 64 / 12.6, "global_batch": 64.0, "n_chips": 16.0}),
        ("hf-trainer", {"step_time_s": 12.345, "global_batch": 64.0}),
        ("deepspeed-pipeline", {"step_time_s": 1.86, "framework": "DeepSpeed"}),
        ("megatron-bridge", {"step_time_s": 4.6, "framework": "Megatron-Bridge"}),
        ("llm-foundry", {"tokens_per_s_per_chip": 987.5}),
    ],
)
def test_console_logs(tmp_path: Path, name: str, expected: dict[str, Any]) -> None:
    import sys

    sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))
    from fuzz_samples import LOGS

    path = tmp_path / "run.log"
    path.write_text(LOGS[name])
    assert format_of(path) == name
    (found,) = RUN_READERS[name](path)
    for column, value in expected.items():
        assert getattr(found.run, column) == (value if isinstance(value, str) else pytest.approx(value, rel=0.02)), (
            column
        )
