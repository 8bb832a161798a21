"""Time of an average layer, of the LM head and of the loss for one micro-batch on one chip, before communication."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from tenfold.catalog import TransformerShape
from tenfold.performance.compute import (
    fused_attention_s,
    matmul_s,
    misaligned_halvings,
    streaming_s,
    unfused_attention_s,
)
from tenfold.performance.hardware import Hardware
from tenfold.performance.kernels import Kernels
from tenfold.performance.layout.columns import Layout
from tenfold.quantities import Column
from tenfold.workloads import (
    PLAIN_BYTES,
    Matmul,
    TrainingJob,
    attention_flops,
    head_bytes,
    head_matmul,
    launched_kernels,
    layer_matmuls,
    scan_flops,
    streamed_bytes,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassTime:
    """Seconds of one pass by kind of work; the kinds add up."""

    matmul_s: Column
    attention_s: Column
    elementwise_s: Column
    launch_s: Column
    """Gaps between kernels."""
    dequantising_s: Column
    """Bringing frozen weights to 16 bits, gaps between its kernels included."""

    @property
    def total_s(self) -> Column:
        """All kinds together."""
        return self.matmul_s + self.attention_s + self.elementwise_s + self.launch_s + self.dequantising_s


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerTime:
    """Forward and backward pass of an average layer; ``weight_s`` is the part of backward that no stage waits for."""

    forward: PassTime
    backward: PassTime
    weight_s: Column
    """Weight gradients, within ``backward``."""


def micro_batch_tokens(job: TrainingJob, layout: Layout) -> Column:
    """Tokens of one micro-batch on one chip."""
    return layout.micro_batch * job.sequence_length / layout.context_parallel


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductTime:
    """Seconds of the three products of a weight: forward, gradient of its input, gradient of the weight."""

    forward_s: Column
    input_gradient_s: Column
    weight_gradient_s: Column


def product_time(product: Matmul, job: TrainingJob, hardware: Hardware, kernels: Kernels) -> ProductTime:
    """Time of all ``count`` products, s.

    With Y = X·W, X of m × k and W of k × n: the gradient of X is an m × k product of depth n, the gradient of W a
    k × n product of depth m, which small micro-batches and many experts make shallow, added to a sum that the software
    keeps in ``gradient_bytes``: read and written. A weight whose widths miss multiples of 64 slows all three.
    """
    peak = hardware.wide_peak_flop_per_s if product.wide else hardware.matmul_peak_flop_per_s
    efficiency = kernels.wide_matmul_efficiency if product.wide else kernels.matmul_efficiency
    timed = partial(
        matmul_s,
        peak_flop_per_s=peak,
        efficiency=efficiency * kernels.grouped_efficiency if product.grouped else efficiency,
        half_width=kernels.matmul_half_width,
        half_depth=kernels.matmul_half_depth,
        wave_area=kernels.matmul_wave_area / product.groups,
        bytes_per_element=2.0 if product.wide else job.weight_bytes,
        memory_bytes_per_s=hardware.hbm_bytes_per_s * kernels.memory_efficiency,
        serial_share=kernels.serial_share,
    )
    m, n, k = product.m, product.n, product.k
    halvings = misaligned_halvings(n) + misaligned_halvings(k)
    count = product.count * (1.0 + kernels.matmul_misalignment * halvings)
    return ProductTime(
        forward_s=count * timed(m, n, k),
        input_gradient_s=count * timed(m, k, n),
        weight_gradient_s=count * timed(k, n, m, result_bytes=2.0 * kernels.gradient_bytes),
    )


def attention_core_s(
    shape: TransformerShape, job: TrainingJob, layout: Layout, hardware: Hardware, kernels: Kernels
) -> Column:
    """Forward time of the attention core (and state-space scan) of an average layer, s."""
    tokens = micro_batch_tokens(job, layout)
    attended = job.sequence_length * job.attended_share
    flops = attention_flops(shape, tokens, attended, layout.tensor_parallel)
    peak = hardware.wide_peak_flop_per_s
    fused = fused_attention_s(
        flops,
        attended,
        shape.head_dim,
        peak_flop_per_s=peak,
        efficiency=kernels.attention_efficiency,
        half_tokens=kernels.attention_half_tokens,
    )
    scan = scan_flops(shape, tokens, layout.tensor_parallel) / (peak * kernels.attention_efficiency)
    if np.all(np.asarray(job.fused_attention) == 1):
        return fused + scan
    unfused = unfused_attention_s(
        flops,
        shape.head_dim,
        peak_flop_per_s=peak,
        efficiency=kernels.wide_matmul_efficiency,
        memory_bytes_per_s=hardware.hbm_bytes_per_s * kernels.memory_efficiency,
        serial_share=kernels.serial_share,
    )
    return np.where(np.asarray(job.fused_attention) == 1, fused, unfused) + scan


def quantise_bytes(job: TrainingJob, matmuls: tuple[Matmul, ...]) -> Column:
    """Bytes moved to cast the inputs of narrow products: read 16 bits, write the narrow format twice (transposed)."""
    narrow = np.asarray(job.weight_bytes) < 2.0
    moved: Column = sum((p.count * p.m * p.k for p in matmuls if not p.wide), start=np.zeros(()))
    return np.asarray(narrow * moved * (2.0 + 2.0 * job.weight_bytes), dtype=np.float64)


def layer_products(shape: TransformerShape, job: TrainingJob, layout: Layout, kernels: Kernels) -> tuple[Matmul, ...]:
    """Products of an average layer on one chip of a layout, forward."""
    return layer_matmuls(
        shape,
        micro_batch_tokens(job, layout),
        layout.tensor_parallel,
        layout.expert_parallel,
        layout.expert_tensor_parallel,
        kernels.expert_imbalance,
    )


DEQUANTISING_KERNELS = 3.0
"""Kernels that bring a weight from NF4 to 16 bits: its scales from 8 bits, their offset, the weight [bitsandbytes,
``functional.dequantize_4bit`` of nested scales]."""


def dequantising_s(job: TrainingJob, matmuls: tuple[Matmul, ...], hardware: Hardware, kernels: Kernels) -> Column:
    """Time to bring the frozen weights of an average layer to 16 bits once, s, with the gaps between its kernels.

    Each is read as it is held and written in 16 bits; the product reads it then as any other. 0 for weights that are
    held in 16 bits. Forward, backward and each time a layer is recomputed [Dettmers et al. 2023, section 3].
    """
    narrow = np.asarray(np.asarray(job.frozen_bytes) < PLAIN_BYTES, dtype=np.float64)
    if not np.any(narrow):
        return np.zeros(())
    weights: Column = sum((p.count * p.n * p.k for p in matmuls if not p.wide), start=np.zeros(()))
    count: Column = sum((p.count for p in matmuls if not p.wide), start=np.zeros(()))
    moved = narrow * weights * (np.asarray(job.frozen_bytes) + PLAIN_BYTES)
    moving = streaming_s(moved, hardware.hbm_bytes_per_s * kernels.memory_efficiency)
    return np.asarray(moving + narrow * DEQUANTISING_KERNELS * count * kernels.kernel_gap_s)


CASTS = 2.0
"""Kernels for each expert held that cast the inputs of its two products to a narrow format."""


def layer_time(
    shape: TransformerShape, job: TrainingJob, layout: Layout, hardware: Hardware, kernels: Kernels
) -> LayerTime:
    """Forward and backward time of an average layer for one micro-batch; arguments broadcast."""
    tokens = micro_batch_tokens(job, layout)
    matmuls = layer_products(shape, job, layout, kernels)
    times = [product_time(product, job, hardware, kernels) for product in matmuls]
    products = sum((time.forward_s for time in times), start=np.zeros(()))
    attention = attention_core_s(shape, job, layout, hardware, kernels)
    moved = _moved_bytes(shape, layout, kernels, tokens) + quantise_bytes(job, matmuls)
    elementwise = streaming_s(moved, hardware.hbm_bytes_per_s * kernels.memory_efficiency)
    launch = launch_s(shape, job, layout, kernels)
    dequantising = dequantising_s(job, matmuls, hardware, kernels)
    trained = 1.0 - np.asarray(job.frozen_weights)
    weight = trained * sum((time.weight_gradient_s for time in times), start=np.zeros(()))
    backward_products = weight + sum((time.input_gradient_s for time in times), start=np.zeros(()))
    backward_attention = attention * kernels.attention_backward_ratio
    return LayerTime(
        forward=PassTime(
            matmul_s=products,
            attention_s=attention,
            elementwise_s=elementwise,
            launch_s=launch,
            dequantising_s=dequantising,
        ),
        backward=PassTime(
            matmul_s=backward_products,
            attention_s=backward_attention,
            elementwise_s=1.5 * elementwise,
            launch_s=2.0 * launch,
            dequantising_s=dequantising,
        ),
        weight_s=weight,
    )


def one_kernel_experts(shape: TransformerShape, kernels: Kernels) -> Column:
    """1 where one kernel does the products of the model's experts with the gate between them."""
    gated = np.asarray(shape.gated_mlp) * (np.asarray(shape.moe_layers) > 0)
    return np.asarray(np.asarray(kernels.graphed_experts) * gated, dtype=np.float64)


