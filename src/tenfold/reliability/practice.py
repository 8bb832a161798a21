"""The policy of jobs, and the machines under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import System
from tenfold.quantities import Floats, Indices
from tenfold.reliability.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """The policy of jobs, and what their chips can send to peers."""

    policy: Policy
    copy_bytes_per_s_per_chip: Floats
    """Of each chip, system or site that is asked about, one way; 0 where it is not known."""

    def of(self, index: Indices | int) -> Practice:
        """The same for the systems at ``index``, which broadcast with draws."""
        taken = np.asarray(self.copy_bytes_per_s_per_chip[index])[..., None]
        return Practice(policy=self.policy, copy_bytes_per_s_per_chip=taken)

    def slowest(self, index: Indices) -> Practice:
        """The same for a job over all systems at ``index``: a copy is there when the slowest has sent it."""
        return Practice(policy=self.policy, copy_bytes_per_s_per_chip=self.copy_bytes_per_s_per_chip[index].min())


def practice_of(policy: Policy, systems: Sequence[System]) -> Practice:
    """Policy of jobs on these systems; where a network is not known, copies are as slow as storage."""
    sent = [0.0 if each.scaleout_bandwidth is None else each.scaleout_bandwidth.value for each in systems]
    return Practice(policy=policy, copy_bytes_per_s_per_chip=np.array(sent))
