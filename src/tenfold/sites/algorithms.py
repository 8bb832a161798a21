"""Training over several sites: rival algorithms with one signature, their traffic and the time it exposes.

synchronous         one ring over all replicas, every step; the ring crosses the fibre once for each site
hierarchical        replicas of a site reduce among themselves first; one all-reduce between the sites, every step
diloco              sites train alone for H steps, then all-reduce what they have changed  [Douillard, arXiv:2311.08105]
streaming-diloco    the same in fragments, one after another, each behind some steps       [Douillard, arXiv:2501.18512]
decoupled           sites never wait: changes arrive when they arrive                      [arXiv:2604.21428]

An all-reduce hides behind the backward pass of the step that ends in it, layer by layer, but for the last layer; for
DiLoCo the published simulation assumes the same (arXiv:2503.09799, table 6). A site computes and sends at once at
full speed. Sites end a step together: with shares of the batch in proportion to speed nobody waits for a slower one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from tenfold.quantities import Column
from tenfold.sites.loss import LossRatio, loss_ratio
from tenfold.sites.wan import all_reduce_bytes, exposed_s

BACKWARD_SHARE = 2.0 / 3.0
"""Of a step: the backward pass has twice the FLOPs of the forward pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncWork:
    """What is to be kept the same between sites, and over what. All fields broadcast."""

    parameters: Column
    step_s: Column
    """Compute and communication inside the sites."""
    sites: Column
    bytes_per_s: Column
    """Bandwidth of the site with the least, one way."""
    latency_s: Column = 0.0
    """One way of the longest hop."""
    sync_steps: Column = 1.0
    """H; ignored by what synchronises every step."""
    replicas: Column = 1.0
    """Data-parallel replicas of all sites together."""
    layers: Column = 1.0
    """Pieces that an all-reduce is sent in."""
    gradient_bytes: Column = 2.0
    """For each parameter, of a gradient."""
    outer_bytes: Column = 2.0
    """For each parameter, of what DiLoCo exchanges."""
    streamed_bytes: Column = 0.5
    """For each parameter, of what fragments carry; four bits (E3M0) in arXiv:2501.18512."""
    fragments: Column = 1.0
    overlap_steps: Column = 1.0
    """Steps that a fragment may travel behind."""
    backward_share: Column = BACKWARD_SHARE
    """Of a step; 0 where an all-reduce hides behind nothing."""
    loss_per_doubling: Column = 0.0
    """Loss ratio less one for each doubling of H beyond 30."""
    loss_error: Column = 1.0
    """Measured over fitted loss ratio."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncCost:
    """What an algorithm costs. All fields broadcast."""

    bytes_per_sync: Column
    """Sent by each site, and received by it."""
    exposed_s_per_step: Column
    """Time of a step that nothing hides, averaged over the steps between synchronisations."""
    mean_bytes_per_s: Column
    """Of each site, one way, over the whole run."""
    peak_bytes_per_s: Column
    """What a link would have to carry for a synchronisation to hide completely, latency aside."""
    loss: LossRatio
    isolates_failures: Column
    """True where a failed site stops no other."""


def synchronous(work: SyncWork) -> SyncCost:
    """Plain data parallelism: a ring over n replicas crosses between sites R times, 2(n − 1)/n rounds, every step."""
    many = np.maximum(work.replicas, work.sites)
    crossings = 2.0 * (many - 1.0) / many * np.where(np.asarray(work.sites) > 1.0, work.sites, 0.0)
    sent = np.where(np.asarray(work.sites) > 1.0, all_reduce_bytes(_all(work, work.gradient_bytes), many), 0.0)
    return _every_step(work, sent, crossings * np.asarray(work.latency_s))


def hierarchical(work: SyncWork) -> SyncCost:
    """Data parallelism that reduces inside the sites first: 2·bytes·(1 − 1/R) between R sites, every step."""
    sent = all_reduce_bytes(_all(work, work.gradient_bytes), work.sites)
    return _every_step(work, sent, _hops(work) * np.asarray(work.latency_s))


def diloco(work: SyncWork) -> SyncCost:
    """All-reduce everything once in H steps; the backward pass of the step that ends in it hides a part."""
    sent = all_reduce_bytes(_all(work, work.outer_bytes), work.sites)
    window = np.multiply(work.backward_share, work.step_s)
    exposed = _exposed(work, sent, _hops(work) * np.asarray(work.latency_s), window, work.layers)
    return _cost(work, sent, exposed / work.sync_steps, window, isolates=False)


def streaming_diloco(work: SyncWork) -> SyncCost:
    """P fragments in H steps, one each H/P steps, each behind ``overlap_steps``, or H/P where that is fewer.

    Exposed: what a fragment takes beyond those steps. Peak: a fragment in its steps.
    """
    sent = all_reduce_bytes(_all(work, work.streamed_bytes), work.sites)
    pieces = np.minimum(work.fragments, work.sync_steps)
    behind = np.minimum(work.overlap_steps, np.asarray(work.sync_steps) / pieces) * np.asarray(work.step_s)
    waiting = _hops(work) * np.asarray(work.latency_s)
    late = np.maximum(_sending(sent / pieces, work) + waiting - behind, 0.0)
    return _cost(work, sent, late * pieces / work.sync_steps, behind * pieces, isolates=False)


def decoupled(work: SyncWork) -> SyncCost:
    """Nobody waits: time is exposed only where the link cannot carry the fragments of H steps within H steps.

    What arrives late is taken to cost no more loss than DiLoCo does; the paper reports equal benchmarks.
    """
    sent = all_reduce_bytes(_all(work, work.streamed_bytes), work.sites)
    window = np.multiply(work.sync_steps, work.step_s)
    late = np.maximum(_sending(sent, work) - window, 0.0)
    return _cost(work, sent, late / work.sync_steps, window, isolates=True)


Algorithm = Callable[[SyncWork], SyncCost]
ALGORITHMS: Mapping[str, Algorithm] = MappingProxyType(
    {
        "synchronous": synchronous,
        "hierarchical": hierarchical,
        "diloco": diloco,
        "streaming-diloco": streaming_diloco,
        "decoupled": decoupled,
    }
)
"""Rival algorithms by name."""
EVERY_STEP = ("synchronous", "hierarchical")
"""Algorithms that synchronise every step and give the loss of one site."""


def compute_use(cost: SyncCost, step_s: Column) -> Column:
    """Share of the time that is not waited for other sites: step/(step + exposed). Broadcasts."""
    return np.divide(step_s, np.add(step_s, cost.exposed_s_per_step))


def _all(work: SyncWork, bytes_per_parameter: Column) -> Column:
    return np.multiply(work.parameters, bytes_per_parameter)


def _hops(work: SyncWork) -> Column:
    return 2.0 * (np.asarray(work.sites) - 1.0)


def _sending(sent: Column, work: SyncWork) -> Column:
    """Seconds to send; none where nothing is sent, whatever the link."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.asarray(sent) > 0.0, np.divide(sent, work.bytes_per_s), 0.0)


