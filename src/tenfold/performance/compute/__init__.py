"""Compute: how long a kernel takes on one chip. Pure functions over columns."""

from tenfold.performance.compute.attention import fused_attention_s, unfused_attention_s
from tenfold.performance.compute.blend import blend_s
from tenfold.performance.compute.matmul import matmul_s, misaligned_halvings
from tenfold.performance.compute.streaming import streaming_s

__all__ = ["blend_s", "fused_attention_s", "matmul_s", "misaligned_halvings", "streaming_s", "unfused_attention_s"]
