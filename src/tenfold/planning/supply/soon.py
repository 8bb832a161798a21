"""One price for many chips soon, by whatever term they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tenfold.catalog import term_years
from tenfold.planning.supply.tiers import CONTRACT, HOLDING, SHORT, Tier, deepening
from tenfold.quantities import DAYS_PER_BOOK_YEAR


def soon_alike(tiers: Sequence[Tier], term: str, on_demand: Sequence[Tier]) -> tuple[Tier, ...]:
    """Tiers of a term under a year, with the short contracts of on demand in place of what owners hold.

    More than anyone lists, with an exit under a year, is one thing at one price, whatever it is called [calibrations/
    supply ``any.big_and_soon``]; nobody is known to sign it for less than that contract binds.
    """
    short = [each for each in on_demand if each.name == SHORT]
    if not short:
        return tuple(tiers)
    days = term_years(term) * DAYS_PER_BOOK_YEAR
    kept = [each for each in tiers if each.name != HOLDING]
    listed, beyond = ([each for each in kept if (each.name == CONTRACT) is wanted] for wanted in (True, False))
    soon = (replace(each, term_days=max(each.term_days, days)) for each in short)
    return deepening([*listed, *soon, *beyond])
