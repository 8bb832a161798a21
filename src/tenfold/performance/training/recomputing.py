"""What it takes to rebuild parts of a layer in the backward pass, operation by operation.

A part costs what it cost forward: its products, its passes over memory, its traffic that is waited for. Which operation
rebuilds which part is in ``workloads.OPERATIONS``; DeepSeek-V3 (2024, section 3.2.3) recomputes norms, up-projections
and gates so; Megatron-Core lists such modules as ``--recompute-modules``. Gaps between these kernels are left out.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tenfold.catalog import TransformerShape
from tenfold.performance.compute import streaming_s
from tenfold.performance.hardware import Hardware
from tenfold.performance.kernels import Kernels
from tenfold.performance.layout.columns import Layout
from tenfold.performance.training.communication import LayerTraffic
from tenfold.performance.training.layer_time import (
    LayerTime,
    layer_products,
    micro_batch_tokens,
    one_kernel_experts,
    product_time,
)
from tenfold.quantities import Column
from tenfold.workloads import REBUILT_PRODUCTS, TrainingJob, rebuilt, streamed_bytes

NORM_BYTES = 8.0
"""Two norms read and write a vector of 16 bits each."""


def part_s(
    shape: TransformerShape,
    job: TrainingJob,
    layout: Layout,
    compute: LayerTime,
    traffic: LayerTraffic,
    hardware: Hardware,
    kernels: Kernels,
) -> Mapping[str, Column]:
    """Time to rebuild each part of an average layer once, s; arguments broadcast."""
    tokens = micro_batch_tokens(job, layout)
    moved = streamed_bytes(shape, tokens, layout.tensor_parallel, layout.sequence_parallel)
    outer = 1.0 + np.asarray(layout.sequence_parallel) * (layout.tensor_parallel - 1.0)
    passes, apart = kernels.activation_passes, 1.0 - one_kernel_experts(shape, kernels)
    found: dict[str, Column] = {
        "norms": NORM_BYTES * tokens * shape.hidden / outer * kernels.residual_passes,
        "gates": moved.activation * passes,
        "expert_gates": apart * moved.expert_activation * passes + moved.expert_bias * kernels.expert_bias_passes,
        "scores": np.zeros(()),
        "heads": np.zeros(()),
        "experts": moved.permutation * kernels.permutation_passes,
    }
    memory = hardware.hbm_bytes_per_s * kernels.memory_efficiency
    found = {part: streaming_s(size, memory) for part, size in found.items()}
    found["scores"] = compute.forward.attention_s
    found["experts"] = found["experts"] + traffic.expert_s
    for product in layer_products(shape, job, layout, kernels):
        if (part := REBUILT_PRODUCTS.get(product.name, "")) in found:
            found[part] = found[part] + product_time(product, job, hardware, kernels).forward_s
    return found


def operations_s(recompute: Column, parts: Mapping[str, Column]) -> Column:
    """Time of an average layer to rebuild what a set of operations lets go, s; 0 for other policies."""
    return sum((here * parts[part] for part, here in rebuilt(recompute).items()), start=np.zeros(()))
