"""The network of a year as arrays, and shocks to it as columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.economics.network import DebtTerms, EdgeDue, LeftOut, Network, Shocks
from tenfold.planning.contagion.question import Draws, Scenario
from tenfold.planning.contagion.values import ShareRange, drawn_from
from tenfold.quantities import Floats, NamedFigure


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """The network of the year with what made it."""

    players: tuple[str, ...]
    """Keys, in the order of the arrays."""
    network: Network
    terms: DebtTerms
    recovery: float
    edges: tuple[EdgeDue, ...]
    left_out: tuple[LeftOut, ...]
    figures: tuple[NamedFigure, ...]
    """Of the catalog."""
    stated: tuple[NamedFigure, ...]
    """Of the question."""
    notes: tuple[str, ...]

    def row(self, scenario: Scenario) -> Shocks:
        """One scenario as columns."""
        return Shocks(
            revenue_miss=self._placed({key: np.array([value]) for key, value in scenario.revenue_miss.items()}),
            supplier_halt=self._placed({key: np.array([value]) for key, value in scenario.supplier_halt.items()}),
            chip_price_fall=np.array([scenario.chip_price_fall]),
            refinancing_stop=np.array([scenario.refinancing_stop]),
        )

    def drawn(self, draws: Draws, generator: np.random.Generator) -> Shocks:
        """Random scenarios; one uniform draw for each shock, players in the order of their keys."""

        def values(share: float | ShareRange) -> Floats:
            return drawn_from(share).ppf(generator.random(draws.count))

        return Shocks(
            revenue_miss=self._placed({key: values(share) for key, share in draws.revenue_miss.items()}),
            supplier_halt=self._placed({key: values(share) for key, share in draws.supplier_halt.items()}),
            chip_price_fall=values(draws.chip_price_fall),
            refinancing_stop=values(draws.refinancing_stop),
        )

    def _placed(self, columns: Mapping[str, Floats]) -> Floats:
        """Columns at the places of their players; players outside clearing are left out."""
        rows = max((len(column) for column in columns.values()), default=1)
        found = np.zeros((rows, len(self.players)))
        for key, column in columns.items():
            if key in self.players:
                found[:, self.players.index(key)] = column
        return found
