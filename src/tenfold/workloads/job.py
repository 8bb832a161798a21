"""A training job: what is trained on what, before anybody decides where and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenfold.workloads.tuning import PLAIN_BYTES

if TYPE_CHECKING:
    from tenfold.quantities import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingJob:
    """One optimizer step's work. Every field broadcasts, so a table of runs is a job of arrays."""

    sequence_length: Column
    """Tokens per sequence."""
    global_batch: Column
    """Sequences per optimizer step over all chips."""
    weight_bytes: Column = 2.0
    """Bytes per element that the weight matmuls read: 2 (bf16, fp16), 1 (fp8, int8), 0.5 (4-bit formats)."""
    frozen_weights: Column = 0.0
    """1 when the base weights are frozen (LoRA): no weight gradients, no optimizer state of their own."""
    frozen_bytes: Column = PLAIN_BYTES
    """Bytes a weight of the layers takes; below 2 it is frozen, and brought to 16 bits before every product."""
    adapter_rank: Column = 0.0
    """Rank of the adapters beside frozen weights; 0 where it is not known, and their states are not counted."""
    attended_share: Column = 1.0
    """Share of the sequence a token attends over before the causal mask; below 1 when short samples are packed."""
    fused_attention: Column = 1.0
    """1 for fused (flash) attention; 0 for software that writes the score matrix to memory."""

    fused_experts: Column = 1.0
    """1 for experts in fused kernels; 0 for software that runs them operation by operation and keeps every result."""

    @property
    def tokens_per_step(self) -> Column:
        """Tokens consumed by one optimizer step."""
        return self.sequence_length * self.global_batch
