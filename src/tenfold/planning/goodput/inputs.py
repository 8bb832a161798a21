"""From what was asked about goodput to the question of the reliability room: names, figures, what nobody knows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tenfold.catalog import Catalog, Chip, Hazards, System
from tenfold.planning.drawn import failure_name
from tenfold.planning.goodput.question import GoodputQuestion
from tenfold.quantities import DAY_S, YEAR_S, Figure, Floats, NamedFigure, distribution_of
from tenfold.reliability import (
    USUAL,
    Excess,
    JobHazards,
    Policy,
    PolicyInputs,
    checkpoint_bytes,
    copy_time_s,
    failure_rate_per_s,
    job_hazards,
    planned_share,
    repair_in_stages_s,
    restart_with_standbys_s,
    scaled_to,
    seen_at_once,
    with_cause,
    with_job_rate,
    with_wrong_diagnoses,
    write_time_s,
)
from tenfold.reliability import GoodputQuestion as JobRun
from tenfold.workloads import find_model, total_parameters

COMMON = "common_cause"
STORAGE_NODE_CHIPS = 8.0
"""The catalog states storage bandwidth for nodes of eight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The run to assess, and what it was made of."""

    run: JobRun
    chip: str
    system: str
    hazards: str
    chips_per_node: int
    domain_chips: int
    figures: tuple[NamedFigure, ...]
    notes: tuple[str, ...]


class _Figures:
    """Gives assumptions and remembers which were used."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self.used: dict[str, Figure] = {}

    def take(self, key: str) -> Figure:
        """The figure of an assumption of reliability."""
        name = key if "." in key else f"reliability.{key}"
        figure = self._catalog.assumption(name)
        self.used[f"assumptions/{name}"] = figure
        return figure

    def value(self, key: str, given: float | None = None) -> float:
        """Its value, or what was given in its place."""
        return self.take(key).value if given is None else given


def system_of_job(catalog: Catalog, question: GoodputQuestion) -> tuple[System, Hazards, int]:
    """System the chips stand in, hazards of their family, and chips of a scale-up domain."""
    chip = catalog.chip(question.chip)
    system = catalog.system_of(chip)
    return system, catalog.hazards_of(chip), _domain_chips(system)


def policy_of_job(catalog: Catalog, question: GoodputQuestion) -> tuple[Policy, JobHazards, PolicyInputs]:
    """The policy asked for, what stops the job, and how long everything takes."""
    run = look_up(catalog, question, seed=0).run
    return run.policy, run.hazards, run.inputs


def look_up(catalog: Catalog, question: GoodputQuestion, *, seed: int) -> Gathered:
    """Look everything up; part domains count in proportion."""
    chip, figures = catalog.chip(question.chip), _Figures(catalog)
    system, record, domain = system_of_job(catalog, question)
    rate, stall, repair = _unknown(question, catalog, chip, figures, seed)
    counted = job_hazards(record, float(question.chips), float(domain), float(system.chips_per_node))
    family = figures.value(failure_name(catalog, chip.family), question.failures_per_1000_node_days)
    hazards = _hazards(question, counted, family)
    pool, pools = _spares(question, float(domain), float(system.chips_per_node))
    run = JobRun(
        hazards=hazards,
        inputs=_with_standbys(question, hazards, _policy_inputs(catalog, question, system, figures)),
        policy=_policy(question),
        interval_s=question.checkpoint_interval_s,
        run_s=question.days * DAY_S,
        work_s=None if question.work_days is None else question.work_days * DAY_S,
        excesses=_excesses(question, record),
        node_repair_s=_repair_s(question, figures.value("node_repair_s", question.repair_s)),
        rack_repair_s=_repair_s(question, figures.value("rack_repair_s", question.repair_s)),
        replicas=question.replicas,
        seed=seed,
        rate_factor=rate,
        stall_factor=stall,
        repair_factor=repair,
        spares=pool,
        spare_pools=pools,
        maintenance_share=_maintenance_share(question),
    )
    return Gathered(
        run=run,
        chip=chip.key,
        system=system.key,
        hazards=record.key,
        chips_per_node=system.chips_per_node,
        domain_chips=domain,
        figures=_named(figures, record),
        notes=_notes(question),
    )


