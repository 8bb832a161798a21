"""Names of figures followed to the figures: ``chips/h100-sxm/peak.bf16``, ``assumptions/reliability.restart_time``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tenfold.catalog.names import unknown_key
from tenfold.quantities import CatalogError, Figure, MissingFigureError, Problem, shown

if TYPE_CHECKING:
    from tenfold.catalog.catalog import Catalog
    from tenfold.catalog.models import ModelRecord


def figure_of(catalog: Catalog, path: str) -> Figure:
    """Give the figure at ``folder/key/figure``, or ``assumptions/key``.

    Raises ``CatalogError`` for a path that leads nowhere, ``MissingFigureError`` for a figure not recorded.
    """
    folder, _, rest = path.partition("/")
    name, _, figure = rest.partition("/")
    if folder in _OF_ROWS:
        return _OF_ROWS[folder](catalog, path, name, figure)
    things: Mapping[str, Callable[[str], Any]] = {
        "chips": catalog.chip,
        "systems": catalog.system,
        "fabrics": catalog.fabric,
        "sites": catalog.site,
        "links": catalog.link,
        "players": catalog.player,
        "calibrations": catalog.calibration,
        "hazards": lambda key: catalog.hazards[catalog.key_of("hazards", key)],
        "export_rules": catalog.export_rule,
        "services": lambda key: catalog.services[catalog.key_of("services", key)],
    }
    if folder not in things:
        wrong, remedy = f"no figure at {shown(path)}", "Write folder/key/figure, such as chips/h100-sxm/peak.bf16"
        raise CatalogError(Problem(file="", key="", wrong=wrong, remedy=remedy))
    found: Figure = things[folder](name).figure(figure)
    return found


def _assumed(catalog: Catalog, path: str, name: str, figure: str) -> Figure:
    del name, figure
    return catalog.assumption(path.partition("/")[2])


def _published(catalog: Catalog, path: str, name: str, figure: str) -> Figure:
    """Give a published count of a model by its key in the file."""
    del path
    model: ModelRecord = catalog.model(name)
    counts = {"published.parameters": model.parameters, "published.active_parameters": model.active_parameters}
    found = counts.get(figure)
    if found is None:
        wrong = f"{model.key} has no '{figure}'. Known: {', '.join(counts)}"
        remedy = f"Add [{figure}] with a source to catalog/data/models/{model.key}.toml or your overlay"
        raise MissingFigureError(Problem(file="", key="", wrong=wrong, remedy=remedy))
    return found


def _price(catalog: Catalog, path: str, name: str, figure: str) -> Figure:
    from tenfold.catalog.prices.named import price_figure

    del path
    return price_figure(catalog, name, figure)


def _lead_time(catalog: Catalog, path: str, name: str, figure: str) -> Figure:
    from tenfold.catalog.prices.supply import lead_time_figure

    del name, figure
    return lead_time_figure(catalog, path)


def _month(catalog: Catalog, path: str, name: str, figure: str) -> Figure:
    from tenfold.catalog.prices.series import month_figure

    del name, figure
    return month_figure(catalog, path)


def _past(catalog: Catalog, path: str, name: str, figure: str) -> Figure:
    del name, figure
    past = catalog.past_figures
    if path not in past:
        raise CatalogError(unknown_key("price", "prices/history.csv", path, past))
    return past[path]


def _amount(catalog: Catalog, path: str, name: str, figure: str) -> Figure:
    """Give the amount of a deal by its key."""
    del path, figure
    if name not in catalog.deals:
        raise CatalogError(unknown_key("deal", "deals", name, catalog.deals))
    amount = catalog.deals[name].figure
    if amount is None:
        wrong, remedy = f"the amount of deal '{name}' was not disclosed", "Add it to deals/ of your overlay"
        raise MissingFigureError(Problem(file="", key="", wrong=wrong, remedy=remedy))
    return amount


def _observed(catalog: Catalog, path: str, name: str, figure: str) -> Figure:
    from tenfold.catalog.observations import observation_figure

    del name, figure
    return observation_figure(catalog.observations, path)


_OF_ROWS: Mapping[str, Callable[[Catalog, str, str, str], Figure]] = {
    "assumptions": _assumed,
    "models": _published,
    "prices": _price,
    "availability": _lead_time,
    "price_months": _month,
    "price_history": _past,
    "deals": _amount,
    "observations": _observed,
}
"""Folders whose figures are no fields of a record: given the catalog, the path, its key and what follows."""