def launch_s(shape: TransformerShape, job: TrainingJob, layout: Layout, kernels: Kernels) -> Column:
    """Gaps between the kernels of an average layer, forward, s.

    A kernel launched by the host waits ``kernel_gap_s`` for the one before, one launched from a graph ``graph_gap_s``.
    Graphs hold all kernels where one kernel does the experts' work. Where software graphs attention and routing of
    models with experts, those that move the tokens of experts are left to the host [Megatron-Bridge, training/
    cuda-graphs: attn, moe_router, moe_preprocess]; hybrids are not graphed. Products of experts run on streams side
    by side, which leaves ``stream_share`` of their gaps.
    """
    one = one_kernel_experts(shape, kernels)
    wide = np.asarray(job.weight_bytes) >= 2.0
    per_expert = np.maximum(kernels.kernels_per_expert - CASTS * wide, 0.0) * (1.0 - one)
    launched = launched_kernels(shape, layout.expert_parallel, job.fused_attention, per_expert)
    plain = (np.asarray(shape.moe_layers) > 0) * (np.asarray(shape.mamba_layers) == 0)
    routed = np.maximum(one, np.asarray(kernels.graphed_attention) * plain)
    host, graph = np.asarray(kernels.kernel_gap_s), np.asarray(kernels.graph_gap_s)
    graphed = launched.routed * routed + launched.dispatched * one
    hosted = launched.routed + launched.dispatched - graphed + launched.experts * kernels.stream_share
    return np.asarray(graphed * graph + hosted * host, dtype=np.float64)


