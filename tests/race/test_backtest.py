"""The judge: scores against brute force, rivals against closed forms, and nothing after an origin is seen from it."""

from __future__ import annotations

import datetime
import math
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from racing import CATALOG, ROWS

import tenfold
from tenfold.quantities import InputError
from tenfold.race.backtest import RaceBacktestAnswer
from tenfold.race.backtest.actuals import with_actuals
from tenfold.race.backtest.blocks import BLOCKS
from tenfold.race.backtest.hindcast import foretold
from tenfold.race.backtest.rivals import RIVALS, drift, holt, last, trend
from tenfold.race.backtest.scores import bootstrap, crps_of_draws, crps_of_normal, geometric_mean, is_covered, pit
from tenfold.race.backtest.start import hindcast_from, start_at

ORIGIN = datetime.date(2024, 6, 30)
ORIGINS = "2023-06-30,2023-12-31,2024-06-30,2024-12-31,2025-06-30"


@cache
def asked() -> RaceBacktestAnswer:
    return tenfold.race_backtest(origins=ORIGINS, catalog=CATALOG, draws=1024)


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=30), st.floats(-6, 6))
def test_crps_of_draws_agrees_with_its_definition(values: list[float], outcome: float) -> None:
    draws = np.array(values)
    brute = np.mean(np.abs(draws - outcome)) - 0.5 * np.mean(np.abs(draws[:, None] - draws[None, :]))
    assert crps_of_draws(draws, outcome) == pytest.approx(float(brute), abs=1e-9)


def test_crps_of_a_normal_is_that_of_many_draws_of_it() -> None:
    draws = np.random.default_rng(0).normal(1.0, 0.5, 20_000)
    for outcome in (0.0, 1.0, 2.5):
        assert crps_of_normal(1.0, 0.5, outcome) == pytest.approx(crps_of_draws(draws, outcome), rel=0.02)


def test_a_better_forecast_scores_lower() -> None:
    assert crps_of_normal(0.0, 0.5, 0.0) < crps_of_normal(1.0, 0.5, 0.0) < crps_of_normal(2.0, 0.5, 0.0)
    draws = np.linspace(0.0, 1.0, 101)
    assert is_covered(draws, 0.5)
    assert not is_covered(draws, 0.95)
    assert pit(draws, 0.5) == pytest.approx(0.5)


@given(st.floats(-2, 2), st.floats(-0.5, 0.5), st.integers(5, 20), st.integers(1, 8))
def test_every_rival_goes_on_along_a_line(start: float, slope: float, rows: int, steps: int) -> None:
    levels = np.asarray(start + slope * np.arange(rows), dtype=np.float64)
    for rival in (drift, trend):
        assert rival(levels, steps)[0] == pytest.approx(levels[-1] + slope * steps, abs=1e-6)
    assert last(levels, steps)[0] == pytest.approx(levels[-1])
    assert abs(holt(levels, steps)[0] - levels[-1]) <= abs(slope) * (steps + 2) + 1e-9


def test_the_drift_is_the_textbook_one() -> None:
    levels = np.array([0.0, 0.1, 0.4, 0.5])
    mean, spread = drift(levels, 3)
    moves = np.diff(levels)
    assert mean == pytest.approx(0.5 + 3 * moves.mean())
    assert spread == pytest.approx(moves.std(ddof=1) * math.sqrt(3 * (1 + 3 / 3)))
    for name, rival in RIVALS.items():
        wide = [rival(np.array([0.0, 0.2, 0.1, 0.5, 0.4, 0.9]), steps)[1] for steps in (1, 4, 8)]
        assert wide == sorted(wide), name


def test_the_bootstrap_surrounds_the_mean() -> None:
    ratios = np.array([0.5, 0.8, 0.9, 1.1])
    low, high = bootstrap(ratios, np.random.default_rng(0))
    assert low < geometric_mean(ratios) < high


def test_nothing_after_an_origin_is_seen_from_it() -> None:
    """Rows after the origin are changed beyond recognition; no forecast moves. Rules are inputs and stay."""
    poisoned = tuple(
        replace(row, value=row.value * 1e3) if row.date > ORIGIN and row.series != "rule" else row for row in ROWS
    )
    casts = [hindcast_from(start_at(CATALOG, rows, ORIGIN, draws=64, seed=0), 0) for rows in (ROWS, poisoned)]
    when = datetime.date(2025, 3, 31)
    for block, series in (
        ("capex", "meta"),
        ("nvidia_revenue", "nvidia"),
        ("nvidia_sold", "nvidia"),
        ("tpu_sold", "tpu"),
        ("owners", "microsoft:nvidia"),
        ("concentration", "hhi"),
        ("china", "china"),
        ("largest_run", "world"),
    ):
        one, other = (foretold(cast, block, series, when) for cast in casts)
        np.testing.assert_array_equal(one, other)


