"""What is asked about the goodput of a job: hazards, a policy with its times, a run, spares, what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.quantities import Floats
from tenfold.reliability.ageing import Excess
from tenfold.reliability.checkpointing import PolicyInputs
from tenfold.reliability.components import JobHazards
from tenfold.reliability.policy import Policy
from tenfold.reliability.recoveries import Recovery
from tenfold.reliability.spares import SparePool


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodputQuestion:
    """What is asked about a job."""

    hazards: JobHazards
    inputs: PolicyInputs
    policy: Policy
    interval_s: float | None
    """None for the best."""
    run_s: float
    """Wall time the run is to take."""
    work_s: float | None
    """Useful work of the run; None for what fits ``run_s`` at the goodput expected."""
    excesses: tuple[Excess, ...]
    """What a young cluster fails more."""
    node_repair_s: float
    rack_repair_s: float
    replicas: int
    seed: int
    rate_factor: Floats
    stall_factor: Floats
    repair_factor: Floats
    """What is not known about rates, stalls and repairs, as a factor for each replica."""
    spares: int | None = None
    """Units that stand ready for the recovery, nodes or racks; None for as many as are needed."""
    spare_pools: float = 1.0
    """Places apart that hold so many units each, such as racks with spare nodes of their own."""
    maintenance_share: float = 0.0
    """Share of wall time that planned stops take."""

    def repair_s(self, recovery: Recovery) -> float:
        """Time until a unit that a recovery replaced is a spare again."""
        return self.rack_repair_s if recovery.spare_unit == "rack" else self.node_repair_s

    def pools(self, recovery: Recovery) -> Mapping[str, SparePool]:
        """The spares that stand ready, by their unit; empty where there are as many as are needed."""
        if self.spares is None or not recovery.spare_unit:
            return {}
        pool = SparePool(units=self.spares, repair_s=self.repair_s(recovery), pools=self.spare_pools)
        return {recovery.spare_unit: pool}
