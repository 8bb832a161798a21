"""Charts of results as Apache ECharts options, in plain data.

* ``chart``: the record, axes, scales. ``waterfall``: terms to their sum. ``bars``: stacked, memory, tornado.
* ``columns``: parts over quarters, with a limit. ``spans``: several values of each name, such as P10, P50 and P90.
* ``scatter``: cost against finish. ``lines``: curves, fans, named points. ``distribution``: histogram, cumulative.
* ``dots``: values side by side. ``ranges``: P10 to P90 side by side. ``graph``: places and links.
* ``sankey``: flows between players.
"""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.planning.plan import Design, Plan
from tenfold.reports.charts.bars import Swing, memory, stacked, swing_bars, tornado
from tenfold.reports.charts.chart import Chart
from tenfold.reports.charts.columns import columns
from tenfold.reports.charts.distribution import cumulative, histogram
from tenfold.reports.charts.dots import dots
from tenfold.reports.charts.graph import Link, Node, graph
from tenfold.reports.charts.lines import Axis, Line, Point, lines
from tenfold.reports.charts.ranges import ranges
from tenfold.reports.charts.sankey import Flow, sankey
from tenfold.reports.charts.scatter import cost_against_finish
from tenfold.reports.charts.spans import spans
from tenfold.reports.charts.waterfall import waterfall
from tenfold.reports.ranked import ranked_designs

__all__ = [
    "Axis",
    "Chart",
    "Flow",
    "Line",
    "Link",
    "Node",
    "Point",
    "Swing",
    "columns",
    "cost_against_finish",
    "cumulative",
    "dots",
    "graph",
    "histogram",
    "lines",
    "memory",
    "plan_charts",
    "ranges",
    "sankey",
    "spans",
    "stacked",
    "swing_bars",
    "tornado",
    "waterfall",
]

COLOURS = "Blue is work, orange traffic that is not hidden, red waiting and work done twice."
COMPARED = 6
"""Designs side by side at most."""


def plan_charts(plan: Plan) -> tuple[Chart, ...]:
    """Draw every chart of a plan; none when nothing is feasible."""
    best = plan.best
    if best is None:
        return ()
    designs = _compared(plan)
    charts = [cost_against_finish("designs", "Cost against finish", plan)]
    charts.append(waterfall("step", "Where every second of a step goes", best.step_terms_s, "s", COLOURS))
    charts.append(waterfall("cost", "Where every dollar goes", best.cost_terms_usd, "USD"))
    goodputs = {name: design.goodput_terms for name, design in designs.items()}
    charts.append(stacked("goodput", "Where wall time goes, by design", goodputs, "share"))
    charts.append(memory("memory", "Memory of the fullest chip, against its capacity", designs))
    if len(designs) > 1:
        steps = {name: design.step_terms_s for name, design in designs.items()}
        charts.append(stacked("steps", "One step of each design", steps, "s"))
    if plan.failures is not None and any(plan.failures.loss.values()):
        charts.append(waterfall("loss", "What failures take, by cause", plan.failures.loss, "share"))
    if best.drivers:
        charts.append(tornado("finish-drivers", "What moves the finish", best.drivers, best.finish_days.p50, "days"))
        charts.append(tornado("cost-drivers", "What moves the cost", best.drivers, best.cost_usd.p50, "USD"))
    return tuple(charts)


def _compared(plan: Plan) -> Mapping[str, Design]:
    """Name the first designs by rank, so that no two share a name."""
    ranked = enumerate((each.design for each in ranked_designs(plan)[:COMPARED]), start=1)
    return {f"{rank}. {design.chips:,} × {design.chip}": design for rank, design in ranked}
