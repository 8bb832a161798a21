"""Setups and layouts that the tests of training performance share."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache

from hypothesis import strategies as st

from tenfold.catalog import Catalog, load_catalog
from tenfold.performance.kernels import Kernels
from tenfold.performance.layout import Layout
from tenfold.performance.training import TrainingSetup, setup_training
from tenfold.workloads import FULL

CATALOG: Catalog = load_catalog()
MODELS = (
    "gpt3-175b",
    "llama-3.1-70b",
    "mixtral-8x7b",
    "deepseek-v3",
    "gemma-3-27b",
    "nemotron-3-nano",
    "gpt-oss-120b",
    "gemma-2-9b",
)
DENSE = ("gpt3-175b", "llama-3.1-70b")
CHIPS = ("h100-sxm", "a100-sxm-80gb", "mi300x", "tpu-v5p", "trainium2", "gb200")
POWERS = (1, 2, 4, 8, 16)
DUALPIPE = 2.0


@cache  # thousands of cases draw from fewer than two hundred setups
def setup_of(
    model: str = "llama-3.1-70b",
    chip: str = "h100-sxm",
    *,
    precision: str = "bf16",
    sequence_length: int = 4096,
    global_batch: float = 512,
    tuning: str = FULL,
) -> TrainingSetup:
    found = setup_training(
        CATALOG,
        chip=chip,
        model=CATALOG.model(model),
        precision=precision,
        sequence_length=sequence_length,
        global_batch=global_batch,
        tuning=tuning,
    )
    return found.setup


def with_batch(setup: TrainingSetup, layout: Layout, micro_batches: int) -> TrainingSetup:
    """The setup with a global batch of ``micro_batches`` per replica of the layout."""
    batch = float(layout.data_parallel * layout.micro_batch * micro_batches)
    return replace(setup, job=replace(setup.job, global_batch=batch))


@st.composite
def kernels_around(draw: st.DrawFn, kernels: Kernels) -> Kernels:
    """Kernels whose shares and efficiencies are drawn anew, the rest as calibrated."""
    share = st.floats(0.05, 0.95)
    names = [field.name for field in fields(Kernels) if field.name.endswith(("overlap", "_share"))]
    drawn = {"scaleup_efficiency": draw(st.floats(0.5, 1.4)), "scaleout_efficiency": draw(st.floats(0.5, 1.4))}
    names += ["matmul_efficiency", "attention_efficiency", "memory_efficiency", "overlap_tax"]
    return replace(kernels, **drawn, **{name: draw(share) for name in names})


@st.composite
def layouts(draw: st.DrawFn, setup: TrainingSetup) -> Layout:
    """Any layout that divides the heads and the layers' pipeline loosely; experts only where there are some."""
    heads, experts = int(setup.shape.heads), int(setup.shape.experts)
    tensor = draw(st.sampled_from([degree for degree in POWERS if heads % degree == 0]))
    stages = draw(st.sampled_from((1, 2, 4, 8)))
    data, context = draw(st.sampled_from((1, 2, 4, 8, 64))), draw(st.sampled_from((1, 2, 4)))
    ranks = tensor * data * context
    held = [degree for degree in (1, 2, 4, 8) if experts % degree == 0 and degree <= ranks] if experts else [1]
    schedule = draw(st.sampled_from((0, 1, 2))) if stages > 1 else 0
    return Layout(
        tensor_parallel=float(tensor),
        pipeline_parallel=float(stages),
        virtual_stages=float(draw(st.sampled_from((1, 2)))) if stages > 1 and schedule == 0 else 1.0,
        context_parallel=float(context),
        expert_parallel=float(draw(st.sampled_from(held))),
        data_parallel=float(data),
        zero_stage=float(draw(st.sampled_from((0, 1, 2, 3)))),
        sequence_parallel=float(draw(st.booleans())),
        recompute=float(draw(st.sampled_from((0.0, 1.0, 1.3, 1.5, 2.0)))),
        micro_batch=float(draw(st.sampled_from((1, 2, 4)))),
        schedule=float(schedule),
        tensor_overlap=float(draw(st.booleans())),
        data_overlap=float(draw(st.booleans())),
    )


@st.composite
def cases(draw: st.DrawFn, models: tuple[str, ...] = MODELS) -> tuple[TrainingSetup, Layout]:
    """A setup with calibrated or perturbed kernels and a layout that its batch divides over."""
    setup = setup_of(draw(st.sampled_from(models)), draw(st.sampled_from(CHIPS)),
                     sequence_length=draw(st.sampled_from((2048, 8192, 32768))))  # fmt: skip
    if draw(st.booleans()):
        setup = replace(setup, kernels=draw(kernels_around(setup.kernels)))
    layout = draw(layouts(setup))
    count = int(layout.pipeline_parallel) * draw(st.sampled_from((1, 2, 4)))
    return with_batch(setup, layout, count), layout
