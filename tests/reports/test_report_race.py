"""The page of a race: what was found before what is assumed, every case folded under its name."""

from __future__ import annotations

import tenfold
from tenfold.reports import report_html
from tenfold.reports.race import report


def test_the_page_of_a_race_begins_with_its_world_and_folds_its_cases() -> None:
    answer = tenfold.race(quarters=5, draws=2, cases=[{"name": "One"}, {"name": "Two"}])
    page = report_html(report(answer), {})
    places = [page.index(f">{title}</h2>") for title in ("Key numbers", "The world", "Cases side by side",
                                                         "What the answer assumes", "Fleets", "Each case")]  # fmt: skip
    assert places == sorted(places)
    for name in ("One", "Two"):
        assert page.count(f"<details><summary>{name}</summary>") == 1
    assert "<details><summary>All " in page[page.index('<h2 id="sources">') :]
