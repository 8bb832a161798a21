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


def all_to_all_s(sent_bytes: Column, copies: Column, group: Group, links: Links) -> Column:
    """Time of an all-to-all in which each chip sends ``sent_bytes``, spread evenly over the group, s.

    ``copies`` is how many members one token goes to: a token bound for several members of another domain crosses
    the network once and is copied inside, so the traffic between domains shrinks by the expected number of
    distinct domains, outer·(1 − (1 − 1/outer)^copies), over ``copies``.
    """
    distinct = group.outer * (1.0 - (1.0 - 1.0 / group.outer) ** copies) / np.maximum(copies, 1.0)
    outer_s = sent_bytes * distinct * (group.outer - 1.0) / group.outer / links.scaleout_bytes_per_s
    inner_s = sent_bytes * (group.inner - 1.0) / group.inner / links.scaleup_bytes_per_s
    return np.maximum(outer_s, inner_s) + latency_s(group, links)


def send_s(message_bytes: Column, bytes_per_s: Column, latency: Column) -> Column:
    """One message between two chips, s."""
    return message_bytes / bytes_per_s + latency
