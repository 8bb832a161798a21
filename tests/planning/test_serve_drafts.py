"""Plans with drafts: what is accepted moves speed and doubt, and only where something is drafted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from serving_plans import CATALOG, QUOTED, SERVICE, paid, planned

from tenfold.planning.drafts import accepted_spread
from tenfold.planning.plan.serve import PlanServeQuestion, ServeGoal
from tenfold.planning.plan.serve.question import contradictions
from tenfold.quantities import Percentiles

DRAFTING = replace(SERVICE, speculation="draft", accepted=(2.0,))


def width(spread: Percentiles) -> float:
    return spread.p90 / spread.p10


@settings(max_examples=4, deadline=None)
@given(less=st.floats(1.0, 1.95))
def test_fewer_accepted_tokens_are_never_cheaper(less: float) -> None:
    assert paid(planned(replace(DRAFTING, accepted=(less,)), QUOTED)) >= paid(planned(DRAFTING, QUOTED))


def test_a_range_is_less_sure_than_a_number_and_nothing_stated_than_neither() -> None:
    spreads = [accepted_spread(CATALOG, "draft", said) for said in ((2.0,), (1.9, 2.1), None)]
    assert spreads == sorted(spreads)
    assert spreads[0] == 0.0
    assert accepted_spread(CATALOG, "none", None) == 0.0
    exact, ranged = (planned(replace(DRAFTING, accepted=said), QUOTED).best for said in ((2.0,), (1.6, 2.5)))
    assert exact is not None
    assert ranged is not None
    assert width(ranged.tpot_s) > width(exact.tpot_s)
    assert width(ranged.ttft_s) == pytest.approx(width(exact.ttft_s))
    assert sum(exact.token_terms_s.values()) == pytest.approx(exact.token_s)
    assert exact.token_terms_s["drafts_s"] > 0.0


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ({"accepted": (2.0,)}, ["goal.accepted"]),
        ({"speculation": "draft", "accepted": (2.0, 1.0)}, ["goal.accepted"]),
        ({"speculation": "draft", "accepted": (1.0, 2.0)}, []),
    ],
)
def test_what_is_accepted_is_a_range_of_drafts(said: dict[str, object], keys: list[str]) -> None:
    question = PlanServeQuestion(goal=ServeGoal(service=replace(SERVICE, **said)))  # type: ignore[arg-type]
    assert [each.key for each in contradictions(question, CATALOG)] == keys
