"""Model FLOPs: what the mathematics of a step needs, whatever the software does.

6·N per token for N weights met in products (forward 2, backward 4), and for attention 3 × 2·s·a·(d_qk + d_v) per token
and layer, halved because a causal model attends to half of the square (PaLM, Chowdhery et al. 2022, appendix B, counts
the whole square). A window w < s/2 attends to w tokens. The scan of a state-space layer
is left out: its recurrent form is below 2 % of such a layer.
"""

from __future__ import annotations

import numpy as np

from tenfold.catalog import TransformerShape
from tenfold.quantities import Column
from tenfold.workloads.job import TrainingJob
from tenfold.workloads.layer import REBUILT_PRODUCTS, attention_flops, layer_matmuls
from tenfold.workloads.parameters import matmul_parameters
from tenfold.workloads.rebuilding import by_operation, rebuilt


def attention_flops_per_token(shape: TransformerShape, attended_tokens: Column) -> Column:
    """Forward FLOPs of the attention core per token over all layers, causal half only."""
    return 0.5 * shape.layers * attention_flops(shape, 1.0, attended_tokens, 1.0)


def model_flops_per_token(shape: TransformerShape, job: TrainingJob) -> Column:
    """FLOPs per trained token, forward and backward, nothing recomputed; frozen weights need no weight gradient."""
    passes = 3.0 - np.asarray(job.frozen_weights)
    attended = job.sequence_length * job.attended_share
    return 2.0 * passes * matmul_parameters(shape) + 3.0 * attention_flops_per_token(shape, attended)


def hardware_flops_per_token(shape: TransformerShape, job: TrainingJob, recompute: Column) -> Column:
    """``model_flops_per_token`` with recomputed products: none at 1, a whole forward of the layers at 2.

    A set of operations adds its own products and attention.
    """
    attended = job.sequence_length * job.attended_share
    core = attention_flops_per_token(shape, attended)
    layers = 2.0 * (matmul_parameters(shape) - shape.hidden * shape.vocab) + core
    whole_share = np.clip(np.asarray(recompute) - 1.0, 0.0, 1.0) * (1.0 - by_operation(recompute))
    again = whole_share * layers
    if np.any(by_operation(recompute) > 0):
        parts = rebuilt(recompute)
        again = again + parts["scores"] * core
        for product in layer_matmuls(shape, 1.0, 1.0, 1.0, 1.0, 1.0):
            if product.name in REBUILT_PRODUCTS:
                again = again + parts[REBUILT_PRODUCTS[product.name]] * shape.layers * product.flops
    return model_flops_per_token(shape, job) + again
