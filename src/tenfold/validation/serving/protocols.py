"""What the authors of a table say of how they ran it, beside what its rows state.

TensorRT-LLM's tables [docs/source/performance/perf-overview.md of release 1.0, "Reproducing Benchmarked Results",
2025-09]: every request is queued at once and all have the same lengths; their number is stated by lengths; models with
experts run with ``enable_attention_dp`` and an ``ep_size``; the cache often gets 0.95 of the memory that is free.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from tenfold.validation.serving.runs import ServingRun

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
