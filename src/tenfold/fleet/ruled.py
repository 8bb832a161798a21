"""From what was asked to a trace and rules, and the replay of the two."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tenfold.fleet.asked import FleetAsked
from tenfold.fleet.capacity.read_domains import read_domains, require_levels
from tenfold.fleet.drawn.draw import drawn_trace, mean_chips_asked
from tenfold.fleet.preemptions import PREEMPTIONS
from tenfold.fleet.quotas import read_quotas
from tenfold.fleet.replay import Replay, Rules, replay, replay_unlike
from tenfold.fleet.reservations import read_reservations
from tenfold.fleet.spot import read_spot
from tenfold.fleet.traces.queues import read_cluster_queues
from tenfold.fleet.traces.read import Trace, read_trace
from tenfold.fleet.traces.steps import read_steps
from tenfold.quantities import DAY_S, InputError, Problem, Progress, shown

Known = Callable[[Trace, Rules], Rules]


def trace_of(asked: FleetAsked, seed: int = 0) -> Trace:
    """Draw the jobs, or read the trace. Raises ``InputError``."""
    if asked.jobs and asked.jobs_for_s is not None:
        return drawn_trace(asked.jobs, asked.jobs_for_s, seed)
    if asked.trace is None:
        raise InputError(Problem(file="", key="trace", wrong="is missing", remedy="Name a trace of jobs"))
    return read_trace(Path(asked.trace), skip_damaged=asked.skip_damaged)


def drawn_note(asked: FleetAsked) -> tuple[str, ...]:
    """What is to be said of drawn jobs, in one sentence; nothing of a trace."""
    if not asked.jobs or asked.jobs_for_s is None:
        return ()
    chips, days = mean_chips_asked(asked.jobs, asked.jobs_for_s), asked.jobs_for_s / DAY_S
    said = f"Jobs are drawn and come for {days:.3g} days from midnight on; they ask for {chips:,.0f} chips on average"
    return (f"{said}, the mean of all draws: another seed draws others",)


def there_notes(rules: Rules) -> tuple[str, ...]:
    """What is to be said of where the fleet is from."""
    return rules.notes if rules.domains is None else (*rules.domains.notes, *rules.notes)


def rules_of(asked: FleetAsked, trace: Trace, seed: int = 0) -> Rules:
    """The fleet and how it is shared. Raises ``InputError`` for files that do not fit it, or the trace."""
    _require_fewer(asked, trace)
    if asked.kinds:
        return Rules(chips=sum(asked.kinds.values()), order=asked.order, admission="skip")
    quotas = {} if asked.quotas is None else read_quotas(Path(asked.quotas), trace.jobs.tenants)
    domains = None if asked.domains is None else read_domains(Path(asked.domains))
    if domains is not None:
        require_levels(domains, trace, asked.crossing)
    queues = read_cluster_queues(Path(asked.trace)) if asked.trace and asked.chips_in_snapshot else None
    stated = queues.chips if queues is not None else asked.chips or sum(quotas.values())
    chips = sum(domains.sizes) if domains is not None else stated
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
        weights=_known(asked.weights, trace),
        half_life_s=asked.half_life_s,
        guaranteed={} if asked.guaranteed is None else read_quotas(Path(asked.guaranteed), trace.jobs.tenants),
        domains=domains,
        reservations=(
            () if asked.reservations is None else read_reservations(Path(asked.reservations), trace.jobs.tenants)
        ),
        spot=() if asked.spot is None else read_spot(Path(asked.spot), chips),
        contested=asked.contested,
        seed=seed,
        notes=() if queues is None else queues.notes,
    )


def _require_fewer(asked: FleetAsked, trace: Trace) -> None:
    """Raise ``InputError`` where preemption is about jobs that can run on fewer chips, and none of the trace can."""
    jobs = trace.jobs
    none = jobs.wants is None or not (jobs.wants.least_chips < jobs.chips).any()
    if PREEMPTIONS[asked.preemption].fewer and none:
        wrong = f"{asked.preemption} does nothing: no job of the trace says that it can run on fewer chips"
        remedy = "Give the trace a column least_chips, or use another"
        raise InputError(Problem(file="", key="preemption", wrong=wrong, remedy=remedy))


def _known(weights: Mapping[str, int], trace: Trace) -> Mapping[str, int]:
    """Weights as they are. Raises ``InputError`` for tenants without a job."""
    unknown = [name for name in weights if name not in trace.jobs.tenants]
    if unknown:
        wrong = f"names {shown(', '.join(unknown))}, of whom the trace has no job"
        remedy = f"Use tenants of the trace: {shown(', '.join(trace.jobs.tenants[:10]))}"
        raise InputError(Problem(file="", key="weights", wrong=wrong, remedy=remedy))
    return weights


def node_sizes(chips: int, nodes_of: int | None) -> tuple[int, ...]:
    """Nodes of one size, and a smaller one with the rest; none for a pool."""
    if nodes_of is None:
        return ()
    rest = chips % nodes_of
    return (nodes_of,) * (chips // nodes_of) + ((rest,) if rest else ())


def replay_asked(
    asked: FleetAsked, seed: int = 0, progress: Progress | None = None, known: Known | None = None
) -> tuple[Trace, Rules, Replay]:
    """Read what was asked, and replay it. Raises ``InputError`` for files that cannot be read.

    ``known`` completes the rules with what the catalog knows of the fleet.
    """
    if asked.kinds and asked.trace and asked.throughputs:
        trace, unlike = read_steps(Path(asked.trace), Path(asked.throughputs), asked.kinds)
        rules = rules_of(asked, trace)
        return trace, rules, replay_unlike(trace.jobs, unlike, rules, asked.round_s, seed, progress)
    trace = trace_of(asked, seed)
    rules = rules_of(asked, trace, seed)
    rules = rules if known is None else known(trace, rules)
    return trace, rules, replay(trace.jobs, rules, progress)
