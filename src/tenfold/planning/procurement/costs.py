"""What an option costs: from the file, or from the catalog's prices and its assumptions on owning."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tenfold.catalog import Catalog, assumption_named, price_name, purchase_figure, rental_figure
from tenfold.economics import KNOWN_CHIPS, Owned
from tenfold.planning.drawn import one_kind, owned
from tenfold.planning.owner import network_over_known, owner_inputs
from tenfold.planning.procurement.question import OptionTable
from tenfold.quantities import Figure, Floats, InputError, NamedFigure, Problem, Shortfall, median_point

OF_THE_PROGRAMME = frozenset(("cost_of_capital", "utilisation"))
"""Inputs of an owner's hour that a programme has its own of: it discounts, and chips serve what is demanded."""


def price_figure_of(catalog: Catalog, chip: str, supply: str, site: str) -> Figure | Shortfall:
    """Price in the catalog, USD a chip owned or a chip-hour rented at a site, or why there is none."""
    return purchase_figure(catalog, chip) if supply == "own" else rental_figure(catalog, chip, supply, site)


@dataclass(slots=True)
class Costs:
    """Finds costs, and keeps the figures they are from."""

    catalog: Catalog
    figures: dict[str, NamedFigure] = field(default_factory=dict)

    def assumed(self, key: str) -> float:
        """Value of an assumption."""
        return self.kept(assumption_named(self.catalog, key))

    def kept(self, named: NamedFigure) -> float:
        """Keep a figure and give its value."""
        self.figures[named.name] = named
        return named.figure.value

    def price(self, chip: str, supply: str, site: str) -> float:
        """Price in the catalog, USD a chip owned or a chip-hour rented. Raises ``InputError`` when none is known."""
        found = price_figure_of(self.catalog, chip, supply, site)
        if isinstance(found, Shortfall):
            raise InputError(Problem(file="", key="", wrong=found.short, remedy=f"Write price, or {found.nearest}"))
        return self.kept(NamedFigure(name=price_name(chip, supply, site), figure=found))

    def owning(self, option: OptionTable, price_usd: Floats, colocation: float | None) -> Owned:
        """Owner of a chip at a site in a rented hall, every input at its P50.

        The network is that of the most chips which can be ordered at once; of the known network without such a limit.
        """
        catalog = self.catalog
        chip, site = catalog.chip(option.chip), catalog.site(option.site)
        inputs = owner_inputs(catalog, chip.key, site, None)
        stated: dict[str, Any] = {"chip_usd": price_usd}
        if colocation is not None:
            stated["colocation_usd_per_kw_month"] = colocation
        for known in inputs:
            if known.key not in OF_THE_PROGRAMME | stated.keys():
                for named in known.recorded:
                    self.kept(named)
        most = max(option.allocation_chips or (float(KNOWN_CHIPS),))
        network = network_over_known(catalog, catalog.system_of(chip), most)
        return owned(partial(one_kind, median_point(inputs)), network=network, **stated)

    def life_years(self) -> float:
        """Useful life of owned chips."""
        return self.assumed("economics.useful_life_years")

    def residual_share(self) -> float:
        """Value of owned chips at the end of their life over their price."""
        return self.assumed("economics.residual_share")
