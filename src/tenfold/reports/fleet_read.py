"""The report of a trace: what it holds, and its damaged rows."""

from __future__ import annotations

from tenfold.planning.fleet_read import FleetReadAnswer
from tenfold.reports import wording
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Report, Section, Table

TOPICS: Topics = {
    "jobs": Topic(unit="", words="rows that ask for a chip and mean something"),
    "chip_hours": Topic(unit="", words="sum over jobs of chips × time, in hours"),
    "duration_s": Topic(unit="s", words="P10, P50 and P90 of the jobs"),
    "mean_chips_asked": Topic(
        unit="", words="chip-seconds of all jobs ÷ time from the first submission to the last end"
    ),
}
LISTED = 50


def verdict(answer: FleetReadAnswer) -> str:
    """Answer in one sentence."""
    damaged = f", {len(answer.damaged):,} rows are damaged" if answer.damaged else ", no row is damaged"
    days = wording.number(answer.span_s, "s")
    return f"{answer.jobs:,} jobs of {answer.tenants:,} tenants in {days}, read as {answer.format}{damaged}"


def report(answer: FleetReadAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold fleet read",
        question="What does the trace hold?",
        verdict=verdict(answer),
        good=not answer.damaged,
        made=answer.made,
        cards=(
            Card(name="Jobs", value=f"{answer.jobs:,}", path="jobs"),
            Card(name="Chip-hours", value=f"{answer.chip_hours:,.0f}", path="chip_hours"),
            spread_card("Duration", answer.duration_s, wording.seconds, "duration_s"),
            Card(name="Chips busy, if nobody waited", value=f"{answer.mean_chips_asked:,.0f}", path="mean_chips_asked"),
        ),
        sections=(
            Section(
                title="The trace",
                pairs=(
                    ("Rows", f"{answer.rows:,}, of which {answer.rows_without_chips:,} ask for no chip"),
                    ("Largest gang", f"{answer.largest_gang:,} chips"),
                ),
            ),
            Section(title="By size", tables=(_sizes(answer),)),
            _damaged(answer),
        ),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
    )


def _sizes(answer: FleetReadAnswer) -> Table:
    rows = tuple(
        (
            f"{each.chips:,}",
            f"{each.jobs:,}",
            f"{each.chip_hours:,.0f}",
            wording.number(each.duration_s.p50, "s"),
            wording.number(each.duration_s.p90, "s"),
        )
        for each in answer.sizes
    )
    return Table(headers=("chips", "jobs", "chip-hours", "P50", "P90"), rows=rows, numeric="rrrrr")


def _damaged(answer: FleetReadAnswer) -> Section:
    rows = tuple((each.line, each.wrong) for each in answer.damaged[:LISTED])
    return Section(title="Damaged rows", tables=(Table(headers=("row", "what is wrong"), rows=rows),) if rows else ())
