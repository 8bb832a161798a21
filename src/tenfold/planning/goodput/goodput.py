"""What failures do to a job on one cluster, and which policy loses least: the answer put together."""

from __future__ import annotations

import math

from tenfold.catalog import Catalog
from tenfold.planning.goodput.answer import Ettr, GoodputAnswer, PolicyRow, Published, SizeRow, Validity
from tenfold.planning.goodput.inputs import Gathered, look_up
from tenfold.planning.goodput.question import GoodputQuestion
from tenfold.quantities import DAY_S, HOUR_S, Percentiles, Progress, assumptions_of
from tenfold.reliability import GoodputAnswer as RunOutlook
from tenfold.reliability import GoodputQuestion as JobRun
from tenfold.reliability import assess_goodput, goodput_by_size


def answer(
    question: GoodputQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> GoodputAnswer:
    """Say what failures do to a job: MTTF, ETTR, losses by cause, best interval, spares, policies.

    Raises ``MissingFigureError`` for a figure nobody recorded. ``progress`` is told the share of the simulation done.
    """
    gathered = look_up(catalog, question, seed=seed)
    return _answer(catalog, question, gathered, assess_goodput(gathered.run, progress))


def _answer(catalog: Catalog, question: GoodputQuestion, gathered: Gathered, outlook: RunOutlook) -> GoodputAnswer:
    run, spares = gathered.run, outlook.spares
    forms = outlook.closed_forms
    published = _published(catalog)
    return GoodputAnswer(
        question=question,
        made=catalog.made(run.seed),
        chip=gathered.chip,
        chips=question.chips,
        system=gathered.system,
        hazards=gathered.hazards,
        failures_per_1000_node_days=float(run.hazards.total_per_s) * 1000.0 * DAY_S * 8.0 / question.chips,
        mttf_h=outlook.mttf_s / HOUR_S,
        checkpointing=run.policy.checkpointing,
        recovery=run.policy.recovery,
        detection=run.policy.detection,
        checkpoint_interval_s=outlook.interval_s,
        optimal_interval_s=outlook.optimal_interval_s,
        checkpoint_stall_s=outlook.stall_s,
        ettr=Ettr(
            **{name: float(form.goodput) for name, form in forms.items()},
            monte_carlo=outlook.goodput,
        ),
        valid={name: Validity(valid=form.valid, why_not=form.why_not) for name, form in forms.items()},
        lost_share=math.fsum(outlook.loss_terms.values()),
        loss=outlook.loss,
        loss_terms=outlook.loss_terms,
        work_days=outlook.work_s / DAY_S,
        finish_days=Percentiles(**{f"p{p}": getattr(outlook.finish_s, f"p{p}") / DAY_S for p in (10, 50, 90)}),
        finish_outcomes_days=tuple(finish / DAY_S for finish in outlook.finish_outcomes_s),
        ends=outlook.ends,
        finished_share=outlook.finished_share,
        failures_in_run=outlook.failures,
        spares_p99=spares.nodes + spares.racks,
        spare_nodes_p99=spares.nodes,
        spare_racks_p99=spares.racks,
        spare_chips_p99=spares.nodes * gathered.chips_per_node + spares.racks * gathered.domain_chips,
        under_repair=spares.under_repair,
        policies=_policies(outlook),
        sizes=_sizes(run, question.chips),
        published=published,
        notes=(*gathered.notes, *_notes(question, outlook)),
        assumptions=assumptions_of(gathered.figures),
        figures=gathered.figures,
        days=question.days,
        replicas=outlook.replicas,
    )


def _policies(outlook: RunOutlook) -> tuple[PolicyRow, ...]:
    return tuple(
        PolicyRow(
            checkpointing=row.policy.checkpointing,
            recovery=row.policy.recovery,
            detection=row.policy.detection,
            interval_s=row.interval_s,
            ettr=row.goodput,
        )
        for row in outlook.policies
    )


def _sizes(run: JobRun, chips: int) -> tuple[SizeRow, ...]:
    return tuple(
        SizeRow(chips=row.chips, interval_s=row.interval_s, exact=row.exact, first_order=row.first_order)
        for row in goodput_by_size(run, chips)
    )


def _published(catalog: Catalog) -> tuple[Published, ...]:
    return tuple(
        Published(name=row.name, chips=row.chips, chip=row.chip, figure=row.figure) for row in catalog.published_ettr
    )


def _notes(question: GoodputQuestion, outlook: RunOutlook) -> list[str]:
    """What a reader has to know about the numbers."""
    notes = [f"{name.replace('_', '-')} does not hold: {form.why_not}" for name, form in outlook.closed_forms.items()
             if not form.valid]  # fmt: skip
    if outlook.optimal_interval_s == 0.0:
        notes.append("A save that stalls nothing is best after every step: the optimal interval is 0")
    if outlook.replicas < question.replicas:
        notes.append(
            f"{outlook.replicas:,} runs were simulated instead of {question.replicas:,}: each holds "
            f"{outlook.failures:,.0f} failures"
        )
    if not outlook.ends:
        notes.append("The run never ends with this policy: next to none of the time works")
    elif outlook.finished_share < 1.0:
        notes.append(f"{1 - outlook.finished_share:.1%} of the runs were broken off before they were done")
    return notes
