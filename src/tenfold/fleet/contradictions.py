"""What cannot be between the fields of a question about a shared fleet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from tenfold.fleet.asked import ORDERS_OF_KINDS, FleetAsked
from tenfold.fleet.drawn.streams import MOST_JOBS, expected_jobs
from tenfold.fleet.engine.moving_orders import MOVING_ORDERS
from tenfold.fleet.fair import HALF_LIFE_S, TURNS
from tenfold.fleet.orders import ORDERS
from tenfold.fleet.placements import PLACEMENTS
from tenfold.fleet.preemptions import PREEMPTIONS, STOPPING
from tenfold.fleet.shared.scores import SHARED_PLACEMENTS
from tenfold.quantities import Problem


def fleet_problems(asked: FleetAsked) -> Iterator[Problem]:
    """Say what cannot be between the fields."""
    yield from _job_problems(asked)
    yield from _kind_problems(asked)
    yield from _contest_problems(asked)
    yield from _upset_problems(asked)
    yield from _there_problems(asked)
    yield from _turn_problems(asked)
    known = PLACEMENTS if asked.nodes is None else SHARED_PLACEMENTS
    if asked.placement not in known:
        remedy = f"Use one of {', '.join(known)}" + (", or name a table of nodes" if asked.nodes is None else "")
        yield Problem(file="", key="placement", wrong=f"{asked.placement} is not for such a fleet", remedy=remedy)
    said = asked.quotas or asked.kinds or asked.nodes or asked.domains or asked.chips_in_snapshot
    if asked.chips is None and not said:
        yield Problem(
            file="", key="chips", wrong="is missing", remedy="Say how many chips the fleet has, or its domains"
        )
    if asked.order in MOVING_ORDERS and asked.admitted not in ("head", "skip"):
        remedy = "Use head or skip"
        yield Problem(
            file="", key="admission", wrong=f"{asked.admitted} makes no promises under {asked.order}", remedy=remedy
        )
    if asked.admitted == "conservative" and (asked.nodes_of or asked.domains):
        wrong = "conservative promises chips, not places on nodes"
        yield Problem(file="", key="admission", wrong=wrong, remedy="Use easy, or a pool")
    if list(asked.las_queues) != sorted(asked.las_queues):
        yield Problem(file="", key="las_queues", wrong="limits fall", remedy="Write them from low to high")
    if asked.nodes_of and asked.chips and asked.chips < asked.nodes_of:
        remedy = f"Give at least {asked.nodes_of} chips"
        yield Problem(file="", key="chips", wrong="is less than one node", remedy=remedy)


def _turn_problems(asked: FleetAsked) -> Iterator[Problem]:
    """What cannot be where tenants take turns, or do not."""
    if asked.order in TURNS and asked.admitted != "head":
        wrong = f"{asked.admitted} does not go with {asked.order}, whose first changes with every start"
        yield Problem(file="", key="admission", wrong=wrong, remedy="Use head")
    if asked.weights and asked.order not in TURNS:
        remedy = f"Use {' or '.join(TURNS)}"
        yield Problem(file="", key="weights", wrong=f"are not for {asked.order}", remedy=remedy)
    if asked.half_life_s != HALF_LIFE_S and not TURNS.get(asked.order, False):
        wrong, remedy = f"is not for {asked.order}, which remembers no use", "Use fair, or leave it out"
        yield Problem(file="", key="half_life", wrong=wrong, remedy=remedy)


def _job_problems(asked: FleetAsked) -> Iterator[Problem]:
    """What cannot be between a trace and drawn jobs."""
    if not asked.jobs:
        if asked.trace is None:
            remedy = "Name a trace of jobs, or draw them: [[jobs]] in a file"
            yield Problem(file="", key="trace", wrong="is missing", remedy=remedy)
        if asked.jobs_for_s is not None:
            remedy = "Leave it out, or declare [[jobs]] in a file"
            yield Problem(file="", key="jobs_for", wrong="is about drawn jobs", remedy=remedy)
        return
    apart = (("trace", asked.trace), ("kinds", asked.kinds), ("nodes", asked.nodes))
    for key, given in apart:
        if given:
            yield Problem(file="", key=key, wrong="is beside jobs, which are drawn", remedy="Leave one of them out")
    if asked.jobs_for_s is None:
        remedy = "Say how long jobs keep coming, such as '30 days'"
        yield Problem(file="", key="jobs_for", wrong="is missing", remedy=remedy)
        return
    for place, stream in enumerate(asked.jobs):
        count = expected_jobs(stream, asked.jobs_for_s)
        if count > MOST_JOBS:
            wrong = f"would draw {count:,.0f} jobs"
            yield Problem(file="", key=f"jobs.{place}", wrong=wrong, remedy=f"Keep it to {MOST_JOBS:,}")


def _contest_problems(asked: FleetAsked) -> Iterator[Problem]:
    """What cannot be where jobs are stopped at a cost."""
    if not asked.contested:
        return
    for key, given in (("kinds", asked.kinds), ("nodes", asked.nodes)):
        if given:
            wrong = "is of a fleet on which nobody is stopped"
            remedy = "Leave it, or failures, crashes, preemption, guaranteed, reservations and spot out"
            yield Problem(file="", key=key, wrong=wrong, remedy=remedy)
    if asked.order not in ORDERS:
        remedy = f"Use one of {', '.join(ORDERS)}"
        yield Problem(file="", key="order", wrong=f"{asked.order} moves jobs free of cost", remedy=remedy)
    if asked.admitted not in ("head", "skip"):
        wrong = f"{asked.admitted} cannot promise where jobs are stopped"
        yield Problem(file="", key="admission", wrong=wrong, remedy="Use head or skip")
    if PREEMPTIONS[asked.preemption].starts_small and asked.reservations:
        wrong = f"{asked.preemption} does not look at what is reserved"
        yield Problem(file="", key="preemption", wrong=wrong, remedy="Leave one of them out")
    if asked.failures and asked.chip is None:
        yield Problem(file="", key="chip", wrong="is missing", remedy="Name the chip, whose hazards are known")
    if asked.quotas is not None:
        yield Problem(file="", key="quotas", wrong="split the fleet", remedy="Use guaranteed, which others may borrow")


def idle_problems(asked: FleetAsked) -> Iterator[Problem]:
    """What would do nothing in a replay: settings of saves and stops where nothing stops a job, or not so."""
    stops = asked.failures or asked.preemption != "none" or asked.spot is not None or asked.crash_share is not None
    stoppable = asked.preemption in STOPPING
    noticed = stoppable and asked.notice_s > 0
    told = asked.spot is not None or noticed or PREEMPTIONS[asked.preemption].saves
    saves = asked.failures or told or (stops and asked.checkpoint_interval_s is not None)
    stopping = "failures, crash_share, spot or preemption"
    for key, given, useful, wrong, remedy in (
        ("checkpoint_interval", asked.checkpoint_interval_s, stops, "nothing stops a job", f"Say {stopping}"),
        ("save", asked.save_s, saves, "no job saves", f"Say checkpoint_interval, and {stopping}"),
        ("restart", asked.restart_s, stops, "nothing stops a job", f"Say {stopping}"),
        ("notice", asked.notice_s or None, stoppable, "nobody is told", f"Use {' or '.join(STOPPING)}"),
        ("checkpoint_interval", asked.checkpoint_interval_s, not _crashes_first(asked), "no job works for so long "
         "between a start and its failure", "Say less than crash_after"),
    ):  # fmt: skip
        if given is not None and not useful:
            yield Problem(file="", key=key, wrong=f"does nothing: {wrong}", remedy=f"{remedy}, or leave it out")


def _crashes_first(asked: FleetAsked) -> bool:
    """Whether all that stops jobs are failures of their own, and comes before any save that takes no time."""
    others = asked.failures or asked.preemption != "none" or asked.spot is not None or asked.save_s
    after_s, interval_s = asked.crash_after_s, asked.checkpoint_interval_s
    return not others and after_s is not None and interval_s is not None and after_s < interval_s


def _upset_problems(asked: FleetAsked) -> Iterator[Problem]:
    """What cannot be between what fails and the rest."""
    usual = {each.name: each.default for each in fields(FleetAsked)}
    policy = [(key, getattr(asked, key) != usual[key]) for key in ("checkpointing", "recovery", "detection")]
    machines = (
        *(*policy, ("repair", asked.repair_s is not None)),
        ("failures_per_1000_node_days", asked.failures_per_1000_node_days is not None),
    )
    for key, said in machines:
        if said and not asked.failures:
            wrong = "is about machines that fail"
            yield Problem(file="", key=key, wrong=wrong, remedy="Let them, by failures, or leave it out")
    nodes = (("lemons", asked.lemons), ("drain_after", asked.drain_after))
    for key, given in nodes:
        if given and not asked.failures:
            yield Problem(file="", key=key, wrong="is about nodes that fail", remedy="Let them, by failures")
        if given and not (asked.nodes_of or asked.domains):
            yield Problem(file="", key=key, wrong="is about nodes, and a pool has none", remedy="Say nodes_of")
    if asked.drain_s is not None and asked.drain_after is None:
        yield Problem(file="", key="drain", wrong="is about drained nodes", remedy="Say drain_after how many failures")
    crash = (("crash_share", asked.crash_share), ("crashes", asked.crashes), ("crash_after", asked.crash_after_s))
    missing = [key for key, given in crash if given is None]
    for key in missing if len(missing) < len(crash) else ():
        wrong = "is missing: jobs that fail by themselves have a share, times and a time until then"
        yield Problem(file="", key=key, wrong=wrong, remedy="Say all three, or none")


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


def _there_problems(asked: FleetAsked) -> Iterator[Problem]:
    """What cannot be between the tree, power, and the rest of the fleet."""
    apart = (("chips", asked.chips), ("nodes_of", asked.nodes_of), ("quotas", asked.quotas), ("kinds", asked.kinds))
    for key, given in apart if asked.domains is not None else ():
        if given:
            yield Problem(file="", key=key, wrong="is beside domains, which say what there is", remedy="Leave it out")
    if asked.domains is not None and asked.order in MOVING_ORDERS:
        remedy = f"Use one of {', '.join((*ORDERS, *TURNS))}"
        yield Problem(file="", key="order", wrong=f"{asked.order} moves jobs free of cost", remedy=remedy)
    if asked.crossing and asked.domains is None:
        yield Problem(file="", key="crossing", wrong="is about domains", remedy="Name a CSV of domains")
    if asked.power is None:
        return
    if asked.chip is None:
        yield Problem(file="", key="chip", wrong="is missing", remedy="Name the chip, whose power is known")
    for key, given in (("quotas", asked.quotas), ("kinds", asked.kinds), ("nodes", asked.nodes)):
        if given:
            yield Problem(file="", key=key, wrong="is not under a power cap", remedy="Leave it or power out")
    if asked.order in MOVING_ORDERS or asked.admitted == "conservative":
        wrong = "is not for orders that move, nor for conservative promises"
        yield Problem(file="", key="power", wrong=wrong, remedy="Use head, skip or easy with another order")
