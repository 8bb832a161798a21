"""TPP, performance density and status, against published values and the text of the rule."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from tenfold.catalog import Catalog, Chip, export_licence, export_status, load_catalog
from tenfold.quantities import MissingFigureError


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.mark.parametrize(
    ("chip", "tpp", "status"),
    [("h100-sxm", 15_832, "licence"), ("a100-sxm-80gb", 4_992, "licence"), ("h20", 2_368, "free")],
)
def test_published_values(catalog: Catalog, chip: str, tpp: float, status: str) -> None:
    found = export_status(catalog.chip(chip), catalog.export_rule("ECCN 3A090.a"))
    assert found.tpp == pytest.approx(tpp, rel=1e-9)
    assert found.status == status


def made(chip: Chip, *, bf16: float, area_mm2: float | None = None, process_nm: float | None = None) -> Chip:
    """A chip with these figures and no others."""
    figure = chip.peaks["bf16"]
    area = None if area_mm2 is None else replace(figure, value=area_mm2 * 1e-6, unit="m2")
    process = None if process_nm is None else replace(figure, value=process_nm * 1e-9, unit="m")
    return replace(chip, peaks={"bf16": replace(figure, value=bf16 * 1e12)}, die_area=area, process=process)


@pytest.mark.parametrize(
    ("bf16", "area", "process", "status"),
    [
        (300.0, None, None, "licence"),  # 4800 whatever the die
        (299.9, 800.0, 7.0, "licence"),  # 4798 on 800 mm², 6.0
        (299.9, 811.0, 7.0, "free"),  # 5.917
        (299.9, 400.0, 28.0, "free"),  # planar dies are not counted
        (99.9, None, None, "free"),  # below 1600 whatever the die
        (100.0, 270.0, 16.0, "licence"),  # 1600 on 270 mm², 5.926
        (100.0, 400.0, None, "free"),  # 4.0 at most, so the process does not decide
    ],
)
def test_each_line_of_the_rule(
    catalog: Catalog, bf16: float, area: float | None, process: float | None, status: str
) -> None:
    chip = made(catalog.chip("h100-sxm"), bf16=bf16, area_mm2=area, process_nm=process)
    assert export_status(chip, catalog.export_rule("eccn-3a090-a")).status == status


@pytest.mark.parametrize(("area", "process", "missing"), [(None, 7.0, "die.area"), (200.0, None, "die.process")])
def test_a_figure_that_decides_is_asked_for_by_name(
    catalog: Catalog, area: float | None, process: float | None, missing: str
) -> None:
    chip = made(catalog.chip("h100-sxm"), bf16=150.0, area_mm2=area, process_nm=process)
    with pytest.raises(MissingFigureError, match=missing):
        export_status(chip, catalog.export_rule("eccn-3a090-a"))


def test_a_chip_without_peaks_says_so(catalog: Catalog) -> None:
    with pytest.raises(MissingFigureError, match="dense peak in any format"):
        export_status(catalog.chip("wse-3"), catalog.export_rule("eccn-3a090-a"))


@pytest.mark.parametrize(
    ("chip", "country", "licence"),
    [
        ("h100-sxm", "CN", True),
        ("h100-sxm", "FI", False),
        ("h100-sxm", "AE", True),
        ("h20", "CN", False),
        ("ascend-910c", "CN", False),  # made there
    ],
)
def test_a_licence_depends_on_the_country(catalog: Catalog, chip: str, country: str, licence: bool) -> None:
    day = datetime.date(2026, 11, 1)
    found = export_licence(catalog.export_rules.values(), catalog.chip(chip), country, day)
    assert (found is not None) == licence
    before = datetime.date(2023, 1, 1)
    assert export_licence(catalog.export_rules.values(), catalog.chip(chip), country, before) is None


def test_china_is_a_place(catalog: Catalog) -> None:
    china = catalog.site("china")
    assert china.country == "CN"
    assert 0.03 < china.power_price_usd_per_kwh < 0.15
    rule = catalog.export_rule("ECCN 3A090.a")
    assert china.country in rule.countries
    assert set(rule.countries).isdisjoint({"FI", "FR", "GB", "JP", "SG", "IN", "MY", "BR", "US"})
