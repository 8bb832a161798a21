"""The report of several sites: every chart and table, links that need more than they have, a page without a plan."""

from __future__ import annotations

import dataclasses
import html
from pathlib import Path
from typing import Any

import pytest
from parsed_pages import charts_of
from typed_commands import tenfold

from tenfold.catalog import Catalog, load_catalog
from tenfold.interfaces.python import multisite
from tenfold.planning.multisite import MultisiteAnswer
from tenfold.reports.multisite import report, verdict
from tenfold.reports.page import report_html

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "multisite-40km.toml"
ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def answer(catalog: Catalog) -> MultisiteAnswer:
    return multisite(EXAMPLE, catalog=catalog)


def charts(answer: MultisiteAnswer) -> dict[str, Any]:
    return {chart.key: chart for section in report(answer).sections for chart in section.charts}


def test_the_page_has_every_chart_and_every_figure(answer: MultisiteAnswer, catalog: Catalog) -> None:
    text = report_html(report(answer), catalog.sources)
    assert set(charts_of(text)) == {"sites", "days", "design-days", "sensitivity"}
    assert html.escape(verdict(answer)) in text
    assert {named.name for named in answer.assumptions} <= {named.name for named in answer.figures}
    for named in answer.figures:
        assert html.escape(named.name) in text
    for title in ("Sites", "Links, one way", "With every link longer", "With every link wider", "All at one campus"):
        assert html.escape(title) in text
    stacks = charts(answer)["design-days"].option["series"]
    assert all(part["value"] >= 0 for series in stacks for part in series["data"]), "rounding is no loss"


def test_every_table_is_as_wide_as_its_headers(answer: MultisiteAnswer) -> None:
    tables = [table for section in report(answer).sections for table in section.tables]
    assert len(tables) == 6
    for table in tables:
        assert {len(row) for row in table.rows} == {len(table.headers)}


def test_a_price_of_the_question_is_shown_among_the_figures(catalog: Catalog) -> None:
    site = {"site": "us-ohio", "chip": "h100-sxm", "chips": 64, "price": "$2/h"}
    run = {"model": "llama-3.1-8b", "tokens": "1T", "sequence_length": 8192, "global_batch": 512, "start": "2027"}
    answer = multisite({"run": run, "sites": {"a": site}}, catalog=catalog)
    (stated,) = answer.stated
    assert stated.name == "question/sites.a.price_usd_per_chip_hour"
    assert (stated.figure.value, stated.figure.unit) == (2.0, "USD/h")
    assert html.escape(stated.name) in report_html(report(answer), catalog.sources)


def test_links_show_their_use_and_those_that_need_more_than_they_have(answer: MultisiteAnswer) -> None:
    assert answer.best is not None
    (link,) = answer.best.links
    (drawn,) = charts(answer)["sites"].option["series"][0]["links"]
    assert drawn["short"].endswith(" of 25.6 Tbit/s")
    assert "would hide every synchronisation" in drawn["text"]
    assert drawn["lineStyle"]["color"] != "var(--bad)"
    short = dataclasses.replace(link, peak_bytes_per_s=2 * link.bandwidth_bytes_per_s)
    over = dataclasses.replace(answer, best=dataclasses.replace(answer.best, links=(short,)))
    (drawn,) = charts(over)["sites"].option["series"][0]["links"]
    assert drawn["lineStyle"]["color"] == "var(--bad)"


def test_no_site_with_power_has_a_page_and_its_own_exit_code(
    answer: MultisiteAnswer, catalog: Catalog, tmp_path: Path
) -> None:
    none = dataclasses.replace(answer, best=None, alternatives=(), distance=(), bandwidth=(), one_campus=())
    text = report_html(report(none), catalog.sources)
    assert set(charts_of(text)) == {"sites"}
    assert 'class="verdict bad"' in text
    powerless = tmp_path / "powerless.toml"
    powerless.write_text(EXAMPLE.read_text(encoding="utf-8").replace('"20 MW"', '"1 MW"'), encoding="utf-8")
    assert tenfold("multisite", powerless).code == 3


def test_names_are_escaped(answer: MultisiteAnswer, catalog: Catalog) -> None:
    assert answer.best is not None
    nodes = (dataclasses.replace(answer.nodes[0], name=ATTACK), answer.nodes[1])
    edges = (dataclasses.replace(answer.edges[0], first=ATTACK),)
    sites = (dataclasses.replace(answer.best.sites[0], name=ATTACK, chip=ATTACK), answer.best.sites[1])
    best = dataclasses.replace(answer.best, sites=sites, algorithm=ATTACK)
    places = dataclasses.replace(answer, model=ATTACK, nodes=nodes, edges=edges, best=best, notes=(ATTACK,))
    text = report_html(report(places), catalog.sources)
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_the_page_is_written_whole_or_its_place_refused(tmp_path: Path) -> None:
    refused = tenfold("multisite", EXAMPLE, "--html", tmp_path / "no" / "page.html")
    assert refused.code == 2
    assert "there is no folder" in refused.stderr
    page = tmp_path / "page.html"
    written = tenfold("multisite", EXAMPLE, "--html", page)
    assert written.code == 0, written.stderr
    assert "Page written to" in written.stderr
    assert page.read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
