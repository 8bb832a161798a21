"""What can be asked about the cost of owning a chip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tenfold.planning.drawn import HALLS, RENTED_HALL
from tenfold.quantities import Amount, Key, Named, OneOf, Whole
from tenfold.workloads import PRECISIONS

USD = Amount("USD", most=1e9)
SHARE = Amount("1", most=1.0)
SOME_SHARE = Amount("1", most=1.0, above=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TcoQuestion:
    """What does a chip cost over its life at a site: by line, per hour, FLOP, run, million tokens and megawatt?"""

    chip: Annotated[str, Named("chips")]
    """Chip by key or alias."""
    site: Annotated[str, Named("sites")]
    """Site by key or alias."""
    chips: Annotated[int, Whole()] = 1024
    """Chips of the cluster, which sizes its network, and of a run."""
    days: Annotated[float | None, Amount("1", above=0.0, most=36_525.0)] = None
    """Days of a run on all of them; no run when left out."""
    hall: Annotated[str, OneOf(HALLS, "hall")] = RENTED_HALL
    """Where the chips stand: in space that is rented, as in a plan, or in a hall that is built for them."""
    debt_share: Annotated[float, SHARE] = 0.0
    """Share of the purchase that is borrowed: splits the cost of capital into interest and return on equity."""
    precision: Annotated[str, OneOf(tuple(PRECISIONS), "precision")] = "bf16"
    """Number format of useful FLOPs."""
    mfu: Annotated[float | None, SOME_SHARE] = None
    """For the cost of a useful FLOP."""
    goodput: Annotated[float, SOME_SHARE] = 1.0
    """Share of time that is useful, with the MFU."""
    tokens_per_s_per_chip: Annotated[float | None, Amount("1", above=0.0)] = None
    """For the cost of a million tokens."""
    installation_usd: Annotated[float, USD] = 0.0
    """Installing a chip, USD."""
    water_usd_per_m3: Annotated[float, USD, Key("water_price")] = 0.0
    """Price of water, USD per cubic metre."""
    software_usd_per_year: Annotated[float, USD, Key("software_per_year")] = 0.0
    """Software, USD a chip and year."""
    taxes_usd_per_year: Annotated[float, USD, Key("taxes_per_year")] = 0.0
    """Taxes on property and the like, USD a chip and year."""
    decommissioning_usd: Annotated[float, USD] = 0.0
    """Taking a chip out of service, USD."""
