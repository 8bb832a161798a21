"""What a plan promises whoever signs it: wider limits never hurt, and a smaller budget never buys a dearer plan."""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plans import designed, layouts_for, outlined

import tenfold
from tenfold.catalog import Catalog, load_catalog
from tenfold.planning.plan import Design, Existing, Goal, Means, PlanAnswer, Quoted, nearest_of
from tenfold.quantities import Amount, InputError, Place
from tenfold.reports.plan.words import flip_words

CATALOG = load_catalog()
DAY_S = 86_400.0
GOAL = Goal(model="llama-2-7b", tokens=1e12, sequence_length=4096, global_batch=1024, deadline_s=60 * DAY_S)
MEANS = Means(
    budget_usd=500_000.0,
    chips=("h100-sxm", "mi300x", "b200"),
    max_chips=256,
    supply=("on-demand", "reserved-3m", "own"),
    sites=("us-texas", "nordics"),
)
LAYOUTS = layouts_for(GOAL, CATALOG)
"""Searched once: no property here moves a layout."""
few = settings(max_examples=3, deadline=None)
"""Each example plans two to five times; a campaign of many is in benchmarks."""
BUDGETS = st.floats(5e4, 5e6)
DAYS = st.floats(10.0, 200.0)


def score(plan: PlanAnswer) -> float:
    """What the choice was sorted by; infinite where nothing fits."""
    return math.inf if plan.best is None else plan.best.holds


@few
@given(budget=BUDGETS, more=st.floats(1.0, 4.0), days=DAYS, objective=st.sampled_from(("cheapest", "fastest")))
def test_a_larger_budget_never_worsens_the_objective(budget: float, more: float, days: float, objective: str) -> None:
    goal = replace(GOAL, deadline_s=days * DAY_S, objective=objective)  # type: ignore[arg-type]
    tight, wide = (designed(goal, replace(MEANS, budget_usd=usd), CATALOG, LAYOUTS) for usd in (budget, budget * more))
    assert score(wide) <= score(tight)


@few
@given(days=DAYS, more=st.floats(1.0, 4.0), objective=st.sampled_from(("cheapest", "fastest", "least-energy")))
def test_a_longer_deadline_never_worsens_the_objective(days: float, more: float, objective: str) -> None:
    short, long, none = (
        designed(replace(GOAL, deadline_s=seconds, objective=objective), MEANS, CATALOG, LAYOUTS)  # type: ignore[arg-type]
        for seconds in (days * DAY_S, days * more * DAY_S, None)
    )
    assert score(none) <= score(long) <= score(short)


@few
@given(most=st.integers(8, 400), more=st.integers(0, 400), objective=st.sampled_from(("cheapest", "fastest")))
def test_more_chips_sites_and_supplies_never_worsen_the_objective(most: int, more: int, objective: str) -> None:
    goal = replace(GOAL, objective=objective)  # type: ignore[arg-type]
    base = replace(MEANS, max_chips=most, sites=("us-texas",), supply=("on-demand",), chips=("h100-sxm",))
    tight = score(designed(goal, base, CATALOG, LAYOUTS))
    wider = (
        replace(base, max_chips=most + more),
        replace(base, sites=("us-texas", "nordics")),
        replace(base, supply=("on-demand", "spot")),
        replace(base, chips=("h100-sxm", "b200")),
    )
    for each in wider:
        assert score(designed(goal, each, CATALOG, LAYOUTS)) <= tight


@few
@given(confidence=st.floats(0.3, 0.95), less=st.floats(0.0, 0.3))
def test_less_confidence_never_worsens_the_objective(confidence: float, less: float) -> None:
    bold, sure_ = (
        designed(replace(GOAL, confidence=share), MEANS, CATALOG, LAYOUTS) for share in (confidence - less, confidence)
    )
    assert score(bold) <= score(sure_)


