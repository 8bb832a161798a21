"""Memory: bytes a chip holds while it trains, by part. Pure functions over columns."""

from tenfold.performance.memory.activations import ActivationBytes, activation_bytes, joined_bytes, logits_per_chip
from tenfold.performance.memory.states import StateBytes, state_bytes

__all__ = ["ActivationBytes", "StateBytes", "activation_bytes", "joined_bytes", "logits_per_chip", "state_bytes"]
