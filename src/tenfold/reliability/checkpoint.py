"""Checkpoints: how many bytes, how long they take to leave the chips.

bytes = parameters × bytes per parameter; time = bytes / (nodes × bandwidth of a node).
Source: Rajbhandari et al., arXiv:1910.02054, section 3.1 (state of mixed-precision Adam). Holds for a
sharded save in which every node writes its own part at the same speed.
"""

from __future__ import annotations

import numpy as np

from tenfold.quantities import Column, Floats


def checkpoint_bytes(parameters: Column, bytes_per_parameter: Column) -> Column:
    """Bytes of one checkpoint with optimizer state. ``parameters`` is the total, experts included. Broadcasts."""
    return np.multiply(parameters, bytes_per_parameter)


def write_time_s(saved_bytes: Column, nodes: Column, bytes_per_s_per_node: Column) -> Column:
    """Time to write one checkpoint to storage that survives a failure, s.

    With blocking saves this is the stall; with asynchronous saves it bounds the interval from below.
    Broadcasts; infinite where nothing can be written. Raises nothing.
    """
    with np.errstate(divide="ignore"):
        return np.divide(saved_bytes, np.multiply(nodes, bytes_per_s_per_node))


def copy_time_s(bytes_per_chip: Column, bytes_per_s_per_chip_one_way: Column, write_s: Column) -> Floats:
    """Time in which every chip copies its part of a save to a peer, s; broadcasts.

    bytes / bandwidth, and no longer than storage takes to write it; as long where the bandwidth is 0, not known.
    Chips send at the same time, each over its own share of the scale-out network.
    """
    with np.errstate(divide="ignore"):
        return np.asarray(np.minimum(np.divide(bytes_per_chip, bytes_per_s_per_chip_one_way), write_s))
