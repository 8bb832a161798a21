"""The page of ``tenfold goodput``: where wall time goes, ETTR by cluster size, policies, when the run ends."""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.planning.goodput.report import GoodputReport, PolicyRow, SizeRow
from tenfold.quantities import HOUR_S, NamedFigure
from tenfold.reports import wording
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.charts import Axis, Chart, Line, Point, dots, histogram, lines, waterfall
from tenfold.reports.page import Page, PageTable, Section
from tenfold.reports.tables.goodput import (
    POLICY_HEADERS,
    footer,
    goodput_pairs,
    goodput_verdict,
    policy_name,
    policy_rows,
    rival_rows,
)

COMPARED = 10
"""Policies drawn; the table has all."""
GOOD = 0.5
"""ETTR above which more of the time is useful than lost."""


def goodput_page(report: GoodputReport) -> Page:
    """Turn the report into a page."""
    return Page(
        title="Tenfold goodput",
        question=f"What do failures do to {report.chips:,} × {report.chip}?",
        verdict=goodput_verdict(report),
        good=report.ettr.monte_carlo.p50 > GOOD,
        cards=_cards(report),
        sections=(
            _job(report),
            _loss_terms(report),
            _loss_causes(report),
            _finish(report),
            _sizes(report),
            _policies(report),
        ),
        figures=(*report.figures, *_published_figures(report)),
        footer=footer(report),
    )


def _cards(report: GoodputReport) -> tuple[Card, ...]:
    best = report.best
    spares = f"{report.spare_nodes_p99:,} nodes"
    return (
        spread_card("ETTR", report.ettr.monte_carlo, wording.share),
        spread_card("Done in", report.finish_days, wording.days),
        Card(name="MTTF", value=wording.number(report.mttf_h * HOUR_S, "s")),
        Card(name="Failures in the run", value=f"{report.failures_in_run:,.0f}"),
        Card(name="Best interval", value=wording.number(report.optimal_interval_s, "s")),
        Card(name="Best policy reaches", value=wording.share(best.ettr)),
        Card(name="Spares", value=f"{report.spare_racks_p99:,} racks" if report.spare_racks_p99 else spares),
    )


def _job(report: GoodputReport) -> Section:
    lead = " ".join(f"{note}." for note in report.notes)
    return Section(title="The job", lead=lead, pairs=tuple(goodput_pairs(report)))


def _loss_terms(report: GoodputReport) -> Section:
    return Section(
        title="From wall time to useful time",
        lead="Shares of wall time, simulated: what the job did instead of training.",
        charts=(_loss_chart("loss-terms", "Lost by what the job did instead", report.loss_terms),),
    )


def _loss_causes(report: GoodputReport) -> Section:
    causes = dict(sorted(report.loss.items(), key=lambda item: -item[1]))
    return Section(
        title="What the time is lost to",
        lead="The same loss by cause: saves of the state, and whatever stops the job.",
        charts=(_loss_chart("loss-causes", "Lost by cause", causes),),
    )


def _loss_chart(key: str, title: str, lost: Mapping[str, float]) -> Chart:
    terms = {"wall time": 1.0} | {name: -share for name, share in lost.items()}
    return waterfall(key, title, terms, "share", total_name="useful time")


def _sizes(report: GoodputReport) -> Section:
    rivals = PageTable(
        title=f"Rivals at {report.chips:,} chips",
        headers=("by", "ETTR", "validity"),
        rows=tuple(rival_rows(report)),
        numeric=" r ",
    )
    tables = (rivals, _published(report)) if report.published else (rivals,)
    return Section(title="Other cluster sizes", charts=(_size_chart(report),), tables=tables)


def _size_chart(report: GoodputReport) -> Chart:
    policy = f"{report.checkpointing}, {report.recovery}, {report.detection}"
    note = (
        f"{policy}: at the best interval of each size unless one was asked for; rates of a node and times of a save "
        f"and a restart as at {report.chips:,} chips. Published runs had rates and policies of their own."
    )
    found, chips = report.ettr.monte_carlo, (float(report.chips),)
    curves = (
        _curve("exact", report.sizes, "exact"),
        _curve("first-order", report.sizes, "first_order", dashed=True),
        Line(name="this job, simulated", x=chips, y=(found.p50,), low=(found.p10,), high=(found.p90,)),
    )
    x, y = Axis(name="chips", log=True), Axis(name="ETTR", unit="share")
    return lines("sizes", "ETTR against cluster size", curves, x=x, y=y, points=_points(report), note=note)


def _curve(name: str, sizes: tuple[SizeRow, ...], form: str, dashed: bool = False) -> Line:
    """One closed form over sizes, as far as it is above zero."""
    drawn = [(float(row.chips), float(getattr(row, form))) for row in sizes if getattr(row, form) > 0]
    return Line(name=name, x=[x for x, _ in drawn], y=[y for _, y in drawn], dashed=dashed)


def _points(report: GoodputReport) -> tuple[Point, ...]:
    """Every published run of a known size."""
    return tuple(
        Point(name=row.name, x=row.chips, y=row.figure.value, text=row.figure.note)
        for row in report.published
        if row.chips is not None
    )


def _published(report: GoodputReport) -> PageTable:
    rows = tuple(
        (
            row.name,
            row.chip or "–",
            "not published" if row.chips is None else f"{row.chips:,}",
            wording.share(row.figure.value),
            row.figure.note,
        )
        for row in report.published
    )
    headers = ("run", "chip", "chips", "ETTR or goodput", "how")
    return PageTable(title="Published", headers=headers, rows=rows, numeric="  rr ")


def _policies(report: GoodputReport) -> Section:
    asked = next((row for row in report.policies if _is_asked(row, report)), None)
    drawn = list(report.policies[:COMPARED])
    if asked is not None and asked not in drawn:
        drawn.append(asked)
    values = {policy_name(row): row.ettr for row in drawn}
    rest = len(report.policies) - len(drawn)
    chart = dots(
        "policies",
        "ETTR of the policies",
        values,
        "share",
        marked="" if asked is None else policy_name(asked),
        note=f"The best {COMPARED} and the one asked for; {rest} more in the table." if rest else "",
    )
    return Section(
        title="Policies compared",
        lead="Every checkpoint policy with every recovery and detection, each at its best interval, by the exact form.",
        charts=(chart,),
        tables=(PageTable(headers=POLICY_HEADERS, rows=tuple(policy_rows(report.policies)), numeric="   rr"),),
    )


def _is_asked(row: PolicyRow, report: GoodputReport) -> bool:
    asked = (report.checkpointing, report.recovery, report.detection)
    return (row.checkpointing, row.recovery, row.detection) == asked


def _finish(report: GoodputReport) -> Section:
    chart = histogram(
        "finish",
        "Days to finish",
        report.finish_outcomes_days,
        report.finish_days,
        note=f"{len(report.finish_outcomes_days)} equally likely outcomes of {report.replicas:,} simulated runs.",
    )
    lead = f"{wording.days(report.work_days)} of training, and what failures add to it."
    return Section(title="When it ends", lead=lead, charts=(chart,))


def _published_figures(report: GoodputReport) -> tuple[NamedFigure, ...]:
    return tuple(NamedFigure(name=f"published ETTR, {row.name}", figure=row.figure) for row in report.published)
