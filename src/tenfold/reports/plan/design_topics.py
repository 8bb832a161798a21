"""How numbers of a design come about that plans of runs and of services have alike, and where designs stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tenfold.reports.explain import Topic, Topics

_BILL = "lines of the bill add up"


def topics_of_any(money: tuple[str, ...], place: tuple[str, ...]) -> Topics:
    """By the key of a design; the names of the figures under money, and under what the place gives, begin so."""
    return {
        "cost_usd": Topic(unit="USD", words=_BILL, terms="cost_terms_usd", figures=money),
        "cost_terms_usd": Topic(unit="USD", words=_BILL, terms="cost_terms_usd", figures=money),
        "cash_usd": Topic(
            unit="USD",
            words="a bill, a whole reserved term, or a purchase",
            terms="cost_terms_usd",
            figures=money,
            adds_up=False,
        ),
        "price_usd_per_chip_hour": Topic(
            unit="USD/h", words="price of the tier × what many chips soon cost over it", figures=money
        ),
        "power_mw": Topic(unit="MW", words="chips × power per chip × PUE", figures=place),
        "water_m3": Topic(unit="m³", words="IT energy × WUE", figures=place),
        "carbon_t": Topic(unit="t", words="energy × carbon of the grid", figures=place),
    }


def topics_at(places: Sequence[str], of_design: Topics) -> dict[str, Topic]:
    """By the path in the JSON of a plan, for designs at all places; figures are kept for the best design alone."""
    return {f"{place}.{key}": _under(place, topic) for place in places for key, topic in of_design.items()}


def _under(place: str, topic: Topic) -> Topic:
    terms = f"{place}.{topic.terms}" if topic.terms else ""
    return replace(topic, terms=terms, figures=topic.figures if place == "best" else ())