@few
@given(budget=BUDGETS, less=st.floats(0.2, 1.0), days=DAYS)
def test_a_smaller_budget_never_recommends_a_dearer_plan_while_the_cheaper_fits(
    budget: float, less: float, days: float
) -> None:
    goal = replace(GOAL, deadline_s=days * DAY_S)
    rich, poor = (designed(goal, replace(MEANS, budget_usd=usd), CATALOG, LAYOUTS) for usd in (budget, budget * less))
    if rich.best is None or poor.best is None:
        assert poor.best is None or rich.best is not None
        return
    if same(poor.best, rich.best):
        return
    still = [each for each in poor.alternatives if same(each, rich.best)]
    assert not still, "the cheaper plan still fits and was passed over"
    assert poor.best.holds >= rich.best.holds


@few
@given(
    budget=st.floats(1e4, 8e4),
    days=st.one_of(st.floats(0.1, 2.0), st.floats(2.0, 20.0)),
    confidence=st.floats(0.6, 0.95),
    limits=st.sampled_from((("budget", "deadline"), ("budget",), ("deadline",))),
)
def test_the_change_that_is_named_fits_when_it_is_asked(
    budget: float, days: float, confidence: float, limits: tuple[str, ...]
) -> None:
    goal = replace(GOAL, confidence=confidence, deadline_s=days * DAY_S if "deadline" in limits else None)
    means = replace(MEANS, budget_usd=budget if "budget" in limits else None)
    found = designed(goal, means, CATALOG, LAYOUTS)
    if found.best is not None:
        return
    nearest = nearest_of(found.infeasible)
    assert nearest.chips <= 256, "more chips than there may be are named as the limit to move"
    for change in nearest.changes:
        assert set(re.findall("budget|deadline", change)) <= set(limits), "only what was set is a limit"
        last = change.rpartition(", or ")[2]
        goal, means = changed(goal, means, last)
    assert designed(goal, means, CATALOG, LAYOUTS).best is not None


def changed(goal: Goal, means: Means, change: str) -> tuple[Goal, Means]:
    """Goal and means with a change that was named."""
    if more := re.fullmatch(r"a budget of (\$[0-9.]+[KMB]?)", change):
        return goal, replace(means, budget_usd=Amount("USD").read(more[1], Place()))
    if longer := re.fullmatch(r"a deadline of ([0-9,]+) days?", change):
        return replace(goal, deadline_s=float(longer[1].replace(",", "")) * DAY_S), means
    chips = re.fullmatch(r"max_chips = ([0-9]+)", change)
    assert chips, change
    return goal, replace(means, max_chips=int(chips[1]))


def test_an_impossible_deadline_names_the_day_that_a_few_chips_within_the_budget_need() -> None:
    """Nobody trains it in two hours: named is a later day on what the budget pays for, not a larger cheque."""
    goal, means = replace(GOAL, deadline_s=DAY_S / 12.0), replace(MEANS, budget_usd=1e6, max_chips=4096)
    found = outlined(goal, means, CATALOG, LAYOUTS)
    nearest = nearest_of(found.infeasible)
    assert {each.kind for each in nearest.reasons} == {"deadline"}
    goal, means = changed(goal, means, *nearest.changes)
    fits = outlined(goal, means, CATALOG, LAYOUTS).best
    assert fits is not None
    assert fits.cash_usd.p50 < 1e6


def same(one: Design, other: Design) -> bool:
    return (one.chip, one.chips, one.supply, one.site) == (other.chip, other.chips, other.supply, other.site)


def test_chips_that_are_there_are_planned_with_and_cost_what_is_said() -> None:
    fleet = Existing(chip="a100-sxm-80gb", chips=256, site="us-texas", cost_usd_per_chip_hour=0.4)
    plan = designed(replace(GOAL, deadline_s=None), replace(MEANS, existing=(fleet,), chips=None), CATALOG, LAYOUTS)
    held = [each for each in (plan.best, *plan.alternatives) if each is not None and each.supply == "existing"]
    (mine,) = held
    assert (mine.chip, mine.site, mine.availability.known_max_chips) == ("a100-sxm-80gb", "us-texas", 256)
    assert mine.chips <= 256
    rent = 0.4 * 24 * mine.chips * mine.days_on_chips.p50
    assert mine.cost_terms_usd["chips"] == pytest.approx(rent, rel=0.1)


