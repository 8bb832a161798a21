"""A plan as a request for quotes."""

from __future__ import annotations

import dataclasses

from tenfold.planning.plan import PlanAnswer
from tenfold.reports.answers import answer_data
from tenfold.reports.exports import write_quotes


def test_the_sheet_says_what_to_ask_and_when_to_walk_away(plan: PlanAnswer) -> None:
    data = answer_data(plan)
    (text,) = write_quotes(data, "plan.json").values()
    assert (
        "| 16,384 × h100-sxm, short contract | 90 days | as soon as can be | 45 days, up to 100 | $3.31 a chip-hour |"
        in text
    )
    assert "h100-sxm, own" not in text
    assert "price of the chip 2.99 → 3.31 USD/h: 6,144 × gb200, short contract" in text
    assert "acceptance test" in text
    assert write_quotes(data, "plan.json") == {"quotes.md": text}


def test_a_measurement_has_a_price(plan: PlanAnswer) -> None:
    data = answer_data(plan)
    flip = {"input": "step time", "from": 5.2, "to": 5.9, "unit": "s", "written": "", "choice": "nothing fits"}
    data["flips"] = [flip]  # type: ignore[list-item]
    (text,) = write_quotes(data, "plan.json").values()
    assert "measure it: 64 chips for 8 hours, about $" in text
    data["flips"] = []
    (text,) = write_quotes(data, "plan.json").values()
    assert "nothing within four times" in text


def test_a_run_that_may_outlast_its_term_asks_for_the_right_to_stay(plan: PlanAnswer) -> None:
    """A term is of the run at P50: one in ten takes longer, and has to know what that costs before it signs."""
    assert plan.best is not None
    rented = [each for each in (plan.best, *plan.alternatives) if each.supply != "own"]
    longest = max(each.days_on_chips.p90 for each in rented[:4])
    (text,) = write_quotes(answer_data(plan), "plan.json").values()
    assert f"one run in ten needs them {longest:,.0f} days or more" in text
    own = next(each for each in plan.alternatives if each.supply == "own")
    (bought,) = write_quotes(answer_data(dataclasses.replace(plan, best=own, alternatives=())), "plan.json").values()
    assert "right to keep" not in bought
