"""What can be asked about an offer that one holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tenfold.planning.quote.term import TermName
from tenfold.quantities import Amount, Key, Named, Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteQuestion:
    """Is a seller's price high or low among the prices that are known, for so many chips, that term and that place?"""

    chip: Annotated[str, Named("chips")]
    """Chip by key or alias."""
    price_usd_per_chip_hour: Annotated[float, Amount("USD/h", least=1e-6, most=1e4), Key("price")]
    """Price of a chip-hour, such as '$3.10/h'."""
    site: Annotated[str, Named("sites")]
    """Site by key or alias."""
    chips: Annotated[int, Whole()] = 8
    """How many chips are offered."""
    term: Annotated[str, TermName()] = "on-demand"
    """Time that is paid for at least, such as '7 months', reserved-1y or on-demand."""
    prepaid_share: Annotated[float, Amount("1", most=1.0)] = 0.0
    """Share of the whole term that is paid on the first day."""
    seller: str = ""
    """Whose offer it is."""
