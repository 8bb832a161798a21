"""The preview of a plan: what stands is judged anew, and gives what is worked out from nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plans import asked

from tenfold.catalog import Catalog, load_catalog, physics_version
from tenfold.planning.plan import PlanAnswer, PlanQuestion
from tenfold.planning.plan.kept import MOST_STANDING
from tenfold.planning.plan.plan import outline
from tenfold.planning.plan.planned import Beside, Tell, beside
from tenfold.planning.plan.preview import keep, preview
from tenfold.planning.plan.train.candidates import find_runs
from tenfold.planning.plan.train.counts import Counts
from tenfold.planning.plan.train.runs import Runs
from tenfold.quantities import DAY_S, few_draws, to_data
from tenfold.studies import overlay_texts

SMALL = """
[goal]
kind = "train"
model = "llama-3.1-8b"
tokens = "200B"
sequence_length = 4096
global_batch = "4M tokens"
precision = "bf16"
tp = 8
pp = 1
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


class Rival:
    """The same designs worked out from nothing but runs, which are searched once."""

    def __init__(self) -> None:
        self.found: dict[Counts, Runs] = {}

    def search(self, *asked: Any) -> Runs:
        counts: Counts = asked[-1]
        if counts not in self.found:
            self.found[counts] = find_runs(*asked)
        return self.found[counts]

    def plan(self, question: PlanQuestion, catalog: Catalog, seed: int = 0, tell: Tell = beside) -> PlanAnswer:
        with few_draws():
            return outline(question, catalog, seed=seed, search=self.search, tell=tell)


@pytest.fixture(scope="module")
def rival() -> Rival:
    return Rival()


@pytest.fixture(scope="module")
def whole(question: PlanQuestion, rival: Rival, catalog: Catalog) -> PlanAnswer:
    return rival.plan(question, catalog)


@pytest.fixture(scope="module")
def kept(whole: PlanAnswer) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    keep(whole, found)
    return found


def told_of(answer: PlanAnswer) -> Tell:
    """What a whole answer told beside its designs, told of others."""
    assert answer.best is not None
    said = Beside(
        drivers=answer.best.drivers, near_misses=answer.near_misses, flips=answer.flips, stress=answer.stress
    )  # fmt: skip
    return lambda *_: said


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
    whole: PlanAnswer,
    catalog: Catalog,
    budget_usd: float | None,
    power_w: float | None,
    confidence: float,
) -> None:
    means = replace(question.means, budget_usd=budget_usd, power_w=power_w)
    moved = replace(question, goal=replace(question.goal, confidence=confidence), means=means)
    anew = rival.plan(moved, catalog, tell=told_of(whole))
    assert to_data(preview(moved, catalog, seed=0, kept=kept, outline=outline)) == to_data(anew)


def test_another_question_or_seed_stands_apart(
    question: PlanQuestion, kept: dict[Any, Any], rival: Rival, whole: PlanAnswer, catalog: Catalog
) -> None:
    other = replace(question, means=replace(question.means, supply=("on-demand",)))
    for each, seed in ((question, 0), (other, 0), (question, 1)):
        anew = rival.plan(each, catalog, seed, told_of(whole))
        assert to_data(preview(each, catalog, seed=seed, kept=kept, outline=outline)) == to_data(anew)


def test_more_tokens_and_less_time_search_only_what_is_new(question: PlanQuestion, catalog: Catalog) -> None:
    kept: dict[Any, Any] = {}
    preview(question, catalog, seed=0, kept=kept, outline=outline)
    goal = replace(question.goal, tokens=3e11, deadline_s=50 * DAY_S)
    moved = replace(question, goal=goal)
    assert to_data(preview(moved, catalog, seed=0, kept=kept, outline=outline)) == to_data(Rival().plan(moved, catalog))


def test_what_stands_is_bounded(question: PlanQuestion, kept: dict[Any, Any], catalog: Catalog) -> None:
    for seed in range(MOST_STANDING + 2):
        preview(question, catalog, seed=seed, kept=kept, outline=outline)
    standing = [key for key in kept if key[0] == "standing"]
    assert [key[-1] for key in standing] == list(range(2, MOST_STANDING + 2))


def test_a_price_that_is_changed_searches_nothing_anew(
    question: PlanQuestion, kept: dict[Any, Any], rival: Rival, whole: PlanAnswer, catalog: Catalog, tmp_path: Path
) -> None:
    def changed(name: str, value: str) -> Catalog:
        ((file, text),) = overlay_texts({name: value}, catalog, "Changed").items()
        place = tmp_path / name.replace("/", "-") / file
        place.parent.mkdir(parents=True)
        place.write_text(text)
        return load_catalog((place.parents[1],))

    tariff, speed = (
        changed("sites/us-texas/power.price", "$0.2/kWh"),
        changed("chips/mi300x/memory.bandwidth", "1 TB/s"),
    )
    assert physics_version(tariff) == physics_version(catalog) != physics_version(speed)
    preview(question, catalog, seed=0, kept=kept, outline=outline)
    searched = [key for key in kept if key[0] == "runs"]
    anew = rival.plan(question, tariff, tell=told_of(whole))
    assert to_data(preview(question, tariff, seed=0, kept=kept, outline=outline)) == to_data(anew)
    assert [key for key in kept if key[0] == "runs"] == searched
