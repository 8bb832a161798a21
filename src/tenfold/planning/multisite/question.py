"""What can be asked about a run over several sites: what is trained, the sites there are, the links between them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from tenfold.catalog import Country
from tenfold.quantities import DAY_S, Amount, Day, Flat, Key, Named, OneOf, Text, Whole
from tenfold.reliability import USUAL, Policy
from tenfold.sites import ALGORITHMS
from tenfold.workloads import PRECISIONS, GlobalBatch

OBJECTIVES = ("fastest", "cheapest")
SUPPLIES = ("on-demand", "reserved-1y", "reserved-3y", "spot")
SYNC_STEPS = (10, 30, 50, 100, 200, 300, 500)
"""Steps between synchronisations that are tried when a question names none."""
FEWEST_SITES = 2
MOST_SITES = 8
"""Every subset and every ring over it is looked at."""
DAY = Day(first_year=1990, last_year=2100)
POWER = Amount("W", least=100.0, most=1e12)
WAIT = Amount("s", most=100 * 366 * DAY_S)
NAME = Text(longest=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTable:
    """What is trained, and by which rule designs are ranked."""

    model: Annotated[str, Named("models")]
    """Model of the catalog."""
    tokens: Annotated[float, Amount("tokens", least=1e6, most=1e18)]
    """Training tokens, such as '15.6T'."""
    sequence_length: Annotated[int, Whole(most=2**24, unit="tokens")]
    """Tokens per sequence."""
    global_batch: Annotated[int | str, GlobalBatch()]
    """Batch of an optimizer step: '16M tokens', '2048 sequences', or a number of sequences."""
    precision: Annotated[str, OneOf(tuple(PRECISIONS), "precision")] = "bf16"
    """Number format of the weight products."""
    start: Annotated[datetime.date, DAY]
    """Day the chips are ordered, from which all days count; those at a price that is stated are there."""
    objective: Annotated[str, OneOf(OBJECTIVES, "objective")] = "fastest"
    """What designs are ranked by."""
    supply: Annotated[str, OneOf(SUPPLIES, "supply")] = "on-demand"
    """How chips are had, and whose price is paid, where a site names none."""
    owner_country: Annotated[str | None, Country()] = None
    """Country of who owns the chips, by two letters, for export rules; that of the site alone when left out."""
    algorithms: tuple[Annotated[str, OneOf(tuple(ALGORITHMS), "algorithm")], ...] = tuple(ALGORITHMS)
    """Algorithms to consider."""
    sync_steps: tuple[Annotated[int, Whole(most=100_000)], ...] = SYNC_STEPS
    """Steps between synchronisations to consider."""
    policy: Annotated[Policy, Flat()] = USUAL
    """What is done about failures of the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTable:
    """What a site can draw in all from a day on."""

    date: Annotated[datetime.date, DAY]
    """First day."""
    power_w: Annotated[float, POWER]
    """Facility power, such as '40 MW'."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTable:
    """A campus with its chips."""

    site: Annotated[str, Named("sites")]
    """Site of the catalog, for price of power, PUE, carbon and location."""
    chip: Annotated[str, Named("chips")]
    """Chip by key or alias."""
    chips: Annotated[int, Whole()]
    """Chips there, in whole nodes."""
    power_w: Annotated[float | None, POWER] = None
    """Facility power on the first day, such as '40 MW'."""
    stages: tuple[StageTable, ...] = ()
    """Power by date; the catalog's where neither it nor power is given."""
    queue_s: Annotated[float | None, WAIT] = None
    """Wait for the grid from the start, such as '2 years'; the catalog's when left out."""
    build_s: Annotated[float | None, WAIT] = None
    """Time to build from the start, such as '18 months'; the catalog's when left out."""
    cooling: Annotated[str | None, NAME] = None
    """Cooling of the catalog's site whose PUE counts; the site's own when left out."""
    latitude: Annotated[float | None, Amount("1", least=-90.0, most=90.0)] = None
    """Degrees north; the site's when left out."""
    longitude: Annotated[float | None, Amount("1", least=-180.0, most=180.0)] = None
    """Degrees east; the site's when left out."""
    price_usd_per_chip_hour: Annotated[float | None, Amount("USD/h", most=1e6), Key("price")] = None
    """Price of a chip, such as '$2/h'; the market's when left out."""
    clean_power_share: Annotated[float, Amount("1", most=1.0)] = 0.0
    """Share of its power that contracts cover with carbon-free supply, for market-based carbon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTable:
    """Fibre between two sites."""

    between: tuple[Annotated[str, NAME], ...]
    """The two sites, such as ['a', 'b']."""
    kind: Annotated[str, Named("links")] = "long-haul-fibre"
    """Class of link of the catalog."""
    distance_m: Annotated[float | None, Amount("m", most=4.01e7)] = None
    """Length of the fibre, such as '40 km'; from the locations when left out."""
    bandwidth_bytes_per_s: Annotated[float | None, Amount("B/s", above=0.0, most=1e18)] = None
    """One way; that of a fibre pair of the class when left out."""
    cost_usd_per_h: Annotated[float, Amount("USD/h", most=1e9)] = 0.0
    """Of the link, such as '$100/h'."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MultisiteQuestion:
    """How one run is trained over several sites: by which algorithm, how often synchronised, how shared."""

    run: RunTable
    """What is trained."""
    sites: Mapping[str, SiteTable]
    """Campuses by name."""
    links: tuple[LinkTable, ...] = ()
    """Fibre between them."""
