"""The layouts of one service and what they carry, up to which pace a fleet of one keeps its latency."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.planning.plan.serve.fleets import Candidate, Demand, Fleet
from tenfold.planning.plan.serve.layouts import Sides, Space, Spreads, Table
from tenfold.planning.plan.serve.question import Service
from tenfold.quantities import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """Everything a fleet of one service is sized from."""

    service: Service
    demand: Demand
    space: Space
    spreads: Spreads
    table: Table
    sides: Sides

    def lasts_until(self, fleet: Fleet) -> float:
        """Z up to which a fleet keeps the latency at the peak with its spares gone."""
        candidate = fleet.candidate
        sigma = float(self.spreads.of["throughput"][candidate.machine])
        load = fleet.load_per_s / candidate.kept
        if candidate.prompts is None:
            own = self.table.setting == candidate.answers.setting
            return lasts_until(self.table.rate_per_s[own], self.table.breaks_at[own], sigma, load)
        sides, (ttft_s, tpot_s) = self.sides, candidate.limits_s
        own, first = sides.setting == candidate.answers.setting, sides.first_setting == candidate.prompts.setting
        first_load = self.demand.peak_rate_per_s / fleet.prompts_needed / candidate.kept
        return min(
            lasts_until(sides.rate_per_s[own], self._breaks(candidate, "tpot", tpot_s, sides.tpot_s[own]), sigma, load),
            lasts_until(
                sides.first_rate_per_s[first],
                self._breaks(candidate, "ttft", ttft_s, sides.ttft_s[first]),
                sigma,
                first_load,
            ),
        )

    def _breaks(self, candidate: Candidate, quantity: str, limit_s: float, time_s: np.ndarray) -> np.ndarray:
        return np.asarray(np.log(limit_s / time_s) / float(self.spreads.of[quantity][candidate.machine]))


def lasts_until(rate_per_s: Floats, breaks: Floats, spread: float, load_per_s: float) -> float:
    """Highest z at which some batch carries a load within its latency: max of min(its breaks, ln(rate ÷ load)/σ)."""
    with np.errstate(divide="ignore"):
        carries = np.log(rate_per_s / load_per_s) / spread
    return float(np.max(np.minimum(breaks, carries), initial=-np.inf))
