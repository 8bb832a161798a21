"""Mechanisms of the ledger have the right sign in a whole race, over paired draws. Identifiers are the ledger's."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
from racing import QUARTERS, Kept, chinese, parameters, place, run, with_fields, world

from tenfold.race.question import Case, Change, ExportBan, Interruption, Leap, Merger, SecondFoundry
from tenfold.race.world import AMD, CUSTOM, DOMESTIC, FAMILIES, NVIDIA

START = datetime.date(2025, 10, 1)
LONG = 24
BASE, BASE_LONG = run(), run(quarters=LONG)


def family(name: str) -> int:
    return FAMILIES.index(name)


def total(kept: Kept, at: int = -1) -> Any:
    return kept.h100e[at].sum(axis=0)


def mostly(condition: Any, share: float = 0.9) -> bool:
    return bool(np.mean(condition) >= share)


def lag_points(kept: Kept, at: int = -1) -> Any:
    index = kept.flows[at].index
    theirs = np.array([country == "CN" for country in world().user_countries])
    return index[~theirs].max(axis=0) - index[theirs].max(axis=0)


def china_share(kept: Kept, at: int = -1) -> Any:
    h100e = kept.h100e[at]
    return h100e[chinese()].sum(axis=0) / h100e.sum(axis=0)


def held(**values: Any) -> Kept:
    return run(drawn=parameters(**values))


def test_s0_004_capital_speeds_up_chips() -> None:
    rich = with_fields(world(), growth=world().growth + np.float32(0.1))
    drawn = parameters(supply__induced_learning=0.1)
    fast, usual = run(of=rich, drawn=drawn), run(drawn=drawn)
    assert mostly(fast.states[-1].cost_usd[0] < usual.states[-1].cost_usd[0])


def test_s0_010_and_s0_026_a_second_supplier_lowers_prices() -> None:
    split = world().mix.copy()
    moved = 0.4 * split[family(NVIDIA)]
    split[family(NVIDIA)] -= moved
    split[family(AMD)] += moved
    two = run(of=with_fields(world(), mix=split))
    ratio = two.states[-1].price_usd[0] / two.states[-1].cost_usd[0]
    assert mostly(ratio < BASE.states[-1].price_usd[0] / BASE.states[-1].cost_usd[0])


def test_s3_111_the_mark_up_falls_as_alternatives_mature() -> None:
    alike = run(Case(name="x", maturity={AMD: 1.0, CUSTOM: 1.0}), quarters=LONG)
    marks = [kept.states[-1].price_usd[0] / kept.states[-1].cost_usd[0] for kept in (alike, BASE_LONG)]
    assert mostly(marks[0] <= marks[1] * 1.001)


def test_s3_099_portable_software_takes_share_from_nvidia() -> None:
    losses = []
    for speed in (0.05, 0.5):
        alike = run(Case(name="x", maturity={AMD: 1.0, CUSTOM: 1.0}), drawn=parameters(choice__speed=speed))
        usual = held(choice__speed=speed)
        losses.append(usual.states[-1].maker_share[0] - alike.states[-1].maker_share[0])
    assert mostly(losses[0] > 0.0)
    assert mostly(losses[1] > losses[0])


def test_s2_051_an_ecosystem_at_60_percent_is_worth_more_than_at_30() -> None:
    good, poor = (run(Case(name="x", maturity={DOMESTIC: share}), quarters=LONG) for share in (0.6, 0.3))
    shares = [kept.states[-1].mix[family(DOMESTIC), place("huawei")] for kept in (good, poor)]
    assert mostly(shares[0] >= shares[1])
    theirs = [kept.states[-1].mix[family(DOMESTIC), place("alibaba")] for kept in (good, poor)]
    assert mostly(theirs[0] > theirs[1])


def test_s0_012_and_s0_075_cheaper_compute_is_used_more() -> None:
    leap = run(Case(name="x", leaps=(Leap(begins=START, factor=3.3),)), quarters=LONG)
    assert mostly(leap.states[-1].rental_usd < BASE_LONG.states[-1].rental_usd, 0.8)
    assert mostly(leap.flows[-1].wanted_h100e > BASE_LONG.flows[-1].wanted_h100e, 0.8)
    assert mostly(leap.states[-1].adoption[2] >= BASE_LONG.states[-1].adoption[2] - 1e-6, 0.8)


def test_s0_053_an_interruption_costs_compute_and_more_so_who_depends_on_it() -> None:
    stop = run(Case(name="x", interruptions=(Interruption(begins=START, quarters=4, of=NVIDIA),)))
    at = 5
    lost = 1.0 - stop.h100e[at] / np.maximum(BASE.h100e[at], 1.0)
    assert mostly(lost[place("microsoft")] > lost[place("alphabet")])
    assert mostly(total(stop, at) < total(BASE, at))


def test_s2_083_memory_bounds_every_family() -> None:
    stop = run(Case(name="x", interruptions=(Interruption(begins=START, quarters=2, of="memory", left=0.3),)))
    for at in range(len(FAMILIES)):
        less = stop.flows[1].delivered[at].sum(axis=0), BASE.flows[1].delivered[at].sum(axis=0)
        assert mostly(less[0] <= less[1])


def test_s1_020_power_binds() -> None:
    dark = run(Case(name="x", power=Change(begins=START, factor=0.0)), quarters=LONG)
    assert mostly(total(dark) < total(BASE_LONG))
    assert mostly(dark.flows[-1].powered.mean(axis=0) <= BASE_LONG.flows[-1].powered.mean(axis=0))


def test_s1_021_chips_bind() -> None:
    short = run(Case(name="x", interruptions=(Interruption(begins=START, quarters=4, left=0.4),)))
    assert mostly(short.flows[2].chips[0] < 1.0)


def test_s1_023_s1_033_talent_binds() -> None:
    few = run(Case(name="x", talent=Change(begins=START, factor=0.25)))
    assert mostly(few.flows[-1].index.max(axis=0) < BASE.flows[-1].index.max(axis=0))


def test_s1_024_capital_binds() -> None:
    stop = run(Case(name="x", refinancing_stop=Change(begins=START, factor=0.0)), quarters=LONG)
    assert mostly(stop.flows[6].capex_usd.sum(axis=0) <= BASE_LONG.flows[6].capex_usd.sum(axis=0) * 1.001)


def test_s0_045_supply_beyond_demand_leaves_chips_idle_and_rent_falls() -> None:
    less = run(Case(name="x", demand=Change(begins=START, factor=0.4)))
    assert mostly(less.states[1].fullness < BASE.states[1].fullness)
    assert mostly(less.states[4].rental_usd < BASE.states[4].rental_usd)
    assert mostly(less.states[-1].budget_usd.sum(axis=0) < BASE.states[-1].budget_usd.sum(axis=0))


def test_s4_001_demand_pulls_orders() -> None:
    more = run(Case(name="x", demand=Change(begins=START, factor=2.0)))
    assert mostly(more.states[-1].budget_usd.sum(axis=0) >= BASE.states[-1].budget_usd.sum(axis=0))


def test_s0_032_users_that_miss_do_not_pay_their_owners() -> None:
    poor = with_fields(world(), revenue_usd=world().revenue_usd * np.float32(0.2))
    kept = run(of=poor)
    assert mostly(kept.states[2].paid.min(axis=0) < BASE.states[2].paid.min(axis=0))
    earned = [each.flows[2].cash.earned.sum(axis=0) for each in (kept, BASE)]
    assert mostly(earned[0] < earned[1])


def test_s2_025_s2_026_s0_062_a_ban_takes_compute_from_china() -> None:
    ban = run(Case(name="x", export_bans=(ExportBan(begins=datetime.date(2025, 7, 1)),)))
    free = run(Case(name="x", loosened=datetime.date(2025, 7, 1)))
    for at in range(QUARTERS):
        came = [kept.flows[at].delivered[0, chinese()].sum(axis=0) for kept in (ban, BASE)]
        assert np.all(came[0] == 0.0)
        assert np.all(came[1] > 0.0)
    assert mostly(china_share(ban, 3) < china_share(BASE, 3), 0.75)
    assert mostly(china_share(free, 3) >= china_share(BASE, 3))
    assert mostly(lag_points(BASE) > 0.0)


def test_a_ban_costs_china_compute_unless_its_own_makers_build_for_it() -> None:
    """What may not be bought is missing at once; later Chinese makers have built sooner what is ordered instead."""
    ban = Case(name="ban", export_bans=(ExportBan(begins=START),))
    barred, domestic = run(ban), family(DOMESTIC)
    for at in range(1, QUARTERS):
        assert not barred.flows[at].delivered[[family(NVIDIA), family(AMD)]][:, chinese()].any()
        assert mostly(barred.states[at].capacity[domestic] >= BASE.states[at].capacity[domestic])
    owned = [kept.h100e[:, chinese()].sum(axis=1) for kept in (barred, BASE)]
    assert all(mostly(owned[0][at] < owned[1][at], 1.0) for at in (1, 2, 4))
    held_back = parameters(supply__capacity_growth=1e-3)
    assert mostly(china_share(run(ban, drawn=held_back)) < china_share(run(drawn=held_back)))


def test_shares_of_families_step_by_chance_and_alike_for_all_buyers() -> None:
    amd, players = family(AMD), [place("lambda"), place("iren")]
    spreads = []
    for spread in (0.0, 0.1, 0.3):
        kept = held(shares__spread=spread)
        share = kept.flows[-1].sales_usd[amd] / kept.flows[-1].sales_usd.sum(axis=0)
        spreads.append(np.std(np.log(share)))
        one, other = (kept.states[-1].mix[amd, player] for player in players)
        np.testing.assert_allclose(one, other, rtol=1e-4)
    assert spreads == sorted(spreads)
    assert spreads[2] > 2.0 * spreads[0]


def test_s2_082_a_ban_costs_its_makers_too() -> None:
    start = world()
    share = start.mix.copy()
    share[:, chinese()] = np.array([1.0, 0.0, 0.0, 0.0], dtype=np.float32)[:, None]
    rich = start.budget_usd.copy()
    rich[chinese()] *= 20.0
    big = with_fields(start, mix=share, budget_usd=rich)
    ban = run(Case(name="x", export_bans=(ExportBan(begins=START),)), of=big)
    usual = run(of=big)
    assert mostly(ban.flows[3].sales_usd[0] < usual.flows[3].sales_usd[0])


def test_s2_057_two_legs_bring_china_nearer() -> None:
    legs = run(Case(name="x", domestic_legs=True), quarters=LONG)
    assert mostly(china_share(legs) > china_share(BASE_LONG))


def test_s4_009_states_that_pay_build() -> None:
    state = run(Case(name="x", sovereign_usd_per_year=2e12), quarters=LONG)
    theirs = [kept.h100e[-1, [place("gulf"), place("europe")]].sum(axis=0) for kept in (state, BASE_LONG)]
    assert mostly(theirs[0] >= theirs[1])


def test_s1_030_blitzscaling_has_more_chips_and_efficiency_more_from_each() -> None:
    blitz = run(Case(name="x", strategies={"xai": "blitz"}))
    careful = run(Case(name="x", strategies={"xai": "efficient"}))
    assert mostly(blitz.h100e[-1, place("xai")] > careful.h100e[-1, place("xai")])
    user = world().users.index("xai")
    per_chip = [kept.states[1].run_flop[user] / kept.flows[1].used[user] for kept in (careful, blitz)]
    assert mostly(per_chip[0] >= per_chip[1])


def test_s1_032_an_alliance_holds_at_least_what_its_largest_member_does() -> None:
    joined = run(Case(name="x", mergers=(Merger(buyer="meta", bought="oracle", begins=START),)))
    at = joined.h100e[-1, place("meta")]
    apart = np.maximum(BASE.h100e[-1, place("meta")], BASE.h100e[-1, place("oracle")])
    assert mostly(at >= apart)


def test_makers_that_merge_ask_more() -> None:
    joined = run(Case(name="x", mergers=(Merger(buyer=NVIDIA, bought=AMD, begins=START),)))
    assert mostly(joined.states[-1].price_usd[1] > BASE.states[-1].price_usd[1])


def test_s1_002_the_winner_takes_more_where_quality_decides() -> None:
    strong = run(Case(name="x", winner_takes_all=5.0))
    shares = [kept.states[-1].installed.max(axis=0) for kept in (strong, BASE)]
    assert mostly(shares[0] > shares[1])


def test_s0_067_custom_silicon_that_fails_gives_share_to_merchants() -> None:
    fails, works = (run(Case(name="x", custom_silicon=what), quarters=LONG) for what in ("fails", "succeeds"))
    assert mostly(fails.states[-1].maker_share[family(CUSTOM)] < works.states[-1].maker_share[family(CUSTOM)])


def test_s2_037_and_s2_022_more_compute_is_a_larger_run() -> None:
    more = with_fields(world(), owned_h100e=world().owned_h100e * 3.0, need_w=world().need_w * 3.0)
    kept = run(of=more)
    assert mostly(kept.states[-1].run_flop.max(axis=0) >= BASE.states[-1].run_flop.max(axis=0))


def test_s4_011_software_alone_does_not_make_up_for_hardware() -> None:
    """With a tenth of the compute, the same algorithms and as much time, nobody leads, and who copies stays behind."""
    less = with_fields(world(), owned_h100e=world().owned_h100e * np.where(chinese(), 0.1, 1.0).astype(np.float32))
    alone = parameters(capability__imitation_months=240.0)
    assert mostly(lag_points(run(of=less, drawn=alone)) >= lag_points(run(drawn=alone)))
    assert mostly(lag_points(run(of=less)) > 0.0)
    assert mostly(lag_points(run(drawn=alone)) >= lag_points(BASE))


def test_s2_056_domestic_chips_gain_share_in_china() -> None:
    first, last = (BASE_LONG.states[at].mix[family(DOMESTIC), place("alibaba")] for at in (0, -1))
    assert mostly(last > first)


def test_s3_003_hyperscalers_hold_most() -> None:
    four = [place(name) for name in ("alphabet", "amazon", "meta", "microsoft")]
    assert len(BASE.states) == QUARTERS
    assert mostly(BASE.h100e[-1, four].sum(axis=0) > 0.4 * total(BASE))


def test_s2_084_a_second_foundry_adds_volume_only_with_yield() -> None:
    short = (Interruption(begins=START, quarters=4, left=0.3),)
    alone = run(Case(name="x", interruptions=short))
    named = run(Case(name="x", interruptions=short, second_foundry=SecondFoundry(begins=START, share=0.5, good=0.0)))
    works = run(Case(name="x", interruptions=short, second_foundry=SecondFoundry(begins=START, share=0.5, good=0.8)))
    np.testing.assert_array_equal(named.h100e, alone.h100e)
    assert mostly(total(works, 4) > total(alone, 4))
