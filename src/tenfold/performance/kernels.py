"""Calibrated constants of kernels as columns: what a time formula needs to know of software on a chip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tenfold.workloads import by_operation

if TYPE_CHECKING:
    from tenfold.quantities import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernels:
    """Calibrated constants of a chip family, a precision and a software stack. All are dimensionless unless named."""

    matmul_efficiency: Column
    """Share of the dense peak that a large matrix product in the job's precision reaches."""
    wide_matmul_efficiency: Column
    """The same in 16 bits."""
    grouped_efficiency: Column
    """Efficiency of grouped (expert) products relative to dense ones."""
    matmul_half_width: Column
    """Width m or n at which a product runs at half of its asymptotic speed."""
    matmul_wave_area: Column
    """Area of the result (m × n) that half a wave of tiles over the whole chip covers, elements."""
    matmul_misalignment: Column
    """Slowdown of a product per halving by which a width of its weight misses a multiple of 64."""
    matmul_half_depth: Column
    """Depth k at which a product runs at half of its asymptotic speed."""
    attention_efficiency: Column
    """Share of the 16-bit peak that fused attention reaches, forward."""
    attention_half_tokens: Column
    """Sequence length at which fused attention runs at half of its asymptotic speed."""
    attention_backward_ratio: Column
    """Time of the backward pass of fused attention over its forward pass (2.5 by FLOPs)."""
    memory_efficiency: Column
    """Share of the memory bandwidth that streaming kernels reach."""
    residual_passes: Column
    """Bytes moved by norms, residuals and rotations, relative to the count of ``streamed_bytes``."""
    activation_passes: Column
    expert_bias_passes: Column
    permutation_passes: Column
    scan_passes: Column
    kernel_gap_s: Column
    """Time between one kernel and the next: draining the last wave, launching, filling the first, s."""
    graph_gap_s: Column
    """The same where a graph launches the kernels of a whole step, s."""
    stream_share: Column
    """Share of the gaps between the kernels of single experts that is waited for, since streams run side by side."""
    serial_share: Column
    """0: the faster of two resources hides behind the slower; 1: they add."""
    scaleup_efficiency: Column
    scaleout_efficiency: Column
    spread_share: Column
    """Share of the scale-up bandwidth of collectives that tokens on their way to experts and back reach."""
    tensor_overlap: Column
    """Share of tensor-parallel traffic hidden behind matrix products."""
    context_overlap: Column
    expert_overlap: Column
    schedule_overlap: Column
    """Share of expert traffic hidden by a schedule that computes another micro-batch meanwhile."""
    pipeline_overlap: Column
    data_overlap: Column
    """Share of the compute window usable to hide data-parallel traffic."""
    overlap_tax: Column
    """Compute lost per second of traffic hidden behind it."""
    expert_imbalance: Column
    """Tokens on the busiest expert rank over the average."""
    step_overhead_s: Column
    """Host work once per step (data, logging, gradient norm), s."""
    scale_loss: Column
    """Slowdown per doubling of the chips beyond one node, from stragglers and network jitter."""
    reserve_bytes: Column
    """Memory kept by the runtime, libraries and fragmentation, B."""
    production_loss: Column = 0.0
    """Time a production run takes over a benchmark of the same layout, less one; 0 for a benchmark."""
    gradient_bytes: Column = 4.0
    """Bytes per gradient element accumulated and reduced."""
    gradient_copy_bytes: Column = 0.0
    """Bytes per gradient element of a narrower copy kept beside it."""
    reduce_passes: Column = 1.0
    """Times the gradients cross the network to be reduced under ZeRO-1 and ZeRO-2: 1 scattered, 2 all-reduced."""
    buffer_bytes: Column = 0.0
    """Buckets of the software for its collectives, B per chip."""
    logit_bytes: Column = 10.0
    """Bytes per logit at the peak of the loss: 16 bits forward, 32 for the loss and its gradient."""
    gate_bytes: Column = 2.0
    """Bytes per element that gates and values are kept in until the backward pass, before they are activated."""
    pipeline_scatter: Column = 1.0
    """1: tensor-parallel ranks each send their share to the next stage; 0: each sends the whole."""
    sends_once: Column = 0.0
    """1: a token bound for several experts of a chip, or of chips of a domain, is sent there once; 0: once for each."""
    kernels_per_expert: Column = 4.0
    """Kernels launched for each expert held, forward."""
    selective_share: Column = 0.0
    """Share of a layer's products that selective recompute runs again."""
    graphed_experts: Column = 0.0
    """1: one kernel for gated experts, and one graph for the step."""
    batched_overlap: Column = 0.0
    """1: traffic of experts travels while another micro-batch is computed, whatever the schedule."""
    graphed_attention: Column = 0.0
    """1: attention and routing of models with experts are launched from graphs."""
    pipeline_gathers_once: Column = 0.0
    """1: under ZeRO-3 with a pipeline, weights stay whole for a step and gradients are reduced at its end."""
    optimizer_bytes: Column = 12.0
    """Bytes per parameter of master weights and moments."""


def recomputed(recompute: Column, kernels: Kernels) -> Column:
    """A policy with what the software calls selective put in its place between 1 (norms, activations) and 2 (all).

    A set of operations is what it says.
    """
    policy = np.asarray(recompute, dtype=np.float64)
    return np.where(
        (policy >= 1.0) & (by_operation(policy) == 0), policy + (2.0 - policy) * kernels.selective_share, policy
    )


def sharding(zero_stage: Column, pipeline_parallel: Column, kernels: Kernels) -> Column:
    """The ZeRO stage whose memory and traffic a layout has: 1 for ZeRO-3 that gathers once a step in a pipeline."""
    stage = np.asarray(zero_stage, dtype=np.float64)
    once = np.asarray(kernels.pipeline_gathers_once) * (np.asarray(pipeline_parallel) > 1)
    return np.where((stage >= 3) & (once > 0), 1.0, stage)