def _moved_bytes(shape: TransformerShape, layout: Layout, kernels: Kernels, tokens: Column) -> Column:
    """Bytes that elementwise work moves forward: each tensor times the passes that kernels make over it."""
    streamed = streamed_bytes(shape, tokens, layout.tensor_parallel, layout.sequence_parallel)
    apart = 1.0 - one_kernel_experts(shape, kernels)
    return (
        streamed.residual * kernels.residual_passes
        + streamed.activation * kernels.activation_passes
        + apart * streamed.expert_activation * kernels.activation_passes
        + streamed.expert_bias * kernels.expert_bias_passes
        + streamed.permutation * kernels.permutation_passes
        + streamed.scan * kernels.scan_passes
    )


def head_time_s(
    shape: TransformerShape, job: TrainingJob, layout: Layout, hardware: Hardware, kernels: Kernels
) -> Column:
    """LM head and loss, forward and backward, of one micro-batch, s."""
    tokens = micro_batch_tokens(job, layout)
    product = product_time(head_matmul(shape, tokens, layout.tensor_parallel), job, hardware, kernels)
    trained = 1.0 - np.asarray(job.frozen_weights)
    memory = hardware.hbm_bytes_per_s * kernels.memory_efficiency
    loss = streaming_s(head_bytes(shape, tokens, layout.tensor_parallel), memory)
    return product.forward_s + product.input_gradient_s + trained * product.weight_gradient_s + 2.0 * loss
