"""The policy of a job as it is asked for by name: how it saves, recovers and notices failures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tenfold.quantities import OneOf
from tenfold.reliability.checkpointing import CHECKPOINTS
from tenfold.reliability.recoveries import DETECTIONS, RECOVERIES

CHECKPOINTING = OneOf(tuple(CHECKPOINTS), "checkpointing")
RECOVERY = OneOf(tuple(RECOVERIES), "recovery")
DETECTION = OneOf(tuple(DETECTIONS), "detection")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is done about failures of a job."""

    checkpointing: Annotated[str, CHECKPOINTING] = "asynchronous"
    """How saves are made."""
    recovery: Annotated[str, RECOVERY] = "node-spares"
    """What takes the place of what failed."""
    detection: Annotated[str, DETECTION] = "heartbeat"
    """How a failure is seen."""


USUAL = Policy()
"""Policy of a job of which nothing is said."""
