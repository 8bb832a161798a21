"""Observations: dated rows that a look back may use up to its day."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from tenfold.catalog import Observation, known_at, load_catalog
from tenfold.quantities import CatalogError

HEADER = "series,entity,date,value,unit,kind,source,note\n"


def test_every_row_has_a_source_and_is_a_figure() -> None:
    catalog = load_catalog()
    for name, row in catalog.observations.items():
        assert row.source in catalog.sources, name
        assert catalog.figure_of(name).value == row.value
    with pytest.raises(CatalogError, match="did you mean"):
        catalog.figure_of("observations/capex/meta/2025-06-31")


def test_what_is_known_at_a_day_is_dated_at_or_before_it() -> None:
    rows = [
        Observation(
            series="s", entity="e", date=datetime.date(2024, month, 1), value=1.0, unit="USD", kind="filing", source="x"
        )
        for month in (3, 1, 2)
    ]
    found = known_at(rows, datetime.date(2024, 2, 1))
    assert [row.date.month for row in found] == [1, 2]


def overlay(folder: Path, text: str) -> Path:
    (folder / "observations").mkdir()
    (folder / "observations" / "mine.csv").write_text(text, encoding="utf-8")
    return folder


def test_an_overlay_adds_and_replaces_rows(tmp_path: Path) -> None:
    rows = (
        "capex,meta,2025-06-30,1e9,USD,filing,sec-xbrl-capex,",
        "capex,meta,2030-03-31,2e9,USD,filing,sec-xbrl-capex,",
    )
    catalog = load_catalog([overlay(tmp_path, HEADER + "\n".join(rows))])
    assert catalog.observations["observations/capex/meta/2025-06-30"].value == 1e9
    assert catalog.observations["observations/capex/meta/2030-03-31"].value == 2e9
    assert catalog.version != load_catalog().version


def test_everything_wrong_with_rows_is_said_at_once(tmp_path: Path) -> None:
    rows = (
        "capex,,2025-06-30,1e9,USD,filing,sec-xbrl-capex,",
        "capex,meta,whenever,-1,barrels,rumour,sec-xbrl-capex,",
    )
    with pytest.raises(CatalogError) as refused:
        load_catalog([overlay(tmp_path, HEADER + "\n".join(rows))])
    said = str(refused.value)
    for words in ("entity", "whenever", "-1", "barrels", "rumour"):
        assert words in said


def test_a_source_that_nobody_has_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="nowhere"):
        load_catalog([overlay(tmp_path, HEADER + "capex,meta,2025-06-30,1,USD,filing,nowhere,")])
