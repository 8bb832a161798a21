"""The report of a search over services: the best of each chip, the front of speed and yield, what was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenfold.planning.search_serving import FoundService, SearchServingAnswer
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Report, Section, Table
from tenfold.reports.wording import number

if TYPE_CHECKING:
    from tenfold.reports.charts import Chart

TOPICS: Topics = {
    "best.*.tokens_per_s_per_chip": Topic(unit="tokens/s", words="output tokens ÷ (time × chips)"),
    "best.*.tpot_s": Topic(unit="s", words="a step over the tokens it gives, and the prompts of others"),
    "best.*.ttft_s": Topic(unit="s", words="queue + prompt + way to the client"),
    "configurations": Topic(unit="", words="settings of chips and layouts × numbers of clients"),
    "timed": Topic(unit="", words="configurations that hold their weights and their requests"),
}
HEADERS = ("chip", "layout", "clients", "per chip", "per user", "TTFT", "TPOT", "engine")


def verdict(answer: SearchServingAnswer) -> str:
    """Answer in one sentence."""
    if not answer.best:
        return f"{answer.model}: nothing is within the limits: {answer.short}. Would do: {answer.nearest}"
    best = answer.best[0]
    rate = number(best.tokens_per_s_per_chip.p50, "tokens/s")
    every = number(best.tpot_s.p50, "s")
    return f"{answer.model}: most per chip on {best.chip}, {_layout(best)}: {rate}, a token every {every}"


def report(answer: SearchServingAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold search serving",
        question=f"What serves {answer.model} best?",
        verdict=verdict(answer),
        good=answer.fits,
        made=answer.made,
        cards=_cards(answer),
        sections=_sections(answer),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
    )


def _cards(answer: SearchServingAnswer) -> tuple[Card, ...]:
    counted = (
        Card(name="Configurations", value=f"{answer.configurations:,}", path="configurations"),
        Card(name="Timed", value=f"{answer.timed:,}", path="timed"),
    )
    if not answer.best:
        return counted
    best = answer.best[0]
    rate = spread_card(
        "Most per chip",
        best.tokens_per_s_per_chip,
        lambda value: number(value, "tokens/s"),
        "best.0.tokens_per_s_per_chip",
    )
    return rate, spread_card("Its TPOT", best.tpot_s, lambda value: number(value, "s"), "best.0.tpot_s"), *counted


def _sections(answer: SearchServingAnswer) -> tuple[Section, ...]:
    found = []
    if answer.best:
        found.append(Section(title="The best of each chip", tables=(_table(answer.best),)))
    if answer.pareto:
        title = "More per chip for less speed per user (Pareto front)"
        found.append(Section(title=title, tables=(_table(answer.pareto[:12]),), charts=(_chart(answer),)))
    if answer.refused:
        rows = tuple(sorted(answer.refused.items()))
        found.append(Section(title="Refused", tables=(Table(headers=("chip", "lacks"), rows=rows),)))
    return tuple(found)


def _layout(found: FoundService) -> str:
    parts = [f"tp {found.tp}", f"dp {found.dp}" if found.dp > 1 else "", f"ep {found.ep}" if found.ep > 1 else ""]
    return " ".join(part for part in parts if part)


def _table(rows: tuple[FoundService, ...]) -> Table:
    cells = tuple(
        (
            row.chip,
            _layout(row),
            f"{row.clients:,}",
            number(row.tokens_per_s_per_chip.p50, "tokens/s"),
            number(row.tokens_per_s_per_user, "tokens/s"),
            number(row.ttft_s.p50, "s"),
            number(row.tpot_s.p50, "s"),
            row.engine,
        )
        for row in rows
    )
    return Table(headers=HEADERS, rows=cells, numeric="  rrrrr ")


def _chart(answer: SearchServingAnswer) -> Chart:
    from tenfold.reports.charts import Axis, Line, Point, lines

    front = Line(
        name="Pareto front",
        x=[row.tokens_per_s_per_user for row in answer.pareto],
        y=[row.tokens_per_s_per_chip.p50 for row in answer.pareto],
    )
    points = tuple(
        Point(
            name=row.chip,
            x=row.tokens_per_s_per_user,
            y=row.tokens_per_s_per_chip.p50,
            text=f"{_layout(row)}, {row.clients:,} clients",
        )
        for row in answer.best
    )
    x, y = Axis(name="per user", unit="tokens/s"), Axis(name="per chip", unit="tokens/s")
    title = "Tokens per chip against tokens per user"
    return lines("front", title, (front,), x=x, y=y, points=points, points_name="best of a chip", note="")
