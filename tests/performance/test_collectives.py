"""Collectives and placement against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.performance.network import (
    Group,
    Links,
    all_gather_s,
    all_reduce_s,
    all_to_all_s,
    group_of,
    members_met,
    scaleup_share,
    send_s,
)

SIZES = st.floats(1e3, 1e12)
SPEEDS = st.floats(1e8, 1e13)
TIMES = st.floats(0.0, 1e-4)
POWERS = st.integers(0, 12).map(lambda exponent: 2.0**exponent)
LINKS = st.builds(
    Links, scaleup_bytes_per_s=SPEEDS, scaleup_latency_s=TIMES, scaleout_bytes_per_s=SPEEDS, scaleout_latency_s=TIMES
)
FLAT = Links(scaleup_bytes_per_s=100e9, scaleup_latency_s=0.0, scaleout_bytes_per_s=100e9, scaleout_latency_s=0.0)


def ring_all_gather_s(total_bytes: float, ranks: int, bytes_per_s: float) -> float:
    """Step by step: each of ranks − 1 steps passes one shard to the neighbour."""
    return sum(total_bytes / ranks / bytes_per_s for _ in range(ranks - 1))


@given(size=SIZES, ranks=st.integers(1, 512), links=LINKS)
def test_inside_a_domain_an_all_gather_is_a_ring(size: float, ranks: int, links: Links) -> None:
    ring = ring_all_gather_s(size, ranks, float(links.scaleup_bytes_per_s))
    latency = np.log2(ranks) * links.scaleup_latency_s
    assert all_gather_s(size, Group(inner=ranks, outer=1.0), links) == pytest.approx(ring + latency, rel=1e-9)


@given(size=SIZES, ranks=st.integers(1, 512), links=LINKS)
def test_across_domains_of_one_an_all_gather_is_a_ring_on_the_network(size: float, ranks: int, links: Links) -> None:
    ring = ring_all_gather_s(size, ranks, float(links.scaleout_bytes_per_s))
    latency = np.log2(ranks) * links.scaleout_latency_s
    assert all_gather_s(size, Group(inner=1.0, outer=ranks), links) == pytest.approx(ring + latency, rel=1e-9)


@given(size=SIZES, inner=POWERS, outer=POWERS)
def test_two_levels_of_equal_links_move_what_one_level_moves(size: float, inner: float, outer: float) -> None:
    """S(o−1)/(o·i) + S(i−1)/i = S(o·i−1)/(o·i): the hierarchy costs nothing when the network is as fast."""
    two, one = Group(inner=inner, outer=outer), Group(inner=inner * outer, outer=1.0)
    assert all_gather_s(size, two, FLAT) == pytest.approx(float(all_gather_s(size, one, FLAT)), rel=1e-9, abs=1e-18)


@given(size=SIZES, inner=POWERS, outer=POWERS, links=LINKS)
def test_an_all_reduce_is_a_reduce_scatter_and_an_all_gather(
    size: float, inner: float, outer: float, links: Links
) -> None:
    group = Group(inner=inner, outer=outer)
    assert all_reduce_s(size, group, links) == 2.0 * all_gather_s(size, group, links)


@given(size=SIZES, links=LINKS, copies=st.integers(1, 16))
def test_a_group_of_one_needs_no_time(size: float, links: Links, copies: int) -> None:
    alone = Group(inner=1.0, outer=1.0)
    assert all_gather_s(size, alone, links) == 0.0
    assert all_to_all_s(size, float(copies), float(copies), alone, links) == 0.0


@given(size=SIZES, inner=POWERS, outer=POWERS, links=LINKS)
def test_one_copy_sends_every_byte_once(size: float, inner: float, outer: float, links: Links) -> None:
    """Bytes for other domains cross the network, bytes for other members the scale-up fabric, side by side."""
    group = Group(inner=inner, outer=outer)
    across = size * (outer - 1.0) / outer / links.scaleout_bytes_per_s
    inside = size * (inner - 1.0) / inner / links.scaleup_bytes_per_s
    latency = np.log2(inner) * links.scaleup_latency_s + np.log2(outer) * links.scaleout_latency_s
    assert all_to_all_s(size, 1.0, 1.0, group, links) == pytest.approx(
        max(across, inside) + latency, rel=1e-9, abs=1e-18
    )


@settings(max_examples=30, deadline=None)
@given(outer=st.integers(2, 64), copies=st.integers(1, 16), seed=st.integers(0, 99))
def test_copies_of_a_token_meet_as_many_domains_as_drawn_ones(outer: int, copies: int, seed: int) -> None:
    """Expected number of distinct domains among random destinations, by drawing them."""
    drawn = np.random.default_rng(seed).integers(0, outer, size=(4000, copies))
    distinct = float(np.mean([len(set(row)) for row in drawn.tolist()]))
    assert members_met(float(copies), float(outer)) == pytest.approx(distinct, rel=0.05)


@given(size=SIZES, speed=SPEEDS, latency=TIMES)
def test_a_message_takes_its_bytes_and_its_latency(size: float, speed: float, latency: float) -> None:
    assert send_s(size, speed, latency) == size / speed + latency


@given(size=POWERS, stride=POWERS, domain=POWERS)
def test_placement_fills_domains_first(size: float, stride: float, domain: float) -> None:
    group = group_of(size, stride, domain)
    ranks = [int(rank * stride) // int(domain) for rank in range(int(size))] if size <= 512 else []
    assert group.size == size
    assert 1.0 <= group.inner <= max(size, 1.0)
    if ranks:
        assert group.outer == len(set(ranks))


@given(inner=POWERS, domain=POWERS, axes=st.integers(0, 3), mesh=st.sampled_from((0.0, 1.0)))
def test_a_group_uses_some_and_at_most_all_of_the_scale_up_bandwidth(
    inner: float, domain: float, axes: int, mesh: float
) -> None:
    share = scaleup_share(min(inner, domain), domain, mesh, float(axes))
    assert 0.0 < share <= 1.0
    if not axes and not mesh:
        assert share == 1.0
    if inner >= domain > 1.0:
        assert share == pytest.approx(1.0)


@pytest.mark.parametrize(("inner", "share"), [(2.0, 1.0 / 7.0), (4.0, 3.0 / 7.0), (8.0, 1.0)])
def test_a_mesh_of_eight_gives_a_small_group_only_its_own_links(inner: float, share: float) -> None:
    assert scaleup_share(inner, 8.0, 1.0, 0.0) == pytest.approx(share)


@given(inner=POWERS, domain=POWERS.filter(lambda chips: chips >= 64))
def test_larger_groups_of_a_torus_span_more_axes(inner: float, domain: float) -> None:
    small, large = (float(scaleup_share(chips, domain, 0.0, 3.0)) for chips in (inner, 2.0 * inner))
    assert 1.0 / 3.0 <= small <= large <= 1.0