def test_a_quote_holds_as_it_is() -> None:
    quote = Quoted(chip="h100-sxm", chips=128, price_usd_per_chip_hour=1.5, term_s=30 * DAY_S, seller="acme")
    plan = designed(GOAL, replace(MEANS, quotes=(quote,)), CATALOG, LAYOUTS)
    (mine,) = {
        each.supply: each for each in (plan.best, *plan.alternatives) if each and each.supply == "quote"
    }.values()
    assert mine.availability.minimum_term_days == 30.0
    assert mine.availability.provider == "acme"
    listed = next(each for each in (plan.best, *plan.alternatives) if each and each.supply == "on-demand")
    assert mine.cost_usd.p90 / mine.cost_usd.p50 < listed.cost_usd.p90 / listed.cost_usd.p50


def test_what_must_not_be_used_is_not() -> None:
    plan = designed(GOAL, replace(MEANS, not_chips=("b200",), not_sites=("nordics",)), CATALOG, LAYOUTS)
    used = [each for each in (plan.best, *plan.alternatives) if each is not None]
    assert used
    assert not {each.chip for each in used} & {"b200"}
    assert {each.site for each in used} == {"us-texas"}


def test_work_in_flops_is_the_same_work(catalog: Catalog) -> None:
    by_tokens = designed(GOAL, MEANS, CATALOG, LAYOUTS)
    flops = replace(GOAL, tokens=None, flops=1e12 * 6 * 7e9)
    by_flops = designed(flops, MEANS, catalog)
    assert by_flops.tokens == pytest.approx(by_tokens.tokens, rel=0.15)
    best = designed(replace(GOAL, tokens=None, tokens_per_parameter=20.0), MEANS, catalog)
    assert best.tokens == pytest.approx(20 * 6.74e9, rel=0.01)


def test_chips_alone_are_all_used(catalog: Catalog) -> None:
    plan = designed(replace(GOAL, deadline_s=None, tokens=15e12), Means(chips=("h100-sxm",), max_chips=2048), catalog)
    assert plan.best is not None
    assert plan.objective == "fastest"
    assert plan.best.chips > 1024
    assert plan.best.finish_days.p50 < 60
    exact = designed(replace(GOAL, deadline_s=None), Means(chips=("h100-sxm",), chips_exactly=96), catalog)
    assert exact.best is not None
    assert exact.best.chips == 96


def test_swings_lie_about_the_headline() -> None:
    plan = outlined(GOAL, MEANS, CATALOG, LAYOUTS)
    assert plan.best is not None
    for driver in plan.best.drivers:
        low, high = sorted(driver.cost_usd)
        assert low <= plan.best.cost_usd.p50 * 1.02
        assert high >= plan.best.cost_usd.p50 * 0.98


def test_a_flip_changes_the_choice() -> None:
    goal = replace(GOAL, deadline_s=90 * DAY_S)
    means = replace(MEANS, sites=("us-texas",), supply=("on-demand",), budget_usd=None)
    plan = outlined(goal, means, CATALOG, LAYOUTS)
    assert plan.best is not None
    assert plan.flips
    changes = [abs(math.log(float(flip["to"]) / float(flip["from"]))) for flip in plan.flips]
    assert changes == sorted(changes)
    own = next(flip for flip in plan.flips if flip["input"] == "price of the chip")
    assert own["choice"] != f"{plan.best.chips:,} × {plan.best.chip}, {plan.best.supply}"
    assert float(own["to"]) > float(own["from"])
    assert plan.best.price_usd_per_chip_hour is not None
    assert own["from"] == plan.best.price_usd_per_chip_hour.p50


def test_nothing_fits_only_where_nothing_does() -> None:
    """What shares an input moves with it, and may still fit: four times as many chips do where every step is slower."""
    held = (
        Existing(chip="h100-sxm", chips=64, site="us-texas", cost_usd_per_chip_hour=0.5),
        Existing(chip="mi300x", chips=256, site="nordics", cost_usd_per_chip_hour=0.6),
    )
    days = 25.0
    means = Means(chips=("h100-sxm", "mi300x"), sites=("us-texas", "nordics"), supply=("own",), existing=held)
    plan = outlined(replace(GOAL, deadline_s=days * DAY_S), means, CATALOG, LAYOUTS)
    assert plan.best is not None
    (slower,) = (flip for flip in plan.flips if flip["input"] == "step time")
    factor = float(slower["to"]) / float(slower["from"])
    left = [each for each in plan.alternatives if each.finish_days.p90 * factor < days]
    assert left
    assert slower["choice"] in {each.name for each in left}


