"""``tenfold estimate training`` and ``tenfold search training`` as typed."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from typed_commands import CLUSTER, tenfold

GIVEN = ("--tp", "8", "--pp", "16", "--cp", "1", "--micro-batch", "1", "--global-batch", "2048", "--seq", "8192")
LLAMA = (
    "estimate",
    "training",
    "--model",
    "llama-3.1-405b",
    "--chip",
    "h100-sxm",
    "--chips",
    "16384",
    *GIVEN,
    "--json",
)


def not_fitting(*args: str) -> Any:
    """The answer of a command that says that nothing fits."""
    answer = tenfold(*args, "--json")
    assert answer.code == 3, answer.stderr
    return json.loads(answer.stdout)


def test_estimate_answers_what_was_asked_and_says_what_was_chosen() -> None:
    data = tenfold(*LLAMA, "--precision", "bf16").data
    assert data["feasible"] is True
    layout = data["layout"]
    assert (layout["tp"], layout["pp"], layout["cp"], layout["dp"], layout["micro_batch"]) == (8, 16, 1, 128, 1)
    assert "vpp" in data["chosen"]
    assert not {"tp", "pp", "cp", "micro_batch"} & set(data["chosen"])
    assert sum(data["terms"].values()) == pytest.approx(data["step_time_s"]["p50"], rel=1e-9)
    parts = data["memory_bytes_per_chip"]
    whole = sum(value for key, value in parts.items() if key not in ("total", "capacity"))
    assert whole == pytest.approx(parts["total"], rel=1e-9)
    assert parts["total"] <= parts["capacity"]


@pytest.mark.parametrize("key", ["step_time_s", "tokens_per_s_per_chip", "mfu", "hfu"])
def test_ranges_are_lognormal_around_p50(key: str) -> None:
    stated = ("--precision", "bf16", "--software", "megatron-bridge-2026", "--system", "hgx-h100")
    spread = tenfold(*LLAMA, *stated).data[key]
    assert 0 < spread["p10"] < spread["p50"] < spread["p90"]
    assert math.sqrt(spread["p10"] * spread["p90"]) == pytest.approx(spread["p50"], rel=1e-9)


def test_throughput_is_tokens_over_time_and_chips() -> None:
    data = tenfold(*LLAMA).data
    per_chip = 2048 * 8192 / data["step_time_s"]["p50"] / 16384
    assert data["tokens_per_s_per_chip"]["p50"] == pytest.approx(per_chip, rel=1e-9)


def test_a_given_layout_is_kept_whole_and_nothing_is_chosen() -> None:
    layout = ("--tp", "2", "--pp", "2", "--vpp", "1", "--cp", "1", "--ep", "1", "--micro-batch", "1", "--zero", "1",
              "--recompute", "full", "--schedule", "zero-bubble", "--no-sequence-parallel", "--no-tensor-overlap",
              "--no-data-overlap")  # fmt: skip
    data = tenfold("estimate", "training", *CLUSTER, *layout, "--json").data
    assert data["chosen"] == []
    kept = data["layout"]
    assert (kept["recompute"], kept["schedule"], kept["zero"]) == ("full", "zero-bubble", 1)
    assert not any(kept[name] for name in ("sequence_parallel", "tensor_overlap", "data_overlap"))


def test_chosen_settings_are_never_slower_than_given_ones() -> None:
    free = tenfold("estimate", "training", *CLUSTER, "--json").data["step_time_s"]["p50"]
    held = tenfold("estimate", "training", *CLUSTER, "--tp", "4", "--json").data["step_time_s"]["p50"]
    assert free <= held


def test_what_does_not_fit_is_an_answer_with_the_nearest_change() -> None:
    command = ("estimate", "training", "--model", "llama-3.1-405b", "--chip", "h100-sxm", "--chips", "64")
    data = not_fitting(*command, "--global-batch", "512")
    assert data["feasible"] is False
    assert data["memory_bytes_per_chip"]["total"] > data["memory_bytes_per_chip"]["capacity"]
    chips = data["shortage"]["nearest"].removeprefix("--chips ")
    again = ("estimate", "training", "--model", "llama-3.1-405b", "--chip", "h100-sxm", "--chips", chips)
    assert tenfold(*again, "--global-batch", "512", "--json").data["feasible"] is True


def test_the_nearest_change_of_a_layout_fits_when_typed() -> None:
    tight = ("--tp", "1", "--pp", "1", "--zero", "0")
    data = not_fitting("estimate", "training", *CLUSTER, *tight)
    assert data["feasible"] is False
    option, value = data["shortage"]["nearest"].split()
    changed = [value if tight[place - 1] == option else word for place, word in enumerate(tight)]
    assert tenfold("estimate", "training", *CLUSTER, *changed, "--json").data["feasible"] is True


def test_estimate_prints_a_verdict_first() -> None:
    lines = tenfold("estimate", "training", *CLUSTER).stdout.splitlines()
    assert lines[0].startswith("llama-3.1-8b on 64 × h100-sxm: a step in")


def test_search_counts_every_layout_once() -> None:
    stated = ("--precision", "bf16", "--software", "megatron-bridge-2026", "--system", "hgx-h100")
    data = tenfold("search", "training", *CLUSTER, *stated, "--top", "3", "--json").data
    assert data["layouts_considered"] == data["timed"] + sum(data["rejected"].values())
    assert len(data["best"]) == 3
    times = [row["step_time_s"]["p50"] for row in data["best"]]
    assert times == sorted(times)
    memory = [row["memory_bytes_per_chip"] for row in data["pareto"]]
    assert memory == sorted(memory, reverse=True)


def test_estimating_a_layout_that_was_found_gives_the_same_number() -> None:
    stated = ("--precision", "bf16", "--software", "megatron-bridge-2026", "--system", "hgx-h100")
    best = tenfold("search", "training", *CLUSTER, *stated, "--top", "1", "--json").data["best"][0]
    layout = best["layout"]
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in layout.items() if not isinstance(value, bool)]
    switches = [
        f"--{'' if on else 'no-'}{name.replace('_', '-')}" for name, on in layout.items() if isinstance(on, bool)
    ]
    command = (
        "estimate",
        "training",
        *CLUSTER,
        *stated,
        *(flag for flag in flags if not flag.startswith("--dp")),
        *switches,
    )
    found = tenfold(*command, "--json").data
    assert found["step_time_s"]["p50"] == pytest.approx(best["step_time_s"]["p50"], rel=1e-9)
    assert found["memory_bytes_per_chip"]["total"] == pytest.approx(best["memory_bytes_per_chip"], rel=1e-9)


def test_search_says_what_would_fit_when_nothing_does() -> None:
    command = ("search", "training", "--model", "llama-3.1-405b", "--chip", "h100-sxm", "--chips", "8")
    data = not_fitting(*command, "--global-batch", "512")
    assert data["best"] == []
    assert data["nearest"].startswith("--chips ")


def test_json_is_the_same_when_asked_again() -> None:
    assert tenfold(*LLAMA).stdout == tenfold(*LLAMA).stdout
