"""Kernels bound by memory: norms, activations, residuals, softmax of the loss, the optimizer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenfold.quantities import Column


def streaming_s(moved_bytes: Column, memory_bytes_per_s: Column) -> Column:
    """T = bytes / bandwidth reached, s."""
    return moved_bytes / memory_bytes_per_s
