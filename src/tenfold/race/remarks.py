"""What a reader has to know of this very answer: which numbers no case can move, what a takeover leaves out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tenfold.quantities import format_quantity, format_share, shown
from tenfold.race.answer import MOSTLY, CaseAnswer
from tenfold.race.casting import BASE
from tenfold.race.findings import quarter_names
from tenfold.race.question import Merger, RaceQuestion
from tenfold.race.series import quarter_end
from tenfold.race.world import FAMILIES, QUARTERS_A_YEAR, World


def remarks(
    question: RaceQuestion, world: World, cases: Mapping[str, CaseAnswer], key_of: Callable[[str], str]
) -> tuple[str, ...]:
    """Give the remarks; ``key_of`` is the key of a player called so."""
    return (*_copied(world, cases), *_not_passed(world, cases), *_dearer(cases), *_mergers(question, world, key_of))


def _copied(world: World, cases: Mapping[str, CaseAnswer]) -> Iterator[str]:
    """Where the lag in what models can do is what is assumed of copying."""
    share = cases[BASE].chances["china_lag_is_assumed_at_the_end"]
    if share > MOSTLY:
        named = world.parameters["capability.imitation_months"]
        figure = named.figure
        ends = "" if figure.low is None or figure.high is None else f" (P10–P90 {figure.low:g}–{figure.high:g})"
        yield (
            f"China's lag in what models can do is assumed in {format_share(share)} of draws, not found: others are "
            f"taken to do within {figure.value:g} months{ends} what the leader's models did, whatever their compute "
            f"({named.name}), so no case moves it"
        )


def _not_passed(world: World, cases: Mapping[str, CaseAnswer]) -> Iterator[str]:
    """Where the lag in runs only counts the time since a run of the past."""
    shares = {case.name: case.chances["china_below_the_us_run_of_the_start_at_the_end"] for case in cases.values()}
    told = ", ".join(f"{shown(name)} {format_share(share)}" for name, share in shares.items() if share > MOSTLY)
    if told:
        record = world.records[-1]
        flop, back = format_quantity(record, "FLOP"), len(world.records) - 1 - world.records.index(record)
        (quarter,) = quarter_names(quarter_end(world.day, -back - 1), 1)
        yield (
            f"China's largest run is at the end still below the {flop} that was run elsewhere in {quarter} "
            f"(share of draws: {told}); there its lag in runs is at least the time since then, three months more "
            "each quarter in every case alike, and says no more than that this run was not passed"
        )


def _dearer(cases: Mapping[str, CaseAnswer]) -> Iterator[str]:
    """Cases in which fewer chips cost more."""
    for case in cases.values():
        against = case.against_base
        if against and against["h100e"].p90 < 0.0 < against["price_usd_per_h100e"].p50:
            more = format_quantity(against["price_usd_per_h100e"].p50, "USD")
            yield (
                f"In {shown(case.name)} chips are fewer and dearer by {more}: makers learn by what they sell "
                "(assumptions/race.supply.induced_learning) and by time; chips that stand idle lower the rent, not the "
                "price of new ones"
            )


def _mergers(question: RaceQuestion, world: World, key_of: Callable[[str], str]) -> Iterator[str]:
    for case in question.cases:
        for merger in case.mergers:
            if merger.buyer not in FAMILIES:
                yield f"In {shown(case.name)} {_takeover(merger, world, key_of)}"


def _takeover(merger: Merger, world: World, key_of: Callable[[str], str]) -> str:
    """What is bought, at what its chips would cost new, beside what the buyer has, all at the start."""
    buyer, bought = (world.players.index(key_of(name)) for name in (merger.buyer, merger.bought))
    chips = float((world.owned_h100e[:, bought] * world.price_usd).sum())
    cash, flow = float(world.cash_usd[buyer]), float(world.cash_flow_usd[buyer]) * QUARTERS_A_YEAR
    value, has, year = (format_quantity(amount, "USD") for amount in (chips, cash, flow))
    return (
        f"{merger.buyer} takes over {merger.bought} and nothing is paid, which is assumed. At the start the chips of "
        f"{merger.bought} alone would cost {value} new, what the firm is worth beside them is not known here; "
        f"{merger.buyer} has {has} of cash, and {year} a year comes in before AI"
    )
