"""What a network costs a chip, by topology: switch ports and links counted, each at its price.

Fat tree of t tiers from switches of k ports (k/2 down, k/2 up): up to 2·(k/2)^t endpoints; an endpoint takes 2t − 1
switch ports and t links. With an oversubscription s above the first tier, all but the first port and link are divided
by s. A torus of d dimensions has no switches and d links per chip. A balanced dragonfly from routers of k ≈ 4p ports
(p endpoints, 2p − 1 routers of the group, p other groups) takes k/p ports and 1 + (2p − 1)/(2p) + 1/2 links.
Sources: Leiserson, IEEE Transactions on Computers C-34 (1985); Al-Fares, Loukissas, Vahdat, SIGCOMM 2008 (k-ary fat
tree); Jouppi and others, ISCA 2023 (three-dimensional torus of TPU v4); Kim, Dally, Scott, Abts, ISCA 2008
(dragonfly). Holds for full pods; a part-filled top tier costs a little more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Column

SWITCH_PORTS = 64.0
PORT_BYTES_PER_S = 50e9
"""Of the switches of the known network: 64 ports of 400 Gbit/s."""
KNOWN_CHIPS = 16_384
"""Chips of the network whose price is known: a fat tree of three tiers, one port a chip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkParts:
    """Parts of a network for each chip."""

    switch_ports: Column
    links: Column

    def times(self, factor: Column) -> NetworkParts:
        """So many times the parts. Broadcasts."""
        return NetworkParts(switch_ports=np.multiply(self.switch_ports, factor), links=np.multiply(self.links, factor))


def fat_tree_tiers(endpoints: Column, switch_ports: Column) -> Column:
    """Fewest tiers that join the endpoints: ⌈ln(n/2)/ln(k/2)⌉, at least 1. Broadcasts; raises nothing."""
    tiers = np.ceil(np.log(np.asarray(endpoints) / 2.0) / np.log(np.asarray(switch_ports) / 2.0) - 1e-9)
    return np.asarray(np.maximum(tiers, 1.0))


def fat_tree(
    chips: Column, switch_ports: Column, endpoints_per_chip: Column = 1.0, oversubscription: Column = 1.0
) -> NetworkParts:
    """Count ports and links of a fat tree for each chip; ``oversubscription`` ≥ 1 above the first tier. Broadcasts."""
    tiers = fat_tree_tiers(np.multiply(chips, endpoints_per_chip), switch_ports)
    above = (np.asarray(tiers) - 1.0) / oversubscription
    return NetworkParts(
        switch_ports=np.multiply(endpoints_per_chip, 1.0 + 2.0 * above),
        links=np.multiply(endpoints_per_chip, 1.0 + above),
    )


def torus(dimensions: Column) -> NetworkParts:
    """Count links of a torus for each chip: two in each dimension, each shared by two chips. Broadcasts."""
    return NetworkParts(switch_ports=np.zeros(np.shape(dimensions)), links=np.asarray(dimensions, dtype=np.float64))


def dragonfly(switch_ports: Column) -> NetworkParts:
    """Count ports and links of a balanced dragonfly for each chip: p = k/4 endpoints a router. Broadcasts."""
    endpoints = np.asarray(switch_ports, dtype=np.float64) / 4.0
    return NetworkParts(
        switch_ports=np.asarray(switch_ports) / endpoints, links=1.5 + (2.0 * endpoints - 1.0) / (2.0 * endpoints)
    )


def relative_cost(parts: NetworkParts, reference: NetworkParts) -> Column:
    """Cost of parts over that of a reference, where a port and a link cost alike. Broadcasts; raises nothing."""
    return np.divide(np.add(parts.switch_ports, parts.links), np.add(reference.switch_ports, reference.links))


NETWORKS: Mapping[str, Callable[[Column, Column], NetworkParts]] = {
    "fat-tree": lambda chips, ports: fat_tree(chips, SWITCH_PORTS, ports),
    "rail": lambda chips, ports: fat_tree(chips, SWITCH_PORTS, ports),
    "dragonfly": lambda chips, ports: dragonfly(SWITCH_PORTS).times(ports),
}
"""Parts of a scale-out network by topology, from chips and ports of each; rails joined by spines are a fat tree."""


def over_known_network(topology: str, chips: Column, bytes_per_s_per_chip: Column) -> Column:
    """Cost of a scale-out network a chip over that of the known one; a port costs by its bandwidth.

    Topologies that are not in ``NETWORKS`` are taken to cost the known network's price for the bandwidth.
    Broadcasts; raises nothing.
    """
    ports = np.divide(bytes_per_s_per_chip, PORT_BYTES_PER_S)
    if topology not in NETWORKS:
        return np.broadcast_to(ports, np.broadcast_shapes(np.shape(ports), np.shape(chips)))
    return relative_cost(NETWORKS[topology](chips, ports), fat_tree(float(KNOWN_CHIPS), SWITCH_PORTS))