def _exposed(work: SyncWork, sent: Column, waiting: Column, window: Column, pieces: Column) -> Column:
    several = np.asarray(work.sites) > 1.0
    return np.where(several, exposed_s(_sending(sent, work), waiting, window, pieces), 0.0)


def _every_step(work: SyncWork, sent: Column, waiting: Column) -> SyncCost:
    window = np.multiply(work.backward_share, work.step_s)
    each = replace(work, sync_steps=1.0)
    found = _cost(each, sent, _exposed(work, sent, waiting, window, work.layers), window, isolates=False)
    same = np.ones(np.shape(found.loss.ratio))
    return replace(found, loss=LossRatio(ratio=same, valid=same > 0.0))


def _cost(work: SyncWork, sent: Column, exposed: Column, window: Column, *, isolates: bool) -> SyncCost:
    with np.errstate(divide="ignore", invalid="ignore"):
        peak = np.where(np.asarray(sent) > 0.0, np.divide(sent, window), 0.0)
        mean = np.where(np.isfinite(exposed), sent / (np.add(work.step_s, exposed) * work.sync_steps), 0.0)
    return SyncCost(
        bytes_per_sync=sent,
        exposed_s_per_step=exposed,
        mean_bytes_per_s=mean,
        peak_bytes_per_s=peak,
        loss=loss_ratio(work.parameters, work.sites, work.sync_steps, work.loss_per_doubling, work.loss_error),
        isolates_failures=isolates,
    )
