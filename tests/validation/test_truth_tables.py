"""The compiled tables of published measurements: cited, readable, and what is known to fit or not to fit does."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import pytest
from measured_runs import CATALOG

from tenfold.performance import production_runs
from tenfold.performance.training import production_constants
from tenfold.validation.training.completed import complete_runs
from tenfold.validation.training.runs import read_runs
from tenfold.validation.training.validate import ValidateTrainingQuestion
from tenfold.validation.training.validate.validate import answer, benchmarks_of

TRUTH = Path(__file__).resolve().parents[2] / "truth"
sys.path.insert(0, str(TRUTH))

from production import between_of, sources_of  # noqa: E402
from published_memory import SHORT, layouts_that_ran, memory_rows  # noqa: E402


@pytest.mark.parametrize("name", ["training.csv", "memory.csv"])
def test_every_row_has_an_id_of_its_own_a_source_and_a_chip_the_catalog_knows(name: str) -> None:
    with (TRUTH / name).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len({row["id"] for row in rows}) == len(rows) > 30
    for row in rows:
        assert row["source_url"].startswith("https://"), row["id"]
        assert row["source_title"], row["id"]
        assert CATALOG.chip(row["chip"]).key, row["id"]


def test_rows_are_scored_unless_their_convention_is_unknown() -> None:
    done, skipped = complete_runs(read_runs(TRUTH / "training.csv"), CATALOG)
    assert skipped == {"quality C": 1}
    assert len({item.run.source_group for item in done}) >= 10


def test_throughputs_and_step_times_agree() -> None:
    """Tokens/s per chip × step time × chips = tokens of a step, to the digits printed."""
    for run in read_runs(TRUTH / "training.csv"):
        if run.tokens_per_s_per_chip and run.step_time_s and run.global_batch and run.seq and run.n_chips:
            tokens = run.tokens_per_s_per_chip * run.step_time_s * run.n_chips
            assert tokens == pytest.approx(run.global_batch * run.seq, rel=1e-4), run.id


def test_layouts_that_ran_fit_and_those_that_ran_out_of_memory_do_not() -> None:
    stated, refused = layouts_that_ran(TRUTH / "training.csv", CATALOG)
    assert stated >= 20
    assert refused == ()
    short = [row for row in memory_rows(TRUTH / "memory.csv", CATALOG) if row.kind == SHORT]
    assert len(short) == 4
    assert all(row.ours_bytes > row.capacity_bytes for row in short)


def test_the_production_share_is_that_of_the_rows_that_say_so() -> None:
    """The shipped calibration is what ``truth/production.py`` writes."""
    sources = sources_of(read_runs(TRUTH / "training.csv"), CATALOG)
    record = CATALOG.calibration("production")
    assert set(record.rows) == {row for each in sources.values() for row in each.rows}
    for name, each in sources.items():
        for key in ("log_ratio", "log_spread", "chips"):
            assert record.constant(f"{name}.{key}") == pytest.approx(getattr(each, key), rel=2e-3), name
    assert record.constant("all.between") == pytest.approx(between_of(sources), rel=2e-3)


def test_a_production_run_is_judged_by_other_operators() -> None:
    runs = [run for run in read_runs(TRUTH / "training.csv") if run.of_production]
    found = answer(ValidateTrainingQuestion(runs=str(TRUTH / "training.csv")), CATALOG)
    judged = {each.id: each for each in found.runs}
    inside = [judged[run.id].p10 <= judged[run.id].measured <= judged[run.id].p90 for run in runs if run.id in judged]
    assert len(inside) == 12
    assert 0.7 < np.mean(inside) < 0.95
    constants = production_constants(CATALOG)
    for run, measured, predicted, spread in benchmarks_of(runs, CATALOG):
        share = production_runs(constants, without=run.source)
        assert judged[run.id].measured == measured
        assert judged[run.id].predicted == pytest.approx(predicted * np.exp(share.log_share), rel=0.02), run.id
        wide = np.log(judged[run.id].p90 / judged[run.id].p10) / 2.5631
        assert wide > spread, run.id