def _named(figures: _Figures, record: Hazards) -> tuple[NamedFigure, ...]:
    own = {f"hazards/{record.key}/{key}": figure for key, figure in record.figures.items()}
    return tuple(NamedFigure(name=name, figure=figure) for name, figure in (figures.used | own).items())


def _policy(question: GoodputQuestion) -> Policy:
    usual = USUAL.checkpointing if question.write_s is None else "blocking"
    return Policy(
        checkpointing=question.checkpointing or usual, recovery=question.recovery, detection=question.detection
    )


def _policy_inputs(catalog: Catalog, question: GoodputQuestion, system: System, figures: _Figures) -> PolicyInputs:
    """Times of a save, a failure, a repair. A restart holds loading, as in plans; one that is given, detection too."""
    saved = _checkpoint_bytes(catalog, question, figures)
    bandwidth = figures.value("checkpoint_write_bytes_per_s_per_node")
    nodes = question.chips / STORAGE_NODE_CHIPS
    write = float(write_time_s(saved, nodes, bandwidth)) if question.write_s is None else question.write_s
    copy = _copy_s(saved / question.chips, system, write)
    whole = question.restart_s is not None
    usual = min(figures.value("chips_per_replica"), float(question.chips))
    per_replica = usual if question.chips_per_replica is None else float(question.chips_per_replica)
    return PolicyInputs(
        write_s=write,
        read_s=0.0,
        copy_s=copy,
        copy_back_s=0.0,
        stall_s=figures.value("checkpoint_stall_s"),
        durable_interval_s=figures.value("durable_interval_s"),
        chips_per_node=float(system.chips_per_node),
        heartbeat_s=0.0 if whole else figures.value("detection_s"),
        telemetry_s=0.0 if whole else figures.value("telemetry_detection_s"),
        pre_empted_share=figures.value("telemetry_pre_empted_share"),
        restart_s=figures.value("restart_s", question.restart_s),
        standby_restart_s=figures.value("hot_standby_restart_s"),
        reschedule_wait_s=figures.value("reschedule_wait_s"),
        elastic_stall_s=figures.value("elastic_stall_s"),
        chips_per_replica=per_replica,
        replicas=question.chips / per_replica,
    )


def _checkpoint_bytes(catalog: Catalog, question: GoodputQuestion, figures: _Figures) -> float:
    if not question.model:
        return figures.value("checkpoint_bytes_per_chip") * question.chips
    parameters = float(total_parameters(find_model(catalog, question.model).shape))
    return float(checkpoint_bytes(parameters, figures.value("checkpoint_bytes_per_parameter")))


def _copy_s(bytes_per_chip: float, system: System, write_s: float) -> float:
    """Time to send a copy to a peer over the scale-out network; as slow as storage where its speed is unknown."""
    network = system.scaleout_bandwidth
    return float(copy_time_s(bytes_per_chip, 0.0 if network is None else network.value, write_s))


def _hazards(question: GoodputQuestion, hazards: JobHazards, failures_per_1000_node_days: float) -> JobHazards:
    """Causes by component, scaled to the failure rate of the family or to the one given."""
    rate = float(failure_rate_per_s(failures_per_1000_node_days, question.chips))
    if question.restart_s is not None:
        hazards = seen_at_once(hazards)
    if question.job_failures_per_1000_node_days is None:
        hazards = scaled_to(hazards, rate)
    else:
        own = float(failure_rate_per_s(question.job_failures_per_1000_node_days, question.chips))
        hazards = with_job_rate(scaled_to(with_job_rate(hazards, 0.0), rate), own)
    if question.wrong_diagnosis_share:
        hazards = with_wrong_diagnoses(hazards, question.wrong_diagnosis_share)
    if not question.common_failures_per_year:
        return hazards
    rate, stopped = question.common_failures_per_year / YEAR_S, float(question.common_failure_chips or question.chips)
    return with_cause(hazards, COMMON, "reconfigure", rate, stopped, question.common_outage_s)


