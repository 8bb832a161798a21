"""Charts of results as Apache ECharts options, in plain data.

* ``chart``: the record, axes, scales. ``waterfall``: terms to their sum. ``bars``: stacked, memory, swings.
* ``columns``: parts over quarters, with a limit. ``spans``: several values of each name, such as P10, P50 and P90.
* ``scatter``: cost against finish. ``lines``: curves, fans, named points. ``distribution``: histogram, cumulative.
* ``heat``: what holds for whom in each quarter.
* ``dots``: values side by side. ``ranges``: P10 to P90 side by side. ``graph``: places and links.
* ``sankey``: flows between players.
"""

from __future__ import annotations

from tenfold.reports.charts.bars import Swing, memory, stacked, swing_bars
from tenfold.reports.charts.chart import Chart
from tenfold.reports.charts.columns import columns
from tenfold.reports.charts.distribution import cumulative, histogram
from tenfold.reports.charts.dots import dots
from tenfold.reports.charts.graph import Link, Node, graph
from tenfold.reports.charts.heat import heat
from tenfold.reports.charts.lines import Axis, Line, Point, lines
from tenfold.reports.charts.ranges import ranges
from tenfold.reports.charts.sankey import Flow, sankey
from tenfold.reports.charts.scatter import Candidate, cost_against_finish
from tenfold.reports.charts.spans import spans
from tenfold.reports.charts.waterfall import waterfall

__all__ = [
    "Axis",
    "Candidate",
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
    "heat",
    "histogram",
    "lines",
    "memory",
    "ranges",
    "sankey",
    "spans",
    "stacked",
    "swing_bars",
    "waterfall",
]
