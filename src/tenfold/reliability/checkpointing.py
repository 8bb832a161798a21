"""Checkpoint policies: four rivals with one signature, by name in ``CHECKPOINTS``.

    policy(PolicyInputs) → Checkpointing

blocking      training stands still until storage has the save: stall = write time
asynchronous  a short stall to copy, then storage is written beside training: no shorter interval than the write takes
in-memory     copies in the memory of peers, a short stall; they outlive a node, not more; storage now and then
multi-tier    the same copies, and storage written beside training as often as it drains

A save that leaves the chips beside training is safe once it has drained, not when it is taken: a node that fails takes
its undrained shard along. Peers that hold a whole save go on draining it to storage when a node fails.

Sources: Wang et al., GEMINI (SOSP 2023), doi:10.1145/3600006.3613145; Wan et al., ByteRobust, arXiv:2509.16293 (stall
0.01 to 0.04 s). Times are seconds of the whole job; all hold for sharded saves in which every node writes its part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenfold.quantities import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyInputs:
    """What policies depend on: times in s, of one save, one failure, one repair. Columns that broadcast."""

    write_s: Column
    """Time one checkpoint takes to reach storage."""
    read_s: Column
    """Time it takes to come back from there, as far as restarts do not hold it."""
    copy_s: Column
    """Time one checkpoint takes to reach the memory of peers."""
    copy_back_s: Column
    """Time it takes to come back from there, as far as restarts do not hold it."""
    stall_s: Column
    """Time training stands still for a save that leaves the chips beside training."""
    durable_interval_s: Column
    """How often copies in memory also go to storage where that is done seldom."""
    chips_per_node: Column
    heartbeat_s: Column
    """Time until a failure is noticed by missing heartbeats and timeouts."""
    telemetry_s: Column
    """Time until sensors have noticed it."""
    pre_empted_share: Column
    """Share of hardware failures that sensors announce in time to save and drain."""
    restart_s: Column
    """From a failure noticed to training again: replace, reschedule, warm up."""
    standby_restart_s: Column
    reschedule_wait_s: Column
    elastic_stall_s: Column
    """Time all replicas stall when one is dropped, noticing included."""
    chips_per_replica: Column
    """Chips of one data-parallel replica."""
    replicas: Column
    """Data-parallel replicas."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpointing:
    """What a checkpoint policy does to the job. Columns that broadcast."""

    stall_s: Column
    shortest_interval_s: Column
    """A save has to be done before the next begins."""
    drain_s: Column
    """Uptime from taking a save until it outlives what it can outlive."""
    load_s: Column
    """Time to load the latest save after a failure it outlived."""
    survives_chips: Column
    """Largest blast radius, in chips, that the latest save outlives."""
    durable_interval_s: Column
    """How often a save reaches storage that outlives everything; 0 when each does."""
    durable_drain_s: Column
    """Uptime from taking such a save until storage has it."""
    durable_load_s: Column


Policy = Callable[[PolicyInputs], Checkpointing]
EVERYTHING = float("inf")


def blocking(inputs: PolicyInputs) -> Checkpointing:
    """Stop training, write to storage, go on."""
    return Checkpointing(
        stall_s=inputs.write_s,
        shortest_interval_s=0.0,
        drain_s=0.0,
        load_s=inputs.read_s,
        survives_chips=EVERYTHING,
        durable_interval_s=0.0,
        durable_drain_s=0.0,
        durable_load_s=inputs.read_s,
    )


def asynchronous(inputs: PolicyInputs) -> Checkpointing:
    """Copy, go on, write to storage beside training."""
    return Checkpointing(
        stall_s=inputs.stall_s,
        shortest_interval_s=inputs.write_s,
        drain_s=inputs.write_s,
        load_s=inputs.read_s,
        survives_chips=EVERYTHING,
        durable_interval_s=0.0,
        durable_drain_s=inputs.write_s,
        durable_load_s=inputs.read_s,
    )


def in_memory(inputs: PolicyInputs) -> Checkpointing:
    """Copy to the memory of peers; storage only every ``durable_interval_s``."""
    import numpy as np

    return Checkpointing(
        stall_s=inputs.stall_s,
        shortest_interval_s=inputs.copy_s,
        drain_s=inputs.copy_s,
        load_s=inputs.copy_back_s,
        survives_chips=inputs.chips_per_node,
        durable_interval_s=np.maximum(inputs.durable_interval_s, inputs.write_s),
        durable_drain_s=inputs.write_s,
        durable_load_s=inputs.read_s,
    )


def multi_tier(inputs: PolicyInputs) -> Checkpointing:
    """Copy to the memory of peers; storage as often as it drains."""
    return Checkpointing(
        stall_s=inputs.stall_s,
        shortest_interval_s=inputs.copy_s,
        drain_s=inputs.copy_s,
        load_s=inputs.copy_back_s,
        survives_chips=inputs.chips_per_node,
        durable_interval_s=inputs.write_s,
        durable_drain_s=inputs.write_s,
        durable_load_s=inputs.read_s,
    )


CHECKPOINTS: Mapping[str, Policy] = MappingProxyType(
    {"blocking": blocking, "asynchronous": asynchronous, "in-memory": in_memory, "multi-tier": multi_tier}
)
"""Checkpoint policies by name."""
