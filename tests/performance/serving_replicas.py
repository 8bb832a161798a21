"""Replicas that the tests of serving share."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from tenfold.catalog import Catalog, load_catalog
from tenfold.performance.serving import Replica, replicas_of, row_of, serving_factors, setting_of
from tenfold.workloads.serving import ReplicaLayout, Traffic

CATALOG: Catalog = load_catalog()
FACTORS = serving_factors(CATALOG)
MODELS = ("llama-3.1-8b", "llama-3.1-70b", "mixtral-8x7b", "deepseek-v3", "gpt-oss-120b", "qwen3.5-9b", "gemma-3-27b")
CHIPS = ("h100-sxm", "h200-sxm", "b200", "mi300x", "tpu-v6e", "gaudi3")
ENGINES = ("vllm-2026", "sglang-2026", "tensorrt-llm-2026")


def replica_of(
    model: str = "llama-3.1-70b",
    chip: str = "h100-sxm",
    *,
    engine: str = "vllm-2026",
    precision: str = "fp8",
    layout: ReplicaLayout | None = None,
) -> Replica:
    laid = layout or ReplicaLayout(tensor=8.0)
    setting = setting_of(
        CATALOG,
        CATALOG.chip(chip),
        CATALOG.model(model).shape,
        CATALOG.engines[engine],
        laid,
        precision=precision,
        cache_format="bf16",
    )
    return row_of(replicas_of([setting], FACTORS), 0)


def faster_memory(replica: Replica, factor: float) -> Replica:
    hardware = replica.hardware
    return replace(replica, hardware=replace(hardware, memory_bytes_per_s=hardware.memory_bytes_per_s * factor))


def faster_links(replica: Replica, factor: float) -> Replica:
    hardware = replica.hardware
    moved = {name: getattr(hardware, name) * factor for name in ("scaleup_bytes_per_s", "scaleout_bytes_per_s")}
    return replace(replica, hardware=replace(hardware, **moved))


@st.composite
def replicas(draw: st.DrawFn) -> Replica:
    tensor = draw(st.sampled_from((1.0, 2.0, 4.0, 8.0)))
    return replica_of(
        draw(st.sampled_from(MODELS)),
        draw(st.sampled_from(CHIPS)),
        engine=draw(st.sampled_from(ENGINES)),
        precision=draw(st.sampled_from(("bf16", "fp8"))),
        layout=ReplicaLayout(tensor=tensor),
    )


@st.composite
def traffics(draw: st.DrawFn) -> Traffic:
    return Traffic(
        prompt_tokens=float(draw(st.integers(16, 16_384))),
        output_tokens=float(draw(st.integers(2, 4_096))),
        prefix_share=draw(st.sampled_from((0.0, 0.5, 0.9))),
    )
