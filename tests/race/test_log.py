"""Forecasts are kept once, and scored when an observation of their quarter is there."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from racing import CATALOG

import tenfold

LATER = """series,entity,date,value,unit,source
capex_cash_sec,META,2025-09-30,18.8,USD_bn_per_quarter,made up
nvidia_dc_revenue,NVIDIA,2025-07-28,41.1,USD_bn_per_quarter,made up
"""


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("TENFOLD_HOME", str(tmp_path / "home"))
    file = tmp_path / "later.csv"
    file.write_text(LATER, encoding="utf-8")
    return str(file)


def test_a_forecast_is_kept_once_and_settled_later(later: str) -> None:
    asked: dict[str, Any] = {"origin": "2025-06-30", "draws": 256, "catalog": CATALOG}
    before = tenfold.race_log(**asked)
    assert before.kept_origins == ()
    assert before.forecast
    kept = tenfold.race_log(keep=True, **asked)
    again = tenfold.race_log(keep=True, seed=5, **asked)
    assert kept.kept_origins == again.kept_origins == (datetime.date(2025, 6, 30),)
    assert kept.waiting == again.waiting == len(kept.forecast)
    settled = tenfold.race_log(actuals=later, **asked)
    assert {(each.block, each.series) for each in settled.settled} == {("capex", "meta"), ("nvidia_revenue", "nvidia")}
    assert settled.waiting == kept.waiting - 2
    foretold = {(each.block, each.series, each.date): each for each in kept.forecast}
    for each in settled.settled:
        told = foretold[each.block, each.series, each.date]
        assert (each.p10, each.p50, each.p90) == (told.p10, told.p50, told.p90)
        assert each.covered == (each.p10 <= each.actual <= each.p90)
        assert each.crps > 0.0
    assert settled.coverage_80 is not None
    assert settled.ratio_drift is not None


def test_quantiles_are_in_order() -> None:
    answer = tenfold.race_log(origin="2024-12-31", draws=256, catalog=CATALOG)
    assert {each.block for each in answer.forecast} >= {"capex", "owners", "largest_run"}
    assert all(each.p10 <= each.p50 <= each.p90 for each in answer.forecast)
    assert min(each.date for each in answer.forecast) > datetime.date(2024, 12, 31) - datetime.timedelta(days=1)
