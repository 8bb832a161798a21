from __future__ import annotations

import datetime
import html
import itertools
import json
import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsed_pages import Parsed

from tenfold.quantities import Figure, Made, NamedFigure, Percentiles
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.charts import (
    Axis,
    Chart,
    Flow,
    Line,
    Link,
    Node,
    Point,
    cumulative,
    graph,
    histogram,
    lines,
    sankey,
    waterfall,
)
from tenfold.reports.charts.graph import positions
from tenfold.reports.charts.sankey import AGAIN, unrolled
from tenfold.reports.page import report_html
from tenfold.reports.report import Report, Section, Table, made_in_words
from tenfold.reports.wording import share

ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
SIZES = [1024, 4096, 16384, 65536, 131072]
ETTR = [0.995, 0.981, 0.93, 0.78, 0.61]
LOW, HIGH = [value - 0.03 for value in ETTR], [value + 0.004 for value in ETTR]
RNG = np.random.default_rng(11)
FINISH = 78 + 3 * RNG.gamma(2.0, 1.0, 4000)
MARKS = Percentiles(p10=79.5, p50=83.0, p90=90.2)
LOSSES = {"wall time": 1.0, "checkpoints": -0.021, "lost work": -0.034, "restarts": -0.024}
PROFIT = {"revenue": 30e6, "power": -8e6, "staff": -3e6, "interest": -24e6, "tax credit": 1e6}
SITES = (
    Node(name="us-texas", longitude_deg=-99.7, latitude_deg=32.4, size=8192, text="8,192 chips"),
    Node(name="us-ohio", longitude_deg=-82.8, latitude_deg=40.1, size=4096),
    Node(name="us-ohio-2", longitude_deg=-82.5, latitude_deg=40.2, size=1024),
    Node(name="japan", longitude_deg=139.7, latitude_deg=35.7, size=2048),
)
LINKS = (
    Link(source="us-texas", target="us-ohio", weight=0.3, text="120 of 400 Gbit/s"),
    Link(source="us-texas", target="japan", weight=1.4, text="140 of 100 Gbit/s", overloaded=True),
)
CIRCLE = (
    Flow(source="chip maker", target="model lab", value=100e9, text="equity"),
    Flow(source="model lab", target="cloud", value=300e9, text="compute"),
    Flow(source="cloud", target="chip maker", value=40e9, text="chips"),
    Flow(source="model lab", target="nobody", value=0.0),
)


def sizes_chart(note: str = "") -> Chart:
    return lines(
        "sizes",
        "ETTR against cluster size",
        [
            Line(name="exact", x=SIZES, y=ETTR, low=LOW, high=HIGH),
            Line(name="first order", x=SIZES, y=ETTR, dashed=True),
        ],
        x=Axis(name="chips", log=True),
        y=Axis(name="ETTR", unit="share"),
        points=[Point(name="Llama 3 405B", x=16384, y=0.90, text="54 days")],
        note=note,
    )


def every_chart() -> list[Chart]:
    quarters = ("2026 Q1", "2026 Q2", "2026 Q3", "2026 Q4")
    cash = Line(name="cash", x=range(4), y=[-1e9, -2.4e9, -0.5e9, 1.2e9], low=[-1e9, -3e9, -2e9, -1e9], high=[-1e9] * 4)
    return [
        waterfall("losses", "Where wall time goes", LOSSES, "share", total_name="productive"),
        waterfall("profit", "From revenue to profit", PROFIT, "USD", total_name="profit"),
        sizes_chart(),
        lines("cash", "Cash by quarter", [cash], x=Axis(name="", steps=quarters), y=Axis(name="", unit="USD")),
        histogram("finish", "Finish date", FINISH, MARKS, start=datetime.date(2026, 9, 1)),
        cumulative("policies", "Finish by policy", {"blocking": FINISH + 6, "in memory": FINISH}),
        graph("sites", "Sites and links", SITES, LINKS),
        sankey("money", "Who pays whom", CIRCLE, "USD"),
    ]


def figure(name: str, kind: str, note: str = "") -> NamedFigure:
    made = Figure(value=6.5, unit="1", kind=kind, source="rsc", as_of=datetime.date(2025, 6, 1), note=note)  # type: ignore[arg-type]
    return NamedFigure(name=name, figure=made)


