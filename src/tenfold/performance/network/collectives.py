"""Collectives over a two-level group: scale-up inside a domain, scale-out between domains.

Bandwidth terms are the optimal ones of ring and recursive algorithms (Thakur, Rabenseifner & Gropp 2005): an
all-gather of S bytes over g chips moves S(g − 1)/g through every chip. Over two levels each chip first gathers its
slice from the other domains (S/inner over its network card), then the domain shares (S over the scale-up fabric).
The latency term counts log2(g) steps, as tree and low-latency protocols do for the sizes where latency matters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.performance.network.placement import Group
from tenfold.quantities import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Bandwidth reached and latency of the two levels for one group; bandwidth one way and per chip."""

    scaleup_bytes_per_s: Column
    scaleup_latency_s: Column
    scaleout_bytes_per_s: Column
    scaleout_latency_s: Column


def latency_s(group: Group, links: Links) -> Column:
    """Latency of one collective: log2 of the members at each level, s."""
    return np.log2(group.inner) * links.scaleup_latency_s + np.log2(group.outer) * links.scaleout_latency_s


def all_gather_s(total_bytes: Column, group: Group, links: Links) -> Column:
    """Time of an all-gather whose result is ``total_bytes`` on every chip; a reduce-scatter takes the same, s."""
    outer_s = total_bytes * (group.outer - 1.0) / (group.outer * group.inner) / links.scaleout_bytes_per_s
    inner_s = total_bytes * (group.inner - 1.0) / group.inner / links.scaleup_bytes_per_s
    return outer_s + inner_s + latency_s(group, links)


def all_reduce_s(total_bytes: Column, group: Group, links: Links) -> Column:
    """Reduce-scatter, then all-gather, s."""
    return 2.0 * all_gather_s(total_bytes, group, links)


def members_met(copies: Column, members: Column) -> Column:
    """Distinct members that ``copies`` dealt evenly go to, expected: members·(1 − (1 − 1/members)^copies)."""
    return members * (1.0 - (1.0 - 1.0 / np.asarray(members)) ** copies)


def all_to_all_s(
    token_bytes: Column, crossing: Column, inside: Column, group: Group, links: Links, spread_share: Column = 1.0
) -> Column:
    """Time of an all-to-all in which each chip sends ``token_bytes`` of tokens evenly over the group, s.

    ``crossing`` copies of a token cross the network and ``inside`` travel in the domain: as many as it has
    destinations, or as many as ``members_met`` domains and members where software sends it to each of them once.
    Copies in the domain reach ``spread_share`` of the scale-up bandwidth of collectives.
    """
    outer_bytes = token_bytes * crossing * (group.outer - 1.0) / group.outer
    inner_bytes = token_bytes * inside * (group.inner - 1.0) / group.inner
    inner_s = inner_bytes / (links.scaleup_bytes_per_s * spread_share)
    return np.maximum(outer_bytes / links.scaleout_bytes_per_s, inner_s) + latency_s(group, links)


def send_s(message_bytes: Column, bytes_per_s: Column, latency: Column) -> Column:
    """One message between two chips, s."""
    return message_bytes / bytes_per_s + latency
