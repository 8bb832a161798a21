"""Clearing: payments satisfy their definition, are the greatest that do, and equal worked examples and brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.economics.network import eisenberg_noe, rogers_veraart
from tenfold.quantities import Floats, InputError

MEANS = (0, 0, 1, 2, 3, 8)
WITH_COSTS = (-12, -3, -1, 0, 1, 3, 8)


def networks(most: int = 6, own: tuple[int, ...] = MEANS) -> st.SearchStrategy[tuple[Floats, Floats]]:
    """Random liabilities and assets in whole dollars, zeros and closed cycles among them."""

    def of_size(size: int) -> st.SearchStrategy[tuple[Floats, Floats]]:
        owed = st.lists(st.sampled_from([0, 0, 0, 1, 2, 5, 10]), min_size=size * size, max_size=size * size)
        means = st.lists(st.sampled_from(own), min_size=size, max_size=size)
        return st.tuples(owed, means).map(lambda drawn: _network(size, *drawn))

    return st.integers(2, most).flatmap(of_size)


def _network(size: int, owed: list[int], means: list[int]) -> tuple[Floats, Floats]:
    liabilities = np.array(owed, dtype=float).reshape(size, size)
    np.fill_diagonal(liabilities, 0.0)
    return liabilities, np.array(means, dtype=float)


def mapped(liabilities: Floats, assets: Floats, paid: Floats, alpha: float, beta: float) -> Floats:
    """One step of the definition, in plain loops."""
    players = len(assets)
    due = [sum(liabilities[i]) for i in range(players)]
    following = np.zeros(players)
    for i in range(players):
        received = sum(paid[j] * liabilities[j, i] / due[j] for j in range(players) if due[j] > 0)
        solvent = assets[i] + received >= due[i] - 1e-9
        realised = (alpha if assets[i] > 0 else 1.0) * assets[i] + beta * received
        following[i] = due[i] if solvent else max(realised, 0.0)
    return following


def by_brute_force(liabilities: Floats, assets: Floats, alpha: float, beta: float) -> Floats:
    """Greatest fixed point of all: every set of players is tried as the failed, those that pay nothing among them."""
    players, due = len(assets), liabilities.sum(axis=1)
    shares = liabilities / np.where(due > 0, due, 1.0)[:, None]
    best = np.full(players, -1.0)
    for size in range(players + 1):
        for failed in map(list, itertools.combinations(range(players), size)):
            costly = [i for i in failed if assets[i] < 0]
            for none in range(len(costly) + 1):
                for empty in itertools.combinations(costly, none):
                    some = [i for i in failed if i not in empty]
                    paid = np.where(np.isin(np.arange(players), failed), 0.0, due)
                    rest = [i for i in range(players) if i not in failed]
                    inside = np.eye(len(some)) - beta * shares[np.ix_(some, some)].T
                    own = np.where(assets > 0, alpha, 1.0)[some] * assets[some]
                    if abs(np.linalg.det(inside)) > 1e-9:
                        means = own + beta * (due[rest] @ shares[np.ix_(rest, some)])
                        paid[some] = np.linalg.solve(inside, means)
                        if np.allclose(mapped(liabilities, assets, paid, alpha, beta), paid, atol=1e-7):
                            best = np.maximum(best, paid)
    return best


@settings(max_examples=150, deadline=None)
@given(networks(5), st.sampled_from([(1.0, 1.0), (0.5, 1.0), (1.0, 0.5), (0.7, 0.4), (0.0, 0.0)]))
def test_payments_are_the_greatest_that_satisfy_the_definition(
    network: tuple[Floats, Floats], recovery: tuple[float, float]
) -> None:
    liabilities, assets = network
    alpha, beta = recovery
    found = rogers_veraart(liabilities, assets, alpha=alpha, beta=beta)
    assert found.paid_usd == pytest.approx(mapped(liabilities, assets, found.paid_usd, alpha, beta), abs=1e-9)
    assert found.paid_usd == pytest.approx(by_brute_force(liabilities, assets, alpha, beta), abs=1e-7)
    assert (found.failed == (found.paid_usd < found.due_usd - 1e-9)).all()


@settings(max_examples=50, deadline=None)
@given(networks(4, WITH_COSTS), st.sampled_from([(1.0, 1.0), (0.5, 1.0), (0.7, 0.4)]))
def test_costs_outside_are_paid_before_debts(network: tuple[Floats, Floats], recovery: tuple[float, float]) -> None:
    liabilities, assets = network
    alpha, beta = recovery
    found = rogers_veraart(liabilities, assets, alpha=alpha, beta=beta)
    assert found.paid_usd == pytest.approx(mapped(liabilities, assets, found.paid_usd, alpha, beta), abs=1e-9)
    assert found.paid_usd == pytest.approx(by_brute_force(liabilities, assets, alpha, beta), abs=1e-7)
    left = assets + found.received_usd
    assert (found.failed == (left < found.due_usd - 1e-9)).all()
    if recovery == (1.0, 1.0):
        # Costs as a debt to a player outside that ranks first: what inside gets is what is left of all receipts.
        assert found.paid_usd == pytest.approx(np.minimum(found.due_usd, np.maximum(left, 0.0)), abs=1e-9)


def test_worked_example_of_two_that_owe_each_other_and_cannot_pay_their_costs() -> None:
    # Each owes the other 10 and has a dollar of costs nothing covers: whatever one pays, the other has a dollar less.
    found = eisenberg_noe([[0, 10], [10, 0]], [-1, -1])
    assert found.paid_usd.tolist() == [0, 0]
    assert found.failed.tolist() == [True, True]
    # A third that owes one of them 12 and has it: 12 − 1 = 11 pays the 10, and the other pays 10 − 1 back.
    helped = eisenberg_noe([[0, 10, 0], [10, 0, 0], [12, 0, 0]], [-1, -1, 12])
    assert helped.paid_usd.tolist() == pytest.approx([10, 9, 12])
    assert helped.failed.tolist() == [False, True, False]


def test_worked_example_of_a_chain_that_fails_in_three_rounds() -> None:
    # 0 owes 10 and has 4; 1 owes 8 and has 3; 2 owes 6 and has 0.5; 3 owes nothing. Each owes only the next.
    liabilities = np.zeros((4, 4))
    liabilities[0, 1], liabilities[1, 2], liabilities[2, 3] = 10, 8, 6
    found = eisenberg_noe(liabilities, [4, 3, 0.5, 0])
    assert found.paid_usd.tolist() == pytest.approx([4, 7, 6, 0])
    assert found.failed_in_round.tolist() == [1, 2, 0, 0]
    costly = rogers_veraart(liabilities, [4, 3, 0.5, 0], alpha=0.5, beta=0.5)
    assert costly.paid_usd.tolist() == pytest.approx([2, 2.5, 1.5, 0])
    assert costly.failed_in_round.tolist() == [1, 2, 3, 0]


def test_worked_example_of_a_cycle() -> None:
    # A owes B 10, B owes A 5 and C 5, C owes A 2. Means 1, 2, 1: A pays x, B pays y.
    # x = 1 + y/2 + 2, y = min(10, 2 + x): x = 3 + y/2, y = 2 + x give x = 8, y = 10, so B just pays in full.
    liabilities = [[0, 10, 0], [5, 0, 5], [2, 0, 0]]
    found = eisenberg_noe(liabilities, [1, 2, 1])
    assert found.paid_usd.tolist() == pytest.approx([8, 10, 2])
    assert found.failed_in_round.tolist() == [1, 0, 0]
    # With half a dollar less B fails too: x = 3 + y/2, y = 1.5 + x give x = 7.5, y = 9, C still gets 4.5 of 5.
    less = eisenberg_noe(liabilities, [1, 1.5, 1])
    assert less.paid_usd.tolist() == pytest.approx([7.5, 9, 2])
    assert less.received_usd.tolist() == pytest.approx([6.5, 7.5, 4.5])
    assert less.failed_in_round.tolist() == [1, 2, 0]


@settings(max_examples=60, deadline=None)
@given(networks(), st.integers(0, 5), st.floats(0.1, 5.0))
def test_more_means_never_lower_a_payment(network: tuple[Floats, Floats], who: int, more: float) -> None:
    liabilities, assets = network
    richer = assets.copy()
    richer[who % len(assets)] += more
    for alpha, beta in ((1.0, 1.0), (0.6, 0.5)):
        before = rogers_veraart(liabilities, assets, alpha=alpha, beta=beta).paid_usd
        after = rogers_veraart(liabilities, richer, alpha=alpha, beta=beta).paid_usd
        assert (after >= before - 1e-9).all()


@settings(max_examples=60, deadline=None)
@given(networks())
def test_recovery_in_full_is_eisenberg_noe_and_costs_only_take(network: tuple[Floats, Floats]) -> None:
    plain, full = eisenberg_noe(*network), rogers_veraart(*network, alpha=1.0, beta=1.0)
    assert plain.paid_usd.tolist() == full.paid_usd.tolist()
    costly = rogers_veraart(*network, alpha=0.8, beta=0.7)
    assert (costly.paid_usd <= plain.paid_usd + 1e-9).all()


@settings(max_examples=60, deadline=None)
@given(networks())
def test_nothing_is_lost_or_made_between_players(network: tuple[Floats, Floats]) -> None:
    liabilities, assets = network
    found = eisenberg_noe(liabilities, assets)
    assert found.paid_usd.sum() == pytest.approx(found.received_usd.sum(), abs=1e-9)
    worth = assets + found.received_usd - found.paid_usd
    assert worth.sum() == pytest.approx(assets.sum(), abs=1e-9)
    assert (worth >= -1e-9).all()
    assert worth[found.failed] == pytest.approx(0.0, abs=1e-9)


def test_a_batch_is_its_scenarios_whatever_the_chunk() -> None:
    rng = np.random.default_rng(3)
    liabilities = rng.lognormal(0, 1, (3000, 7, 7)) * (rng.random((3000, 7, 7)) < 0.4) * (1 - np.eye(7))
    assets = rng.lognormal(0.5, 1, (3000, 7))
    together = rogers_veraart(liabilities, assets, alpha=0.7, beta=0.9)
    shared = rogers_veraart(liabilities[5], np.repeat(assets, 2, axis=0), alpha=0.7, beta=0.9)
    for row in (0, 5, 1499, 2999):
        one = rogers_veraart(liabilities[row], assets[row], alpha=0.7, beta=0.9)
        assert together.paid_usd[row] == pytest.approx(one.paid_usd, rel=1e-9)
        assert together.failed_in_round[row].tolist() == one.failed_in_round.tolist()
        one = rogers_veraart(liabilities[5], assets[row], alpha=0.7, beta=0.9)
        assert shared.paid_usd[2 * row] == pytest.approx(one.paid_usd, rel=1e-9)
    assert together.failed_in_round.max() >= 3


def test_what_cannot_be_cleared_is_refused_with_every_problem() -> None:
    with pytest.raises(InputError) as trouble:
        rogers_veraart(np.array([[1, -1], [np.nan, 0]]), [1, np.inf], alpha=1.5, beta=0.5)
    assert [problem.key for problem in trouble.value.problems] == [
        "liabilities_usd", "assets_usd", "liabilities_usd", "alpha",
    ]  # fmt: skip
    with pytest.raises(InputError, match="do not fit"):
        eisenberg_noe(np.zeros((2, 2)), [1, 2, 3])