def test_the_fastest_signs_no_year_for_days_while_the_chip_is_had_otherwise() -> None:
    goal = replace(GOAL, tokens=2e10, deadline_s=None, objective="fastest")
    means = replace(MEANS, supply=("on-demand", "reserved-1y"), budget_usd=5e6)
    plan = designed(goal, means, CATALOG, LAYOUTS)
    assert plan.best is not None
    for each in (plan.best, *plan.alternatives):
        assert each.availability.minimum_term_days <= 10.0 * each.finish_days.p50
    (said,) = (note for note in plan.notes if "it signs for 365 days" in note)
    assert "sooner for $" in said
    only = designed(goal, replace(means, supply=("reserved-1y",)), CATALOG, LAYOUTS).best
    assert only is not None, "where the chip is had no other way a year is signed"
    assert score(plan) < 2.0 * only.holds


def test_at_exactly_the_confidence_no_flip_moves_nothing() -> None:
    """An input that is none most often stays none times anything: it is left out, not said to change from 0 to 0."""
    means = Means(sites=("us-texas",), supply=("on-demand",), chips=("h100-sxm",), max_chips=64)
    goal = replace(GOAL, deadline_s=25 * DAY_S)
    best = designed(goal, means, CATALOG, LAYOUTS).best
    assert best is not None
    edge = outlined(replace(goal, confidence=best.probability.both), means, CATALOG, LAYOUTS)
    assert edge.flips
    assert all(flip["from"] != flip["to"] for flip in edge.flips)
    hair = {**edge.flips[0], "to": float(edge.flips[0]["from"]) * (1.0 + 1e-6)}
    assert flip_words(hair).endswith(", any higher: nothing fits")


def test_porting_costs_money_and_where_a_day_is_meant_time(catalog: Catalog) -> None:
    goal = replace(GOAL, deadline_s=None, start=datetime.date(2027, 1, 1))
    means = replace(MEANS, chips=("mi300x",), supply=("on-demand",), max_chips=64, budget_usd=None)
    at_home, ported = (designed(goal, replace(means, code_for=vendor), catalog).best for vendor in ("amd", "nvidia"))
    assert at_home is not None
    assert ported is not None
    assert "porting" not in at_home.cost_terms_usd
    assert ported.cost_terms_usd["porting"] > 1e5
    assert ported.finish_days.p50 > at_home.finish_days.p50 + 30
    with pytest.raises(InputError, match="unknown vendor"):
        tenfold.plan(goal={"kind": "train", "model": "llama-2-7b"}, means={"code_for": "acme"}, catalog=catalog)


def test_the_stress_line_is_worse_than_the_headline_and_named(catalog: Catalog) -> None:
    means = replace(MEANS, chips=("mi300x",), budget_usd=None, supply=("on-demand",))
    plan = outlined(replace(GOAL, tokens=4e12, deadline_s=150 * DAY_S), means, catalog)
    assert plan.best is not None
    assert plan.stress is not None
    assert plan.stress.inputs
    assert plan.stress.cost_usd > plan.best.cost_usd.p50
    by_name = {each.name: each for each in plan.stress.inputs}
    assert by_name["failure rate"].source == "opt-chronicles"
    assert by_name["failure rate"].value == "14 per 1,000 node-days"
    assert by_name["failure detection time"].value == "30 min"
    assert by_name["time until training starts"].source == "", "nobody published a worse one"
    assert {each.source for each in plan.stress.inputs} - {""} <= catalog.sources.keys()


def test_a_worse_value_that_is_published_never_makes_the_stress_milder(tmp_path: Path) -> None:
    means = replace(MEANS, chips=("h100-sxm",), supply=("on-demand",), sites=("us-texas",))

    def stressed(number: int, published: str) -> float:
        folder = tmp_path / str(number) / "assumptions"
        folder.mkdir(parents=True)
        (folder / "reliability.toml").write_text(DETECTION + published)
        found = outlined(GOAL, means, load_catalog([folder.parent])).stress
        assert found is not None
        return found.cost_usd

    texts = ("", 'published = [{ value = "12 h", source = "byterobust" }]\n',
             'published = [{ value = "3 min", source = "byterobust" }]\n')  # fmt: skip
    assumed, known, milder = (stressed(number, text) for number, text in enumerate(texts))
    assert known > assumed
    assert milder == assumed, "what is published inside the range is not the worst"


