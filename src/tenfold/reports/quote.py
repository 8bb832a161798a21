"""The report of an offer that one holds: where it stands among known prices, and how to put it into a plan."""

from __future__ import annotations

from tenfold.planning.quote import QuoteAnswer
from tenfold.reports import wording
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Pairs, Report, Section

TOPICS: Topics = {
    "known_usd_per_chip_hour": Topic(unit="USD/h", words="price of the tier × what many chips soon cost over the list"),
    "price_usd_per_chip_hour": Topic(
        unit="USD/h", words="price × (1 + prepaid share × cost of capital × half of the term)"
    ),
    "prepaid_usd_per_chip_hour": Topic(
        unit="USD/h", words="price × prepaid share × cost of capital × half of the term"
    ),
    "cheaper_share": Topic(unit="share", words="share of known prices below the offer"),
    "over_middle": Topic(unit="share", words="the offer over the P50 of known prices, less one"),
}


def verdict(answer: QuoteAnswer) -> str:
    """Answer in one sentence."""
    asked, known = answer.question, answer.known_usd_per_chip_hour
    whose = f" of {asked.seller}" if asked.seller else ""
    price = wording.number(answer.price_usd_per_chip_hour, "USD/h")
    middle = wording.number(known.p50, "USD/h")
    side = "below" if answer.over_middle < 0 else "above"
    return (
        f"{price}{whose} for {asked.chips:,} × {asked.chip}, {asked.term}, is {wording.share(abs(answer.over_middle))} "
        f"{side} the middle of what is known, {middle} ({wording.number_between(known, 'USD/h')}); "
        f"another seller asks less in {wording.likely(answer.cheaper_share)} of draws, by the prices of "
        f"{wording.counted(answer.providers, 'seller')}"
    )


def report(answer: QuoteAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold quote",
        question=f"Is the offer of {answer.question.chips:,} × {answer.question.chip} a good one?",
        verdict=verdict(answer),
        good=answer.cheaper_share <= 0.5,
        made=answer.made,
        cards=(
            spread_card("Known prices", answer.known_usd_per_chip_hour, _hour, "known_usd_per_chip_hour"),
            Card(name="The offer", value=_hour(answer.price_usd_per_chip_hour), path="price_usd_per_chip_hour"),
            Card(name="Another asks less", value=wording.likely(answer.cheaper_share), path="cheaper_share"),
        ),
        sections=(
            Section(title="How so many chips are known to be had", pairs=_had(answer)),
            Section(title="In a goal file", notes=(answer.put_in_a_plan,)),
        ),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
    )


def _had(answer: QuoteAnswer) -> Pairs:
    most = answer.known_max_chips
    known = "nobody is known to offer so many" if most is None else f"{most:,} chips"
    if most is not None and most < answer.question.chips:
        known = f"nobody is known to offer so many, the most is {known}"
    ahead = answer.prepaid_usd_per_chip_hour
    return (
        ("Tier", f"{answer.tier}, {known}; prices of {wording.counted(answer.providers, 'seller')}"),
        ("Least term", f"{answer.minimum_term_days:,.0f} days"),
        ("Wait", f"{answer.lead_time_days:,.0f} days"),
        *((("Paying ahead adds", _hour(ahead)),) if ahead else ()),
    )


def _hour(value: float) -> str:
    return wording.number(value, "USD/h")
