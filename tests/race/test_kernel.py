"""What any race must respect, whatever its equations: conservation, accounting, symmetry, pairs."""

from __future__ import annotations

import dataclasses
import datetime
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from racing import CATALOG, QUARTERS, ROWS, STILL, chinese, events, parameters, place, run, with_fields, world

from tenfold.economics.network import eisenberg_noe
from tenfold.race.casting import events_of
from tenfold.race.events import Merger as Taken
from tenfold.race.kernel import simulate
from tenfold.race.luck import chunks, drawn_parameters
from tenfold.race.parameters import LEAST, MOST
from tenfold.race.question import Case, Change, ExportBan, Interruption, Merger
from tenfold.race.recording import FANNED, WORLD, Recorder, kept_for
from tenfold.race.runs import run_case
from tenfold.race.slots import slots_of
from tenfold.race.world import FAMILIES

BASE = run()


def test_chips_are_conserved() -> None:
    life = parameters()["deployment.life_years"] * 4.0
    start = world().owned_h100e.astype(np.float64)
    families, owners = (np.repeat(start.sum(axis=axis)[:, None], len(life), axis=-1) for axis in (1, 0))
    for state, flows in zip(BASE.states, BASE.flows, strict=True):
        families = families * (1.0 - 1.0 / life) + flows.delivered.sum(axis=1)
        np.testing.assert_allclose(state.stock, families, rtol=1e-4)
        np.testing.assert_allclose(state.owned.sum(axis=0), families.sum(axis=0), rtol=1e-4)
        if (state.alive == 1.0).all():
            owners = owners * (1.0 - 1.0 / life) + flows.delivered.sum(axis=0)
            np.testing.assert_allclose(state.owned, owners, rtol=1e-3)
    assert (BASE.states[0].alive == 1.0).all()


def test_all_is_counted_in_single_precision() -> None:
    """One number in double precision would make all that follows from it double, and the race a half slower."""
    for kept in (BASE.states[-1], BASE.flows[-1], BASE.flows[-1].cash):
        for each in dataclasses.fields(kept):
            values = getattr(kept, each.name)
            for column in values if isinstance(values, list) else [values]:
                assert not isinstance(column, np.ndarray) or column.dtype == np.float32, each.name


def test_power_that_is_promised_is_energised_or_waits() -> None:
    for state in BASE.states:
        np.testing.assert_allclose(state.promised_w, sum(state.queue_w, start=state.energised_w), rtol=1e-4)


def test_slots_hold_every_family_that_a_player_has_or_gets() -> None:
    merger = Taken(quarter=1, buyer=place("alphabet"), bought=place("huawei"))
    slots = slots_of(world(), (merger,))
    table = world().mix[..., None] * np.ones(3, dtype=np.float32)
    held = slots.split(world().mix)
    np.testing.assert_array_equal(slots.whole(held[..., None] * np.ones(3, dtype=np.float32)), table)
    np.testing.assert_allclose(slots.by_family(slots.each(table.sum(axis=1)) * held[..., None]),
                               (table * table.sum(axis=1)[:, None]).sum(axis=1), rtol=1e-5)  # fmt: skip
    assert set(np.flatnonzero(world().mix[:, place("huawei")])) <= set(slots.family[:, place("alphabet")])


def test_orders_and_shares_add_up() -> None:
    for state in BASE.states:
        mixes = state.mix.sum(axis=0)
        np.testing.assert_allclose(mixes[world().budget_usd > 0], 1.0, rtol=1e-4)
        np.testing.assert_allclose(state.installed.sum(axis=0), 1.0, rtol=1e-4)
        np.testing.assert_allclose(state.maker_share.sum(axis=0), 1.0, rtol=1e-4)
    assert np.all(world().places.sum(axis=0) == pytest.approx(1.0, rel=1e-5))


def test_cash_is_an_identity() -> None:
    for flows in BASE.flows:
        books = flows.cash
        incomes = (books.before, books.core, books.earned, books.borrowed, books.subsidy, books.sold)
        spent = (books.capex, books.running, books.interest, books.repaid, books.paid_out)
        inflow = sum(each.astype(np.float64) for each in incomes)
        outflow = sum(each.astype(np.float64) for each in spent)
        scale = sum(np.abs(each) for each in (*incomes, *spent)) + 1.0
        assert np.max(np.abs(inflow - outflow - books.after) / scale) < 1e-6


