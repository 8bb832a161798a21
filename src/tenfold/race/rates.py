"""What a quarter takes of parameters that are told by the year: worked out once for a chunk of draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.race.arrays import Draws
from tenfold.race.equations.deployment import kept_share

QUARTER = np.float32(0.25)
"""Of a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Of a quarter, (draw,) each. Factors are f^¼ of a yearly f, growth is ln f ÷ 4."""

    other_factor: Draws
    """What is not AI: capex, and cash flow."""
    long_run_growth: Draws
    learning_factor: Draws
    watts_factor: Draws
    """Compute per watt of chips that are sold."""
    room_factor: Draws
    run_share_factor: Draws
    algorithms_growth: Draws
    interest: Draws
    releases: Draws
    kept: Draws
    """Share of chips that a quarter leaves."""


def rates_of(drawn: Mapping[str, Draws]) -> Rates:
    """Rates of a quarter from parameters by name."""
    return Rates(
        other_factor=drawn["investment.other_growth_per_year"] ** QUARTER,
        long_run_growth=np.log(drawn["investment.long_run_growth_per_year"]) * QUARTER,
        learning_factor=drawn["supply.learning_per_year"] ** QUARTER,
        watts_factor=drawn["deployment.efficiency_per_year"] ** QUARTER,
        room_factor=drawn["room_growth_per_year"] ** QUARTER,
        run_share_factor=drawn["training.share_growth_per_year"] ** QUARTER,
        algorithms_growth=np.log(drawn["capability.algorithms_per_year"]) * QUARTER,
        interest=drawn["investment.interest_per_year"] * QUARTER,
        releases=drawn["training.releases_per_year"] * QUARTER,
        kept=kept_share(drawn["deployment.life_years"] * np.float32(4.0)),
    )
