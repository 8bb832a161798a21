"""Parameters held by one chip under a layout: dense and expert parts, body and embedding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.catalog import TransformerShape
from tenfold.performance.layout.columns import Layout
from tenfold.quantities import Column
from tenfold.workloads import (
    attention_parameters_per_layer,
    embedding_parameters,
    expert_parameters,
    shared_expert_parameters_per_layer,
    total_parameters,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldParameters:
    """Parameters on the fullest chip before any sharding over data-parallel ranks."""

    dense: Column
    """Attention, dense feed-forward, norms, router and shared experts of one stage."""
    experts: Column
    embedding: Column
    """One vocabulary table (input or output) on the first and the last stage; both where they are one stage."""

    @property
    def total(self) -> Column:
        """All parameters of the fullest stage."""
        return self.dense + self.experts + self.embedding


def full_stage_layers(shape: TransformerShape, layout: Layout) -> Column:
    """Layers of the stages that have most of them."""
    chunks = layout.virtual_stages
    return np.asarray(np.ceil(shape.layers / (layout.pipeline_parallel * chunks) - 1e-9) * chunks)


def last_stage_layers(shape: TransformerShape, layout: Layout) -> Column:
    """Layers of the last stage, which has the short share where they do not divide."""
    return np.maximum(shape.layers - full_stage_layers(shape, layout) * (layout.pipeline_parallel - 1.0), 0.0)


def held_parameters(shape: TransformerShape, layout: Layout) -> HeldParameters:
    """Parameters of the fullest chip, on a stage with most layers, all of experts where the model has as many."""
    stages, tensor = layout.pipeline_parallel, layout.tensor_parallel
    all_experts = shape.moe_layers * shape.experts * expert_parameters(shape)
    body = total_parameters(shape) - embedding_parameters(shape)
    tables = np.where(np.asarray(stages) == 1, 2.0 - np.asarray(shape.tied_embeddings), 1.0)
    full, moe = full_stage_layers(shape, layout), np.asarray(shape.moe_layers)
    return HeldParameters(
        dense=(body - all_experts) * full / shape.layers / tensor,
        experts=all_experts * np.minimum(full, moe) / np.maximum(moe, 1.0) / layout.expert_ranks,
        embedding=tables * shape.hidden * shape.vocab / tensor,
    )


def last_parameters(shape: TransformerShape, layout: Layout, held: HeldParameters) -> HeldParameters:
    """Those of the last stage, of ``held`` on a full one, with layers of multi-token prediction; arguments broadcast.

    Each of those is a layer like the model's last, a product of 2h × h that joins hidden vector and token, and a
    vocabulary table of its own where the input table is on another stage [DeepSeek-V3 2024, section 2.2].
    """
    tensor, predicting = layout.tensor_parallel, np.asarray(shape.mtp_layers)
    routed = shape.experts * expert_parameters(shape) * np.asarray(np.asarray(shape.moe_layers) > 0)
    rest = attention_parameters_per_layer(shape) + shared_expert_parameters_per_layer(shape)
    rest = rest + 2.0 * np.square(shape.hidden)
    apart = np.asarray(np.asarray(layout.pipeline_parallel) > 1, dtype=np.float64)
    share = last_stage_layers(shape, layout) / full_stage_layers(shape, layout)
    return HeldParameters(
        dense=held.dense * share + predicting * rest / tensor,
        experts=held.experts * share + predicting * routed / layout.expert_ranks,
        embedding=held.embedding + apart * predicting * shape.hidden * shape.vocab / tensor,
    )


def paired_parameters(shape: TransformerShape, layout: Layout, held: HeldParameters) -> HeldParameters:
    """Those of the chip that holds the first and the last stage, as under DualPipe, which lets them share tables."""
    last = last_parameters(shape, layout, held)
    return HeldParameters(
        dense=held.dense + last.dense,
        experts=held.experts + last.experts,
        embedding=(2.0 - np.asarray(shape.tied_embeddings)) * shape.hidden * shape.vocab / layout.tensor_parallel,
    )


def inner_pair(held: HeldParameters) -> HeldParameters:
    """Those of a chip that holds two full stages without vocabulary tables."""
    return HeldParameters(dense=2.0 * held.dense, experts=2.0 * held.experts, embedding=0.0)


def chosen(first: HeldParameters, second: HeldParameters, use_second: Column) -> HeldParameters:
    """One or the other, place by place."""
    here = np.asarray(use_second) > 0
    names = HeldParameters.__slots__
    return HeldParameters(**{name: np.where(here, getattr(second, name), getattr(first, name)) for name in names})