def test_chips_that_are_sold_in_distress_are_paid_for_by_who_takes_them() -> None:
    drawn = parameters(distress__funding_over_revenue=0.0)
    stop = Case(name="x", refinancing_stop=Change(begins=datetime.date(2025, 10, 1), factor=0.0))
    poor = with_fields(world(), cash_flow_usd=world().cash_flow_usd * 0.02, debt_usd=world().debt_usd * 50.0)
    kept = run(stop, of=poor, drawn=drawn)
    sold = np.stack([flows.cash.sold for flows in kept.flows])
    assert (kept.column("alive")[-1] == 0.0).any()
    assert np.abs(sold).max() > 0.0
    np.testing.assert_allclose(sold.sum(axis=1), 0.0, atol=1e-3 * np.abs(sold).max())


def test_nothing_runs_without_power() -> None:
    dark = with_fields(world(), need_w=world().need_w.copy())
    drawn = {**parameters(), "deployment.power_slack": np.zeros(64, dtype=np.float32)}
    drawn["deployment.planning_factor"] = np.zeros(64, dtype=np.float32)
    frozen = Case(name="x", power=Change(begins=datetime.date(2025, 7, 1), factor=0.0))
    kept = run(frozen, of=dark, drawn=drawn)
    assert max(flows.running.max() for flows in kept.flows) == 0.0
    for state, flows in zip(BASE.states, BASE.flows, strict=True):
        stands = state.alive == 1.0  # who fails has sold half of what ran
        assert stands.mean() > 0.9
        assert np.all((flows.running <= state.owned * 1.35 + 1.0)[stands])
        assert np.all(flows.powered <= 1.0)


def test_a_ban_that_never_comes_is_no_ban() -> None:
    late = run(Case(name="x", export_bans=(ExportBan(begins=datetime.date(2059, 1, 1)),)))
    np.testing.assert_array_equal(late.h100e, BASE.h100e)


def test_cases_are_paired_until_they_part() -> None:
    ban = run(Case(name="x", export_bans=(ExportBan(begins=datetime.date(2027, 1, 1)),)))
    np.testing.assert_array_equal(ban.h100e[:6], BASE.h100e[:6])
    assert np.any(ban.h100e[7:] != BASE.h100e[7:])


def test_identical_players_stay_identical() -> None:
    start = world()
    a, b = place("crusoe"), place("lambda")
    twins = {}
    for name in (
        "budget_usd",
        "growth",
        "need_w",
        "other_capex_usd",
        "cash_flow_usd",
        "funded",
        "indebted",
        "lab_use",
        "cash_usd",
        "debt_usd",
    ):
        column = getattr(start, name).copy()
        column[b] = column[a]
        twins[name] = column
    for name in ("mix", "tilt", "owned_h100e", "places"):
        table = getattr(start, name).copy()
        table[:, b] = table[:, a]
        twins[name] = table
    held: dict[str, Any] = {name.replace(".", "__"): 0.0 for name in STILL}
    kept = run(of=with_fields(start, **twins), drawn=parameters(**held), quarters=QUARTERS)
    np.testing.assert_array_equal(kept.h100e[:, a], kept.h100e[:, b])


def test_the_currency_does_not_matter() -> None:
    start, rate = world(), np.float32(4.0)
    money = ("budget_usd", "other_capex_usd", "cash_flow_usd", "cash_usd", "debt_usd", "price_usd", "revenue_usd")
    hour = replace(start.hour, fixed_usd=start.hour.fixed_usd * 4.0)
    other = with_fields(
        start, **{name: getattr(start, name) * rate for name in money}, hour=hour, rental_usd=start.rental_usd * 4.0
    )
    kept = run(of=other)
    np.testing.assert_allclose(kept.h100e, BASE.h100e, rtol=2e-3)
    np.testing.assert_allclose(kept.column("rental_usd"), 4.0 * BASE.column("rental_usd"), rtol=2e-3)


def test_players_do_not_depend_on_their_order() -> None:
    """Without luck of their own, who stands where does not matter."""
    start = world()
    held: dict[str, Any] = {name.replace(".", "__"): 0.0 for name in STILL}
    turn = np.arange(len(start.players))[::-1]
    turned = with_fields(
        start,
        players=tuple(start.players[at] for at in turn),
        countries=tuple(start.countries[at] for at in turn),
        uses=start.uses[turn],
        **{
            name: getattr(start, name)[..., turn].copy()
            for name in (
                *("budget_usd", "growth", "mix", "tilt", "owned_h100e", "need_w", "other_capex_usd", "cash_flow_usd"),
                *("funded", "indebted", "lab_use", "cash_usd", "debt_usd", "places"),
            )
        },
    )
    one = run(of=start, drawn=parameters(**held))
    other = run(of=turned, drawn=parameters(**held))
    np.testing.assert_allclose(other.h100e[:, turn], one.h100e, rtol=1e-3)


