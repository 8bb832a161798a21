"""How deep spot is: what those who list it say, and where they say nothing what was seen to be had at once.

Lists of spot are the only evidence: nobody who lists a chip on demand is taken to have it on spot too, and nobody
contracts for it. Where no list states a number, ``planning.spot_chips`` are had: fewer than on demand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tenfold.catalog import AT_ONCE, MARKETS, Catalog, RentalPrice, assumption_named, fresh_rows
from tenfold.planning.supply.tiers import SELF_SERVE, SPOT, Tier, deepening
from tenfold.quantities import NamedFigure


def spot_tiers(
    catalog: Catalog, rows: Sequence[RentalPrice], prices: Mapping[str, NamedFigure], unit_chips: int
) -> tuple[Tier, ...]:
    """Tiers of spot at a place where these rows hold; none where nobody lists it."""
    return deepening(_of_markets(catalog, rows, prices, unit_chips))


def _of_markets(
    catalog: Catalog, rows: Sequence[RentalPrice], prices: Mapping[str, NamedFigure], unit_chips: int
) -> Iterator[Tier]:
    usual = assumption_named(catalog, "planning.spot_chips")
    for market in MARKETS:
        listed = [row for row in fresh_rows(rows, market) if row.term == SPOT]
        if not listed or market not in prices:
            continue
        silent = any(row.max_chips is None for row in listed)
        most = max([row.max_chips or 0 for row in listed] + ([int(usual.figure.value)] if silent else []))
        yield Tier(
            name=SELF_SERVE,
            most=float(most),
            term_days=0.0,
            price=prices[market],
            market=market,
            lead=assumption_named(catalog, AT_ONCE),
            known_max_chips=most,
            provider=listed[0].provider if len(listed) == 1 else "",
            source=usual.name if silent else listed[0].source,
            unit_chips=unit_chips,
            sellers=len(listed),
        )
