"""Charts of money: flows, columns and spans, everything escaped, nothing loaded."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from tenfold.interfaces.cli.app import app
from tenfold.reports.charts import Flow, columns, sankey, spans

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def test_columns_keep_small_parts_together_and_every_part_in_the_table() -> None:
    parts = {"Q1": {"a": 100.0, "b": 1.0, "c": 0.5}, "Q2": {"a": 90.0}}
    chart = columns("k", "t", parts, "1", limit=(120.0, math.inf))
    assert [series["name"] for series in chart.option["series"]] == ["a", "everything else", "limit"]
    assert chart.option["series"][1]["data"][0]["value"] == 1.5
    assert chart.option["series"][1]["data"][1]["text"] == "", "nothing to say of nothing"
    assert chart.headers == ("when", "a", "b", "c", "limit")
    assert chart.rows[1] == ("Q2", "90", "0", "0", "no limit")


def test_spans_join_the_marks_of_a_row() -> None:
    chart = spans("k", "t", {"x": {"P10": 1e9, "P50": 3e9}, "y": {"P50": 2e9}}, "USD")
    joined, low, middle = chart.option["series"]
    assert joined["markLine"]["data"] == [[{"coord": [1.0, 0]}, {"coord": [3.0, 0]}]]
    assert [item["short"] for item in low["data"]] == [""]
    assert [item["short"] for item in middle["data"]] == ["$1B · $3B", "$2B"]
    assert chart.rows == (("x", "$1B", "$3B"), ("y", "–", "$2B"))


def test_flows_with_kinds_take_their_colours() -> None:
    flows = [Flow(source="a", target="b", value=1.0, kind="debt"), Flow(source="b", target="c", value=1.0, kind="rent")]
    chart = sankey("k", "t", flows, "USD")
    assert [name for name, _ in chart.colours] == ["debt", "rent"]
    links = chart.option["series"][0]["links"]
    assert [link["lineStyle"]["color"] for link in links] == [colour for _, colour in chart.colours]
    assert chart.rows[0][-1] == "debt"


def test_the_command_writes_the_page_or_refuses_the_place(tmp_path: Path) -> None:
    def run(place: Path) -> Any:
        return CliRunner().invoke(app, ["contagion", str(EXAMPLES / "contagion.toml"), "--html", str(place)])

    refused = run(tmp_path / "no" / "page.html")
    assert refused.exit_code == 2
    assert "there is no folder" in refused.stderr
    written = run(tmp_path / "page.html")
    assert written.exit_code == 0, written.stderr
    assert "Page written to" in written.stderr
    assert "chart-flows" in (tmp_path / "page.html").read_text(encoding="utf-8")