DETECTION = """[detection_s]
value = "2 min"
low = "15 s"
high = "15 min"
kind = "assumption"
source = "byterobust"
as_of = "2025-09"
note = "of a test"
"""


def test_all_days_count_from_the_order() -> None:
    """Rented, owned and joined designs alike, whatever the deadline is written as: a wait is in the days, and drawn."""
    goal = replace(GOAL, tokens=15e12)
    means = replace(MEANS, chips=("gb200",), supply=("reserved-1y", "own"), budget_usd=None, max_chips=4096)
    counts = replace(means, chips_at_least=2048)
    by_length, by_day = (
        designed(replace(goal, deadline_s=deadline, start=start), counts, CATALOG)
        for deadline, start in ((2000 * DAY_S, None), (datetime.date(2032, 1, 1), datetime.date(2026, 12, 1)))
    )
    for plan in (by_length, by_day):
        (rented,) = {each.supply: each for each in ranked(plan) if each.supply == "reserved-1y"}.values()
        assert rented.availability.lead_time_days > 0.0
        assert rented.finish_terms_days["waiting"] > 0.5 * rented.availability.lead_time_days
        (owned,) = {each.supply: each for each in ranked(plan) if each.supply == "own"}.values()
        assert owned.finish_terms_days["setup"] > 90.0, "an owner waits while chips are set up"
        for each in (rented, owned):
            assert each.finish_days.p50 > each.days_on_chips.p50 - 1.0
    assert by_length.best is not None
    late = replace(goal, deadline_s=(by_length.best.days_on_chips.p50 + 1.0) * DAY_S)
    hurried = designed(late, replace(counts, supply=("reserved-1y",), chips_exactly=None), CATALOG)
    assert all(each.probability.in_time < 1.0 for each in ranked(hurried))


def test_chips_bought_for_one_run_cost_what_they_lose() -> None:
    means = replace(MEANS, chips=("h100-sxm",), supply=("own",), budget_usd=None, chips_exactly=64, max_chips=None)
    goal = replace(GOAL, deadline_s=None)
    sold, used = (
        designed(goal, replace(means, owned_after=after), CATALOG, LAYOUTS).best for after in ("sold", "used")
    )
    assert sold is not None
    assert used is not None
    assert sold.cash_usd == used.cash_usd
    assert sold.cost_usd.p50 > used.cost_usd.p50, "nobody pays for the rest of their life"
    assert sold.recovered_usd is not None
    assert 0.0 < sold.recovered_usd.p50 < sold.cash_usd.p50
    assert sold.cost_usd.p50 > sold.cash_usd.p50 - sold.recovered_usd.p50, "running them comes on top"
    assert sum(sold.cost_terms_usd.values()) == pytest.approx(sold.cost_usd.p50)


def test_no_run_outlives_its_chips() -> None:
    life_days = CATALOG.assumption("economics.useful_life_years").value * 366.0
    goal = replace(GOAL, tokens=15e12, deadline_s=None, objective="cheapest")
    for plan in (designed(goal, replace(MEANS, budget_usd=None, chips=("h100-sxm",)), CATALOG),):
        assert plan.best is not None
        assert all(each.finish_days.p50 <= life_days for each in ranked(plan))


def test_chips_that_are_there_are_not_waited_for() -> None:
    fleet = Existing(chip="h100-sxm", chips=64, site="us-texas")
    means = replace(MEANS, chips=("h100-sxm",), existing=(fleet,), supply=("on-demand",), budget_usd=None)
    found = designed(replace(GOAL, deadline_s=None), means, CATALOG, LAYOUTS)
    waits = {each.supply: each.finish_terms_days["waiting"] for each in ranked(found)}
    assert waits["existing"] == 0.0


def ranked(plan: PlanAnswer) -> list[Design]:
    return [each for each in (plan.best, *plan.alternatives) if each is not None]
