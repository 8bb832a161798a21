"""Parameters of the race: the assumptions that are drawn, by the names the kernel has for them."""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.catalog import Catalog
from tenfold.quantities import NamedFigure

GROUPS: Mapping[str, tuple[str, ...]] = {
    "investment": (
        *("damping", "long_run_growth_per_year", "fullness_response", "rivalry_response", "growth_spread"),
        *(
            "common_spread",
            "own_spread",
            "other_spread",
            "chip_share_of_capex",
            "other_growth_per_year",
            "debt_over_cash_flow",
        ),
        "interest_per_year",
    ),
    "choice": ("elasticity", "speed"),
    "supply": (
        *("learning_per_year", "induced_learning", "capacity_speed", "capacity_growth", "slack"),
        *("demand_elasticity", "pass_through", "rule_remaining"),
    ),
    "deployment": ("life_years", "efficiency_per_year", "pue", "power_slack", "planning_factor"),
    "training": ("releases_per_year", "run_spread", "share_growth_per_year"),
    "capability": (
        *("points_per_tenfold", "algorithms_per_year", "diffusion_per_quarter", "imitation_months"),
        *("post_training", "post_training_ceiling", "quality_sensitivity"),
    ),
    "demand": ("pace", "elasticity", "saturation", "utilisation_norm"),
    "rental": ("reversion_per_quarter", "push_per_quarter", "spread_per_quarter"),
    "distress": ("funding_over_revenue", "cloud_debt_share", "debt_years", "lab_income_over_rent"),
    "shares": ("spread",),
}
"""By the group of equations that reads them."""
PLAIN: tuple[str, ...] = (
    *(f"{group}.{key}" for group, keys in GROUPS.items() for key in keys),
    "room_growth_per_year",
)
"""Every parameter, without those of a region."""


MOST: Mapping[str, float] = {
    "investment.damping": 0.995,
    "investment.chip_share_of_capex": 1.0,
    "choice.speed": 1.0,
    "supply.capacity_speed": 1.0,
    "supply.rule_remaining": 1.0,
    "capability.diffusion_per_quarter": 1.0,
    "demand.utilisation_norm": 1.0,
    "distress.cloud_debt_share": 1.0,
    "rental.reversion_per_quarter": 1.0,
}
"""Where draws are cut that mean nothing beyond: shares, and trends that would grow without end. Outside P10–P90."""
LEAST: Mapping[str, float] = {
    "deployment.pue": 1.0,
    "deployment.life_years": 1.0,
    "distress.debt_years": 0.25,
    "supply.learning_per_year": 1.0,
    "supply.demand_elasticity": 1.05,
    "capability.imitation_months": 3.0,
}
"""The same below."""


def room_of(region: str) -> str:
    """Name of the power that a region can add in a quarter."""
    return f"regions.{region}.room_w_per_quarter"


def parameters_of(catalog: Catalog, regions: tuple[str, ...]) -> Mapping[str, NamedFigure]:
    """Figures of all parameters by name. Raises ``CatalogError`` for one that is not there."""
    names = (*PLAIN, *(room_of(region) for region in regions))
    return {name: named_assumption(catalog, name) for name in names}


def named_assumption(catalog: Catalog, name: str) -> NamedFigure:
    """One assumption of the race with its name in the catalog."""
    return NamedFigure(name=f"assumptions/race.{name}", figure=catalog.assumption(f"race.{name}"))
