"""What the authors of a table say of how they ran it is obeyed, and nowhere else."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from tenfold.catalog import load_catalog
from tenfold.validation.serving.runs import ServingRun
from tenfold.validation.serving.table import Case, complete_cases

CATALOG = load_catalog()
TABLE = ServingRun(
    id="a", model="qwen3-235b-a22b", chip="h200-sxm", engine="TensorRT-LLM", engine_version="1.0",
    metric="output_tok_s_total", value=30_000.0, scenario="offline max throughput", isl=128.0, osl=2048.0, n_chips=8.0,
    tp="8", pp="1", precision_weights="fp8", spec_decoding="none",
    source_title="TensorRT-LLM perf-overview (v1.0 era, total output tok/s)",
)  # fmt: skip


def case_of(**said: object) -> Case:
    done, skipped = complete_cases([replace(TABLE, **said)], CATALOG)  # type: ignore[arg-type]
    assert not skipped
    return done[0]


def test_experts_of_the_engines_own_tables_are_served_by_data_parallel_attention() -> None:
    layout = case_of().setting.layout
    assert (layout.tensor, layout.ranks, layout.expert) == (1.0, 8.0, 8.0)
    dense = case_of(model="llama-3.1-70b").setting.layout
    assert (dense.tensor, dense.ranks) == (8.0, 1.0)


def test_requests_of_the_engines_own_tables_are_dealt_to_the_ranks() -> None:
    assert case_of().requests == 3000 / 8
    assert case_of(isl=777.0).requests == math.inf


def test_other_tables_are_read_as_they_stand() -> None:
    case = case_of(source_title="ours")
    assert (case.setting.layout.tensor, case.setting.layout.ranks, case.requests) == (8.0, 1.0, math.inf)
    assert case.setting.free_share == pytest.approx(0.9)
    assert case_of().setting.free_share == pytest.approx(0.95)


def test_a_number_of_another_chips_column_is_not_scored_and_its_reason_is_named() -> None:
    said = {"model": "Llama-4-Maverick", "isl": 500.0, "osl": 2000.0, "value": 37835.0}
    moved = replace(TABLE, chip="B200-180GB", **said)  # type: ignore[arg-type]
    done, skipped = complete_cases([moved, replace(moved, chip="H200-SXM-141GB")], CATALOG)
    assert [case.chip for case in done] == ["h200-sxm"]
    assert skipped == {"damaged: its number stands in the next chip's column of its source": 1}
    assert len(complete_cases([replace(moved, source_title="ours")], CATALOG)[0]) == 1
