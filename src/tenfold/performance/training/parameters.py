"""Parameters held by one chip under a layout: dense and expert parts, body and embedding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.catalog import TransformerShape
from tenfold.performance.layout.columns import Layout
from tenfold.quantities import Column
from tenfold.workloads import embedding_parameters, expert_parameters, total_parameters


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


def held_parameters(shape: TransformerShape, layout: Layout) -> HeldParameters:
    """Parameters of the fullest chip; arguments broadcast."""
    stages, tensor = layout.pipeline_parallel, layout.tensor_parallel
    all_experts = shape.moe_layers * shape.experts * expert_parameters(shape)
    body = total_parameters(shape) - embedding_parameters(shape)
    tables = np.where(np.asarray(stages) == 1, 2.0 - np.asarray(shape.tied_embeddings), 1.0)
    return HeldParameters(
        dense=(body - all_experts) / (stages * tensor),
        experts=all_experts / (stages * layout.expert_ranks),
        embedding=tables * shape.hidden * shape.vocab / tensor,
    )
