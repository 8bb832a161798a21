"""A replica ready to be timed: counts, layout, hardware and constants side by side, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tenfold.performance.network import Group, Links, group_of, scaleup_share
from tenfold.performance.serving.constants import Constants
from tenfold.performance.serving.hardware import ServingHardware
from tenfold.workloads.serving import Counted, ReplicaLayout, cache_kept_bytes

if TYPE_CHECKING:
    from tenfold.quantities import Column

RESERVE_BYTES = 3e9
"""Kept by the runtime, graphs and activations beside weights and cache; the engines' own logs report 2 to 5 GB."""
SCARCE = 8.0
"""A chip keeps at most its memory over this for the runtime, which matters on chips of a few GB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replica:
    """One replica, or a column of replicas."""

    counted: Counted
    layout: ReplicaLayout
    hardware: ServingHardware
    constants: Constants
    memory_share: Column = 0.9
    """Share of the memory that the engine takes."""
    free_share: Column = 1.0
    """Share that its cache takes of what weights and buffers leave of that."""
    max_sequences: Column = 1e9
    """Sequences that a rank runs at once at most: engines limit each data-parallel rank [vLLM documentation, "Data
    parallel deployment", 2026; for TensorRT-LLM github.com/ai-dynamo/dynamo/pull/11982, 2026-07-22]."""
    overlaps_host: Column = False
    """Whether the host prepares the next step while the chips run one."""

    @property
    def tensor_group(self) -> Group:
        """Chips that split a layer's attention."""
        return group_of(self.layout.tensor, 1.0, self.hardware.domain_chips)

    @property
    def width_group(self) -> Group:
        """Chips that share the experts."""
        return group_of(self.layout.width, 1.0, self.hardware.domain_chips)

    def links(self, group: Group) -> Links:
        """Bandwidth and latency of a group's collectives."""
        hardware, constants = self.hardware, self.constants
        usable = scaleup_share(
            group.inner, hardware.domain_chips, hardware.scaleup_mesh, hardware.scaleup_torus_dimensions
        )
        return Links(
            scaleup_bytes_per_s=hardware.scaleup_bytes_per_s * usable * constants.link_share,
            scaleup_latency_s=hardware.scaleup_latency_s * constants.reduce_factor,
            scaleout_bytes_per_s=hardware.scaleout_bytes_per_s * constants.link_share,
            scaleout_latency_s=hardware.scaleout_latency_s * constants.reduce_factor,
        )


TIGHT_SHARE = 0.96
"""Share of the memory that engines are given where the usual one leaves hardly a cache."""
SMALL_ROOM = 0.05
"""Share of the memory that such a cache takes at most."""


def cache_room_bytes(replica: Replica) -> Column:
    """Memory of a chip that is left for the cache, B; negative when the weights do not fit.

    The engine's usual share less weights and reserve; where that is hardly anything, what can be had by raising it.
    Engines divide the memory before or after the weights are loaded: ``--gpu-memory-utilization`` of vLLM is a share of
    all of it, ``free_gpu_memory_fraction`` of TensorRT-LLM one of what is left then [their documentation, 2026].
    """
    memory = np.asarray(replica.hardware.memory_bytes)
    taken = replica.counted.held_bytes + np.minimum(RESERVE_BYTES, memory / SCARCE)
    tight = np.minimum(TIGHT_SHARE * memory - taken, SMALL_ROOM * memory)
    return np.maximum(replica.free_share * (replica.memory_share * memory - taken), tight)


def cache_tokens(replica: Replica, tokens: Column) -> Column:
    """Tokens whose cache fits a rank, when sequences hold ``tokens`` each; the count an engine logs at its start.

    0 when the weights do not fit; infinite for a model that keeps nothing per token.
    """
    kept = cache_kept_bytes(replica.counted, tokens, replica.layout.pipeline)
    room = np.maximum(cache_room_bytes(replica), 0.0)
    return np.where(kept > 0, room / np.maximum(kept, 1e-9) * tokens, np.inf)


def most_sequences(replica: Replica, prompt_tokens: Column, output_tokens: Column, prefix_share: Column) -> Column:
    """Sequences a rank runs at once: the cache's room over what a request is admitted with, and the engine's limit.

    A request is admitted with its prompt, less what it shares with others, and ``cache_growth`` of its answer.
    """
    held = prompt_tokens * (1.0 - prefix_share) + replica.constants.cache_growth * output_tokens
    kept = cache_kept_bytes(replica.counted, held, replica.layout.pipeline)
    room = np.maximum(cache_room_bytes(replica), 0.0)
    fits = np.where(kept > 0, room / np.maximum(kept, 1e-9), np.inf)
    return np.minimum(fits, replica.max_sequences)
