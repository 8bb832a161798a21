"""How much of the time a job works: what a question drew becomes the inputs of ``reliability.working``, once for all.

The policy is that of the question: a name in the tables of the reliability room is one here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from tenfold.quantities import YEAR_S, Column, Floats
from tenfold.reliability import (
    USUAL,
    Policy,
    PolicyInputs,
    Practice,
    Working,
    any_failure,
    away_share,
    checkpoint_bytes,
    copy_time_s,
    failure_rate_per_s,
    gang_reclaims_per_s,
    with_cause,
    working,
    write_time_s,
)

CHIPS_PER_STORAGE_NODE = 8.0
"""The catalog states storage bandwidth for nodes of eight."""
LONGEST_INTERVAL_S = YEAR_S
"""Useful work between saves at most, beyond any run: where nothing rolls back, no save is worth its stall."""
TAKEN_BACK = "interruption"
"""Cause: the provider takes nodes of a spot cluster back."""


def job_working(
    of: Callable[[str], Column],
    chips: Column,
    parameters: float,
    practice: Practice,
    *,
    rate_per_s: Column,
    taken_back_per_s: Column = 0.0,
    away_s: Column = 0.0,
    interval_s: Column | None = None,
    shortest_interval_s: Column = 0.0,
    drain_share: Column = 1.0,
    links_down_share: Column = 0.0,
) -> Working:
    """Share of wall time that a job works, with its terms; everything broadcasts.

    ``of`` gives what was drawn: the part ``WORK`` of the table of inputs, ``POLICY`` too unless it is the usual.
    ``rate_per_s`` is that of failures, ``taken_back_per_s`` that of interruptions by the provider, after
    each of which there are no chips for ``away_s``. ``interval_s`` is useful work between saves, None for the best at
    the values; no shorter than a save drains or a step (``shortest_interval_s``) takes, nor than storage that writes
    saves for ``drain_share`` of the time needs.
    """
    hazards = any_failure(np.asarray(rate_per_s, dtype=np.float64), CHIPS_PER_STORAGE_NODE)
    if np.any(taken_back_per_s):
        hazards = with_cause(hazards, TAKEN_BACK, "node", taken_back_per_s, CHIPS_PER_STORAGE_NODE)
    nodes = np.maximum(np.divide(chips, CHIPS_PER_STORAGE_NODE), 1.0)
    saved = checkpoint_bytes(parameters, of("checkpoint_size"))
    write_s = write_time_s(saved, nodes, of("write_rate"))
    copy_s = copy_time_s(np.divide(saved, chips), practice.copy_bytes_per_s_per_chip, write_s)
    found = working(
        hazards,
        practice.policy,
        _inputs(of, practice.policy, chips, write_s=write_s, copy_s=copy_s),
        interval_s=interval_s,
        longest_interval_s=LONGEST_INTERVAL_S,
        shortest_interval_s=np.maximum(shortest_interval_s, np.divide(write_s, drain_share)),
        links_down_share=links_down_share,
    )
    return found.halted("waiting_for_spares", away_share(taken_back_per_s, away_s))


def taken_back_per_s(of: Callable[[str], Column], chips: Column) -> Floats:
    """Rate at which the provider of spot chips stops a job over so many; ``of`` gives the part ``SPOT``."""
    nodes = np.maximum(np.divide(chips, CHIPS_PER_STORAGE_NODE), 1.0)
    per_node = np.asarray(failure_rate_per_s(of("interruptions"), CHIPS_PER_STORAGE_NODE))
    return gang_reclaims_per_s(per_node, nodes, of("taken_together"))


def _inputs(
    of: Callable[[str], Column], policy: Policy, chips: Column, *, write_s: Column, copy_s: Column
) -> PolicyInputs:
    """Times of a policy. A restart holds loading; what the usual policy has no use for is not drawn."""
    at = _unused if policy == USUAL else of
    per_replica = np.maximum(np.minimum(at("chips_per_replica"), chips), 1.0)
    return PolicyInputs(
        write_s=write_s,
        read_s=0.0,
        copy_s=copy_s,
        copy_back_s=0.0,
        stall_s=of("stall"),
        durable_interval_s=at("durable_interval"),
        chips_per_node=CHIPS_PER_STORAGE_NODE,
        heartbeat_s=of("detection"),
        telemetry_s=at("telemetry"),
        pre_empted_share=at("pre_empted_share"),
        restart_s=of("restart"),
        standby_restart_s=at("standby_restart"),
        reschedule_wait_s=at("reschedule_wait"),
        elastic_stall_s=at("elastic_stall"),
        chips_per_replica=per_replica,
        replicas=np.divide(chips, per_replica),
    )


def _unused(key: str) -> Column:
    del key
    return 0.0


def policy_notes(policy: Policy) -> Iterator[str]:
    """Say which policy was asked for, where it is not the usual one."""
    if policy != USUAL:
        yield f"Saves are {policy.checkpointing}, recovery is {policy.recovery}, detection is {policy.detection}"