def test_what_users_do_not_pay_is_the_clearing_of_eisenberg_and_noe() -> None:
    """Users owe owners and nobody else, so one step of the kernel is the fixed point."""
    start = with_fields(world(), revenue_usd=np.where(world().revenue_usd > 0, world().revenue_usd * 0.02, 0.0))
    kept = run(of=start, quarters=1)
    state, flows = kept.states[0], kept.flows[0]
    drawn = parameters()
    renters = np.flatnonzero(start.revenue_usd > 0)
    assert renters.size
    norm = drawn["demand.utilisation_norm"]
    for draw in (0, 17, 63):
        hour = float(state.rental_usd[draw]) * 2191.5 * float(state.fullness[draw])
        owed = start.uses[:, renters] * flows.running[:, draw][:, None] * hour
        players, users = len(start.players), len(renters)
        liabilities = np.zeros((players + users, players + users))
        liabilities[players:, :players] = owed.T
        used = float(flows.used[:, draw].sum()) * float(state.fullness[draw])
        first = float((start.owned_h100e.sum(axis=0) @ start.uses).sum()) * float(norm[draw])
        growth = float(state.rental_usd[draw]) * used / (start.rental_usd * first)
        revenue = start.revenue_usd[renters] * growth
        means = revenue * (1.0 + float(drawn["distress.funding_over_revenue"][draw]))
        assets = np.concatenate([np.zeros(players), means])
        cleared = eisenberg_noe(liabilities, assets)
        paid = np.ravel(cleared.paid_usd)[players:] / owed.sum(axis=0)
        assert (paid < 0.9).any()
        np.testing.assert_allclose(state.paid[renters, draw], paid, rtol=1e-3)


def test_a_merger_puts_two_together() -> None:
    joined = run(Case(name="x", mergers=(Merger(buyer="xai", bought="coreweave", begins=datetime.date(2026, 1, 1)),)))
    at = joined.h100e[2]
    assert np.all(at[place("coreweave")] == 0.0)
    apart = BASE.h100e[2]
    np.testing.assert_allclose(at[place("xai")], apart[[place("xai"), place("coreweave")]].sum(axis=0), rtol=0.1)


def test_a_stop_of_supply_stops_deliveries() -> None:
    stop = run(Case(name="x", interruptions=(Interruption(begins=datetime.date(2026, 1, 1), quarters=2),)))
    delivered = np.stack([flows.delivered.sum(axis=(0, 1)) for flows in stop.flows])
    assert np.all(delivered[2:4] == 0.0)
    assert np.all(delivered[[1, 4]] > 0.0)


def test_recording_is_the_same_over_chunks_and_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    draws, quarters = 1100, 4
    drawn = drawn_parameters(world().parameters, draws, 3)
    whole = events_of(None, world(), quarters, ROWS, CATALOG)
    kept = run_case(world(), whole, drawn, quarters=quarters, seed=3, tell=lambda _: None)
    parts = chunks(drawn, draws, 3)
    alone = kept_for(world(), quarters, draws, len(parts))
    for place_of, luck in reversed([*enumerate(parts)]):
        span = slice(luck.start, luck.start + luck.count)
        simulate(world(), whole, luck, quarters, Recorder(world(), alone, place_of, span, luck))
    np.testing.assert_array_equal(kept.world, alone.world)
    np.testing.assert_array_equal(kept.end, kept.world[:, -1])
    assert draws < FANNED
    assert len(WORLD) == len(kept.end)


def test_nothing_is_wrong_with_any_number() -> None:
    """Forty quarters of every family of cases give finite numbers of zero or more."""
    kept = run(quarters=40)
    assert set(FAMILIES) == {"nvidia", "amd", "custom", "domestic"}
    for name in ("owned", "budget_usd", "price_usd", "rental_usd", "need_w", "energised_w", "run_flop"):
        column = kept.column(name)
        assert np.isfinite(column).all(), name
        assert (column >= 0.0).all(), name
    assert events().allowed.min() == 1.0
    assert chinese().any()


def test_no_parameter_is_drawn_where_it_means_nothing() -> None:
    drawn = drawn_parameters(world().parameters, 20_000, 0)
    for name, named in world().parameters.items():
        figure, values = named.figure, drawn[name]
        assert values.dtype == np.float32
        low, high = np.quantile(values, (0.1, 0.9))
        assert low == pytest.approx(
            figure.value if figure.low is None else figure.low, rel=0.03, abs=1e-3 * figure.value
        ), name
        assert high == pytest.approx(figure.value if figure.high is None else figure.high, rel=0.03), name
        assert values.max() <= MOST.get(name, np.inf) * 1.000001
        assert values.min() >= LEAST.get(name, 0.0) * 0.999999
