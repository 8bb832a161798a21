"""Pages of answers: every chart the answer has, everything escaped, nothing loaded; written by the commands."""

from __future__ import annotations

import dataclasses
import html
import json
import math
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import tenfold
from tenfold.catalog import Catalog, load_catalog
from tenfold.interfaces.cli.app import app
from tenfold.planning.goodput import GoodputAnswer
from tenfold.quantities import CatalogError, Percentiles
from tenfold.reports.goodput import report as goodput_page
from tenfold.reports.page import report_html
from tenfold.reports.report import Report

ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
JOB = ("goodput", "--chip", "h100-sxm", "--chips", "16384", "--replicas", "100")
HEADER = "name,chips,chip,ettr,kind,as_of,source,note\n"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def report(catalog: Catalog) -> GoodputAnswer:
    return tenfold.goodput(chip="h100-sxm", chips=16384, replicas=200, catalog=catalog)


def options(text: str) -> Mapping[str, Any]:
    found = re.search(r'<script type="application/json" id="chart-data">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    data: Mapping[str, Any] = json.loads(found[1])
    return data


class Loads(HTMLParser):
    """Every tag that loads something."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"link", "img", "iframe", "object", "embed", "base", "form"} or "src" in dict(attrs):
            self.found.append(tag)


def rendered(page: Report, catalog: Catalog) -> str:
    """The page, once it is sure that it loads nothing and that every chart has its place."""
    text = report_html(page, catalog.sources)
    loads = Loads()
    loads.feed(text)
    assert loads.found == []
    for key in options(text):
        assert f'id="chart-{key}"' in text
    for section in page.sections:
        for table in section.tables:
            assert {len(row) for row in table.rows} <= {len(table.headers)}
    return text


def charts(page: Report) -> dict[str, Any]:
    return {chart.key: chart for section in page.sections for chart in section.charts}


def test_the_page_of_goodput_has_every_chart_and_every_figure(report: GoodputAnswer, catalog: Catalog) -> None:
    page = goodput_page(report)
    text = rendered(page, catalog)
    assert set(options(text)) == {"loss-terms", "loss-causes", "finish", "sizes", "policies"}
    assert html.escape(page.verdict) in text
    assert text.index("What the answer assumes") < text.index("From wall time to useful time")
    assert text.rindex("Figures and their sources") > text.index("Policies compared")
    for named in report.figures:
        assert html.escape(named.name) in text
    for row in report.published:
        assert html.escape(row.name) in text


def test_losses_step_down_from_wall_time_to_useful_time(report: GoodputAnswer) -> None:
    found = charts(goodput_page(report))
    for key, lost in (("loss-terms", report.loss_terms), ("loss-causes", report.loss)):
        steps = [bar["value"] for bar in found[key].option["series"][1]["data"]]
        assert steps[0] == pytest.approx(100.0)
        assert steps[-1] == pytest.approx(100 * (1 - sum(lost.values())))


def test_cluster_sizes_hold_the_asked_one_and_published_runs_of_a_known_size(report: GoodputAnswer) -> None:
    asked = next(row for row in report.sizes if row.chips == report.chips)
    assert asked.exact == pytest.approx(report.ettr.exact, rel=1e-12)
    assert asked.first_order == pytest.approx(report.ettr.first_order, rel=1e-12)
    assert [row.chips for row in report.sizes] == sorted({row.chips for row in report.sizes})
    assert all(before.exact > after.exact for before, after in zip(report.sizes, report.sizes[1:], strict=False))
    series = charts(goodput_page(report))["sizes"].option["series"]
    published = next(each for each in series if each["name"] == "published")
    known = {row.name: (row.chips, round(100 * row.figure.value, 6)) for row in report.published if row.chips}
    drawn = {item["name"]: (item["value"][0], round(item["value"][1], 6)) for item in published["data"]}
    assert drawn == known
    assert {"Llama 3 405B", "ByteRobust", "FT-HSDP"} <= set(drawn)
    assert any(row.chips is None for row in report.published), "without a size it is in the table only"


def test_finishes_stand_for_all_runs(report: GoodputAnswer) -> None:
    outcomes = report.finish_outcomes_days
    assert list(outcomes) == sorted(outcomes)
    assert outcomes[9] <= report.finish_days.p10 <= outcomes[10]
    assert outcomes[89] <= report.finish_days.p90 <= outcomes[90]


def test_a_job_that_never_ends_has_a_page(report: GoodputAnswer, catalog: Catalog) -> None:
    never = Percentiles(p10=math.inf, p50=math.inf, p90=math.inf)
    lost = dataclasses.replace(report, finish_days=never, finish_outcomes_days=(math.inf,) * 100, finished_share=0.0)
    text = rendered(goodput_page(lost), catalog)
    assert "100 % of outcomes never end" in text


def test_names_are_escaped(report: GoodputAnswer, catalog: Catalog) -> None:
    published = tuple(dataclasses.replace(row, name=ATTACK) for row in report.published)
    job = dataclasses.replace(report, chip=ATTACK, system=ATTACK, notes=(ATTACK,), published=published)
    text = rendered(goodput_page(job), catalog)
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def run(*args: str | Path) -> Any:
    return CliRunner().invoke(app, [str(arg) for arg in args])


def test_the_command_writes_the_page_whole_or_refuses_the_place(tmp_path: Path) -> None:
    refused = run(*JOB, "--html", tmp_path / "no" / "page.html")
    assert refused.exit_code == 2
    assert "there is no folder" in refused.stderr
    page = tmp_path / "page.html"
    written = run(*JOB, "--html", page)
    assert written.exit_code == 0, written.stderr
    assert "Page written to" in written.stderr
    assert page.read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_an_overlay_adds_published_runs_and_every_bad_row_is_named(tmp_path: Path) -> None:
    file = tmp_path / "hazards" / "published_ettr.csv"
    file.parent.mkdir()
    file.write_text(
        HEADER
        + "Own,2048,h100-sxm,0.96,measured,2026-10,byterobust,\nLlama 3 405B,,,0.9,measured,2024-07,llama-3-herd,\n"
    )
    found = {row.name: row for row in load_catalog([tmp_path]).published_ettr}
    assert (found["Own"].chips, found["Own"].figure.value) == (2048, 0.96)
    assert found["Llama 3 405B"].chips is None
    assert "FT-HSDP" in found
    rows = (
        "A,8,,1.2,measured,2026,byterobust,",
        "B,8,,0.9,guess,2026,byterobust,",
        "C,x,,0.9,measured,2026,byterobust,",
        "D,8,,0.9,measured,2026,nobody,",
        ",8,,0.9,measured,2026,byterobust,",
        "E,8",
    )
    file.write_text(HEADER + "\n".join(rows))
    with pytest.raises(CatalogError) as trouble:
        _ = load_catalog([tmp_path]).published_ettr
    keys = [problem.key for problem in trouble.value.problems]
    assert keys == ["row 2: ettr", "row 3: kind", "row 4: chips", "row 5: source", "row 6: name", "row 7"]
    file.write_text("name\n")
    with pytest.raises(CatalogError, match="header"):
        _ = load_catalog([tmp_path]).published_ettr
