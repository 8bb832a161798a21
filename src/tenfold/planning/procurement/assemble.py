"""From a programme to the columns and rows of a linear programme, family by family, as arrays.

    min  Σ_s p_s C_s + λ·(η + Σ_s p_s z_s / (1 − α))      z_s ≥ C_s − η, z_s ≥ 0

C_s is the present value of every cost in scenario s and the bracket its CVaR at α (Rockafellar and Uryasev 2000,
Optimization of conditional value-at-risk, Journal of Risk 2(3), theorem 1, for a finite number of scenarios).
Orders are decided before the scenario is known; rent, service and unserved demand after. Money is millions of US
dollars, capacity H100e. The families of columns and rows are those of ``Layout`` and ``ROWS``.
"""

from __future__ import annotations

import numpy as np

from tenfold.planning.procurement.classes import find_classes, find_groups
from tenfold.planning.procurement.layout import layout_of
from tenfold.planning.procurement.limits import limit_rows
from tenfold.planning.procurement.model import Layout, Model, Rents
from tenfold.planning.procurement.programme import Programme
from tenfold.planning.procurement.recourse import recourse_rows
from tenfold.planning.procurement.rents import needed_units, worthwhile_rents
from tenfold.quantities import Floats


def build_model(programme: Programme) -> Model:
    """Write the programme as arrays. Raises nothing; an infeasible programme is found by solving it."""
    groups = find_groups(programme)
    classes = find_classes(programme, groups)
    need = needed_units(programme, groups)
    rents = worthwhile_rents(programme, groups, need)
    layout = layout_of(programme, groups, classes, rents)
    parts = (programme, groups, classes, rents, layout)
    return Model(
        programme=programme,
        groups=groups,
        classes=classes,
        rents=rents,
        layout=layout,
        rows=(*recourse_rows(*parts), *limit_rows(programme, groups, rents, layout)),
        objective=objective_of(programme, layout, programme.risk_aversion),
        low=_low(layout),
        high=_high(programme, rents, layout),
    )


def objective_of(programme: Programme, layout: Layout, risk_aversion: float) -> Floats:
    """Give the objective at a λ."""
    chance = programme.scenarios.probability
    objective = np.zeros(layout.count)
    objective[layout.cost] = chance
    objective[layout.threshold] = risk_aversion
    objective[layout.excess] = risk_aversion * chance / (1.0 - programme.cvar_level)
    return objective


def _low(layout: Layout) -> Floats:
    low = np.zeros(layout.count)
    low[layout.cost] = -np.inf
    low[layout.threshold] = -np.inf
    return low


def _high(programme: Programme, rents: Rents, layout: Layout) -> Floats:
    high = np.full(layout.count, np.inf)
    high[layout.orders] = orderable_lots(programme)
    high[layout.rents] = rents.most_units
    forbidden = np.isinf(programme.workloads.unserved_musd_per_h100e_quarter)
    closed = layout.unserved[forbidden]
    high[closed[closed >= 0]] = 0.0
    return high


def orderable_lots(programme: Programme) -> Floats:
    """Most lots of each option in each quarter; none where delivery would come after the programme."""
    rows = programme.commitments
    quarters = len(programme.quarters)
    arrives = np.arange(quarters) + rows.lead_quarters[:, None] < quarters
    most = np.where(arrives, np.floor(rows.most_lots + 1e-9), 0.0)
    return np.where(most >= rows.minimum_lots[:, None], most, 0.0)
