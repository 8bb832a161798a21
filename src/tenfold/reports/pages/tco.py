"""The page of ``tenfold tco``: what an hour costs, the lines as a waterfall, what is assumed."""

from __future__ import annotations

from tenfold.planning.tco import TcoAnswer
from tenfold.reports import wording
from tenfold.reports.cards import spread_card
from tenfold.reports.charts import waterfall
from tenfold.reports.page import Page, Section
from tenfold.reports.tables.tco import tco_footer, tco_pairs, tco_verdict


def tco_page(answer: TcoAnswer) -> Page:
    """Turn the answer into a page."""
    return Page(
        title="Tenfold tco",
        question=f"What does a {answer.chip} cost its owner at {answer.site}?",
        verdict=tco_verdict(answer),
        good=True,
        cards=(
            spread_card("An hour used", answer.usd_per_chip_hour, lambda value: wording.number(value, "USD/h")),
            spread_card("A chip's life", answer.life_usd, lambda value: wording.number(value, "USD")),
            spread_card("A megawatt's life", answer.usd_per_mw, lambda value: wording.number(value, "USD")),
        ),
        sections=(
            Section(
                title="By line",
                lead=f"Over the life of one chip, every input at P50, in {answer.terms} {answer.currency} of "
                f"{answer.year}; resale comes back.",
                charts=(waterfall("lines", "A chip's life by line", answer.lines_usd, "USD"),),
            ),
            Section(title="Per anything", pairs=tuple(tco_pairs(answer))),
            Section(title="Taken so", lead=" ".join(f"{note}." for note in answer.notes)),
        ),
        figures=answer.figures,
        footer=tco_footer(answer),
    )