def test_rows_before_an_origin_are_seen_from_it() -> None:
    changed = tuple(
        replace(row, value=row.value * 2.0) if row.series == "capex" and row.date == ORIGIN else row for row in ROWS
    )
    when = datetime.date(2024, 12, 31)
    one, two = (
        foretold(hindcast_from(start_at(CATALOG, rows, ORIGIN, draws=64, seed=0), 0), "capex", "meta", when)
        for rows in (ROWS, changed)
    )
    assert np.median(two) > 1.5 * np.median(one)


def test_the_json_is_what_was_asked_for() -> None:
    answer = asked()
    assert {origin.date.isoformat() for origin in answer.origins} == set(ORIGINS.split(","))
    names = {block.name for block in BLOCKS}
    for origin in answer.origins:
        assert set(origin.blocks) <= names
        for score in origin.blocks.values():
            assert score.n_fit > 0
            assert score.n_test > 0
            assert 0.0 <= score.coverage_80 <= 1.0
    assert answer.origins[-1].blocks == {}
    assert sum(answer.pit) == pytest.approx(1.0)
    assert set(answer.ablations) == {"coupling", "money", "power", "policy"}


def test_it_does_better_than_the_rivals_on_the_shipped_history() -> None:
    summary = asked().summary
    assert summary.ratio_drift is not None
    assert summary.ratio_drift_p90 is not None
    assert summary.last_three_ratio_drift is not None
    assert summary.ratio_trend is not None
    assert summary.coverage_80 is not None
    assert summary.worst_block_ratio_drift is not None
    assert summary.ratio_drift <= 0.90
    assert summary.ratio_drift_p90 < 1.0
    assert summary.last_three_ratio_drift <= 0.85
    assert summary.ratio_trend <= 0.75
    assert 0.72 <= summary.coverage_80 <= 0.88
    assert summary.worst_block_ratio_drift <= 1.5


def test_terms_that_are_not_earned_are_said() -> None:
    answer = asked()
    for name, ablation in answer.ablations.items():
        said = any(name in note and "not earned" in note for note in answer.notes)
        assert said != ablation.earned, name


LATER = """series,entity,date,value,unit,source
capex_cash_sec,META,2025-09-30,18.8,USD_bn_per_quarter,made up
capex_cash_sec,META,2025-06-30,99.0,USD_bn_per_quarter,made up
nvidia_dc_revenue,NVIDIA,2025-07-27,41.1,USD_bn_per_quarter,made up
h100e_cum_owned,Google:Google,2025-09-30,2900000,H100e,made up
h100e_cum_owned,SomeoneNew:Nvidia,2025-09-30,29,H100e,made up
policy_event,something,2025-09-30,1,event,made up
"""


def test_later_rows_are_scored_and_known_ones_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "later.csv"
    file.write_text(LATER, encoding="utf-8")
    rows = {row.name: row for row in with_actuals(ROWS, str(file))}
    assert rows["observations/capex/meta/2025-09-30"].value == 18.8e9
    assert rows["observations/capex/meta/2025-06-30"].value != 99e9
    assert rows["observations/h100e-owned/alphabet:tpu/2025-09-30"].value == 2.9e6
    answer = tenfold.race_backtest(origins="2025-06-30", actuals=str(file), catalog=CATALOG, draws=256, ablations=False)
    (origin,) = answer.origins
    assert set(origin.blocks) == {"capex", "nvidia_revenue", "owners"}
    assert origin.blocks["capex"].n_test == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("series,entity\n", "header"),
        (
            "series,entity,date,value,unit,source\ncapex_cash_sec,META,2025-09-30,much,USD_bn_per_quarter,x\n",
            "not a number",
        ),
        ("series,entity,date,value,unit,source\ncapex_cash_sec,META,someday,1,USD_bn_per_quarter,x\n", "someday"),
        ("series,entity,date,value,unit,source\ncapex_cash_sec,META,2025-09-30,1,barrels,x\n", "no unit"),
    ],
)
def test_a_wrong_file_is_refused(text: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "later.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        tenfold.race_backtest(actuals=str(file), catalog=CATALOG)