def _repair_s(question: GoodputQuestion, repair_s: float) -> float:
    """Mean time a unit is away, in one stage or in two."""
    if question.automatic_repair_s is None and question.manual_repair_share is None:
        return repair_s
    manual = 1.0 if question.manual_repair_share is None else question.manual_repair_share
    return float(repair_in_stages_s(question.automatic_repair_s or 0.0, repair_s, manual))


def _with_standbys(question: GoodputQuestion, hazards: JobHazards, inputs: PolicyInputs) -> PolicyInputs:
    """The inputs with the mean restart of a number of warm standbys; a node is warm after a cold restart."""
    if question.warm_standbys is None:
        return inputs
    rate = float(hazards.of_kinds("node").sum())
    warm, cold = inputs.standby_restart_s, inputs.restart_s
    mean = restart_with_standbys_s(np.minimum(warm, cold), cold, question.warm_standbys, rate, cold)
    return replace(inputs, standby_restart_s=float(mean))


def _spares(question: GoodputQuestion, domain_chips: float, node_chips: float) -> tuple[int | None, float]:
    """Units that stand ready, and in how many places apart."""
    if question.spares_per_domain is None:
        return question.spares, 1.0
    working = domain_chips - question.spares_per_domain
    return int(question.spares_per_domain // node_chips), max(question.chips / working, 1.0)


def _maintenance_share(question: GoodputQuestion) -> float:
    every = question.maintenance_every_s
    return 0.0 if every is None else float(planned_share(question.maintenance_s, every))


def _excesses(question: GoodputQuestion, record: Hazards) -> tuple[Excess, ...]:
    """What a young cluster fails more; nothing of it is left in a settled one."""
    if question.cluster_age_s is None:
        return ()
    found = [
        Excess(
            share=record.figure("infant_mortality.factor").value - 1.0,
            decay_s=record.figure("infant_mortality.decay").value,
        ),
        Excess(
            share=record.figure("lemon_nodes.share").value * (record.figure("lemon_nodes.factor").value - 1.0),
            decay_s=record.figure("lemon_nodes.decay").value,
        ),
    ]
    return tuple(each.at_age(question.cluster_age_s) for each in found)


def _unknown(
    question: GoodputQuestion, catalog: Catalog, chip: Chip, figures: _Figures, seed: int
) -> tuple[Floats, Floats, Floats]:
    """Factors of the failure rate, of stalls and of repairs for each replica: one where the user gave the number.

    Repairs count only where spares can run out.
    """
    rng = np.random.default_rng(np.random.SeedSequence((seed, 1)))
    u = rng.uniform(1e-9, 1.0 - 1e-9, (3, question.replicas))
    short = question.spares is not None or question.spares_per_domain is not None
    given = (
        question.failures_per_1000_node_days is not None,
        question.restart_s is not None,
        question.repair_s is not None or not short,
    )
    repair = "rack_repair_s" if question.recovery == "rack-spares" else "node_repair_s"
    keys = (failure_name(catalog, chip.family), "restart_s", repair)
    rate, stall, repaired = (
        np.ones(question.replicas) if known else _factor(figures.take(key), u[place])
        for place, (key, known) in enumerate(zip(keys, given, strict=True))
    )
    return rate, stall, repaired


def _factor(figure: Figure, u: Floats) -> Floats:
    return distribution_of(figure).ppf(u) / figure.value


def _domain_chips(system: System) -> int:
    """Chips of a scale-up domain; of a node where none is recorded."""
    return system.chips_per_node if system.scaleup_domain is None else system.scaleup_domain_chips


def _notes(question: GoodputQuestion) -> tuple[str, ...]:
    notes = []
    if question.failures_per_1000_node_days is None:
        notes.append("The failure rate is the catalog's, with its range; --failures-per-1000-node-days makes it known")
    if not question.model and question.write_s is None:
        notes.append("The checkpoint is of a usual size per chip; --model sizes it")
    if question.restart_s is not None:
        notes.append("--restart counts from the failure to training again, whatever the cause")
    return tuple(notes)
