"""The world at the start of a race as columns: players, users, families, regions. Everything else follows from it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.quantities import NamedFigure
from tenfold.race.arrays import Draws
from tenfold.race.equations.training import efficiency

CHINA = "CN"
NVIDIA, AMD, CUSTOM, DOMESTIC = "nvidia", "amd", "custom", "domestic"
FAMILIES = (NVIDIA, AMD, CUSTOM, DOMESTIC)
"""Of chips: two merchants, silicon of the owner's own, Chinese."""
COUNTRY_OF_FAMILY: Mapping[str, str] = {NVIDIA: "US", AMD: "US", CUSTOM: "US", DOMESTIC: CHINA}
"""Whose rules a family of chips is sold under."""
FAMILY_OF_MAKER: Mapping[str, str] = {"nvidia": NVIDIA, "amd": AMD, "tpu": CUSTOM, "trainium": CUSTOM}
REGIONS = ("north-america", "europe", "gulf", "china", "asia-pacific")
TIERS = ("conversation", "work", "verticals")
QUARTERS_A_YEAR = 4
H100_FLOP_PER_S = 989.4e12
"""Dense bf16 of an H100, what an H100e is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """MFU × goodput of a run by its size, fitted to what the other rooms give."""

    at_reference: float
    slope: float
    reference_chips: float
    decay_chips: float
    """Size at which failures leave 1/e of the time."""
    largest_error: float
    """Of the fit, relative, over the grid it was fitted to."""

    def efficiency(self, chips: Draws) -> Draws:
        """MFU × goodput of a run on so many chips."""
        return efficiency(chips, self.at_reference, self.slope, self.reference_chips, self.decay_chips)


@dataclass(frozen=True, slots=True, kw_only=True)
class HourCost:
    """Owner's cost of an hour that is used: fixed + per_price × price of an H100e."""

    fixed_usd: float
    per_price: float
    largest_error: float
    """Of the line, relative, over prices from a twentieth of that of the start to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """State at the start; single precision; f family, p player, u user, r region, t tier."""

    day: datetime.date
    players: tuple[str, ...]
    countries: tuple[str, ...]
    """Of players."""
    users: tuple[str, ...]
    user_countries: tuple[str, ...]
    budget_usd: Draws
    """(p,) for chips in the quarter of the start."""
    growth: Draws
    """(p,) of budgets beyond the long run, logs a quarter."""
    volatility: float
    """Spread of the growth of everybody in the last year over what is assumed of it, drawn to 1."""
    own_volatility: float
    """The same of each owner beside all."""
    share_volatility: Draws
    """(f,) the same of the share of each family of chips, beside its trend."""
    mix: Draws
    """(f, p) of budgets; 1 in all for each player."""
    tilt: Draws
    """(f, p) growth of shares of a budget in the quarter of the start, logs."""
    owned_h100e: Draws
    """(f, p)."""
    fleet_growth: float
    """Of all fleets in the quarter of the start, logs."""
    need_w: Draws
    """(p,) of chips with hosts and network, without cooling."""
    watts_per_h100e: float
    """Of chips bought now."""
    watts_at_start: float
    """Of the chips that stand there, on average."""
    other_capex_usd: Draws
    """(p,) a quarter, not for AI."""
    cash_flow_usd: Draws
    """(p,) a quarter, before AI."""
    funded: Draws
    """(p,) share of that which investors put in."""
    indebted: Draws
    """(p,) 1 for clouds, whose investors mostly lend; else 0."""
    lab_use: Draws
    """(p,) share of its fleet that an owner uses itself to sell models for which it has raised money; else 0."""
    cash_usd: Draws
    debt_usd: Draws
    places: Draws
    """(r, p) shares of a fleet by region."""
    uses: Draws
    """(p, u) shares of a fleet by user."""
    training_share: Draws
    """(u,)."""
    run_flop: Draws
    """(u,) largest run so far."""
    potential_scale: Draws
    """(u,) what runs take of what fleets allow, as the records say."""
    run_months: float
    """Length of the largest runs: what they take of fleets is counted with it."""
    records: tuple[float, ...]
    """Largest run so far, FLOP, at the end of each quarter up to the start, the oldest first."""
    chinese_records: tuple[float, ...]
    """The same of China."""
    revenue_usd: Draws
    """(u,) a quarter, of users that rent; 0 where they own or nobody published it."""
    price_usd: Draws
    """(f,) of an H100e."""
    maturity: Draws
    packaging: Draws
    memory: Draws
    """(f,) need of a common input for each H100e."""
    capacity_pace: Draws
    """(f,) most growth of capacity over that of the first family."""
    delivered_h100e: Draws
    """(f,) of the quarter of the start."""
    tier_size: Draws
    tier_adoption: Draws
    tier_opens: Draws
    rental_usd: float
    """Of an H100e-hour."""
    surface: Surface
    hour: HourCost
    figures: tuple[NamedFigure, ...]
    parameters: Mapping[str, NamedFigure]
    """What is drawn, by the kernel's name."""
