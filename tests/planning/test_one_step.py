"""A step is one number: what ``plan`` says of a design, ``estimate training`` says of its chips and layout."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from plans_and_estimates import designs_of, estimated, planned

from tenfold.catalog import Catalog
from tenfold.performance.layout import LayoutWish
from tenfold.planning.plan import Goal, Means
from tenfold.planning.setups import Wanted, setups_of


@pytest.mark.parametrize("model", ["llama-2-7b", "qwen3-30b-a3b"])
def test_plan_and_estimate_give_one_step(catalog: Catalog, goal: Goal, means: Means, model: str) -> None:
    goal = dataclasses.replace(goal, model=model)
    shown = designs_of(planned(goal, means, catalog))
    assert shown
    for design in shown:
        alone = estimated(goal, design, catalog)
        assert alone.layout == design.layout
        for name in ("p10", "p50", "p90"):
            assert getattr(design.step_time_s, name) == pytest.approx(getattr(alone.step_time_s, name), rel=1e-9)
            assert getattr(design.mfu, name) == pytest.approx(getattr(alone.mfu, name), rel=1e-9)
        assert design.step_terms_s.get("unstated_s", 0.0) == pytest.approx(alone.terms["unstated_s"], abs=1e-9)


def test_what_is_stated_is_stated_to_both(catalog: Catalog, goal: Goal, means: Means) -> None:
    (design, *_) = designs_of(planned(goal, means, catalog, software="vendor", network="whole"))
    alone = estimated(goal, design, catalog, software="vendor", network="whole")
    assert dataclasses.astuple(design.step_time_s) == pytest.approx(dataclasses.astuple(alone.step_time_s), rel=1e-9)
    (other, *_) = designs_of(planned(goal, means, catalog, network=50e9))
    alone = estimated(goal, other, catalog, network=50e9)
    assert dataclasses.astuple(other.step_time_s) == pytest.approx(dataclasses.astuple(alone.step_time_s), rel=1e-9)


def test_what_is_stated_narrows_and_stays_inside(catalog: Catalog, goal: Goal, means: Means) -> None:
    means = dataclasses.replace(means, chips=("h100-sxm",), chips_exactly=64, max_chips=None)
    vague = designs_of(planned(goal, means, catalog))[0].step_time_s
    known = designs_of(planned(goal, means, catalog, software="vendor", network="whole"))[0].step_time_s
    assert known.p90 / known.p10 < vague.p90 / vague.p10
    assert vague.p10 <= known.p50 <= vague.p90


def test_a_pinned_layout_is_that_of_every_count(catalog: Catalog, goal: Goal, means: Means) -> None:
    wish = LayoutWish(tp=4, pp=2, recompute="full")
    means = dataclasses.replace(means, chips=("h100-sxm",))
    goal = dataclasses.replace(goal, layout=wish, system="hgx-h100", setup_s=0.0, deadline_s=None)
    found = planned(goal, means, catalog)
    shown = designs_of(found)
    assert shown
    for design in shown:
        assert (design.layout.tp, design.layout.pp, design.layout.recompute) == (4, 2, "full")
        assert design.finish_terms_days["setup"] == 0.0
        assert design.chips % 8 == 0
    alone = estimated(goal, shown[0], catalog, system="hgx-h100")
    assert alone.layout == shown[0].layout
    assert dataclasses.astuple(shown[0].step_time_s) == pytest.approx(dataclasses.astuple(alone.step_time_s), rel=1e-9)


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2027])
def test_a_run_uses_software_of_its_day(catalog: Catalog, year: int) -> None:
    start = datetime.date(year, 7, 1)
    wanted = Wanted(chip="h100-sxm", model=catalog.model("llama-2-7b"), sequence_length=4096, global_batch=512,
                    precision="bf16", start=start)  # fmt: skip
    stacks = {case.setup.software.key: case.setup.software.since for case in setups_of(catalog, wanted, 64.0).cases}
    assert stacks
    assert all(since <= start for since in stacks.values()), stacks
