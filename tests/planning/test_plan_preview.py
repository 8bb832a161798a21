"""The preview of a plan: what stands is judged anew, and gives what is worked out from nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plans import asked

from tenfold.catalog import Catalog
from tenfold.planning.plan import PlanQuestion
from tenfold.planning.plan.planned import outline
from tenfold.planning.plan.preview import MOST_STANDING, preview
from tenfold.planning.plan.train.candidates import find_runs
from tenfold.planning.plan.train.runs import Runs
from tenfold.quantities import few_draws, to_data

SMALL = """
[goal]
kind = "train"
model = "llama-3.1-8b"
tokens = "200B"
sequence_length = 4096
global_batch = "4M tokens"
precision = "bf16"
deadline = "90 days"

[means]
budget = "$3M"
chips = ["h100-sxm", "mi300x"]
chips_at_least = 64
max_chips = 128
supply = ["on-demand", "reserved-1y", "own"]
sites = ["us-texas", "nordics"]
power = "2 MW"
"""


@pytest.fixture(scope="module")
def question(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> PlanQuestion:
    path = Path(tmp_path_factory.mktemp("preview")) / "small.toml"
    path.write_text(SMALL)
    return asked(path, catalog)


@pytest.fixture(scope="module")
def kept() -> dict[Any, Any]:
    return {}


class Rival:
    """The same designs worked out from nothing but runs, which are searched once."""

    def __init__(self) -> None:
        self.found: list[Runs] = []

    def search(self, *asked: Any) -> Runs:
        if not self.found:
            self.found.append(find_runs(*asked))
        return self.found[0]

    def plan(self, question: PlanQuestion, catalog: Catalog, seed: int = 0) -> Any:
        with few_draws():
            return to_data(outline(question, catalog, seed=seed, search=self.search))


@pytest.fixture(scope="module")
def rival() -> Rival:
    return Rival()


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    budget_usd=st.none() | st.floats(1e3, 1e7),
    power_w=st.none() | st.floats(1e4, 1e7),
    confidence=st.sampled_from([0.1, 0.5, 0.8, 0.95]),
)
def test_limits_that_moved_give_what_is_worked_out_from_nothing(
    question: PlanQuestion,
    kept: dict[Any, Any],
    rival: Rival,
    catalog: Catalog,
    budget_usd: float | None,
    power_w: float | None,
    confidence: float,
) -> None:
    means = replace(question.means, budget_usd=budget_usd, power_w=power_w)
    moved = replace(question, goal=replace(question.goal, confidence=confidence), means=means)
    assert to_data(preview(moved, catalog, seed=0, kept=kept)) == rival.plan(moved, catalog)


def test_another_question_or_seed_stands_apart(
    question: PlanQuestion, kept: dict[Any, Any], rival: Rival, catalog: Catalog
) -> None:
    other = replace(question, means=replace(question.means, supply=("on-demand",)))
    for each, seed in ((question, 0), (other, 0), (question, 1)):
        assert to_data(preview(each, catalog, seed=seed, kept=kept)) == rival.plan(each, catalog, seed)


def test_what_stands_is_bounded(question: PlanQuestion, kept: dict[Any, Any], catalog: Catalog) -> None:
    for seed in range(MOST_STANDING + 2):
        preview(question, catalog, seed=seed, kept=kept)
    standing = [key for key in kept if key[0] == "standing"]
    assert [key[-1] for key in standing] == list(range(2, MOST_STANDING + 2))
