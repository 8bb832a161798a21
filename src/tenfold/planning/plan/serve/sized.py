"""The layouts of one service and what they carry: candidates of each confidence, the leading ones simulated."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from tenfold.planning.plan.serve.apart import Sides, apart, sides_of
from tenfold.planning.plan.serve.counted import Fleet
from tenfold.planning.plan.serve.demand import Demand
from tenfold.planning.plan.serve.question import Service
from tenfold.planning.plan.serve.space import Space
from tenfold.planning.plan.serve.table import Spreads, Table, lasts_until, spreads_of, sure_z, table_of
from tenfold.planning.plan.serve.together import Candidate, together
from tenfold.planning.plan.serve.verified import Verifier

if TYPE_CHECKING:
    from collections.abc import Iterator

SURER = 0.6
"""Share of the way from the confidence asked for to certainty at which fleets are sized too: a surer fleet may be the
cheaper one that holds together with its price."""
LESS_SURE = 0.8
"""Share of the confidence asked for at which fleets are sized too: near misses, or enough once chips are whole."""


@dataclass(slots=True, kw_only=True)
class Sized:
    """Everything a fleet of one service is sized from."""

    service: Service
    demand: Demand
    space: Space
    spreads: Spreads
    table: Table
    sides: Sides
    verifier: Verifier
    found: dict[Candidate, Candidate | None] = field(default_factory=dict)
    """Candidates that were simulated, and what became of them."""

    @classmethod
    def of(cls, service: Service, demand: Demand, space: Space) -> Sized:
        """Time every layout."""
        spreads = spreads_of(space)
        return cls(
            service=service,
            demand=demand,
            space=space,
            spreads=spreads,
            table=table_of(space, spreads, service, demand.traffic, demand.lengths, space.replica),
            sides=sides_of(space, service, demand),
            verifier=Verifier(space=space, spreads=spreads, service=service, demand=demand),
        )

    def candidates(self, confidence: float) -> Iterator[Candidate]:
        """Layouts of every chip at the confidence and beyond, none of them simulated yet."""
        rate = self.demand.peak_rate_per_s
        for sure in (confidence, confidence + SURER * (1.0 - confidence), LESS_SURE * confidence):
            z = sure_z(sure)
            if self.service.prompts != "apart":
                yield from together(self.space, self.spreads, self.table, z, rate)
            if self.service.prompts != "together":
                yield from apart(self.space, self.spreads, self.sides, self.service, self.demand, z)

    def verified(self, candidate: Candidate) -> Candidate | None:
        """The candidate as far as its simulation carries it; None where that is nowhere."""
        if candidate.verified:
            return candidate
        if candidate not in self.found:
            self.found[candidate] = self.verifier.verified(candidate)
        return self.found[candidate]

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
