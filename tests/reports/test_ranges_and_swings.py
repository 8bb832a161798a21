from __future__ import annotations

import json
import math

from tenfold.quantities import Percentiles
from tenfold.reports.charts import Swing, ranges, swing_bars
from tenfold.reports.wording import between


def test_a_range_reaches_from_p10_to_p90_in_the_scale_of_the_axis() -> None:
    spreads = {"rent": Percentiles(p10=1e6, p50=2e6, p90=4e6), "own": Percentiles(p10=3e6, p50=3e6, p90=3e6)}
    chart = ranges("k", "Cost", spreads, "USD", marked=("own",), legend=("others", "best"))
    tips, points = chart.option["series"]
    assert [item["value"] for item in points["data"]] == [[2, 0], [3, 1]]
    assert [mark["coord"] for mark in points["markLine"]["data"][0]] == [[1, 0], [4, 0]]
    assert [item["short"] for item in tips["data"][1::2]] == ["$2M ($1M–$4M)", "$3M"]
    assert chart.rows == (("rent", "$2M", "$1M–$4M"), ("own", "$3M", "$3M"))
    assert [name for name, _ in chart.colours] == ["others", "best"]


def test_ends_without_limit_are_left_at_the_middle_and_told_in_the_table() -> None:
    spreads = {"a": Percentiles(p10=1.0, p50=2.0, p90=math.inf), "b": Percentiles(p10=1.0, p50=math.inf, p90=math.inf)}
    chart = ranges("k", "t", spreads, "years")
    json.dumps(chart.option, allow_nan=False)
    assert [item["value"] for item in chart.option["series"][1]["data"]] == [[2.0, 0]]
    assert chart.rows[1] == ("b", "inf years", "1–inf years")


def test_swings_are_changes_from_the_base() -> None:
    swings = [Swing(name="price", low="$1.6/h", high="$2.3/h", results=(0.04, 0.14))]
    chart = swing_bars("k", "IRR", swings, 0.10, "share", ("low end", "high end"))
    low, high = (round(series["data"][0]["value"], 6) for series in chart.option["series"])
    assert (low, high) == (-6, 4)
    assert chart.rows == (("price", "$1.6/h", "4 %", "$2.3/h", "14 %"),)
    assert chart.option["xAxis"]["name"] == "change in percentage points"


def test_ends_below_zero_are_joined_with_a_word() -> None:
    assert between("-25 %", "-5 %") == "-25 to -5 %"
