"""A plan keeps to the power that a site of the catalog states, by date where it states stages."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from plans import asked, designed

from tenfold.catalog import Catalog, load_catalog
from tenfold.planning.plan import Goal, Means
from tenfold.quantities import Amount, Place

FIGURE = 'kind = "estimate", source = "assumption-sites", as_of = "2026-11"'
AVAILABLE = f'available = {{ value = "5 kW", {FIGURE} }}'
STAGES = f"""
[power.stages]
"2027-01" = {{ value = "5 kW", {FIGURE} }}
"2028-03" = {{ value = "9 MW", {FIGURE} }}
"""


def with_power(folder: Path, text: str) -> Catalog:
    (folder / "sites").mkdir()
    (folder / "sites" / "nordics.toml").write_text(f"[power]\n{text}\n")
    return load_catalog([folder])


@pytest.fixture
def small(means: Means) -> Means:
    return replace(means, chips=("h100-sxm",), supply=("on-demand",), sites=("nordics",), budget_usd=None)


def test_power_that_a_site_states_limits_the_plan(goal: Goal, small: Means, tmp_path: Path) -> None:
    more = replace(goal, tokens=1.3e12)
    free = designed(more, small, load_catalog())
    assert free.best is not None
    assert free.best.power_mw > 0.04
    limited = designed(more, small, with_power(tmp_path, AVAILABLE))
    assert limited.best is None
    (reason,) = {each for found in limited.infeasible for each in found.reasons if each.kind == "power"}
    assert reason.short.startswith("power short by ")
    assert "kW" in reason.short
    assert reason.nearest.endswith(" chips")
    enough = Amount("W").read(reason.nearest.partition(" for ")[0], Place())
    assert enough == pytest.approx(1e6 * free.best.power_mw, rel=0.7), "of this count of chips, not of the best one"


def test_stages_limit_by_the_day_of_the_start_and_say_when_it_fits(goal: Goal, small: Means, tmp_path: Path) -> None:
    known = with_power(tmp_path, STAGES)
    early = designed(replace(goal, start=datetime.date(2027, 6, 1)), small, known)
    assert early.best is None
    (reason,) = {each for found in early.infeasible for each in found.reasons if each.kind == "power"}
    assert reason.nearest.startswith("nordics has it from 2028-03-01, or ")
    assert designed(replace(goal, start=datetime.date(2028, 3, 1)), small, known).best is not None
    assert designed(goal, small, known).best is not None


def test_the_start_of_a_goal_file_is_kept(catalog: Catalog, tmp_path: Path) -> None:
    file = tmp_path / "goal.toml"
    lines = [
        'kind = "train"',
        'model = "llama-3.1-8b"',
        'tokens = "1T"',
        "sequence_length = 8192",
        "global_batch = 512",
    ]
    file.write_text("\n".join(["[goal]", *lines, 'start = "2027-06-01"']))
    assert asked(file, catalog).goal.start == datetime.date(2027, 6, 1)
    file.write_text("\n".join(["[goal]", *lines]))
    assert asked(file, catalog).goal.start is None
