"""A run that starts later is never surer: software that nobody has measured yet widens what is said of it."""

from __future__ import annotations

import datetime
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from plans import designed

from tenfold.catalog import Catalog, load_catalog
from tenfold.performance.training import measured_until, setup_training
from tenfold.planning.plan import Goal, Means

CATALOG = load_catalog()
DAYS = st.dates(datetime.date(2024, 1, 1), datetime.date(2032, 1, 1))


def log_spread(start: datetime.date | None, chip: str = "h100-sxm") -> float:
    setup = setup_training(
        CATALOG,
        chip=chip,
        model=CATALOG.model("llama-3.1-8b"),
        precision="bf16",
        sequence_length=8192,
        global_batch=512,
        start=start,
    )
    return setup.spread(64.0).log_spread


@given(starts=st.lists(DAYS, min_size=2, max_size=4), chip=st.sampled_from(("h100-sxm", "tpu-v5p", "mi300x")))
@settings(max_examples=25, deadline=None)
def test_a_later_start_is_never_surer(starts: list[datetime.date], chip: str) -> None:
    spreads = [log_spread(start, chip) for start in sorted(starts)]
    assert spreads == sorted(spreads)
    assert spreads[0] >= log_spread(None, chip)


def test_what_starts_before_the_last_measurement_is_as_sure_as_it_was() -> None:
    last = measured_until(CATALOG)
    assert log_spread(last) == log_spread(None)
    assert log_spread(last + datetime.timedelta(days=1461)) > 1.2 * log_spread(last)


def test_a_plan_that_starts_in_years_is_wider_and_says_so(catalog: Catalog, goal: Goal, means: Means) -> None:
    plans = [
        designed(replace(goal, deadline_s=None, start=day), replace(means, budget_usd=None), catalog).best
        for day in (datetime.date(2026, 11, 27), datetime.date(2031, 1, 1))
    ]
    now, then = (plan for plan in plans if plan is not None)
    assert then.step_time_s.p90 / then.step_time_s.p10 > now.step_time_s.p90 / now.step_time_s.p10
    assert any("years after the last measurement" in each for each in then.outside_calibration)
