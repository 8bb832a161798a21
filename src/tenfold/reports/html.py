"""The page of a plan: verdict, assumptions, designs, the best one term by term, what was rejected, every source."""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.planning.plan import Design, Plan
from tenfold.reports import wording
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.charts import plan_charts
from tenfold.reports.frame import framed
from tenfold.reports.outlooks import campus_pairs, failure_pairs
from tenfold.reports.ranked import ranked_designs
from tenfold.reports.rejected import LINES, rejections, rest_text
from tenfold.reports.sources import Cited, cited_figures, figure_rows
from tenfold.reports.tables.plan import best_pairs, footer


def plan_page(plan: Plan, sources: Mapping[str, Cited]) -> str:
    """Render a plan as one HTML page that works from a file, offline.

    ``sources`` are the catalog's, by key; a source missing there is shown as it stands.
    """
    charts = plan_charts(plan)
    return framed(
        "plan.html.j2",
        charts,
        plan=plan,
        verdict=wording.verdict(plan),
        good=plan.best is not None,
        question=wording.question(plan),
        request=wording.request(plan),
        cards=cards(plan.best) if plan.best else (),
        assumptions=figure_rows(plan.assumptions, sources),
        designs=ranked_designs(plan),
        best_pairs=best_pairs(plan.best) if plan.best else (),
        failures=failure_pairs(plan.failures) if plan.failures else (),
        campuses=campus_pairs(plan.campuses) if plan.campuses else (),
        charts={chart.key: chart for chart in charts},
        rejections=rejections(plan.infeasible)[:LINES],
        rest=rest_text(rejections(plan.infeasible)),
        figures=figure_rows(cited_figures(plan), sources),
        footer=footer(plan),
        w=wording,
    )


def cards(best: Design) -> tuple[Card, ...]:
    """Key numbers of the best design."""
    plain = [("Cash needed", wording.number(best.committed_usd, "USD")), *wording.footprint_pairs(best)]
    return (
        spread_card("Done in", best.finish_days, wording.days),
        spread_card("Cost", best.cost_usd, lambda value: wording.number(value, "USD")),
        spread_card("MFU", best.mfu, wording.share),
        spread_card("Goodput", best.goodput, wording.share),
        *(Card(name=name, value=value) for name, value in plain),
    )
