"""Later observations from a file: its names and units become the catalog's, and what is known already is passed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from tenfold.catalog import Observation, read_actuals

SERIES: Mapping[str, str] = {
    "capex_cash_sec": "capex",
    "nvidia_dc_revenue": "datacentre-revenue",
    "nvidia_total_revenue": "revenue",
    "h100e_cum_owned": "h100e-owned",
    "h100e_cum_sold": "h100e-sold",
    "chip_power_mw_cum_sold": "chip-power-sold",
    "largest_training_run_record": "largest-run",
}
"""Series of the catalog by those of such files; others are not scored."""
FIRMS: Mapping[str, str] = {
    "AMZN": "amazon",
    "GOOGL": "alphabet",
    "META": "meta",
    "MSFT": "microsoft",
    "ORCL": "oracle",
    "Google": "alphabet",
    "NVIDIA": "nvidia",
    "World": "world",
    "US": "us",
    "China": "china",
    "SpaceXAI": "xai",
}
"""Entities that are not the catalog's name in lower case."""
MAKERS: Mapping[str, str] = {"Nvidia": "nvidia", "AMD": "amd", "Google": "tpu", "Amazon": "trainium"}


def with_actuals(rows: Iterable[Observation], path: str | None) -> tuple[Observation, ...]:
    """Rows and the later ones of a file. Raises ``InputError`` with every problem of the file."""
    kept = tuple(rows)
    if path is None:
        return kept
    last: dict[tuple[str, str], datetime.date] = {}
    for row in kept:
        key = (row.series, row.entity)
        last[key] = max(last.get(key, row.date), row.date)
    later = read_actuals(path, _entity, SERIES)
    fresh = {row.name: row for row in later if row.date > last.get((row.series, row.entity), datetime.date.min)}
    return (*kept, *fresh.values())


def _entity(name: str) -> str:
    """Entity of the catalog: a firm, or an owner and a maker."""
    owner, colon, maker = name.partition(":")
    firm = FIRMS.get(owner, owner.lower().replace(" ", "-"))
    return f"{firm}:{MAKERS.get(maker, maker.lower())}" if colon else firm
