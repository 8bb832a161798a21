"""What a network costs by topology: ports and links by hand, and against the network whose price is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.economics.topologies import (
    KNOWN_CHIPS,
    NETWORKS,
    PORT_BYTES_PER_S,
    dragonfly,
    fat_tree,
    fat_tree_tiers,
    over_known_network,
    relative_cost,
    torus,
)


@pytest.mark.parametrize(("endpoints", "radix", "tiers"), [(32, 64, 1), (2048, 64, 2), (2049, 64, 3), (65_536, 64, 3)])
def test_tiers_of_a_fat_tree(endpoints: int, radix: int, tiers: int) -> None:
    assert fat_tree_tiers(endpoints, radix) == tiers


def test_ports_and_links_by_topology() -> None:
    three = fat_tree(65_536, 64)
    assert (float(three.switch_ports), float(three.links)) == (5.0, 3.0)  # 5k³/4 ports over k³/4 endpoints
    tapered = fat_tree(65_536, 64, oversubscription=2.0)
    assert (float(tapered.switch_ports), float(tapered.links)) == (3.0, 2.0)
    assert float(torus(3).links) == 3.0


def test_a_dragonfly_by_hand_lies_between_two_and_three_tiers() -> None:
    parts = dragonfly(64.0)
    assert parts.switch_ports == pytest.approx(4.0)
    assert parts.links == pytest.approx(1.5 + 31 / 32)
    two, three = fat_tree(2048.0, 64.0), fat_tree(16_384.0, 64.0)
    assert relative_cost(two, three) < relative_cost(parts, three) < 1.0


def test_the_known_network_costs_itself() -> None:
    assert over_known_network("fat-tree", float(KNOWN_CHIPS), PORT_BYTES_PER_S) == pytest.approx(1.0)
    assert over_known_network("unheard of", 64.0, PORT_BYTES_PER_S / 4) == pytest.approx(0.25)


@given(st.sampled_from(sorted(NETWORKS)), st.integers(1, 10**6), st.floats(0.1, 4.0))
def test_more_chips_or_bandwidth_never_cost_less(topology: str, chips: int, ports: float) -> None:
    here = over_known_network(topology, float(chips), ports * PORT_BYTES_PER_S)
    assert over_known_network(topology, 2.0 * chips, ports * PORT_BYTES_PER_S) >= here
    assert over_known_network(topology, float(chips), 2.0 * ports * PORT_BYTES_PER_S) >= 2.0 * float(here) * (1 - 1e-12)
