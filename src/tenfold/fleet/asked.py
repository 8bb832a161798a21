"""What every question about a shared fleet is asked: the jobs, the fleet, and how it is shared. Declared once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from tenfold.fleet.admissions import ADMISSIONS
from tenfold.fleet.asking import Commas, Counts
from tenfold.fleet.engine.contest import Upsets
from tenfold.fleet.engine.moving_orders import MOVING_ORDERS
from tenfold.fleet.fair import TURNS
from tenfold.fleet.orders import ORDERS
from tenfold.fleet.placements import PLACEMENTS
from tenfold.fleet.preemptions import PREEMPTIONS
from tenfold.fleet.quotas import read_quotas
from tenfold.fleet.replay import Replay, Rules, replay, replay_unlike
from tenfold.fleet.shared.scores import SHARED_PLACEMENTS
from tenfold.fleet.shares import SHARES
from tenfold.fleet.traces.read import Trace, read_trace
from tenfold.fleet.traces.steps import read_steps
from tenfold.quantities import Amount, DataFile, InputError, Named, OneOf, Problem, Progress, Switch, Whole
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
    chips: Annotated[int | None, Whole()] = None
    """Chips of the fleet; the sum of the quotas when left out."""
    nodes_of: Annotated[int | None, Whole(most=100_000)] = None
    """Chips of a node; one pool without a shape when left out."""
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
    interval_s: Annotated[float, Amount("s", most=1e6)] = 0.0
    """Time between two scheduling passes; 0 for one at every event."""
    kinds: Annotated[Mapping[str, int], Counts()] = field(default_factory=dict)
    """Unlike chips: kind and count, such as v100=8,k80=24; time goes in rounds, by order fifo, las or max-min."""
    throughputs: Annotated[str | None, DataFile("a CSV of steps per second")] = None
    """CSV of steps_per_s by job_type, scale_factor and chip, for kinds."""
    round_s: Annotated[float, Amount("s", above=0.0, most=1e6)] = ROUND_S
    """Length of a round, where there are kinds."""
    preemption: Annotated[str, OneOf(tuple(PREEMPTIONS), "preemption")] = "none"
    """What jobs of later tiers do for those of earlier ones: nothing, requeue from a save, or save and stop."""
    guaranteed: Annotated[str | None, DataFile("a CSV of tenant and chips")] = None
    """CSV of tenant and chips that are guaranteed: others may borrow them, and give them back by preemption."""
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
    reruns: Annotated[int, Whole(least=0, most=1000)] = 0
    """Times the replay is made again with other tie orders, passes up to two minutes apart and other failures."""
    skip_damaged: Annotated[bool, Switch()] = False
    """Leave damaged rows of the trace out, and name them."""
    chip: Annotated[str | None, Named("chips")] = None
    """Chip of the fleet, by key or alias, for what it costs."""
    usd_per_chip_hour: Annotated[float | None, Amount("1", most=1e4)] = None
    """Price of a chip-hour, USD; that of the chip on demand when left out."""

    @property
    def contested(self) -> bool:
        """Whether running jobs can be stopped at a cost."""
        return self.failures or self.preemption != "none" or self.guaranteed is not None

    @property
    def admitted(self) -> str:
        """Admission that is meant."""
        return self.admission or ("skip" if self.order in MOVING_ORDERS else "head")


def fleet_problems(asked: FleetAsked) -> Iterator[Problem]:
    """Say what cannot be between the fields."""
    if asked.trace is None:
        yield Problem(file="", key="trace", wrong="is missing", remedy="Name a trace of jobs")
    yield from _kind_problems(asked)
    yield from _contest_problems(asked)
    known = PLACEMENTS if asked.nodes is None else SHARED_PLACEMENTS
    if asked.placement not in known:
        remedy = f"Use one of {', '.join(known)}" + (", or name a table of nodes" if asked.nodes is None else "")
        yield Problem(file="", key="placement", wrong=f"{asked.placement} is not for such a fleet", remedy=remedy)
    if asked.chips is None and asked.quotas is None and not asked.kinds and asked.nodes is None:
        yield Problem(
            file="", key="chips", wrong="is missing", remedy="Say how many chips the fleet has, or its quotas"
        )
    if asked.order in MOVING_ORDERS and asked.admitted not in ("head", "skip"):
        remedy = "Use head or skip"
        yield Problem(
            file="", key="admission", wrong=f"{asked.admitted} makes no promises under {asked.order}", remedy=remedy
        )
    if asked.order in TURNS and asked.admitted != "head":
        wrong = f"{asked.admitted} does not go with {asked.order}, whose first changes with every start"
        yield Problem(file="", key="admission", wrong=wrong, remedy="Use head")
    if asked.admitted == "conservative" and asked.nodes_of:
        wrong = "conservative promises chips, not places on nodes"
        yield Problem(file="", key="admission", wrong=wrong, remedy="Use easy, or leave nodes_of out")
    if list(asked.las_queues) != sorted(asked.las_queues):
        yield Problem(file="", key="las_queues", wrong="limits fall", remedy="Write them from low to high")
    if asked.nodes_of and asked.chips and asked.chips < asked.nodes_of:
        remedy = f"Give at least {asked.nodes_of} chips"
        yield Problem(file="", key="chips", wrong="is less than one node", remedy=remedy)


def _contest_problems(asked: FleetAsked) -> Iterator[Problem]:
    """What cannot be where jobs are stopped at a cost."""
    if not asked.contested:
        return
    if asked.order not in ORDERS:
        remedy = f"Use one of {', '.join(ORDERS)}"
        yield Problem(file="", key="order", wrong=f"{asked.order} moves jobs free of cost", remedy=remedy)
    if asked.admitted not in ("head", "skip"):
        wrong = f"{asked.admitted} cannot promise where jobs are stopped"
        yield Problem(file="", key="admission", wrong=wrong, remedy="Use head or skip")
    if asked.failures and asked.chip is None:
        yield Problem(file="", key="chip", wrong="is missing", remedy="Name the chip, whose hazards are known")
    if asked.quotas is not None:
        yield Problem(file="", key="quotas", wrong="split the fleet", remedy="Use guaranteed, which others may borrow")


def _kind_problems(asked: FleetAsked) -> Iterator[Problem]:
    """What cannot be where chips are unlike."""
    if not asked.kinds:
        if asked.order not in (*ORDERS, *TURNS, *MOVING_ORDERS):
            remedy = "Say kinds, such as v100=8,k80=24"
            yield Problem(file="", key="order", wrong=f"{asked.order} shares unlike chips", remedy=remedy)
        return
    if asked.throughputs is None:
        remedy = "Name a CSV of steps_per_s by job_type, scale_factor and chip"
        yield Problem(file="", key="throughputs", wrong="is missing", remedy=remedy)
    if asked.order not in ORDERS_OF_KINDS:
        remedy = f"Use one of {', '.join(ORDERS_OF_KINDS)}"
        yield Problem(file="", key="order", wrong=f"{asked.order} shares no unlike chips", remedy=remedy)


def trace_of(asked: FleetAsked) -> Trace:
    """Read the trace. Raises ``InputError``."""
    if asked.trace is None:
        raise InputError(Problem(file="", key="trace", wrong="is missing", remedy="Name a trace of jobs"))
    return read_trace(Path(asked.trace), skip_damaged=asked.skip_damaged)


def rules_of(asked: FleetAsked, trace: Trace, upsets: Upsets | None = None, seed: int = 0) -> Rules:
    """The fleet, how it is shared, what its machines do. Raises ``InputError`` for quotas that do not fit it."""
    if asked.kinds:
        return Rules(chips=sum(asked.kinds.values()), order=asked.order, admission="skip")
    quotas = {} if asked.quotas is None else read_quotas(Path(asked.quotas), trace.jobs.tenants)
    chips = asked.chips or sum(quotas.values())
    if sum(quotas.values()) > chips:
        wrong = f"quotas add up to {sum(quotas.values()):,} of {chips:,} chips"
        raise InputError(Problem(file="", key="quotas", wrong=wrong, remedy="Give more chips, or smaller quotas"))
    needed = sum(-(-quota // asked.nodes_of) for quota in quotas.values()) if asked.nodes_of else 0
    if asked.nodes_of and needed > -(-chips // asked.nodes_of):
        wrong = f"quotas take {needed:,} nodes of {asked.nodes_of}, and {chips:,} chips are fewer"
        raise InputError(Problem(file="", key="quotas", wrong=wrong, remedy="Give quotas in whole nodes"))
    return Rules(
        chips=chips,
        node_sizes=node_sizes(chips, asked.nodes_of),
        order=asked.order,
        admission=asked.admitted,
        placement=asked.placement,
        interval_s=asked.interval_s,
        queues=asked.las_queues,
        quotas=quotas,
        preemption=asked.preemption,
        guaranteed={} if asked.guaranteed is None else read_quotas(Path(asked.guaranteed), trace.jobs.tenants),
        upsets=upsets or Upsets(),
        contested=asked.contested,
        seed=seed,
    )


def node_sizes(chips: int, nodes_of: int | None) -> tuple[int, ...]:
    """Nodes of one size, and a smaller one with the rest; none for a pool."""
    if nodes_of is None:
        return ()
    rest = chips % nodes_of
    return (nodes_of,) * (chips // nodes_of) + ((rest,) if rest else ())


def replay_asked(
    asked: FleetAsked,
    seed: int = 0,
    progress: Progress | None = None,
    upsets_of: Callable[[Trace], Upsets] | None = None,
) -> tuple[Trace, Rules, Replay]:
    """Read what was asked, and replay it. Raises ``InputError`` for files that cannot be read."""
    if asked.kinds and asked.trace and asked.throughputs:
        trace, unlike = read_steps(Path(asked.trace), Path(asked.throughputs), asked.kinds)
        rules = rules_of(asked, trace)
        return trace, rules, replay_unlike(trace.jobs, unlike, rules, asked.round_s, seed, progress)
    trace = trace_of(asked)
    rules = rules_of(asked, trace, None if upsets_of is None else upsets_of(trace), seed)
    return trace, rules, replay(trace.jobs, rules, progress)
