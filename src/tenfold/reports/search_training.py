"""The report of a search over layouts: the fastest, the front of time and memory, what was rejected and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenfold.performance.training import REJECTIONS
from tenfold.planning.search import FoundLayout, SearchTrainingAnswer
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Report, Section, Table
from tenfold.reports.wording import number, share

if TYPE_CHECKING:
    from tenfold.reports.charts import Chart

TOPICS: Topics = {
    "best.*.step_time_s": Topic(unit="s", words="seconds of the busiest chip by what it does, added up"),
    "best.*.mfu": Topic(unit="share", words="FLOPs of the model, none done again, ÷ (step time × chips × dense peak)"),
    "best.*.memory_bytes_per_chip": Topic(unit="B", words="weights, gradients, optimizer, activations, reserve"),
    "layouts_considered": Topic(unit="", words="distinct layouts of the space, those that do not divide included"),
    "timed": Topic(unit="", words="layouts that divide and fit the memory"),
    "memory_capacity_bytes_per_chip": Topic(unit="B", words="memory of a chip that software can use"),
}
FRONT_LISTED = 8


def verdict(answer: SearchTrainingAnswer) -> str:
    """Answer in one sentence."""
    what = f"{answer.model} on {answer.chips:,} × {answer.chip}"
    if not answer.best:
        return f"{what}: no layout fits: {answer.short}. Would fit with: {answer.nearest}"
    fastest = answer.best[0]
    return f"{what}: fastest step {number(fastest.step_time_s.p50, 's')}, MFU {share(fastest.mfu.p50)}"


def report(answer: SearchTrainingAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold search training",
        question=f"Which layouts of {answer.model} are the fastest on {answer.chips:,} × {answer.chip}?",
        verdict=verdict(answer),
        good=answer.fits,
        made=answer.made,
        cards=_cards(answer),
        sections=(*_found(answer), _counts(answer)),
        notes=(*answer.notes, *(f"Outside calibration: {words}" for words in answer.outside_calibration)),
        assumptions=answer.assumptions,
        figures=answer.figures,
    )


def _cards(answer: SearchTrainingAnswer) -> tuple[Card, ...]:
    counted = (
        Card(name="Layouts considered", value=f"{answer.layouts_considered:,}", path="layouts_considered"),
        Card(name="Layouts timed", value=f"{answer.timed:,}", path="timed"),
    )
    if not answer.best:
        return counted
    fastest = answer.best[0]
    return (
        spread_card("Fastest step", fastest.step_time_s, lambda value: number(value, "s"), "best.0.step_time_s"),
        spread_card("MFU", fastest.mfu, share, "best.0.mfu"),
        Card(
            name="Fullest chip",
            value=number(fastest.memory_bytes_per_chip, "B"),
            path="best.0.memory_bytes_per_chip",
        ),
        *counted,
    )


def _found(answer: SearchTrainingAnswer) -> tuple[Section, ...]:
    if not answer.best:
        return ()
    front = answer.pareto[:FRONT_LISTED]
    more = f"; {len(answer.pareto) - len(front)} more with --json" if len(front) < len(answer.pareto) else ""
    capacity = number(answer.memory_capacity_bytes_per_chip, "B")
    return (
        Section(title="Fastest layouts", tables=(_table(answer.best),)),
        Section(
            title=f"Less memory for more time (Pareto front{more})",
            tables=(_table(front),),
            charts=(_chart(answer, f"A chip has {capacity}."),),
        ),
    )


def _table(rows: tuple[FoundLayout, ...]) -> Table:
    cells = tuple(
        (
            number(row.step_time_s.p50, "s"),
            share(row.mfu.p50),
            number(row.memory_bytes_per_chip, "B"),
            row.layout.flags,
        )
        for row in rows
    )
    return Table(headers=("step", "MFU", "memory", "layout"), rows=cells, numeric="rrr ")


def _chart(answer: SearchTrainingAnswer, note: str) -> Chart:
    from tenfold.reports.charts import Axis, Line, Point, lines

    front = Line(
        name="Pareto front",
        x=[row.step_time_s.p50 for row in answer.pareto],
        y=[row.memory_bytes_per_chip for row in answer.pareto],
    )
    points = tuple(
        Point(name=f"{rank}.", x=row.step_time_s.p50, y=row.memory_bytes_per_chip, text=row.layout.flags)
        for rank, row in enumerate(answer.best, start=1)
    )
    x, y = Axis(name="step", unit="s"), Axis(name="memory of the fullest chip", unit="B")
    return lines("front", "Memory against time", (front,), x=x, y=y, points=points, points_name="fastest", note=note)


def _counts(answer: SearchTrainingAnswer) -> Section:
    rejected = tuple((f"{count:,}", REJECTIONS[reason]) for reason, count in answer.rejected.items() if count)
    rows = (*rejected, (f"{answer.timed:,}", "timed"))
    title = f"{answer.layouts_considered:,} layouts of what {answer.software} offers"
    return Section(title=title, tables=(Table(headers=("layouts", "outcome"), rows=rows, numeric="r "),))
