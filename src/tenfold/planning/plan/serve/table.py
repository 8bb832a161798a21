"""What every layout gives at every batch, and how slow a machine may be before a latency is missed: columns.

One number says how a machine turns out against its prediction: z, the standard normal behind its pace. All of its
times are longer at a higher z, each by its own spread, so that limits which hold at a z hold at every lower one:

    t(z) = t·exp(σ_t·z),  rate(z) = rate·exp(−σ_rate·z)

A fleet is sized at the z that the confidence asked for leaves behind, and its chance is the share of z below the
one at which the first limit breaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from tenfold.performance.serving import Steady, serving_spread, steady, taken
from tenfold.planning.plan.serve.fleets import Demand
from tenfold.planning.plan.serve.layouts import Space, Spreads, Table
from tenfold.planning.plan.serve.question import SLOS, Service
from tenfold.planning.plan.serve.tiers import kept_by
from tenfold.quantities import Floats, Indices, standard_normal_ppf
from tenfold.workloads.serving import Traffic

BATCHES = tuple(float(2.0 ** (power / 6.0)) for power in range(-18, 61))
"""Sequences that decode at once on a rank, on average, that are tried: from an eighth to 1,024."""
MARGIN = 1.0 / 128.0
"""Added to a confidence when a fleet is sized, so that a share of so many draws keeps it."""
QUANTITIES = {"slo_ttft_s": "ttft", "slo_tpot_s": "tpot", "slo_e2e_s": "e2e"}
"""What each limit bounds, by its name in calibrations."""
PROMPTS = "ttft"
"""What drafts do not move."""
MOST_SURE = 0.998


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
    latency = latencies_of(found, kept.fetch_s)
    fits = np.where(np.asarray(found.fits), np.inf, -np.inf)
    return Table(
        setting=setting,
        machine=machine,
        rate_per_s=np.asarray(found.rate_per_s * rows.layout.ranks),
        batch=batch,
        latency_s=latency,
        kept=kept,
        breaks_at=np.minimum(fits, breaks_at(service, latency, spreads, machine)),
    )


def latencies_of(found: Steady, fetched_s: Floats) -> Mapping[str, Floats]:
    """Latencies by the limit that bounds them; a cache that waited elsewhere is fetched before the first token."""
    seen = {name: np.asarray(getattr(found, name.removeprefix("slo_"))) for name in SLOS}
    return {name: each if QUANTITIES[name] == "tpot" else each + fetched_s for name, each in seen.items()}


def breaks_at(service: Service, latency_s: Mapping[str, Floats], spreads: Spreads, machine: Indices) -> Floats:
    """Z at which the first limit asked for is missed: the least of ln(limit ÷ time)/σ."""
    found = np.full(len(machine), np.inf)
    for name, quantity in QUANTITIES.items():
        most = getattr(service, name)
        if most is not None:
            found = np.minimum(found, np.log(most / latency_s[name]) / spreads.at(quantity, machine))
    return found


def sure_z(confidence: float) -> float:
    """Z at which a fleet is sized for a confidence."""
    return float(standard_normal_ppf(min(confidence + MARGIN, MOST_SURE)))


def capacity_per_s(table: Table, spreads: Spreads, z: float) -> Floats:
    """Requests a second that a replica carries at a z within every limit, of each row; 0 where one is missed."""
    slower = np.exp(-spreads.at("throughput", table.machine) * z)
    return np.where(table.breaks_at >= z, table.rate_per_s * slower, 0.0)


def best_rows(table: Table, capacity: Floats, settings: int) -> Indices:
    """Row of the most capacity of each setting; −1 where none has any."""
    found = np.full(settings, -1, dtype=np.intp)
    order = np.argsort(capacity, kind="stable")
    order = order[capacity[order] > 0.0]
    found[table.setting[order]] = order
    return found
