"""What there is to reach a goal with, whatever the goal: money, chips, ways to get them, places, power."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

from tenfold.quantities import DAY_S, Amount, Flat, Key, Named, OneOf, Place, Problem, Whole, known, shown
from tenfold.reliability import USUAL, Policy

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

Supply = str
"""Way to get chips."""
EXISTING, QUOTE = "existing", "quote"
"""Ways of supply that the question states itself."""
RENTED, THERE = "rented", "there"
"""Whose storage it is that saves are written to."""
SOLD, USED = "sold", "used"
"""What becomes of owned chips after the work."""
AFTER = {
    SOLD: "Chips that are bought are sold when the work is done, and cost what they lose until then; "
    f"means.owned_after = '{USED}' charges the hours of this work alone, where other work pays for the rest",
    USED: "Chips that are bought are charged for the hours of this work alone: other work is taken to pay for the rest",
}
"""What becomes of owned chips, in words."""
IN_BUDGET = "The budget has to hold the cash that is out first: the bill of what is rented, the price of what is bought"
SUPPLIES = (
    *("on-demand", "reserved-1m", "reserved-3m", "reserved-6m"),
    *("reserved-1y", "reserved-2y", "reserved-3y", "reserved-4y", "reserved-5y", "spot", "own", EXISTING, QUOTE),
)


@dataclass(frozen=True, slots=True)
class SupplyName:
    """What a way of supply may be called: one of those, or reserved for any number of months, such as reserved-9m."""

    def read(self, raw: Any, place: Place) -> str:  # noqa: ANN401  (any TOML value)
        """Name of the way; of a term the name that sellers list it under."""
        from tenfold.catalog import RENTAL_TERMS, is_term, usual_term

        if isinstance(raw, str) and raw not in (*SUPPLIES, *RENTAL_TERMS) and is_term(raw):
            return usual_term(raw)
        return OneOf(SUPPLIES, "supply").read(raw, place)

    def schema(self) -> dict[str, Any]:
        """Text."""
        return {"type": "string", "examples": [*SUPPLIES, "reserved-9m"]}

    def words(self) -> tuple[str, ...]:
        """Ways that are usual."""
        return SUPPLIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """Chips that are there already and paid for."""

    chip: Annotated[str, Named("chips")]
    """Chip by key or alias."""
    chips: Annotated[int, Whole()]
    """How many of them."""
    site: Annotated[str, Named("sites")]
    """Where they are."""
    cost_usd_per_chip_hour: Annotated[float, Amount("USD/h", most=1e4), Key("cost")] = 0.0
    """What an hour of one still costs, such as '$0.40/h' for power and staff; nothing when left out."""
    storage: Annotated[str, OneOf((RENTED, THERE), "storage")] = RENTED
    """Where saves of a run are written: 'rented' is priced as clouds list it, 'there' is paid for with the chips."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """Chips that a seller offers you, at a price that holds as it is."""

    chip: Annotated[str, Named("chips")]
    """Chip by key or alias."""
    chips: Annotated[int, Whole()]
    """Up to how many of them."""
    price_usd_per_chip_hour: Annotated[float, Amount("USD/h", least=1e-6, most=1e4), Key("price")]
    """Price of a chip-hour, such as '$3.10/h'."""
    term_s: Annotated[float, Amount("s", most=20 * 366 * DAY_S)] = 0.0
    """Time that is paid for at least, such as '6 months'."""
    prepaid_share: Annotated[float, Amount("1", most=1.0)] = 0.0
    """Share of the term that is paid ahead."""
    wait_s: Annotated[float, Amount("s", most=10 * 366 * DAY_S)] = 0.0
    """Time until the chips are handed over."""
    site: Annotated[str | None, Named("sites")] = None
    """Where they are; at any site when left out."""
    seller: str = ""
    """Whose offer it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What there is to reach the goal with; what is left out is not limited."""

    budget_usd: Annotated[float | None, Amount("USD", least=1.0, most=1e15)] = None
    """Money that can be committed, such as '$250M': a bill, a whole reserved term, or a purchase."""
    chips: tuple[Annotated[str, Named("chips")], ...] | None = None
    """Chips by key or alias; every chip that can do the work when left out."""
    max_chips: Annotated[int | None, Whole()] = None
    """Most chips to consider; 65,536 when left out."""
    chips_exactly: Annotated[int | None, Whole()] = None
    """Chips that the run has, no more and no fewer."""
    chips_at_least: Annotated[int | None, Whole()] = None
    """Fewest chips to consider."""
    not_chips: tuple[Annotated[str, Named("chips")], ...] = ()
    """Chips that must not be used."""
    not_sites: tuple[Annotated[str, Named("sites")], ...] = ()
    """Sites that must not be used."""
    code_for: str | None = None
    """Vendor whose chips your software runs on, such as 'nvidia': porting it to others costs time and people, which are
    counted; not counted when left out."""
    existing: tuple[Existing, ...] = ()
    """Chips that are there already, by site; they are planned with beside the ways of supply."""
    quotes: tuple[Quoted, ...] = ()
    """Offers you hold; they are planned with beside the ways of supply."""
    supply: tuple[Annotated[Supply, SupplyName()], ...] = ("on-demand", "reserved-1y", "own")
    """Ways to get chips; a term may be any number of months, such as reserved-9m."""
    prepaid_share: Annotated[float, Amount("1", most=1.0)] = 0.0
    """Share of a reserved term that is paid ahead; what that money costs until it is used up is counted."""
    owned_after: Annotated[str, OneOf((SOLD, USED), "use")] = SOLD
    """What becomes of chips that are bought for a run once it is done: 'sold', for what such clusters fetch, or 'used',
    by other work that pays for the rest of their life."""
    sites: tuple[Annotated[str, Named("sites")], ...] | None = None
    """Sites by key or alias; every site when left out."""
    power_w: Annotated[float | None, Amount("W", least=100.0, most=1e12)] = None
    """Power at each site, cooling included, such as '80 MW'."""
    policy: Annotated[Policy, Flat()] = USUAL
    """What is done about failures of the run."""
    owner_country: str | None = None
    """Country of the buyer, such as 'CN', where export rules ask for it; only that of the site counts when left out."""


MOST_CHIPS = 65_536
"""Chips considered where nobody says how many there may be."""


def joining(supply: str) -> str:
    """Name of a way of supply whose chips join a fleet that is there."""
    return f"{EXISTING} + {supply}"


def most_chips(means: Means) -> int:
    """Most chips that a design may have."""
    if means.chips_exactly is not None:
        return means.chips_exactly
    return MOST_CHIPS if means.max_chips is None else means.max_chips


def problems_of_means(means: Means, catalog: Catalog) -> Iterator[Problem]:
    """Where a list names nothing, counts contradict each other, a country or a vendor is none."""
    yield from _empty(means)
    yield from _both_ways(means, catalog)
    yield from _counts(means)
    yield from _country(means)
    yield from _vendor(means, catalog)


LIMITS = ("budget_usd", "power_w", "max_chips", "chips_exactly", "chips_at_least")
"""Fields that limit what several works share."""


def is_limited(means: Means) -> bool:
    """Whether anything is limited that several works share."""
    return any(getattr(means, name) is not None for name in LIMITS)


def without_limits(means: Means) -> Means:
    """The same means with nothing limited."""
    nothing: dict[str, Any] = dict.fromkeys(LIMITS)
    return replace(means, **nothing)


def part_of(means: Means, share: float) -> Means:
    """A share of everything that is limited; chips in whole ones, at least one."""
    if share == 1.0:
        return means
    said = {name: getattr(means, name) for name in LIMITS if getattr(means, name) is not None}
    parts: dict[str, Any] = {name: value * share for name, value in said.items()}
    parts |= {name: max(int(parts[name]), 1) for name in parts if name not in ("budget_usd", "power_w")}
    return replace(means, **parts)


def _empty(means: Means) -> Iterator[Problem]:
    for key in ("chips", "supply", "sites"):
        if getattr(means, key) == ():
            remedy = "Name at least one, or leave the key out"
            yield Problem(file="", key=f"means.{key}", wrong="is empty", remedy=remedy)


def _both_ways(means: Means, catalog: Catalog) -> Iterator[Problem]:
    """What is named as means and as what must not be used."""
    for key, find in (("chips", catalog.chip), ("sites", catalog.site)):
        wanted, unwanted = getattr(means, key), getattr(means, f"not_{key}")
        if not wanted or not known(wanted, unwanted):
            continue
        without = {find(name).key for name in unwanted}
        both = [name for name in wanted if find(name).key in without]
        if both:
            wrong = f"{shown(both[0])} stands in means.not_{key} too"
            yield Problem(file="", key=f"means.{key}", wrong=wrong, remedy="Keep it in one of them")


def _country(means: Means) -> Iterator[Problem]:
    """A country is two capital letters, ISO 3166-1 alpha-2."""
    said = means.owner_country
    if (
        known(said)
        and said is not None
        and not (len(said) == 2 and said.isascii() and said.isalpha() and said.isupper())
    ):
        wrong, remedy = f"{shown(said)} is not a country code", "Write two capital letters, such as 'US'"
        yield Problem(file="", key="means.owner_country", wrong=wrong, remedy=remedy)


def _vendor(means: Means, catalog: Catalog) -> Iterator[Problem]:
    """The vendor of one's own software makes chips."""
    if not known(means.code_for) or means.code_for is None:
        return
    vendors = sorted({chip.vendor for chip in catalog.chips.values()})
    if means.code_for.lower() not in {vendor.lower() for vendor in vendors}:
        wrong, remedy = f"unknown vendor {shown(means.code_for)}", f"Use one of {', '.join(vendors)}"
        yield Problem(file="", key="means.code_for", wrong=wrong, remedy=remedy)


def _counts(means: Means) -> Iterator[Problem]:
    """Counts of chips that contradict each other."""
    least, exactly, most = means.chips_at_least, means.chips_exactly, means.max_chips
    if not known(least, exactly, most):
        return
    if exactly is not None and (least is not None or most is not None):
        wrong, remedy = "stands beside chips_at_least or max_chips", "State one of them"
        yield Problem(file="", key="means.chips_exactly", wrong=wrong, remedy=remedy)
    elif least is not None and most is not None and least > most:
        wrong, remedy = f"{least:,} is above max_chips, {most:,}", "Write a smaller number"
        yield Problem(file="", key="means.chips_at_least", wrong=wrong, remedy=remedy)
