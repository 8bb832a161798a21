"""Launches made from plan data as ``tenfold plan --json`` prints it, one layout at a time."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import Any

from tenfold.catalog import Catalog, load_catalog
from tenfold.performance.layout.columns import Layout, in_numbers
from tenfold.reports.exports import Launch, launch_of
from tenfold.workloads.model_names import find_model


@functools.cache
def catalog() -> Catalog:
    return load_catalog()


def spread(p50: float) -> dict[str, float]:
    return {"p10": 0.9 * p50, "p50": p50, "p90": 1.2 * p50}


def plan_data(
    *, model: str = "llama-3.1-70b", chip: str = "h100-sxm", precision: str = "bf16", batch: int = 512, **layout: Any
) -> dict[str, Any]:
    """A plan whose best design has this layout; chips follow from its degrees."""
    given: dict[str, Any] = {
        "tp": 4, "pp": 4, "vpp": 2, "cp": 1, "ep": 1, "dp": 8, "zero": 1, "sequence_parallel": True,
        "recompute": "selective", "micro_batch": 1, "schedule": "1f1b",
    } | layout  # fmt: skip
    known = catalog().chip(chip)
    return {
        "question": {"goal": {
            "model": model, "tokens": 1e12, "sequence_length": 4096, "global_batch": batch, "precision": precision,
            "objective": "cheapest",
        }},
        "global_batch": batch,
        "best": {
            "chip": chip, "chips": given["tp"] * given["pp"] * given["cp"] * given["dp"],
            "system": catalog().system_of(known).key, "software": "megatron-bridge-2026", "supply": "spot",
            "site": "us-texas", "step_time_s": spread(5.0), "goodput": spread(0.8), "mfu": spread(0.4),
            "checkpoint_interval_s": 1430.0, "layout": given,
        },
        "alternatives": [], "infeasible": [],
        "made": {"tenfold": "0.1.0", "catalog": "abc123", "overrides": [], "seed": 7},
    }  # fmt: skip


def launch_from(data: dict[str, Any]) -> Launch:
    best = data["best"]
    chip = catalog().chip(best["chip"])
    software = catalog().software[best["software"]]
    model = find_model(catalog(), data["question"]["goal"]["model"])
    return launch_of(data, "plan.json", model, chip, catalog().system(best["system"]), software)


def launch(**given: Any) -> Launch:
    return launch_from(plan_data(**given))


def layout_of(made: Launch, **policies: float) -> Layout:
    """The layout the plan was timed with; tensor-parallel traffic overlaps only with sequence parallelism."""
    overlap = float(made.layout.tp > 1 and made.layout.sequence_parallel)
    return replace(in_numbers(made.layout), **{"tensor_overlap": overlap, **policies})
