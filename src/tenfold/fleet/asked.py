"""What every question about a shared fleet is asked: the jobs, the fleet, and how it is shared. Declared once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from tenfold.fleet.admissions import ADMISSIONS
from tenfold.fleet.asking import Commas, Counts, Shares
from tenfold.fleet.drawn.streams import Stream
from tenfold.fleet.engine.moving_orders import MOVING_ORDERS
from tenfold.fleet.fair import HALF_LIFE_S, TURNS
from tenfold.fleet.orders import ORDERS
from tenfold.fleet.placements import PLACEMENTS
from tenfold.fleet.preemptions import PREEMPTIONS
from tenfold.fleet.shared.scores import SHARED_PLACEMENTS
from tenfold.fleet.shares import SHARES
from tenfold.quantities import Amount, DataFile, Named, OneOf, SideFile, Switch, Whole
from tenfold.reliability import CHECKPOINTS, DETECTIONS, RECOVERIES

ORDER_NAMES = tuple(dict.fromkeys((*ORDERS, *TURNS, *MOVING_ORDERS, *SHARES)))
PLACEMENT_NAMES = tuple(dict.fromkeys((*PLACEMENTS, *SHARED_PLACEMENTS)))
ORDERS_OF_KINDS = ("fifo", *SHARES)
ROUND_S = 360.0
LAS_QUEUES = (3250.0, 7200.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetAsked:
    """The jobs, the fleet, and how it is shared."""

    trace: Annotated[str | None, DataFile("a trace of jobs")] = None
    """Trace of jobs: Parquet, CSV, sacct -P, SWF."""
    jobs: tuple[Stream, ...] = ()
    """Jobs drawn from distributions in place of a trace: they arrive, wait as a backlog, or follow the day."""
    jobs_for_s: Annotated[float | None, Amount("s", above=0.0, most=1e9)] = None
    """How long drawn jobs keep coming, from midnight on."""
    chips: Annotated[int | None, Whole()] = None
    """Chips of the fleet; when left out the sum of the quotas, or of the cluster queues of a snapshot."""
    nodes_of: Annotated[int | None, Whole(most=100_000)] = None
    """Chips of a node; one pool without a shape when left out."""
    domains: Annotated[str | None, SideFile("a CSV of nodes by domain, or sinfo --json")] = None
    """CSV of nodes and chips of each, and the domain they are in by level, wide to narrow: site,rack,nodes,chips; or
    sinfo --json, by partition."""
    crossing: Annotated[Mapping[str, float], Shares()] = field(default_factory=dict)
    """Share of the network that is left between domains of a level, such as site=0.02,pod=0.5; all of it elsewhere."""
    power: Annotated[str | None, SideFile("a CSV of power in steps")] = None
    """CSV of from_s and mw, and columns of levels for caps of single domains: how much power chips and their hosts may
    draw, from when on; none before the first."""
    reservations: Annotated[str | None, SideFile("a CSV of reserved chips")] = None
    """CSV of tenant, chips, from_s and until_s: held for the tenant, whose jobs come first meanwhile."""
    order: Annotated[str, OneOf(ORDER_NAMES, "order")] = "fifo"
    """Who comes first."""
    admission: Annotated[str | None, OneOf(tuple(ADMISSIONS), "admission")] = None
    """Who may start: head when left out, and skip for orders that move (srtf, las)."""
    placement: Annotated[str, OneOf(PLACEMENT_NAMES, "placement")] = "best-fit"
    """Which node a gang stands in; dot-prod, clustering, packing and fgd where tasks share chips."""
    nodes: Annotated[str | None, DataFile("a CSV of nodes")] = None
    """CSV of nodes with cpu_milli, memory_mib and gpu: tasks of the trace share their chips, and fill them."""
    draws: Annotated[int, Whole(most=10_000)] = 10
    """Times that the order of tasks is drawn, where they share chips."""
    las_queues: Annotated[tuple[float, ...], Commas(Amount("1", above=0.0))] = LAS_QUEUES
    """Chip-seconds at which a job sinks to the next queue of las."""
    quotas: Annotated[str | None, DataFile("a CSV of tenant and chips")] = None
    """CSV of tenant and chips: each tenant has its own part of the fleet."""
    weights: Annotated[Mapping[str, int], Counts()] = field(default_factory=dict)
    """Weights of tenants under fair and drf, such as research=3,eval=1: who has used least for its weight is first;
    1 when left out."""
    half_life_s: Annotated[float, Amount("s", above=0.0, most=1e9)] = HALF_LIFE_S
    """Time after which half of what a tenant used is forgotten, under fair."""
    interval_s: Annotated[float, Amount("s", most=1e6)] = 0.0
    """Time between two scheduling passes; 0 for one at every event."""
    kinds: Annotated[Mapping[str, int], Counts()] = field(default_factory=dict)
    """Unlike chips: kind and count, such as v100=8,k80=24; time goes in rounds, by order fifo, las or max-min."""
    throughputs: Annotated[str | None, DataFile("a CSV of steps per second")] = None
    """CSV of steps_per_s by job_type, scale_factor and chip, for kinds."""
    round_s: Annotated[float, Amount("s", above=0.0, most=1e6)] = ROUND_S
    """Length of a round, where there are kinds."""
    preemption: Annotated[str, OneOf(tuple(PREEMPTIONS), "preemption")] = "none"
    """How running jobs make room: later tiers requeue from a save, save and stop, or shrink; or any move (migrate); or
    who waits starts on fewer chips (elastic)."""
    notice_s: Annotated[float, Amount("s", most=1e6)] = 0.0
    """Between telling a job to make room and its stop; long enough for a save, it keeps all it has done."""
    guaranteed: Annotated[str | None, DataFile("a CSV of tenant and chips")] = None
    """CSV of tenant and chips that are guaranteed: others may borrow them, and give them back by preemption."""
    spot: Annotated[str | None, SideFile("a CSV of spot chips")] = None
    """CSV of chips, from_s, until_s and notice_s: spot chips, the last nodes, that are taken back after a notice."""
    failures: Annotated[bool, Switch()] = False
    """Let machines fail by the hazards of the chip."""
    failures_per_1000_node_days: Annotated[float | None, Amount("1", most=1e6)] = None
    """Failures of nodes of eight; the catalog's for the chip when left out."""
    checkpointing: Annotated[str, OneOf(tuple(CHECKPOINTS), "checkpoint policy")] = "asynchronous"
    """How jobs save."""
    recovery: Annotated[str, OneOf(tuple(RECOVERIES), "recovery")] = "node-spares"
    """How jobs come back from a failure."""
    detection: Annotated[str, OneOf(tuple(DETECTIONS), "detection")] = "heartbeat"
    """How failures are noticed."""
    checkpoint_interval_s: Annotated[float | None, Amount("s", above=0.0, most=1e8)] = None
    """Useful work between saves; the best for the policy when left out."""
    save_s: Annotated[float | None, Amount("s", most=1e6)] = None
    """Standing still for a save; that of the policy when left out."""
    restart_s: Annotated[float | None, Amount("s", most=1e6)] = None
    """From a stop to work again, once a job has chips; that of the policy when left out."""
    repair_s: Annotated[float | None, Amount("s", most=1e8)] = None
    """Until a failed node is back; the catalog's when left out."""
    lemons: Annotated[bool, Switch()] = False
    """Let some nodes fail several times as often: the share and the factor that the catalog has of defective nodes."""
    drain_after: Annotated[int | None, Whole(most=1000)] = None
    """Failures after which a node is drained and replaced by a sound one; repaired every time when left out."""
    drain_s: Annotated[float | None, Amount("s", most=1e8)] = None
    """Until the replacement of a drained node is there; the time of a repair when left out."""
    crash_share: Annotated[float | None, Amount("1", above=0.0, most=1.0)] = None
    """Share of jobs that fail by themselves, again and again; none when left out."""
    crashes: Annotated[int | None, Whole(most=1000)] = None
    """Times that such a job fails before it runs through."""
    crash_after_s: Annotated[float | None, Amount("s", most=1e8)] = None
    """Time that it works after each start until it fails."""
    reruns: Annotated[int, Whole(least=0, most=1000)] = 0
    """Times the replay is made again: other tie orders and draws, passes up to two minutes apart, other failures."""
    skip_damaged: Annotated[bool, Switch()] = False
    """Leave damaged rows of the trace out, and name them."""
    chip: Annotated[str | None, Named("chips")] = None
    """Chip of the fleet, by key or alias, for what it costs."""
    usd_per_chip_hour: Annotated[float | None, Amount("1", most=1e4)] = None
    """Price of a chip-hour, USD; that of the chip on demand when left out."""

    @property
    def contested(self) -> bool:
        """Whether running jobs can be stopped at a cost."""
        said = (self.guaranteed, self.reservations, self.spot, self.crash_share)
        return self.failures or self.preemption != "none" or any(each is not None for each in said)

    @property
    def admitted(self) -> str:
        """Admission that is meant."""
        return self.admission or ("skip" if self.order in MOVING_ORDERS else "head")

    @property
    def chips_in_snapshot(self) -> bool:
        """Whether nothing but a snapshot can say how many chips there are."""
        said = (self.chips, self.quotas, self.nodes, self.domains)
        snapshot = self.trace is not None and self.trace.endswith(".json")
        return snapshot and not self.kinds and all(each is None for each in said)
