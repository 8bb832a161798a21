from __future__ import annotations

import base64
import dataclasses
import hashlib
import html
import importlib.resources
import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser

import pytest

from tenfold.planning.plan import Design, PlanAnswer
from tenfold.quantities import Percentiles
from tenfold.reports.charts import Chart
from tenfold.reports.frame import embedded_json
from tenfold.reports.page import report_html
from tenfold.reports.plan import report, verdict
from tenfold.reports.sources import Cited

ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
VOID = {"meta", "link", "img", "br", "hr", "input"}


class Page(HTMLParser):
    """Tags with their attributes, the text of scripts, and whether elements close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.scripts: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "script":
            self.scripts.append((dict(attrs).get("type") or "", ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            kind, text = self.scripts[-1]
            self.scripts[-1] = (kind, text + data)


def chart_data(page: Page) -> dict[str, dict[str, object]]:
    (text,) = (text for kind, text in page.scripts if kind == "application/json")
    loaded: dict[str, dict[str, object]] = json.loads(text)
    return loaded


def plan_page(plan: PlanAnswer, sources: Mapping[str, Cited]) -> str:
    return report_html(report(plan), sources)


def charts_of(plan: PlanAnswer) -> list[Chart]:
    return [chart for section in report(plan).sections for chart in section.charts]


def hostile(plan: PlanAnswer) -> PlanAnswer:
    """Put an attack into everything a user may name."""
    assert plan.best is not None
    figure = dataclasses.replace(plan.assumptions[0].figure, note=ATTACK, source="javascript:alert(3)", checked=ATTACK)
    named = dataclasses.replace(plan.assumptions[0], name=ATTACK, figure=figure)
    best = dataclasses.replace(plan.best, chip=ATTACK, site=ATTACK, step_terms_s={ATTACK: 1.0})
    goal = dataclasses.replace(plan.question.goal, model=ATTACK)
    question = dataclasses.replace(plan.question, goal=goal)
    rejected = tuple(dataclasses.replace(entry, chip=ATTACK) for entry in plan.infeasible)
    return dataclasses.replace(
        plan,
        question=question,
        best=best,
        pareto=(best,),
        assumptions=(named,),
        figures=(named,),
        notes=(ATTACK,),
        infeasible=rejected,
    )


def test_the_page_loads_nothing_and_holds_the_verdict(
    plan: PlanAnswer, hopeless: PlanAnswer, sources: dict[str, Cited]
) -> None:
    for answer in (plan, hopeless):
        text = plan_page(answer, sources)
        page = Page(text)
        assert page.open == []
        assert html.escape(verdict(answer)) in text
        for tag, attributes in page.tags:
            assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form"}
            assert "src" not in attributes
            href = attributes.get("href")
            assert href is None or (tag == "a" and href.startswith(("https://", "#")))
        style = text[text.index("<style>") : text.index("</style>")]
        assert "url(" not in style
        assert "@import" not in style


def test_the_policy_names_the_scripts_of_the_page(plan: PlanAnswer, sources: dict[str, Cited]) -> None:
    page = Page(plan_page(plan, sources))
    policy = next(attributes["content"] for tag, attributes in page.tags if "http-equiv" in attributes)
    assert policy is not None
    runnable = [text for kind, text in page.scripts if not kind]
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in runnable]
    assert len(runnable) == 3, "the library, what draws with it, the page's own"
    assert re.findall(r"'sha256-([^']+)'", policy) == digests
    assert "default-src 'none'" in policy


def test_names_and_notes_are_escaped(plan: PlanAnswer) -> None:
    text = plan_page(hostile(plan), {})
    page = Page(text)
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "img" not in {tag for tag, _ in page.tags}
    assert len(page.scripts) == 4
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert not any((attributes.get("href") or "").startswith("javascript") for _, attributes in page.tags)
    assert ATTACK in json.dumps(chart_data(page)), "the chart still shows the name as it is"


def test_a_source_with_an_unsafe_address_is_text(plan: PlanAnswer) -> None:
    @dataclasses.dataclass(frozen=True)
    class Source:
        title: str
        url: str

    page = Page(plan_page(plan, {"nvidia-h100-datasheet": Source("Datasheet", "javascript:alert(1)")}))
    assert all((attributes.get("href") or "#").startswith(("#", "https://")) for _, attributes in page.tags)


def test_every_chart_is_json_with_an_element_a_sentence_and_a_table(
    plan: PlanAnswer, sources: dict[str, Cited]
) -> None:
    charts = charts_of(plan)
    page = Page(plan_page(plan, sources))
    options = chart_data(page)
    places = {attributes.get("id"): attributes for _, attributes in page.tags}
    assert list(options) == sorted(chart.key for chart in charts)
    for chart in charts:
        assert json.loads(json.dumps(chart.option, allow_nan=False)) == options[chart.key]
        assert places[f"chart-{chart.key}"]["aria-label"] == chart.summary
        assert chart.rows
        assert {len(row) for row in chart.rows} == {len(chart.headers)}


def test_the_waterfall_climbs_to_its_total(plan: PlanAnswer) -> None:
    step = next(chart for chart in charts_of(plan) if chart.key == "step")
    starts, steps = (series["data"] for series in step.option["series"])
    ends = [start + item["value"] for start, item in zip(starts, steps, strict=True)]
    assert starts[0] == starts[-1] == 0.0
    assert starts[1:-1] == pytest.approx(ends[:-2])
    assert ends[-1] == pytest.approx(ends[-2])


def test_stacked_bars_keep_their_totals_when_small_terms_are_gathered(plan: PlanAnswer) -> None:
    steps = next(chart for chart in charts_of(plan) if chart.key == "steps")
    assert plan.best is not None
    assert "everything else" in [series["name"] for series in steps.option["series"]]
    drawn = sum(series["data"][0]["value"] for series in steps.option["series"])
    assert drawn == pytest.approx(sum(plan.best.step_terms_s.values()))


def test_designs_that_never_finish_are_listed_but_not_drawn(plan: PlanAnswer) -> None:
    never = Percentiles(p10=float("inf"), p50=float("inf"), p90=float("inf"))
    endless: Design = dataclasses.replace(plan.alternatives[0], finish_days=never, chip="endless")
    late = dataclasses.replace(plan.alternatives[1], finish_days=Percentiles(p10=70.0, p50=80.0, p90=float("inf")))
    changed = dataclasses.replace(plan, alternatives=(endless, late), pareto=())
    text = plan_page(changed, {})
    drawn = json.dumps(chart_data(Page(text))["designs"])
    assert "endless" in text
    assert "endless" not in drawn
    assert "h200-sxm" in drawn


def test_embedded_json_cannot_leave_its_element() -> None:
    data = {"a": "</script><!--", "b": "&\u2028"}
    text = embedded_json(data)
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == data


def test_the_chart_library_is_the_one_its_notice_names() -> None:
    folder = importlib.resources.files("tenfold.reports").joinpath("vendor/echarts")
    digest = hashlib.sha256(folder.joinpath("echarts.min.js").read_bytes()).hexdigest()
    assert digest in folder.joinpath("README.md").read_text(encoding="utf-8")
    assert "Apache License" in folder.joinpath("LICENSE").read_text(encoding="utf-8")
    assert "Apache ECharts" in folder.joinpath("NOTICE").read_text(encoding="utf-8")


def test_pages_are_the_same_every_time(plan: PlanAnswer, sources: dict[str, Cited]) -> None:
    assert plan_page(plan, sources) == plan_page(plan, sources)


def test_a_plan_is_told_in_the_order_of_its_first_screen(plan: PlanAnswer, sources: dict[str, Cited]) -> None:
    page = report_html(report(plan), sources)
    headings = ("Designs, ", "What would change the choice", "What next", "What the answer assumes", "The best design")
    places = [page.index(f">{heading}") for heading in headings]
    assert places == sorted(places)
