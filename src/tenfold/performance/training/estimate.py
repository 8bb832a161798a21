"""One estimate: a layout's step time, throughput, utilisation and memory; and the bounds of its step, asked apart."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tenfold.catalog import TransformerShape
from tenfold.performance.hardware import Hardware
from tenfold.performance.kernels import Kernels, recomputed
from tenfold.performance.layout.columns import Layout
from tenfold.performance.training.footprint import Footprint, footprint
from tenfold.performance.training.step import StepTime, step_alone_s, step_time
from tenfold.quantities import Column
from tenfold.workloads import TrainingJob, hardware_flops_per_token, model_flops_per_token


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSetup:
    """A model and a job on a kind of hardware with calibrated kernels: everything but the layout."""

    shape: TransformerShape
    job: TrainingJob
    hardware: Hardware
    kernels: Kernels


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingEstimate:
    """The P50 of a layout; everything broadcasts like the layout."""

    step: StepTime
    memory: Footprint
    tokens_per_s_per_chip: Column
    mfu: Column
    hfu: Column


def ideal_kernels(kernels: Kernels) -> Kernels:
    """Kernels at the peaks, with every overlap complete: the lower bound of a step."""
    return replace(
        kernels,
        matmul_efficiency=1.0,
        wide_matmul_efficiency=1.0,
        grouped_efficiency=1.0,
        matmul_half_width=0.0,
        matmul_half_depth=0.0,
        matmul_wave_area=0.0,
        matmul_misalignment=0.0,
        attention_efficiency=1.0,
        attention_half_tokens=0.0,
        attention_backward_ratio=np.minimum(kernels.attention_backward_ratio, 2.0),
        memory_efficiency=1.0,
        residual_passes=np.minimum(kernels.residual_passes, 1.0),
        activation_passes=np.minimum(kernels.activation_passes, 1.0),
        expert_bias_passes=np.minimum(kernels.expert_bias_passes, 1.0),
        permutation_passes=np.minimum(kernels.permutation_passes, 1.0),
        scan_passes=np.minimum(kernels.scan_passes, 1.0),
        kernel_gap_s=0.0,
        graph_gap_s=0.0,
        serial_share=0.0,
        scaleup_efficiency=np.maximum(kernels.scaleup_efficiency, 1.0),
        scaleout_efficiency=np.maximum(kernels.scaleout_efficiency, 1.0),
        tensor_overlap=1.0,
        context_overlap=1.0,
        expert_overlap=1.0,
        schedule_overlap=1.0,
        pipeline_overlap=1.0,
        data_overlap=1.0,
        overlap_tax=0.0,
        expert_imbalance=1.0,
        step_overhead_s=0.0,
        scale_loss=0.0,
        production_loss=0.0,
    )


def serial_kernels(kernels: Kernels) -> Kernels:
    """The same kernels with nothing overlapped: the upper bound of a step."""
    return replace(
        kernels,
        serial_share=1.0,
        tensor_overlap=0.0,
        context_overlap=0.0,
        expert_overlap=0.0,
        schedule_overlap=0.0,
        pipeline_overlap=0.0,
        data_overlap=0.0,
        overlap_tax=1.0,
    )


def estimate_layout(setup: TrainingSetup, layout: Layout) -> TrainingEstimate:
    """Time, memory and utilisation of a layout; MFU is against the dense peak of the job's precision."""
    shape, job, hardware, kernels = setup.shape, setup.job, setup.hardware, setup.kernels
    step = step_time(shape, job, layout, hardware, kernels)
    throughput = job.tokens_per_step / step.step_s / layout.chips
    peak = hardware.matmul_peak_flop_per_s
    return TrainingEstimate(
        step=step,
        memory=footprint(shape, job, layout, kernels),
        tokens_per_s_per_chip=throughput,
        mfu=throughput * model_flops_per_token(shape, job) / peak,
        hfu=throughput * hardware_flops_per_token(shape, job, recomputed(layout.recompute, kernels)) / peak,
    )


def step_bounds_s(setup: TrainingSetup, layout: Layout) -> tuple[Column, Column]:
    """Step times that a layout cannot beat and cannot miss, s: overlapped at the peaks, and with nothing overlapped."""
    lower, upper = (
        step_alone_s(setup.shape, setup.job, layout, setup.hardware, kernels)
        for kernels in (ideal_kernels(setup.kernels), serial_kernels(setup.kernels))
    )
    return lower, upper
