"""What can be asked about prices over time."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated

from tenfold.catalog import RENTAL_TERMS
from tenfold.quantities import Argument, Day, Named, OneOf


@dataclass(frozen=True, slots=True, kw_only=True)
class PricesShowQuestion:
    """What did renting a chip cost by month: shipped prices and imported ones, told apart?"""

    chip: Annotated[str, Named("chips"), Argument]
    """Chip by key or alias."""
    term: Annotated[str | None, OneOf(RENTAL_TERMS, "term")] = None
    """Term of rent; all when left out."""
    since: Annotated[datetime.date | None, Day()] = None
    """First month, such as 2024-01; all when left out."""
