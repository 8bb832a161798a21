"""How slow a machine may be before a latency is missed, and what a replica carries then: one z for every limit.

One number says how a machine turns out against its prediction: z, the standard normal behind its pace. All of its
times are longer at a higher z, each by its own spread, so that limits which hold at a z hold at every lower one:

    t(z) = t·exp(σ_t·z),  rate(z) = rate·exp(−σ_rate·z)

A fleet is sized at the z that the confidence asked for leaves behind, and its chance is the share of z below the
one at which the first limit breaks.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tenfold.planning.plan.serve.layouts import Spreads, Table
from tenfold.planning.plan.serve.question import QUANTITIES, Service
from tenfold.quantities import Floats, Indices, standard_normal_ppf

MARGIN = 1.0 / 128.0
"""Added to a confidence when a fleet is sized, so that a share of so many draws keeps it."""
MOST_SURE = 0.998


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
