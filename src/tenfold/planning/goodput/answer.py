"""The answer about goodput."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.planning.goodput.question import GoodputQuestion
from tenfold.quantities import Figure, Made, NamedFigure, Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Ettr:
    """Effective training time ratio by rival."""

    first_order: float
    exact: float
    elastic: float
    monte_carlo: Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """Whether a closed form holds here."""

    valid: bool
    why_not: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRow:
    """A policy at its best interval."""

    checkpointing: str
    recovery: str
    detection: str
    interval_s: float
    ettr: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeRow:
    """ETTR of the policy asked for on a cluster of another size, with the same rates per node and the same times."""

    chips: int
    interval_s: float
    exact: float
    first_order: float
    """Below zero where failures come faster than recovery."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What others reached."""

    name: str
    chips: int | None
    """None where it is not published."""
    chip: str
    figure: Figure
    """The ETTR or goodput they state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodputAnswer:
    """What failures do to a job, with what it rests on."""

    question: GoodputQuestion
    made: Made
    chip: str
    chips: int
    system: str
    hazards: str
    """Key of the hazards, by component, that were scaled to the failure rate."""
    failures_per_1000_node_days: float
    """Of every cause; a node is eight chips."""
    mttf_h: float
    checkpointing: str
    recovery: str
    detection: str
    checkpoint_interval_s: float
    optimal_interval_s: float
    checkpoint_stall_s: float
    ettr: Ettr
    valid: Mapping[str, Validity]
    """By closed form."""
    lost_share: float
    """Of wall time, simulated, by whatever cause."""
    loss: Mapping[str, float]
    """Share of wall time lost to each cause, simulated; with useful time they sum to one."""
    loss_terms: Mapping[str, float]
    """The same by what the job did instead of training."""
    work_days: float
    finish_days: Percentiles
    finish_outcomes_days: tuple[float, ...]
    """Equally likely finishes, simulated, in order; infinite for what was broken off."""
    ends: bool
    """Whether the work is ever to be done with the policy asked for."""
    finished_share: float
    """Share of replicas that were done before they were broken off."""
    failures_in_run: float
    spares_p99: int
    """Nodes and racks to hold so that one is there 99 times of 100."""
    spare_nodes_p99: int
    spare_racks_p99: int
    spare_chips_p99: int
    under_repair: Percentiles
    policies: tuple[PolicyRow, ...]
    """The best first."""
    sizes: tuple[SizeRow, ...]
    """The smallest first; the cluster asked about is among them."""
    published: tuple[Published, ...]
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
    days: float
    replicas: int

    @property
    def best(self) -> PolicyRow:
        """The policy with the highest ETTR."""
        return self.policies[0]
