"""What the authors of a table say of how they ran it, beside what its rows state.

TensorRT-LLM's tables [docs/source/performance/perf-overview.md of release 1.0, "Reproducing Benchmarked Results",
2025-09]: every request is queued at once and all have the same lengths; their number is stated by lengths; models with
experts run with ``enable_attention_dp`` and an ``ep_size``; the cache often gets 0.95 of the memory that is free.

InferenceX launches SGLang on Blackwell with ``--kv-cache-dtype fp8_e4m3`` and ``--scheduler-recv-interval`` 10, or 30
from 16 clients on, and on Hopper with neither [github.com/SemiAnalysisAI/InferenceX, benchmarks/dsr1_fp8_b200.sh,
dsr1_fp4_b200.sh, dsr1_fp8_b200_mtp.sh, single_node/qwen3.5_fp8_b200.sh, dsr1_fp8_h200.sh, read 2026-11].
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.catalog import Chip, Engine
from tenfold.validation.serving.runs import ServingRun

MLPERF = "mlperf"
INFERENCEX = "inferencex"
OWN_TABLES = "tensorrt-llm perf-overview"
"""Title of TensorRT-LLM's own tables, in lower case."""
FREE_SHARE = 0.95
REQUESTS: Mapping[tuple[float, float], float] = {
    (128, 128): 30000,
    (128, 2048): 3000,
    (128, 4096): 1500,
    (500, 2000): 3000,
    (1000, 1000): 3000,
    (1000, 2000): 1500,
    (2048, 128): 3000,
    (2048, 2048): 1500,
    (5000, 500): 1500,
    (20000, 2000): 1000,
}
"""Requests by the tokens of their prompts and answers."""
PRINTED_FOR: Mapping[tuple[str, float, float, float], str] = {
    ("llama-4-maverick", 500, 2000, 37835): "h200",
    ("llama-4-maverick", 500, 2000, 10108): "h100",
    ("llama-4-maverick", 5000, 500, 8456): "h200",
    ("llama-4-maverick", 5000, 500, 3457): "h100",
}
"""Chip in whose column a number stands, by model, lengths and tokens/s, in rows of the table whose B200 cell is empty:
readings that close the gap give every chip the number of the next one [the same page, "Llama 4 Maverick"]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """What a benchmark's scripts say of the servers it launches; empty where they leave the engine's habit."""

    cache_format: str = ""
    polled_steps: float = 1.0
    """Steps after which the engine looks for new requests again."""


LAUNCHES: Mapping[tuple[str, str], tuple[tuple[float, Launch], ...]] = {
    ("sglang", "blackwell"): (
        (16.0, Launch(cache_format="fp8", polled_steps=30.0)),
        (0.0, Launch(cache_format="fp8", polled_steps=10.0)),
    ),
}
"""What InferenceX launches, from so many clients on, by engine and chip family."""


def launched(run: ServingRun, engine: Engine, chip: Chip) -> Launch:
    """How the benchmark of a row launched its server, as its scripts say."""
    if not run.protocol.lower().startswith(INFERENCEX) or run.prefill_workers:
        return Launch()
    clients = run.concurrency_or_batch or 0.0
    known = LAUNCHES.get((engine.engine, chip.family), ())
    return next((launch for least, launch in known if clients >= least), Launch())


def _own_table(run: ServingRun) -> bool:
    return run.source_title.lower().startswith(OWN_TABLES)


def requests_of(run: ServingRun) -> float:
    """Requests of an offline run; infinite where nobody states them."""
    return REQUESTS.get((run.isl or 0.0, run.osl or 0.0), math.inf) if _own_table(run) else math.inf


def spreads_attention(run: ServingRun) -> bool:
    """Whether attention of a model with experts is data parallel over the width that a row states."""
    return _own_table(run)


def free_share_of(run: ServingRun) -> float | None:
    """Share of the free memory that the cache was given; None where the engine's habit holds."""
    return FREE_SHARE if _own_table(run) else None


def damage_of(run: ServingRun) -> str:
    """Why a row is not what its source says; empty where nothing is known against it."""
    number = (run.model.lower(), run.isl or 0.0, run.osl or 0.0, run.value or 0.0)
    chip = PRINTED_FOR.get(number, "") if _own_table(run) else ""
    moved = bool(chip) and not run.chip.lower().startswith(chip)
    return "damaged: its number stands in the next chip's column of its source" if moved else ""
