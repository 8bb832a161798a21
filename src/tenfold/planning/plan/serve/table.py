"""What every layout gives at every batch, and how slow a machine may be before a latency is missed: columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from tenfold.performance.serving import Steady, serving_spread, steady, taken
from tenfold.planning.plan.serve.alone import least_rate_per_s, no_faster_s
from tenfold.planning.plan.serve.fleets import Demand
from tenfold.planning.plan.serve.layouts import BATCHES, Space, Spreads, Table
from tenfold.planning.plan.serve.pace import breaks_at
from tenfold.planning.plan.serve.question import QUANTITIES, SLOS, Service
from tenfold.planning.plan.serve.tiers import kept_by
from tenfold.quantities import Floats
from tenfold.workloads.serving import Traffic

PROMPTS = "ttft"
"""What drafts do not move."""


def spreads_of(space: Space) -> Spreads:
    """Spread of every quantity of every machine."""
    quantities = (*QUANTITIES.values(), "throughput")
    found = {
        name: np.array([serving_spread(space.factors, each.labels, name).log_spread for each in space.machines])
        for name in quantities
    }
    drafts = {name: space.accepted_spread for name in quantities if name != PROMPTS}
    return Spreads(of={name: np.hypot(each, drafts.get(name, 0.0)) for name, each in found.items()})


def table_of(space: Space, spreads: Spreads, service: Service, demand: Demand) -> Table:
    """Every roomy setting at every batch, with what it keeps of earlier turns at that rate."""
    roomy = space.roomy
    setting, batch = np.repeat(roomy, len(BATCHES)), np.tile(np.array(BATCHES), len(roomy))
    rows, drafts = taken(space.replica, setting), taken(space.speculation, setting)

    def at(traffic: Traffic) -> Steady:
        return steady(rows, traffic, batch, service.percentile, demand.lengths, drafts)

    found = at(demand.traffic)
    kept = kept_by(space, service, demand, setting, np.asarray(found.rate_per_s), batch)
    found = at(replace(demand.traffic, prefix_share=kept.known)) if kept.shares else found
    machine = space.machine[setting]
    rate = np.asarray(found.rate_per_s * rows.layout.ranks)
    by_setting = rate.reshape(-1, len(BATCHES))
    at_once = np.asarray((batch + found.busy) * rows.layout.ranks).reshape(by_setting.shape)
    least = least_rate_per_s(by_setting, at_once, demand.peak_rate_per_s)
    tpot = no_faster_s(np.asarray(found.tpot_s).reshape(by_setting.shape), by_setting, least).ravel()
    latency = latencies_of(_with_tpot(found, tpot), kept.fetch_s)
    fits = np.where(np.asarray(found.fits), np.inf, -np.inf)
    return Table(
        setting=setting,
        machine=machine,
        rate_per_s=rate,
        batch=batch,
        latency_s=latency,
        kept=kept,
        least_per_s=np.repeat(least, len(BATCHES)),
        breaks_at=np.minimum(fits, breaks_at(service, latency, spreads, machine)),
    )


def _with_tpot(found: Steady, tpot_s: Floats) -> Steady:
    """The same with other times of tokens: E2E = TTFT + n·TPOT."""
    return replace(found, tpot_s=tpot_s, e2e_s=found.ttft_s + (found.e2e_s - found.ttft_s) * tpot_s / found.tpot_s)


def latencies_of(found: Steady, fetched_s: Floats) -> Mapping[str, Floats]:
    """Latencies by the limit that bounds them; a cache that waited elsewhere is fetched before the first token."""
    seen = {name: np.asarray(getattr(found, name.removeprefix("slo_"))) for name in SLOS}
    return {name: each if QUANTITIES[name] == "tpot" else each + fetched_s for name, each in seen.items()}