def answer(*charts: Chart, name: str = "GPU") -> Report:
    table = Table(headers=("cause", "per day"), rows=((name, "1.2"),), numeric=" r", title=name)
    return Report(
        title="Tenfold goodput",
        question=f"How much is lost to failures of {name}?",
        verdict=f"93 % of wall time is productive with {name}",
        good=False,
        cards=(spread_card("Goodput", Percentiles(p10=0.9, p50=0.93, p90=0.95), share), Card(name="MTTF", value="3 h")),
        sections=(
            Section(title="Where time goes", lead=name, pairs=(("Chips", name),), tables=(table,), charts=charts[:1]),
            Section(title="More", charts=charts[1:]),
        ),
        assumptions=(figure(f"{name}.restart", "assumption", note=name),),
        figures=(figure("measured.rate", "measured"), figure(f"{name}.restart", "assumption", note=name)),
        made=Made(tenfold="0.1.0", catalog="abc", overrides=(), seed=7),
    )


@pytest.fixture(scope="module")
def text() -> str:
    return report_html(answer(*every_chart()), {})


def test_a_page_loads_nothing_and_holds_everything_it_was_given(text: str) -> None:
    parsed = Parsed(text)
    assert parsed.open == []
    for tag, attributes in parsed.tags:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form"}
        assert "src" not in attributes
        assert (attributes.get("href") or "#").startswith("#")
    page = answer()
    words = [page.title, page.verdict, made_in_words(page.made), "MTTF", "Where time goes", "More", "measured.rate"]
    assert all(html.escape(word) in text for word in words)
    assert 'class="verdict bad"' in text
    assert text.index("GPU.restart") < text.index('<h2 id="section-1">'), "assumptions come first"
    assert re.search(r'<td class="number">1.2</td>', text)


def test_every_chart_of_the_page_is_finite_json_with_a_sentence_and_a_table(text: str) -> None:
    parsed = Parsed(text)
    options = json.loads(parsed.data)
    places = {attributes.get("id"): attributes for _, attributes in parsed.tags}
    for chart in every_chart():
        assert json.loads(json.dumps(chart.option, allow_nan=False)) == options[chart.key]
        assert places[f"chart-{chart.key}"]["aria-label"] == chart.summary
        assert chart.rows
        assert {len(row) for row in chart.rows} == {len(chart.headers)}


def test_names_in_pages_are_escaped() -> None:
    flows = [Flow(source=ATTACK, target="b", value=1.0)]
    text = report_html(answer(sankey("k", ATTACK, flows, "USD"), sizes_chart(ATTACK), name=ATTACK), {})
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert ATTACK in json.dumps(json.loads(Parsed(text).data)), "the chart still shows the name as it is"


def drawn_ends(chart: Chart) -> list[tuple[float, float]]:
    """Both ends of every bar as the chart library stacks them: above zero upwards, below zero downwards."""
    hidden, *steps = (series["data"] for series in chart.option["series"])
    ends = []
    for index, start in enumerate(hidden):
        tops = [start + step[index]["value"] for step in steps if step[index]["value"]]
        crossing = len(tops) == 2
        ends.append((tops[0], tops[1]) if crossing else (start, tops[0] if tops else start))
    return ends


@given(st.lists(st.sampled_from([-9e6, -4e6, -1e6, 2e6, 3e6, 7e6]), min_size=1, max_size=8))
def test_every_step_of_a_waterfall_starts_where_the_one_before_it_ended(values: list[float]) -> None:
    chart = waterfall("k", "t", {f"term {index}": value for index, value in enumerate(values)}, "USD")
    sums = [0.0, *itertools.accumulate(values)]
    size = 1e6 if max(map(abs, sums[1:])) >= 1e6 else 1.0
    expected = [sorted(pair) for pair in [*itertools.pairwise(sums), (0.0, sums[-1])]]
    for bar, (low, high) in zip(drawn_ends(chart), expected, strict=True):
        assert sorted(bar) == pytest.approx([low / size, high / size], abs=1e-9)


def test_terms_that_cancel_end_at_zero() -> None:
    chart = waterfall("k", "t", {"a": 0.3, "b": -0.1, "c": -0.2}, "USD")
    assert len(chart.option["series"]) == 2, "nothing below zero"
    assert "onZero" not in json.dumps(chart.option["yAxis"])


def test_losses_have_no_share_of_what_is_left() -> None:
    chart = waterfall("k", "t", PROFIT, "USD", total_name="loss")
    assert chart.headers == ("term", "value")
    assert chart.rows[1] == ("power", "-$8M")
    assert chart.rows[-1] == ("loss", "-$4M")


def test_a_fan_has_its_band_behind_the_line_in_the_same_scale() -> None:
    chart = next(chart for chart in every_chart() if chart.key == "cash")
    band, line = chart.option["series"]
    assert [item[1:] for item in band["data"]] == [[-1, -1], [-3, -1], [-2, -1], [-1, -1]]
    assert [item["value"][1] for item in line["data"]] == [-1, -2.4, -0.5, 1.2]
    assert chart.rows[1][:3] == ("cash", "2026 Q2", "-$2.4B")


