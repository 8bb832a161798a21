"""One self-contained page for a plan: style, script, charts and data inside, nothing loaded from anywhere.

Everything a user may have named (models, files, notes, sources) is escaped; only web addresses become links; and a
content security policy lets the browser run the page's own scripts, known by their hashes, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenfold.planning.plan import Design, NamedFigure, Plan
from tenfold.quantities import Percentiles
from tenfold.reports import wording
from tenfold.reports.charts import plan_charts
from tenfold.reports.ranked import ranked_designs
from tenfold.reports.rejected import LINES, rejections, rest_text
from tenfold.reports.sources import Cited, cited_figures, links_of, title_of
from tenfold.reports.tables.plan import best_pairs, footer

if TYPE_CHECKING:
    import jinja2

_ROOM = "tenfold.reports"
_ECHARTS = "vendor/echarts/echarts.min.js"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A key number: P50 large, P10 and P90 below it, and where P50 lies between them."""

    name: str
    value: str
    low: str
    high: str
    middle_percent: float | None


def plan_page(plan: Plan, sources: Mapping[str, Cited]) -> str:
    """Render a plan as one HTML page that works from a file, offline.

    ``sources`` are the catalog's, by key; a source missing there is shown as it stands.
    """
    charts = plan_charts(plan)
    scripts = (_text(_ECHARTS), _text("templates/page.js"))
    return _environment().get_template("plan.html.j2").render(
        plan=plan,
        verdict=wording.verdict(plan),
        question=wording.question(plan),
        request=wording.request(plan),
        cards=cards(plan.best) if plan.best else (),
        designs=ranked_designs(plan),
        best_pairs=best_pairs(plan.best) if plan.best else (),
        charts={chart.key: chart for chart in charts},
        chart_data=embedded_json({chart.key: chart.option for chart in charts}),
        rejections=rejections(plan.infeasible)[:LINES],
        rest=rest_text(rejections(plan.infeasible)),
        figures=figure_rows(cited_figures(plan), sources),
        footer=footer(plan),
        style=_text("templates/page.css"),
        scripts=scripts,
        policy=content_policy(scripts),
        w=wording,
    )  # fmt: skip


def cards(best: Design) -> tuple[Card, ...]:
    """Key numbers of the best design."""
    plain = [("Cash needed", wording.number(best.committed_usd, "USD")), *wording.footprint_pairs(best)]
    return (
        _card("Done in", best.finish_days, wording.days),
        _card("Cost", best.cost_usd, lambda value: wording.number(value, "USD")),
        _card("MFU", best.mfu, wording.share),
        _card("Goodput", best.goodput, wording.share),
        *(Card(name=name, value=value, low="", high="", middle_percent=None) for name, value in plain),
    )


def figure_rows(figures: Sequence[NamedFigure], sources: Mapping[str, Cited]) -> list[dict[str, object]]:
    """Rows of the table of sources: one for each figure, with links that are safe to follow."""
    return [
        {
            "name": named.name,
            "value": wording.figure_value(named),
            "range": wording.figure_range(named),
            "kind": named.figure.kind,
            "title": title_of(named.figure.source, sources),
            "links": links_of(named.figure.source, sources),
            "as_of": named.figure.as_of.isoformat(),
            "checked": title_of(named.figure.checked, sources) if named.figure.checked else "not checked",
            "conflicts": [_conflict(named, index, sources) for index in range(len(named.figure.conflicts))],
            "note": named.figure.note,
        }
        for named in figures
    ]


def embedded_json(data: object) -> str:
    """Print JSON that cannot end the script element it stands in: ``<``, ``>``, ``&`` and line separators escaped."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def content_policy(scripts: Sequence[str]) -> str:
    """Content security policy: no loading, only these inline scripts (CSP level 2, hash sources)."""
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    hashes = " ".join(f"'sha256-{digest}'" for digest in digests)
    return f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:"


def _card(name: str, spread: Percentiles, show: Callable[[float], str]) -> Card:
    width = spread.p90 - spread.p10
    middle = 100 * (spread.p50 - spread.p10) / width if 0 < width < float("inf") else None
    low, value, high = (show(end) for end in (spread.p10, spread.p50, spread.p90))
    return Card(name=name, value=value, low=low, high=high, middle_percent=middle)


def _conflict(named: NamedFigure, index: int, sources: Mapping[str, Cited]) -> str:
    conflict = named.figure.conflicts[index]
    return f"{wording.number(conflict.value, named.figure.unit)} ({title_of(conflict.source, sources)})"


def _text(path: str) -> str:
    return importlib.resources.files(_ROOM).joinpath(path).read_text(encoding="utf-8")


def _environment() -> jinja2.Environment:
    import jinja2

    loader = jinja2.PackageLoader(_ROOM, "templates")
    return jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
