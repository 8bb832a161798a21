"""Every layout of a service at every batch: closed forms over columns, and what no other beats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.performance.serving.columns import taken
from tenfold.performance.serving.load import NO_SPECULATION, Speculation, closed_loop
from tenfold.performance.serving.replica import cache_room_bytes, cache_tokens, most_sequences
from tenfold.performance.serving.setup import Setting, replicas_of
from tenfold.quantities import Flags, Floats, Indices
from tenfold.workloads.serving import ReplicaLayout, Traffic

CLIENTS: tuple[float, ...] = tuple(
    float(each) for each in (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024)
)
"""Clients on each rank that a search tries."""
WIDTHS = (1, 2, 4, 8, 16, 32, 64, 72)
"""Chips that may split a layer; those beyond a scale-up domain are left out."""


def layouts_of(domain_chips: int, experts: bool) -> Iterator[ReplicaLayout]:
    """Layouts of one replica inside a scale-up domain: each width split, and for models with experts also dealt.

    Dealt either to chips that split attention, or to data-parallel attention ranks that share the experts.
    """
    for width in WIDTHS:
        if width > max(domain_chips, 1):
            return
        wide = float(width)
        yield ReplicaLayout(tensor=wide)
        if experts and width > 1:
            yield ReplicaLayout(tensor=wide, expert=wide)
            yield ReplicaLayout(ranks=wide, expert=wide)


STAGES = (2, 4)
"""Stages of a pipeline of whole scale-up domains that are tried."""
DEALT = (16, 32, 64, 144)
"""Ranks across scale-up domains that share the experts of a model."""


def wider_layouts(domain_chips: int, experts: bool) -> Iterator[ReplicaLayout]:
    """Layouts of one replica over several scale-up domains: stages that split layers, or ranks that share experts."""
    domain = max(domain_chips, 1)
    width = max((each for each in WIDTHS if each <= domain), default=1)
    for stages in STAGES:
        yield ReplicaLayout(tensor=float(width), pipeline=float(stages))
    if experts and domain > 1:
        for ranks in (each for each in DEALT if each > domain):
            yield ReplicaLayout(ranks=float(ranks), expert=float(ranks))


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundServices:
    """Configurations that fit: their setting, their load, what they give; (configurations,)."""

    setting: Indices
    """Place among the settings searched."""
    clients: Floats
    """On each replica."""
    tpot_s: Floats
    ttft_s: Floats
    e2e_s: Floats
    tokens_per_s_per_chip: Floats
    cache_tokens: Floats
    considered: int
    rejected: Mapping[str, int]
    """Configurations by why they cannot be: ``weights``, ``cache``."""

    def rows(self, index: Indices | Flags) -> FoundServices:
        """Only the configurations at ``index``."""
        return FoundServices(
            setting=self.setting[index],
            clients=self.clients[index],
            tpot_s=self.tpot_s[index],
            ttft_s=self.ttft_s[index],
            e2e_s=self.e2e_s[index],
            tokens_per_s_per_chip=self.tokens_per_s_per_chip[index],
            cache_tokens=self.cache_tokens[index],
            considered=self.considered,
            rejected=self.rejected,
        )

    def __len__(self) -> int:
        return len(self.setting)


def search_services(
    settings: Sequence[Setting],
    factors: Mapping[str, float],
    traffic: Traffic,
    speculation: Speculation = NO_SPECULATION,
    clients: Sequence[float] = CLIENTS,
) -> FoundServices:
    """Time every setting at every number of clients that fits it; there must be at least one setting.

    What cannot hold its weights or one request is rejected before anything is timed.
    """
    replica = replicas_of(settings, factors)
    most = most_sequences(replica, traffic.prompt_tokens, traffic.output_tokens, traffic.prefix_share)
    holds, room = np.asarray(cache_room_bytes(replica)) > 0.0, np.asarray(most)
    roomy = holds & (room >= 1.0)
    load = np.asarray(clients, dtype=np.float64)
    setting, place = np.nonzero(roomy[:, None] & (load[None, :] <= np.maximum(room[:, None], 1.0)))
    rows = taken(replica, setting)
    ranks, chips = np.asarray(rows.layout.ranks), np.asarray(rows.layout.chips)
    found = closed_loop(rows, traffic, load[place], taken(speculation, setting))
    kept = cache_tokens(replica, traffic.prompt_tokens + traffic.output_tokens)
    rejected = {"weights": int((~holds).sum()) * len(load), "cache": int((holds & ~roomy).sum()) * len(load)}
    return FoundServices(
        setting=setting,
        clients=load[place] * ranks,
        tpot_s=np.asarray(found.tpot_s),
        ttft_s=np.asarray(found.ttft_s),
        e2e_s=np.asarray(found.e2e_s),
        tokens_per_s_per_chip=np.asarray(found.tokens_per_s / chips),
        cache_tokens=(np.asarray(kept) * np.asarray(replica.layout.ranks))[setting],
        considered=len(settings) * len(load),
        rejected={name: count for name, count in rejected.items() if count},
    )


def front_of(speed: Floats, throughput: Floats) -> Indices:
    """Places where no other is both faster for a user and gives more per chip; the fastest first."""
    order = np.lexsort((-throughput, -speed))
    best = np.maximum.accumulate(throughput[order])
    ahead = np.concatenate([[True], throughput[order][1:] > best[:-1]]) if len(order) else np.zeros(0, dtype=np.bool_)
    return np.asarray(order[ahead], dtype=np.intp)