def test_values_that_a_log_axis_cannot_show_are_not_drawn() -> None:
    curve = Line(name="a", x=[0.0, 10.0, math.inf], y=[0.5, 0.4, 0.3])
    chart = lines("k", "t", [curve], x=Axis(name="chips", log=True), y=Axis(name="share", unit="share"))
    assert [item["value"][0] for item in chart.option["series"][0]["data"]] == [None, 10.0, None]


@pytest.mark.parametrize(
    ("unit", "low", "high", "most"),
    [("count", 3.8e4, 6e9, 1e3), ("USD", 2e9, 9e11, 1e3), ("FLOP", 1e26, 2e29, 10.0), ("W", 5e9, 6e11, 1e3)],
)
def test_a_log_axis_prints_each_power_of_ten_in_its_own_unit(unit: str, low: float, high: float, most: float) -> None:
    curve = Line(name="a", x=[1.0, 2.0], y=[low, high])
    axis = lines("k", "t", [curve], x=Axis(name="x"), y=Axis(name="y", unit=unit, log=True)).option["yAxis"]
    assert axis["min"] < axis["max"]
    for tick in np.geomspace(axis["min"], axis["max"], 30):
        size, pattern = next(step for step in axis["axisLabel"]["scales"] if tick >= step[0])
        assert 1.0 <= tick / size < most
        assert "{value}" in pattern


def test_a_histogram_counts_every_outcome_that_ends() -> None:
    outcomes = [*FINISH[:300], math.inf, math.inf]
    chart = histogram("k", "t", outcomes, MARKS)
    shares = [item["value"][1] for item in chart.option["series"][0]["data"]]
    assert sum(shares) == pytest.approx(100 * 300 / 302)
    assert chart.note.startswith("0.7 % of outcomes never end")
    marks = [mark["xAxis"] for mark in chart.option["series"][0]["markLine"]["data"]]
    assert marks == [MARKS.p10, MARKS.p50, MARKS.p90]


def test_a_histogram_with_a_start_shows_dates() -> None:
    chart = histogram("k", "t", [1.0, 2.0], Percentiles(p10=1.0, p50=1.5, p90=2.0), start=datetime.date(1970, 1, 1))
    assert chart.option["xAxis"]["type"] == "time"
    assert chart.option["series"][0]["data"][0]["value"][0] == 86_400_000
    assert "P90 1970-01-03" in chart.summary


def test_a_cumulative_curve_stops_where_outcomes_never_end() -> None:
    chart = cumulative("k", "t", {"often": [1.0, 2.0, 3.0, math.inf], "always": [4.0]})
    last = chart.option["series"][0]["data"][-1]["value"]
    assert last == [3.0, 75.0]
    assert chart.option["series"][1]["data"][-1]["value"] == [4.0, 100.0]
    assert chart.rows[0] == ("often", "24 h", "2 days", "never")


def test_places_keep_their_sides_and_stand_apart() -> None:
    placed = dict(zip((node.name for node in SITES), positions(SITES), strict=True))
    assert placed["japan"][0] < placed["us-texas"][0] < placed["us-ohio"][0], "the Pacific is not cut"
    assert placed["us-texas"][1] > placed["us-ohio"][1], "north is up"
    for a, b in itertools.combinations(placed.values(), 2):
        assert math.dist(a, b) > 0.15


def test_places_without_coordinates_stand_on_a_circle() -> None:
    placed = positions([Node(name="a"), Node(name="b", longitude_deg=3.0, latitude_deg=50.0), Node(name="c")])
    assert len(set(placed)) == 3
    assert {round((x / 2) ** 2 * 4 + y**2 * 4, 6) for x, y in placed} == {1.0}


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde")), max_size=12))
def test_flows_as_drawn_have_no_circle_and_lose_none(pairs: list[tuple[str, str]]) -> None:
    ends = unrolled([Flow(source=source, target=target, value=1.0) for source, target in pairs])
    assert [(source, target.removesuffix(AGAIN)) for source, target in ends] == pairs
    order = {name for pair in ends for name in pair}
    while order:
        first = {name for name in order if not any(target == name for source, target in ends if source in order)}
        assert first, "a circle is left"
        order -= first


def test_only_the_flow_that_closes_the_circle_ends_at_a_second_mark() -> None:
    assert [target for _, target in unrolled(CIRCLE[:3])] == ["model lab", "cloud", "chip maker" + AGAIN]
