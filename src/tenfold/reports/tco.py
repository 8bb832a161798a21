"""The report of what a chip costs its owner: an hour, the lines, per anything."""

from __future__ import annotations

from tenfold.planning.tco import TcoAnswer
from tenfold.quantities import Percentiles
from tenfold.reports import wording
from tenfold.reports.cards import spread_card
from tenfold.reports.charts import waterfall
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Pairs, Report, Section, Terms

_LINES = "purchase, running and resale over the life of one chip add up"
TOPICS: Topics = {
    "usd_per_chip_hour": Topic(
        unit="USD/h", words="cost of the life ÷ hours used", terms="lines_usd", terms_unit="USD", adds_up=False
    ),
    "life_usd": Topic(unit="USD", words=_LINES, terms="lines_usd"),
    "lines_usd": Topic(unit="USD", words=_LINES),
    "usd_per_mw": Topic(unit="USD", words="cost of the life ÷ rated IT power of the chip"),
    "usd_per_run": Topic(unit="USD", words="cost of an hour × chips × hours of the run"),
    "usd_per_mtoken": Topic(unit="USD", words="cost of an hour ÷ tokens in it"),
    "usd_per_useful_flop": Topic(unit="", words="cost of an hour ÷ (peak × MFU × goodput × 3,600 s)"),
}


def verdict(answer: TcoAnswer) -> str:
    """Answer in one sentence."""
    hour = answer.usd_per_chip_hour
    return f"{answer.chip} at {answer.site}: {_said(hour, 'USD/h')} for an hour that is used"


def report(answer: TcoAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold tco",
        question=f"What does a {answer.chip} cost its owner at {answer.site}?",
        verdict=verdict(answer),
        good=True,
        made=answer.made,
        cards=(
            spread_card("An hour used", answer.usd_per_chip_hour, _hour, "usd_per_chip_hour"),
            spread_card("A chip's life", answer.life_usd, wording.usd, "life_usd"),
            spread_card("A megawatt's life", answer.usd_per_mw, wording.usd, "usd_per_mw"),
        ),
        sections=(
            Section(
                title="A chip's life by line",
                lead=f"{answer.terms} {answer.currency} of {answer.year}, every input at P50; resale comes back",
                terms=(Terms(title="", values=answer.lines_usd, unit="USD", headline="life_usd.p50"),),
                charts=(waterfall("lines", "A chip's life by line", answer.lines_usd, "USD"),),
            ),
            Section(title="Per anything", pairs=_pairs(answer)),
        ),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
    )


def _pairs(answer: TcoAnswer) -> Pairs:
    """Cost per anything, P50 and P10–P90."""
    found = [
        ("Chip-hour", answer.usd_per_chip_hour, "USD/h"),
        ("Life", answer.life_usd, "USD"),
        ("Run", answer.usd_per_run, "USD"),
        ("Million tokens", answer.usd_per_mtoken, "USD"),
        ("MW of IT power, life", answer.usd_per_mw, "USD"),
    ]
    pairs = tuple((name, _said(value, unit)) for name, value, unit in found if value is not None)
    flop = answer.usd_per_useful_flop
    if flop is None:
        return pairs
    exa = Percentiles(p10=flop.p10 * 1e18, p50=flop.p50 * 1e18, p90=flop.p90 * 1e18)
    return (*pairs, ("1e18 useful FLOPs", _said(exa, "USD")))


def _said(value: Percentiles, unit: str) -> str:
    return f"{wording.number(value.p50, unit)} ({wording.number_between(value, unit)})"


def _hour(value: float) -> str:
    return wording.number(value, "USD/h")
