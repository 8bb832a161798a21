"""Recoveries and detections: rivals with one signature, by name in ``RECOVERIES`` and ``DETECTIONS``.

    recovery(PolicyInputs) → Recovery        detection(PolicyInputs) → Detection

node-spares  a spare node takes the place of the failed one; the whole job restarts
rack-spares  a whole scale-up domain is replaced: the same stall, spares counted in domains
reschedule   no spares: the job waits for another node, then restarts
elastic      the replica with the failed part is dropped; the others stall briefly and go on without it until it is back
hot-standby  warm nodes with the program loaded take over
heartbeat    a failure is noticed when heartbeats or collectives time out
telemetry    sensors notice at once, and announce a share of failures in time to save and drain first

Sources: FT-HSDP, arXiv:2602.00277 (elastic: 3 min of stall against 10); ByteRobust, arXiv:2509.16293 (standby 10.87
times faster than a new schedule; 10 to 30 s of detection). Failures of the job itself stop every replica alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenfold.quantities import Column
    from tenfold.reliability.checkpointing import PolicyInputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What a failure of hardware costs, noticing and loading left out unless said; failures of the job restart it.

    Columns that broadcast.
    """

    stalls_job_s: Column
    """Stall of the whole job."""
    whole_job_s: Column
    """Stall of the whole job when its own software fails."""
    waits_replica_s: Column
    """Time the dropped replica is missing."""
    rolls_back: bool
    """Whether all return to the latest checkpoint; otherwise noticing is part of the stall."""
    spare_unit: str
    """What is held ready: ``node``, ``rack``, or nothing."""
    replicas: float
    """Data-parallel replicas the job needs at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """How failures are noticed. Columns that broadcast."""

    detection_s: Column
    pre_empted_share: Column
    """Share of hardware failures announced in time to save and drain."""


def node_spares(inputs: PolicyInputs) -> Recovery:
    """Restart with a spare node."""
    return _restart(inputs.restart_s, inputs, "node")


def rack_spares(inputs: PolicyInputs) -> Recovery:
    """Restart with a spare scale-up domain."""
    return _restart(inputs.restart_s, inputs, "rack")


def reschedule(inputs: PolicyInputs) -> Recovery:
    """Wait for a node, then restart."""
    import numpy as np

    return _restart(np.add(inputs.restart_s, inputs.reschedule_wait_s), inputs, "")


def hot_standby(inputs: PolicyInputs) -> Recovery:
    """A warm node takes over; no slower than a restart."""
    import numpy as np

    return _restart(np.minimum(inputs.standby_restart_s, inputs.restart_s), inputs, "node")


def elastic(inputs: PolicyInputs) -> Recovery:
    """Drop the replica, go on with the others, take it back once it has restarted."""
    return Recovery(
        stalls_job_s=inputs.elastic_stall_s,
        whole_job_s=inputs.restart_s,
        waits_replica_s=inputs.restart_s,
        rolls_back=False,
        spare_unit="node",
        replicas=2.0,
    )


def _restart(stalls_job_s: Column, inputs: PolicyInputs, spare_unit: str) -> Recovery:
    return Recovery(
        stalls_job_s=stalls_job_s,
        whole_job_s=inputs.restart_s,
        waits_replica_s=0.0,
        rolls_back=True,
        spare_unit=spare_unit,
        replicas=1.0,
    )


def heartbeat(inputs: PolicyInputs) -> Detection:
    """Wait for a heartbeat or a collective to time out."""
    return Detection(detection_s=inputs.heartbeat_s, pre_empted_share=0.0)


def telemetry(inputs: PolicyInputs) -> Detection:
    """Watch sensors; a share of failures is announced."""
    import numpy as np

    return Detection(
        detection_s=np.minimum(inputs.telemetry_s, inputs.heartbeat_s), pre_empted_share=inputs.pre_empted_share
    )


RECOVERIES: Mapping[str, Callable[[PolicyInputs], Recovery]] = MappingProxyType(
    {
        "node-spares": node_spares,
        "rack-spares": rack_spares,
        "reschedule": reschedule,
        "elastic": elastic,
        "hot-standby": hot_standby,
    }
)
"""Recoveries by name."""
DETECTIONS: Mapping[str, Callable[[PolicyInputs], Detection]] = MappingProxyType(
    {"heartbeat": heartbeat, "telemetry": telemetry}
)
"""Detections by name."""
