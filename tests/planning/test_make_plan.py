"""Plans: what they promise whatever the goal."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from plans import asked, designed, layouts_for, planned

from tenfold.catalog import Catalog, load_catalog
from tenfold.planning.plan import Design, Goal, Means, PlanAnswer
from tenfold.planning.supply.describe import split_at_median
from tenfold.quantities import CatalogError, InputError, Percentiles
from tenfold.quantities.draws import SPREAD_TERM

DAY_S = 86_400.0
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def llama() -> PlanAnswer:
    catalog = load_catalog()
    question = asked(EXAMPLES / "llama3-405b.toml", catalog)
    return planned(question.goal, question.means, catalog)


def designs_of(plan: PlanAnswer) -> tuple[Design, ...]:
    return (*(() if plan.best is None else (plan.best,)), *plan.alternatives, *plan.pareto)


def kinds_of(plan: PlanAnswer) -> set[tuple[str, str, str]]:
    return {(design.chip, design.supply, design.site) for design in designs_of(plan)}


def test_the_same_seed_gives_the_same_plan(catalog: Catalog, goal: Goal, means: Means) -> None:
    first, second = (planned(goal, means, catalog, seed=3) for _ in range(2))
    assert first == second
    other = planned(goal, means, catalog, seed=4)
    assert other.best is not None
    assert first.best is not None
    assert other.best.finish_days != first.best.finish_days


def test_percentiles_and_terms(llama: PlanAnswer) -> None:
    for design in designs_of(llama):
        for field in dataclasses.fields(design):
            value = getattr(design, field.name)
            if isinstance(value, Percentiles):
                assert value.p10 <= value.p50 <= value.p90, field.name
        assert sum(design.step_terms_s.values()) == pytest.approx(design.step_time_s.p50, rel=1e-9)
        assert abs(design.step_terms_s.get(SPREAD_TERM, 0.0)) < 1e-3 * design.step_time_s.p50
        assert sum(design.cost_terms_usd.values()) == pytest.approx(design.cost_usd.p50)
        assert sum(design.finish_terms_days.values()) == pytest.approx(design.finish_days.p50)
        assert sum(design.goodput_terms.values()) == pytest.approx(1.0)
        assert design.goodput_terms["productive"] == pytest.approx(design.goodput.p50)
        assert design.lost_share + design.goodput_terms["productive"] == pytest.approx(1.0)
        parts = {name: held for name, held in design.memory_bytes_per_chip.items() if name not in ("total", "capacity")}
        assert sum(parts.values()) == pytest.approx(design.memory_bytes_per_chip["total"])
        assert design.memory_bytes_per_chip["total"] <= design.memory_bytes_per_chip["capacity"]
        layout = design.layout
        assert layout.tp * layout.pp * layout.cp * layout.dp == design.chips


def test_chosen_designs_keep_the_limits(llama: PlanAnswer) -> None:
    assert llama.best is not None
    for design in designs_of(llama):
        assert design.probability.in_time >= 0.8
        assert design.probability.in_budget >= 0.8
        assert design.power_mw <= 80
        assert design.chips <= 32768
        assert design.probability.both >= 0.8
        assert design.probability.both <= min(design.probability.in_time, design.probability.in_budget)
        assert design.cash_usd.p50 <= 250e6
    front = [(design.finish_days.p50, design.cost_usd.p50) for design in llama.pareto]
    assert front == sorted(front)
    assert [cost for _, cost in front] == sorted((cost for _, cost in front), reverse=True)


def test_every_chip_and_supply_is_answered(llama: PlanAnswer) -> None:
    answered = {(chip, supply) for chip, supply, _ in kinds_of(llama)}
    answered |= {(rejected.chip, rejected.supply) for rejected in (*llama.infeasible, *llama.missing_data)}
    assert answered >= {
        (chip, supply) for chip in llama.question.means.chips or () for supply in llama.question.means.supply
    }
    for rejected in llama.infeasible:
        assert rejected.reasons
        assert all(reason.short and reason.nearest for reason in rejected.reasons)


def test_the_best_design_is_explained(llama: PlanAnswer) -> None:
    assert llama.best is not None
    assert len(llama.best.drivers) >= 3
    names = {named.name for named in llama.figures}
    assert any(name.startswith(f"prices/{llama.best.chip}/{llama.best.supply}") for name in names)
    assert f"chips/{llama.best.chip}/peak.bf16" in names
    assert {named.figure.kind for named in llama.assumptions} <= {"assumption", "estimate"}
    assert all(named.figure.source for named in llama.figures)


def test_llama_405b_on_16384_h100(llama: PlanAnswer) -> None:
    catalog = load_catalog()
    means = replace(llama.question.means, chips=("h100-sxm",), supply=("on-demand",), max_chips=16384, budget_usd=None)
    plan = designed(replace(llama.question.goal, objective="fastest", deadline_s=None), means, catalog)
    assert plan.best is not None
    assert plan.best.chips == 16384
    assert 66 <= plan.best.days_on_chips.p50 <= 90
    assert plan.best.finish_days.p50 > plan.best.days_on_chips.p50 + 20, "chips of a holding are waited for"
    assert 0.88 <= plan.best.goodput.p50 <= 0.97


def score(design: Design, objective: str) -> float:
    if objective == "cheapest":
        return design.cost_usd.p50
    return design.finish_days.p50 if objective == "fastest" else design.energy_mwh


@pytest.mark.parametrize("objective", ["cheapest", "fastest", "least-energy"])
def test_more_never_hurts(catalog: Catalog, goal: Goal, means: Means, objective: str) -> None:
    asked = replace(goal, objective=objective)  # type: ignore[arg-type]
    layouts = layouts_for(asked, catalog)
    base, richer, later, bolder = (
        designed(each, within, catalog, layouts)
        for each, within in (
            (asked, means),
            (asked, replace(means, budget_usd=2 * 500_000.0)),
            (replace(asked, deadline_s=120 * DAY_S), means),
            (replace(asked, confidence=0.5), means),
        )
    )
    assert base.best is not None
    for wider in (richer, later, bolder):
        assert wider.best is not None
        assert kinds_of(base) <= kinds_of(wider)
        assert score(wider.best, objective) <= score(base.best, objective) * 1.001


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"budget_usd": 1000.0}, "budget"),
        ({"power_w": 5000.0}, "power"),
        ({"supply": ("reserved-3y",), "chips": ("gaudi3",)}, "price"),
        ({"chips": ("a100-sxm-40gb",), "max_chips": 8}, "deadline"),
    ],
)  # fmt: skip
def test_infeasible_says_what_is_short(
    catalog: Catalog, goal: Goal, means: Means, change: dict[str, object], kind: str
) -> None:
    plan = designed(goal, replace(means, **change), catalog)  # type: ignore[arg-type]
    assert plan.best is None
    assert not plan.alternatives
    assert kind in {reason.kind for rejected in (*plan.infeasible, *plan.missing_data) for reason in rejected.reasons}
    assert plan.assumptions


def test_the_nearest_change_fits(catalog: Catalog, goal: Goal, means: Means) -> None:
    asked = replace(goal, tokens=4e12)
    tight = replace(means, chips=("h100-sxm",), supply=("on-demand",), budget_usd=None)
    plan = designed(asked, tight, catalog)
    assert plan.best is None
    (reason,) = plan.infeasible[0].reasons
    assert reason.kind == "deadline"
    more = int(reason.nearest.removeprefix("max_chips = "))
    fitting = designed(asked, replace(tight, max_chips=more), catalog)
    assert fitting.best is not None
    budget = designed(goal, replace(means, chips=("h100-sxm",), supply=("on-demand",), budget_usd=1e4), catalog)
    wanted = next(reason.nearest for reason in budget.infeasible[0].reasons if reason.kind == "budget")
    assert wanted.startswith("a budget of $")


def test_a_shortfall_keeps_by_how_much_it_is_short(catalog: Catalog, goal: Goal, means: Means) -> None:
    tight = replace(means, chips=("h100-sxm", "a100-sxm-80gb"), supply=("on-demand",), budget_usd=1e4)
    short = designed(goal, tight, catalog).infeasible
    assert short
    for reason in (reason for each in short for reason in each.reasons if reason.kind == "budget"):
        assert reason.times_over > 1.0
        needed, asked = float(reason.nearest.rpartition("$")[2].rstrip("KMB")), 1e4
        scale = {"K": 1e3, "M": 1e6, "B": 1e9}[reason.nearest[-1]]
        assert reason.times_over == pytest.approx(needed * scale / asked, rel=0.02)


def test_owning_is_committed_in_full_and_charged_in_part(catalog: Catalog, goal: Goal, means: Means) -> None:
    plan = designed(
        replace(goal, deadline_s=None), replace(means, budget_usd=None, supply=("own",), chips=("h100-sxm",)), catalog
    )
    assert plan.best is not None
    assert plan.best.cash_usd.p50 > plan.best.cost_usd.p50
    assert {"chip", "energy", "colocation", "cost_of_capital"} <= plan.best.cost_terms_usd.keys()


def test_a_few_nodes_start_sooner_than_a_cluster_and_later_than_one(catalog: Catalog) -> None:
    goal = Goal(model="llama-3.1-8b", tokens=2e9, sequence_length=4096, global_batch=128)
    counts = (8, 16, 64, 128)
    found = [
        designed(goal, Means(chips=("h100-sxm",), chips_exactly=count, supply=("on-demand",)), catalog).best
        for count in counts
    ]
    setups = [each.finish_terms_days["setup"] for each in found if each is not None]
    assert len(setups) == len(counts)
    assert setups[0] < setups[1] < setups[3]
    assert setups[1] == pytest.approx(setups[2], rel=0.2), "the same days; the rows about the median differ"


def test_a_reservation_is_paid_in_full(catalog: Catalog, goal: Goal, means: Means) -> None:
    asked = replace(means, budget_usd=None, supply=("reserved-1y",), chips=("h100-sxm",))
    plan = designed(replace(goal, objective="fastest"), asked, catalog)
    assert plan.best is not None
    assert plan.best.cost_terms_usd["unused_term"] > plan.best.cost_terms_usd["chips"]


def test_an_overlay_moves_the_answer(tmp_path: Path, catalog: Catalog, goal: Goal, means: Means) -> None:
    (tmp_path / "prices").mkdir()
    rows = "chip,provider,region,term,usd_per_chip_hour,as_of,kind,source,note\n"
    (tmp_path / "prices" / "rental.csv").write_text(f"{rows}h100-sxm,us,,on-demand,0.01,2026-11,contract,us,\n")
    before, after = (designed(goal, means, known) for known in (catalog, load_catalog([tmp_path])))
    assert after.best is not None
    assert before.best is not None
    assert after.best.chip == "h100-sxm"
    assert after.best.cost_usd.p50 < before.best.cost_usd.p50
    assert after.made.overrides
    assert after.made.catalog != before.made.catalog


def test_progress_ends_at_one(catalog: Catalog, goal: Goal, means: Means) -> None:
    told: list[float] = []
    planned(goal, means, catalog, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_unknown_names_are_input_errors(catalog: Catalog, goal: Goal, means: Means) -> None:
    with pytest.raises(CatalogError, match="did you mean 'h100-sxm'"):
        designed(goal, replace(means, chips=("h1000-sxm",)), catalog)
    with pytest.raises(InputError):
        designed(replace(goal, model="nowhere/config.json"), means, catalog)


def test_split_at_median_adds_up() -> None:
    rng = np.random.default_rng(0)
    lines = {"a": rng.lognormal(size=(1, 1024)), "b": rng.lognormal(size=(1, 1024))}
    total = lines["a"] + lines["b"]
    split = split_at_median(lines, total)
    assert math.fsum(split.values()) == pytest.approx(np.median(total))
    assert set(split_at_median(lines, np.full((1, 1024), np.inf)).values()) == {0.0}
