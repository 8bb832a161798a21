"""How much of the time a job works: what a question drew becomes the inputs of ``reliability.working``, once for all.

Plans, runs over several sites and supplies are priced with one policy; ``goodput`` compares it with the others.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tenfold.quantities import Column
from tenfold.reliability import (
    Policy,
    PolicyInputs,
    Working,
    any_failure,
    checkpoint_bytes,
    with_cause,
    working,
    write_time_s,
)

CHIPS_PER_STORAGE_NODE = 8.0
"""The catalog states storage bandwidth for nodes of eight."""
PRICED = Policy(checkpointing="asynchronous", recovery="node-spares", detection="heartbeat")
"""Policy that jobs are priced with."""
TAKEN_BACK = "interruption"
"""Cause: the provider takes nodes of a spot cluster back."""


def job_working(
    of: Callable[[str], Column],
    chips: Column,
    parameters: float,
    *,
    rate_per_s: Column,
    taken_back_per_s: Column = 0.0,
    interval_s: Column | None = None,
    shortest_interval_s: Column = 0.0,
    drain_share: Column = 1.0,
    links_down_share: Column = 0.0,
) -> Working:
    """Share of wall time that a job works, with its terms; everything broadcasts.

    ``of`` gives what was drawn of ``stall``, ``detection``, ``restart``, ``checkpoint_size`` and ``write_rate``.
    ``rate_per_s`` is that of failures, ``taken_back_per_s`` that of interruptions by the provider. ``interval_s`` is
    useful work between saves, None for the best at the values; no shorter than a save drains or a step
    (``shortest_interval_s``) takes, nor than storage that writes saves for ``drain_share`` of the time needs.
    """
    hazards = any_failure(np.asarray(rate_per_s, dtype=np.float64), CHIPS_PER_STORAGE_NODE)
    if np.any(taken_back_per_s):
        hazards = with_cause(hazards, TAKEN_BACK, "node", taken_back_per_s, CHIPS_PER_STORAGE_NODE)
    nodes = np.maximum(np.divide(chips, CHIPS_PER_STORAGE_NODE), 1.0)
    saved = checkpoint_bytes(parameters, of("checkpoint_size"))
    write_s = write_time_s(saved, nodes, of("write_rate"))
    return working(
        hazards,
        PRICED,
        _inputs(of, write_s=write_s),
        interval_s=interval_s,
        shortest_interval_s=np.maximum(shortest_interval_s, np.divide(write_s, drain_share)),
        links_down_share=links_down_share,
    )


def _inputs(of: Callable[[str], Column], *, write_s: Column) -> PolicyInputs:
    """Times of the policy that jobs are priced with; what other policies need is not drawn."""
    return PolicyInputs(
        write_s=write_s,
        read_s=0.0,
        copy_s=0.0,
        copy_back_s=0.0,
        stall_s=of("stall"),
        durable_interval_s=0.0,
        chips_per_node=CHIPS_PER_STORAGE_NODE,
        heartbeat_s=of("detection"),
        telemetry_s=0.0,
        pre_empted_share=0.0,
        restart_s=of("restart"),
        standby_restart_s=0.0,
        reschedule_wait_s=0.0,
        elastic_stall_s=0.0,
        chips_per_replica=1.0,
        replicas=np.inf,
    )
