"""Ask for goodput: what failures do to a job on one cluster, and which policy loses least."""

from __future__ import annotations

from collections.abc import Callable

from tenfold.catalog import Catalog, overrides_in_words
from tenfold.planning.goodput.asked import GoodputAsked
from tenfold.planning.goodput.inputs import Gathered, gather
from tenfold.planning.goodput.report import Ettr, GoodputReport, PolicyRow, Published, SizeRow, Validity
from tenfold.quantities import DAY_S, HOUR_S, Percentiles, tenfold_version
from tenfold.reliability import GoodputAnswer, GoodputQuestion, assess_goodput, goodput_by_size


def goodput(
    asked: GoodputAsked, *, catalog: Catalog | None = None, progress: Callable[[float], None] | None = None
) -> GoodputReport:
    """Say what failures do to a job: MTTF, ETTR, losses by cause, best interval, spares, policies.

    Raises one ``InputError`` with every number out of range and every unknown name, ``MissingFigureError`` for a
    figure nobody recorded. ``progress`` is told the share of the simulation done.
    """
    from tenfold.catalog import load_catalog

    known = catalog or load_catalog()
    gathered = gather(known, asked)
    return _report(known, asked, gathered, assess_goodput(gathered.question, progress))


def _report(catalog: Catalog, asked: GoodputAsked, gathered: Gathered, answer: GoodputAnswer) -> GoodputReport:
    question, spares = gathered.question, answer.spares
    forms = answer.closed_forms
    return GoodputReport(
        chip=gathered.chip,
        chips=asked.chips,
        system=gathered.system,
        hazards=gathered.hazards,
        failures_per_1000_node_days=float(question.hazards.total_per_s) * 1000.0 * DAY_S * 8.0 / asked.chips,
        mttf_h=answer.mttf_s / HOUR_S,
        checkpointing=question.policy.checkpointing,
        recovery=question.policy.recovery,
        detection=question.policy.detection,
        checkpoint_interval_s=answer.interval_s,
        optimal_interval_s=answer.optimal_interval_s,
        checkpoint_stall_s=answer.stall_s,
        ettr=Ettr(
            **{name: float(form.goodput) for name, form in forms.items()},
            monte_carlo=answer.goodput,
        ),
        valid={name: Validity(valid=form.valid, why_not=form.why_not) for name, form in forms.items()},
        loss=answer.loss,
        loss_terms=answer.loss_terms,
        work_days=answer.work_s / DAY_S,
        finish_days=Percentiles(**{f"p{p}": getattr(answer.finish_s, f"p{p}") / DAY_S for p in (10, 50, 90)}),
        finish_outcomes_days=tuple(finish / DAY_S for finish in answer.finish_outcomes_s),
        ends=answer.ends,
        finished_share=answer.finished_share,
        failures_in_run=answer.failures,
        spares_p99=spares.nodes + spares.racks,
        spare_nodes_p99=spares.nodes,
        spare_racks_p99=spares.racks,
        spare_chips_p99=spares.nodes * gathered.chips_per_node + spares.racks * gathered.domain_chips,
        under_repair=spares.under_repair,
        policies=_policies(answer),
        sizes=_sizes(question, asked.chips),
        published=_published(catalog),
        notes=(*gathered.notes, *_notes(asked, answer)),
        figures=gathered.figures,
        days=asked.days,
        replicas=answer.replicas,
        seed=asked.seed,
        catalog_version=catalog.version,
        catalog_overrides=overrides_in_words(catalog.overrides),
        tenfold_version=tenfold_version(),
    )


def _policies(answer: GoodputAnswer) -> tuple[PolicyRow, ...]:
    return tuple(
        PolicyRow(
            checkpointing=row.policy.checkpointing,
            recovery=row.policy.recovery,
            detection=row.policy.detection,
            interval_s=row.interval_s,
            ettr=row.goodput,
        )
        for row in answer.policies
    )


def _sizes(question: GoodputQuestion, chips: int) -> tuple[SizeRow, ...]:
    return tuple(
        SizeRow(chips=row.chips, interval_s=row.interval_s, exact=row.exact, first_order=row.first_order)
        for row in goodput_by_size(question, chips)
    )


def _published(catalog: Catalog) -> tuple[Published, ...]:
    return tuple(
        Published(name=row.name, chips=row.chips, chip=row.chip, figure=row.figure) for row in catalog.published_ettr
    )


def _notes(asked: GoodputAsked, answer: GoodputAnswer) -> list[str]:
    """What a reader has to know about the numbers."""
    notes = [f"{name.replace('_', '-')} does not hold: {form.why_not}" for name, form in answer.closed_forms.items()
             if not form.valid]  # fmt: skip
    if answer.optimal_interval_s == 0.0:
        notes.append("A save that stalls nothing is best after every step: the optimal interval is 0")
    if answer.replicas < asked.replicas:
        notes.append(f"{answer.replicas:,} runs were simulated instead of {asked.replicas:,}: each holds "
                     f"{answer.failures:,.0f} failures")  # fmt: skip
    if not answer.ends:
        notes.append("The run never ends with this policy: next to none of the time works")
    elif answer.finished_share < 1.0:
        notes.append(f"{1 - answer.finished_share:.1%} of the runs were broken off before they were done")
    return notes
