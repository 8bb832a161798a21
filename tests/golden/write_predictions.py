"""Predictions over a broad grid, stored in ``predictions.json``: ``uv run python tests/golden/write_predictions.py``.

Models × chips × counts × precisions; where no layout is named, the fastest of the planning space that fits. Rerun it
after a change that is meant to move predictions, and say why in CHANGELOG.md under "Numbers that moved".
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np

from tenfold.catalog import Catalog, load_catalog
from tenfold.performance.training import (
    PLANNING_SPACE,
    CalibratedSetup,
    Layout,
    estimate_layout,
    search_layouts,
    setup_training,
)
from tenfold.quantities import MissingFigureError

STORED = Path(__file__).with_name("predictions.json")
SIGNIFICANT = 9

SEARCHED_MODELS = (("llama-3.1-8b", 64, 256), ("llama-3.1-70b", 256, 512), ("mixtral-8x7b", 128, 512),
                   ("deepseek-v3", 1024, 4096), ("llama-3.1-405b", 4096, 2048))  # fmt: skip
"""Model, chips, global batch in sequences of 4,096."""
SEARCHED_CHIPS = ("a100-sxm-80gb", "h100-sxm", "h200-sxm", "b200", "gb200", "mi300x", "mi355x", "tpu-v5p", "tpu-v6e",
                  "trainium2", "gaudi3", "ascend-910c")  # fmt: skip
FIXED_MODELS = ("gpt3-175b", "llama-2-70b", "gpt-oss-120b", "nemotron-3-nano", "gemma-3-27b")
FIXED_CHIPS = ("a100-sxm-80gb", "h100-sxm", "gb200", "mi300x", "tpu-v5p", "trainium2")
FIXED_LAYOUTS = {
    "tp8 pp4 vpp2": Layout(tensor_parallel=8.0, pipeline_parallel=4.0, virtual_stages=2.0, data_parallel=16.0),
    "fsdp full recompute": Layout(data_parallel=512.0, zero_stage=3.0, recompute=2.0),
    "tp4 cp4 ep8 selective": Layout(
        tensor_parallel=4.0, context_parallel=4.0, expert_parallel=8.0, data_parallel=32.0, recompute=1.0,
        micro_batch=2.0,
    ),
    "tp2 pp8 zero bubble": Layout(tensor_parallel=2.0, pipeline_parallel=8.0, data_parallel=32.0, schedule=1.0),
}  # fmt: skip
NARROW = ("fp8", "nvfp4", "int8")

Point = dict[str, float | str | None]


def _setup(catalog: Catalog, chip: str, model: str, precision: str, batch: int) -> CalibratedSetup | None:
    try:
        return setup_training(
            catalog,
            chip=chip,
            model=catalog.model(model),
            precision=precision,
            sequence_length=4096,
            global_batch=batch,
        )
    except MissingFigureError:
        return None


def _rounded(value: object) -> float:
    return float(f"{float(np.ravel(np.asarray(value))[0]):.{SIGNIFICANT}g}")


def _estimated(found: CalibratedSetup | None, layout: Layout) -> Point:
    if found is None:
        return {"step_s": None, "memory_bytes": None, "mfu": None, "spread": None, "layout": "missing figure"}
    estimate = estimate_layout(found.setup, layout)
    degrees = ("tensor_parallel", "pipeline_parallel", "virtual_stages", "context_parallel", "expert_parallel")
    policies = ("data_parallel", "zero_stage", "recompute", "micro_batch")
    return {
        "step_s": _rounded(estimate.step.step_s),
        "memory_bytes": _rounded(estimate.memory.total),
        "mfu": _rounded(estimate.mfu),
        "spread": _rounded(found.spread(float(np.ravel(layout.chips)[0])).log_spread),
        "layout": " ".join(f"{name}={_rounded(getattr(layout, name)):g}" for name in degrees + policies),
    }


def _searched(found: CalibratedSetup | None, chips: int) -> Point:
    if found is None:
        return _estimated(None, Layout())
    setup = found.setup
    result = search_layouts(
        setup.shape, setup.job, setup.hardware, setup.kernels, chips=chips, space=PLANNING_SPACE, keep=1
    )
    if not len(result.best):
        least = _rounded(result.least_memory_bytes)
        return {"step_s": None, "memory_bytes": least, "mfu": None, "spread": None, "layout": "nothing fits"}
    return _estimated(found, result.best.layout.take(np.array([0])))


def points() -> Iterator[tuple[str, Point]]:
    """Name and prediction of every point of the grid."""
    catalog = load_catalog()
    for (model, chips, batch), chip in product(SEARCHED_MODELS, SEARCHED_CHIPS):
        yield f"{model} on {chips} {chip}, bf16", _searched(_setup(catalog, chip, model, "bf16", batch), chips)
    for model, chip, (name, layout) in product(FIXED_MODELS, FIXED_CHIPS, FIXED_LAYOUTS.items()):
        found = _setup(catalog, chip, model, "bf16", 1024)
        yield f"{model} on {layout.chips:g} {chip}, bf16, {name}", _estimated(found, layout)
    for precision, chip in product(NARROW, ("h100-sxm", "gb200", "mi355x", "tpu-v6e", "gaudi3")):
        found = _setup(catalog, chip, "llama-3.1-70b", precision, 512)
        yield f"llama-3.1-70b on 256 {chip}, {precision}", _searched(found, 256)


def main() -> None:
    """Write the grid."""
    found = dict(points())
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(point)}" for name, point in found.items())
    STORED.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
