"""Power caps of single domains: what is held, what could be, and why jobs wait."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_there import CHIPS, SITES, accounted, wanting
from traces import drawn_jobs

from tenfold.fleet import PLACEMENTS, DomainPower, Domains, Jobs, Power, Rules, make_jobs, read_power, replay, room_for
from tenfold.fleet.capacity.powered_domains import PoweredDomains
from tenfold.fleet.capacity.tree import Tree
from tenfold.fleet.choices import DOMAIN_CHOICES
from tenfold.quantities import InputError

RACKS = Domains(
    sizes=(4,) * 6,
    levels=("site", "rack"),
    paths=(("a", "1"), ("a", "1"), ("a", "2"), ("b", "1"), ("b", "2"), ("b", "2")),
    kinds=("x", "x", "y", "x", "x", "x"),
)
some_caps = st.lists(
    st.tuples(st.sampled_from(((1, 0), (1, 1), (2, 0), (2, 2), (2, 3))), st.integers(0, 12)),
    max_size=3,
    unique_by=lambda cap: cap[0],
)


def capped(caps: list[tuple[tuple[int, int], int]], placement: str = "best-fit") -> PoweredDomains:
    """Racks under caps that hold from the beginning."""
    limits = [DomainPower(level=level, domain=domain, chips=(chips,)) for (level, domain), chips in caps]
    found = PoweredDomains(Tree(RACKS, PLACEMENTS[placement], DOMAIN_CHOICES[placement]), limits)
    found.at(0)
    return found


def held_in(there: PoweredDomains, cap: DomainPower) -> int:
    """Chips that are held in the domain of a cap."""
    first, end = RACKS.spans[cap.level][cap.domain]
    return sum(4 - there.tree.left[node] for node in range(first, end))


def could(there: PoweredDomains, chips: int, level: int) -> bool:
    """Whether a gang could stand somewhere, by trying every set of nodes."""
    left = there.tree.left
    each = chips if chips <= 4 else 4
    able = [node for node in range(6) if (left[node] >= chips if chips <= 4 else left[node] == 4)]
    for nodes in combinations(able, 1 if chips <= 4 else -(-chips // 4)):
        alike = {(RACKS.kind_of(node), RACKS.domain_of[level][node]) for node in nodes}
        room = all(
            held_in(there, cap) + sum(each for node in nodes if RACKS.domain_of[cap.level][node] == cap.domain)
            <= cap.chips[0]
            for cap in there.caps
        )
        if len(alike) == 1 and room:
            return True
    return False


@given(
    some_caps,
    st.sampled_from(tuple(DOMAIN_CHOICES)),
    st.lists(st.tuples(st.sampled_from((1, 2, 3, 4, 8, 12)), st.integers(0, 2), st.booleans()), max_size=12),
)
@settings(max_examples=40, deadline=None)
def test_a_gang_finds_a_place_wherever_there_is_one_with_power(
    caps: list[tuple[tuple[int, int], int]], placement: str, asked: list[tuple[int, int, bool]]
) -> None:
    there, places = capped(caps, placement), list[tuple[tuple[int, int], ...]]()
    for chips, level, goes in asked:
        scope = there.scope((), ("", "site", "rack")[level])
        place = there.find((chips, scope))
        # in part of a node a gang is in one domain of every level
        assert (place is not None) == could(there, chips, level if chips > 4 else 0)
        gang, part = there.largest_powered()
        looks = there.looks(scope)
        fits = any((part[of] if chips <= node else gang[whole]) >= chips for whole, of, node in looks)
        assert fits == (place is not None)
        if place is not None:
            there.take(place)
            places.append(place)
        if goes and places:
            there.give(places.pop(0))
        assert all(held_in(there, cap) <= cap.chips[0] for cap in there.caps)
        assert [cap.chips[0] - held_in(there, cap) for cap in there.caps] == there.spare


@given(
    drawn_jobs(largest=16),
    st.sampled_from(("head", "skip", "easy")),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=2, max_size=2),
)
@settings(max_examples=25, deadline=None)
def test_caps_of_domains_are_accounted_for(
    jobs: Jobs, admission: str, contested: bool, limits: list[tuple[int, int]]
) -> None:
    domains = tuple(
        DomainPower(level=level, domain=0, chips=chips) for level, chips in zip((1, 2), limits, strict=True)
    )
    power = Power(step_s=(0.0, 30.0), chips=(CHIPS, CHIPS), domains=domains)
    admitted = "skip" if contested and admission == "easy" else admission
    rules = Rules(chips=CHIPS, domains=SITES, admission=admitted, power=power, contested=contested)
    found = replay(wanting(jobs, len(jobs), 7.0), rules)
    if len(found.jobs):
        accounted(found, rules)


@pytest.mark.parametrize("contested", [False, True])
def test_a_job_waits_for_the_power_of_its_domain(contested: bool) -> None:
    """Two gangs of four within a rack of eight chips of which five may be busy, until more power comes."""
    domains = Domains(sizes=(4,) * 4, levels=("rack",), paths=(("a",), ("a",), ("b",), ("b",)), kinds=())
    cap = DomainPower(level=1, domain=0, chips=(5, 8))
    power = Power(step_s=(0.0, 6.0), chips=(16, 16), domains=(cap,))
    rules = Rules(chips=16, domains=domains, power=power, contested=contested)
    long = make_jobs(np.zeros(4), np.full(4, 10.0), np.array([8, 4, 4, 4]))
    found = replay(long, rules)
    # the gang of eight takes rack b; of the fours one stands in rack a, and the next waits for its power
    assert found.wait_s.tolist() == [0.0, 0.0, 6.0, 10.0]
    assert found.wait_by_reason_s["power"].tolist() == [0.0, 0.0, 6.0, 6.0]
    never = replay(make_jobs(np.zeros(1), np.ones(1), np.array([12])), Rules(chips=16, domains=domains, power=Power(
        step_s=(0.0,), chips=(16,), domains=(DomainPower(level=1, domain=0, chips=(3,)),)
    )))  # fmt: skip
    assert never.never.tolist() == [True]


def test_caps_of_domains_are_read_by_name(tmp_path: Path) -> None:
    power = tmp_path / "power.csv"
    power.write_text("from_s,mw,site,rack\n0,3,,\n0,2,a,\n50,1,b,1\n", encoding="utf-8")
    assert read_power(power, RACKS) == {(0, 0): ((0.0, 3e6),), (1, 0): ((0.0, 2e6),), (2, 2): ((50.0, 1e6),)}
    power.write_text("from_s,mw,site,rack\n0,3,,1\n0,2,c,\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 2: names 2 domains by '1'") as refused:
        read_power(power, RACKS)
    assert "line 3: names 0 domains by 'c'" in str(refused.value)
    with pytest.raises(InputError, match=r"Give rows of from_s and mw$"):
        read_power(power)


def test_what_is_too_small_is_the_level_that_is_asked_for() -> None:
    """Four racks of 32 chips, each with the power for 16: 64 within the fleet, 16 within a rack."""
    racks = Domains(
        sizes=(8,) * 16, levels=("rack",), paths=tuple((str(node // 4),) for node in range(16)), kinds=("x",) * 16
    )
    caps = tuple(DomainPower(level=1, domain=rack, chips=(16,)) for rack in range(4))
    power = Power(step_s=(0.0,), chips=(128,), domains=caps)
    rules = Rules(chips=128, node_sizes=racks.sizes, domains=racks, power=power)
    assert room_for(rules, "rack", "", 32) == ("the power of the last step", 16)
    assert room_for(rules, "", "", 100) == ("the power of the last step", 64)
