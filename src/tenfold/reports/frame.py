"""What every page shares: one file with its style, scripts and data inside, that loads nothing and runs nothing else.

Everything a user may have named (models, files, notes, sources) is escaped; only web addresses become links; and a
content security policy lets the browser run the page's own scripts, known by their hashes, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
import json
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from tenfold.reports.charts.chart import Chart
from tenfold.reports.report import LONG_NAME
from tenfold.reports.wording import term_rows

if TYPE_CHECKING:
    import jinja2

_ROOM = "tenfold.reports"
_ECHARTS = "vendor/echarts/echarts.min.js"


def framed(template: str, drawn: Iterable[Chart], /, **parts: object) -> str:
    """Render a template inside the frame, with the options of its charts, each key once."""
    scripts = tuple(_text(path) for path in (_ECHARTS, "templates/charts.js", "templates/page.js"))
    return _environment().get_template(template).render(
        chart_data=embedded_json({chart.key: chart.option for chart in drawn}),
        style=_text("templates/page.css"),
        scripts=scripts,
        policy=content_policy(scripts),
        **parts,
    )  # fmt: skip


def embedded_json(data: object) -> str:
    """Print JSON that cannot end the script element it stands in: ``<``, ``>``, ``&`` and line separators escaped."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


@cache
def content_policy(scripts: tuple[str, ...]) -> str:
    """Content security policy: no loading, only these inline scripts (CSP level 2, hash sources)."""
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    hashes = " ".join(f"'sha256-{digest}'" for digest in digests)
    return f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:"


@cache
def _text(path: str) -> str:
    return importlib.resources.files(_ROOM).joinpath(path).read_text(encoding="utf-8")


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    loader = jinja2.PackageLoader(_ROOM, "templates")
    made = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.globals |= {"term_rows": term_rows, "long_name": LONG_NAME}
    return made
