"""Serving plans: what must hold of any of them, against brute force and against limits that are known."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from serving_plans import CATALOG, H100, QUOTED, SERVICE, held, paid, planned, sized

from tenfold.catalog import load_catalog
from tenfold.performance.serving import Lengths, decode_side, open_loop, row_of, steady
from tenfold.planning.plan.means import Means
from tenfold.planning.plan.serve.candidates import candidates_of
from tenfold.planning.plan.serve.counted import lost_together, spares_for, there_share, whole_nodes
from tenfold.planning.plan.serve.demand import prefix_of
from tenfold.planning.plan.serve.growth import grown, mean_growth
from tenfold.planning.plan.serve.pace import capacity_per_s, sure_z
from tenfold.planning.plan.serve.verified import Verifier
from tenfold.quantities import DAY_S, YEAR_S


def test_the_best_is_the_cheapest_that_keeps_the_latency_as_surely_as_asked() -> None:
    found = planned()
    assert found.best is not None
    assert found.best.probability.both >= 0.8
    assert found.best.slo.met_share_sure >= SERVICE.percentile
    assert all(each.holds_usd >= found.best.holds_usd for each in found.alternatives)
    assert sum(found.best.cost_terms_usd.values()) == pytest.approx(found.best.cost_usd.p50)
    assert sum(found.best.token_terms_s.values()) == pytest.approx(found.best.token_s)


def test_input_and_output_prices_add_up_to_the_cost() -> None:
    best = planned().best
    assert best is not None
    requests = 20.0 * YEAR_S
    each = best.usd_per_mtoken_input.p50 * 1024 + best.usd_per_mtoken_output.p50 * 256
    assert each * requests / 1e6 == pytest.approx(best.cost_usd.p50)


@settings(max_examples=4, deadline=None)
@given(tighter=st.floats(0.3, 0.95), which=st.sampled_from(("slo_ttft_s", "slo_tpot_s")))
def test_a_tighter_latency_is_never_cheaper(tighter: float, which: str) -> None:
    change: dict[str, Any] = {which: getattr(SERVICE, which) * tighter}
    tight = replace(SERVICE, **change)
    assert paid(planned(tight, QUOTED)) >= paid(planned(SERVICE, QUOTED))


def test_more_replicas_buy_no_latency_below_one_request_at_a_time() -> None:
    """Requests that meet ever more seldom on idle replicas are no reason to buy them; a small service meets so."""
    small = replace(SERVICE, rate_per_s=0.01, prompts="together", slo_tpot_s=0.0094)
    many = replace(small, rate_per_s=200.0)
    floors = []
    for each in (small, many):
        (floor,) = planned(each, QUOTED).infeasible
        assert floor.chips > 1, "the floor is of a replica that holds the model"
        assert floor.reasons[0].short.startswith("latency floor: the least TPOT kept at 80% is")
        floors.append(floor.times_over * 0.0094)
    assert floors[0] < floors[1], "one at a time on every replica is more than a small service has"
    between = math.sqrt(floors[0] * floors[1])
    assert planned(replace(small, slo_tpot_s=between), QUOTED).fits
    assert not planned(replace(many, slo_tpot_s=between), QUOTED).fits


def test_too_few_chips_name_the_latency_that_they_keep_and_it_does() -> None:
    tight, means = replace(SERVICE, slo_tpot_s=0.012), replace(QUOTED, max_chips=16)
    found = planned(tight, means)
    (reasons,) = (each.reasons for each in found.infeasible if any(why.moves for why in each.reasons))
    assert reasons[0].short.startswith("on 16 chips: the least TPOT kept at 80% is")
    moves: dict[str, Any] = dict(move for why in reasons for move in why.moves)
    assert planned(replace(tight, **moves), means).fits


@settings(max_examples=4, deadline=None)
@given(more=st.floats(1.05, 40.0))
def test_more_traffic_never_takes_fewer_chips(more: float) -> None:
    one, other = planned(SERVICE, QUOTED).best, planned(replace(SERVICE, rate_per_s=20.0 * more), QUOTED).best
    assert one is not None
    assert other is not None
    assert other.chips >= one.chips


@settings(max_examples=4, deadline=None)
@given(share=st.floats(0.05, 1.0))
def test_a_smaller_budget_never_commits_more_nor_holds_at_less(share: float) -> None:
    free = planned(means=H100)
    assert free.best is not None
    bound = planned(means=replace(H100, budget_usd=share * free.best.cash_usd.p90))
    assert held(bound) >= free.best.holds_usd
    if bound.best is not None:
        assert bound.best.cash_usd.p50 <= share * free.best.cash_usd.p90


@pytest.mark.parametrize("confidence", [0.6, 0.9])
def test_more_confidence_is_never_cheaper(confidence: float) -> None:
    low, high = sorted((confidence, 0.8))
    assert paid(planned(means=QUOTED, confidence=high)) >= paid(planned(means=QUOTED, confidence=low))


def test_more_bandwidth_is_never_dearer(tmp_path: Path) -> None:
    (tmp_path / "chips").mkdir()
    chip = CATALOG.chip("h100-sxm")
    base = chip.figure("memory.bandwidth")
    (tmp_path / "chips" / "h100-sxm.toml").write_text(
        f'[memory]\nbandwidth = {{ value = "{1.4 * base.value / 1e12:.4f} TB/s", kind = "assumption", '
        f'source = "{base.source}", as_of = "2026-11", note = "as if" }}\n'
    )
    faster = planned(means=QUOTED, catalog=load_catalog((tmp_path,)))
    assert paid(faster) <= paid(planned(means=QUOTED))


@settings(max_examples=20, deadline=None)
@given(batch=st.floats(1.0, 60.0), tensor=st.sampled_from((2, 4, 8)))
def test_littles_law_and_the_loop_that_settles_agree(batch: float, tensor: int) -> None:
    own = sized()
    setting = next(
        place for place in own.space.roomy.tolist() if own.space.settings[place].layout.chips == float(tensor)
    )
    replica, traffic = row_of(own.space.replica, setting), own.demand.traffic
    found = steady(replica, traffic, batch, 0.5, Lengths())
    rate = float(np.asarray(found.rate_per_s))
    settled = open_loop(replica, traffic, rate)
    if bool(np.asarray(found.fits)) and batch < 0.9 * float(np.asarray(settled.most_batch)):
        assert float(np.asarray(settled.batch)) == pytest.approx(batch, rel=1e-3)
        tpot = float(np.asarray(settled.tpot_s))
        assert rate * 256 * tpot == pytest.approx(batch, rel=1e-3)


def test_prompts_apart_never_slow_a_token() -> None:
    own = sized()
    replica, traffic = row_of(own.space.replica, int(own.space.roomy[0])), own.demand.traffic
    mixed = steady(replica, traffic, 16.0, 0.9, Lengths())
    alone = decode_side(replica, traffic, 16.0, 0.9)
    kept = float(np.asarray(replica.constants.side_share))
    assert float(np.asarray(alone.time_s)) * kept <= float(np.asarray(mixed.tpot_s))


def test_the_closed_form_is_close_to_the_simulation() -> None:
    own = sized(chips=("h100-sxm", "b200", "mi300x", "gaudi3"))
    kept, verifier = [], Verifier(sized=own)
    for candidate in candidates_of(own, 0.8):
        made = verifier.verified(candidate)
        assert made is not None
        kept.append(made.kept)
    assert 0.7 <= float(np.median(kept)) <= 1.0


def test_the_capacity_of_the_search_is_that_of_every_batch_one_by_one() -> None:
    own, z = sized(), sure_z(0.8)
    found = capacity_per_s(own.table, own.spreads, z)
    for row in range(0, len(found), 37):
        machine = int(own.table.machine[row])
        spread = {name: float(each[machine]) for name, each in own.spreads.of.items()}
        late = {name: float(own.table.latency_s[name][row]) for name in ("slo_ttft_s", "slo_tpot_s")}
        fits = own.table.breaks_at[row] > -np.inf
        within = late["slo_ttft_s"] * math.exp(spread["ttft"] * z) <= 1.0
        within &= late["slo_tpot_s"] * math.exp(spread["tpot"] * z) <= 0.05
        expected = float(own.table.rate_per_s[row]) * math.exp(-spread["throughput"] * z) if fits and within else 0.0
        assert found[row] == pytest.approx(expected)


@settings(max_examples=30, deadline=None)
@given(
    needed=st.integers(1, 400),
    chips=st.sampled_from((1, 2, 8, 64)),
    failures=st.floats(0.5, 50.0),
    away=st.floats(600.0, 86_400.0),
    share=st.floats(0.9, 0.9999),
)
def test_spares_are_the_fewest_with_which_enough_are_up(
    needed: int, chips: int, failures: float, away: float, share: float
) -> None:
    from scipy.special import pdtr

    unit = lost_together(needed, chips, 8)
    spares = spares_for(needed, unit, max(chips * unit, 8), [(failures, away)], share)
    rate = failures / (1000.0 * DAY_S) * max(chips * unit / 8.0, 1.0)

    def up(extra: int) -> float:
        return float(pdtr(extra // unit, math.ceil((needed + extra) / unit) * rate * away))

    assert spares % unit == 0
    assert up(spares) >= share * (1 - 1e-9)
    assert spares == 0 or up(spares - unit) < share


def test_replicas_of_one_node_are_lost_with_it() -> None:
    """A few replicas on one board of eight: whoever wants more than the board gives has another board."""
    sure = planned(means=replace(H100, chips=("mi350x",), supply=("own",)), availability=0.99999).best
    assert sure is not None
    assert sure.chips >= 16
    assert [lost_together(needed, 1, 8) for needed in (1, 5, 20)] == [1, 5, 8]
    assert lost_together(4, 16, 8) == 1


def test_fewer_chips_than_a_node_are_rented_as_they_are_and_bought_whole() -> None:
    assert whole_nodes(3, 8, "rented") == 3
    assert whole_nodes(3, 8, "own") == 8
    assert whole_nodes(9, 8, "rented") == 16


def test_growth_and_turns_are_what_sums_give() -> None:
    steps = np.linspace(0.0, 2.0, 100_001)
    assert mean_growth(1.5, 2 * YEAR_S) == pytest.approx(float(np.mean(2.5**steps)), rel=1e-3)
    assert grown(1.5, 2 * YEAR_S) == pytest.approx(6.25)
    turns = range(1, 7)
    assert prefix_of(replace(SERVICE, turns=6.0)) == pytest.approx(sum(k - 1 for k in turns) / sum(turns))


def test_what_is_left_out_never_makes_a_fleet_smaller() -> None:
    unstated = replace(SERVICE, isl_spread=None, osl_spread=None, peak_to_mean=None)
    said = planned(SERVICE, QUOTED).best
    found = planned(unstated, QUOTED)
    assert said is not None
    assert found.best is not None
    assert found.best.chips >= said.chips
    assert {each.name.rpartition("/")[2] for each in found.assumptions} >= {"serving.peak_to_mean"}


@pytest.mark.parametrize("chips", [("h100-sxm",), ("gaudi3", "mi300x")])
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"slo_tpot_s": 0.0005}, {"latency floor"}),
        ({"slo_ttft_s": 0.005}, {"prefill saturation"}),
        ({"slo_ttft_s": 0.08, "slo_tpot_s": 0.004}, {"prefill saturation", "latency floor"}),
        ({"slo_ttft_s": None, "slo_tpot_s": None, "slo_e2e_s": 0.5}, {"latency floor"}),
    ],
)
def test_a_latency_that_nothing_keeps_names_what_binds_and_what_would_do(
    change: dict[str, Any], words: set[str], chips: tuple[str, ...]
) -> None:
    means = Means(chips=chips, sites=("us-texas",))
    found = planned(replace(SERVICE, **change), means)
    assert not found.fits
    reasons = found.infeasible[0].reasons
    assert {reason.kind for reason in reasons} == {"latency"}
    assert {reason.short.partition(":")[0] for reason in reasons} == words
    looser: dict[str, Any] = dict(change)
    for reason in reasons:
        key, _, value = reason.nearest.partition(" = ")
        number, unit = value.strip("'").split()
        looser[f"{key}_s"] = float(number) * {"ms": 1e-3, "s": 1.0, "us": 1e-6}[unit]
    assert planned(replace(SERVICE, **looser), means).fits


def test_a_rent_at_which_it_is_chosen_is_said_beside_what_is_owned_too() -> None:
    few = Means(
        chips=("h100-sxm", "b200", "mi350x"), supply=("reserved-1y", "own"), sites=("nordics",), owned_after="used"
    )
    found = planned(means=few, availability=0.99)
    assert found.best is not None
    assert found.best.supply == "own"
    bought = planned(means=replace(few, chips=(found.best.chip,), supply=("own",), owned_after="sold")).best
    assert bought is not None
    assert bought.recovered_usd is not None
    assert bought.cost_usd.p50 > found.best.cost_usd.p50, "nobody pays for the rest of their life"
    assert bought.cost_usd.p50 > bought.cash_usd.p50 - bought.recovered_usd.p50, "running them comes on top"
    assert sum(bought.cost_terms_usd.values()) == pytest.approx(bought.cost_usd.p50)
    rented = {f"price of the chip of {each.name}": each for each in found.alternatives if each.supply != "own"}
    assert found.flips
    for flip in found.flips:
        rival = rented[str(flip["input"])]
        factor = float(flip["to"]) / float(flip["from"])
        assert rival.holds_usd * factor == pytest.approx(found.best.holds_usd)


def test_a_spot_pool_that_goes_at_once_carries_no_service_that_must_be_up_for_longer() -> None:
    """No spares help where all replicas are taken back together; bound chips come after free ones and say the law."""
    few = Means(chips=("h100-sxm", "ascend-910c"), supply=("spot", "reserved-1y"))
    found = planned(means=few)
    assert found.best is not None
    assert {each.supply for each in (found.best, *found.alternatives)} == {"reserved-1y"}
    (short,) = (each for each in found.infeasible if each.reasons[0].kind == "availability")
    assert (short.chip, short.supply) == ("h100-sxm", "spot")
    assert (found.best.chip, found.best.bound) == ("h100-sxm", "")
    assert all("presumed" in each.bound for each in found.alternatives if each.chip == "ascend-910c")
    share = float(short.reasons[0].nearest.removeprefix("availability = "))
    assert 0.98 < share < there_share(CATALOG, "spot") < 0.999
    asked = replace(few, chips=("h100-sxm",), supply=("spot",), sites=("us-texas",))
    less = planned(replace(SERVICE, rate_per_s=2.0), asked, availability=share)
    assert less.best is not None
    assert less.best.supply == "spot"
