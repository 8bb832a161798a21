"""Kernels bound by memory: norms, activations, residuals, softmax of the loss, the optimizer."""

from __future__ import annotations

from tenfold.catalog.models import Column


def streaming_s(moved_bytes: Column, memory_bytes_per_s: Column) -> Column:
    """T = bytes / bandwidth reached, s."""
    return moved_bytes / memory_bytes_per_s
