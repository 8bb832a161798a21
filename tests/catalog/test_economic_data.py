"""Prices, sites and assumptions as files: complete, sourced, consistent, in the stated units."""

import csv
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import tenfold
from tenfold.catalog.prices import CLASSES, PRICE_KINDS, QUALITIES, RENTAL_TERMS
from tenfold.economics import Owned, usd_per_chip_hour
from tenfold.quantities import FIGURE_KINDS, parse_any_quantity, parse_date

DATA = Path(tenfold.__file__).parent / "catalog" / "data"
SOURCES = {
    key: source
    for room in ("economics", "sites", "reliability")
    for key, source in tomllib.loads((DATA / "sources" / f"{room}.toml").read_text("utf-8")).items()
}
SITES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted((DATA / "sites").glob("*.toml"))}
ASSUMPTIONS = {
    name: tomllib.loads((DATA / "assumptions" / f"{name}.toml").read_text("utf-8"))
    for name in ("reliability", "economics", "planning")
}
SITE_UNITS = {"price": "USD/kWh", "pue": "1", "carbon": "kg/kWh", "wue": "L/kWh"}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / "prices" / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


RENTAL, PURCHASE = rows("rental.csv"), rows("purchase.csv")


def figures() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, table in ASSUMPTIONS.items():
        yield from ((f"{name}.{key}", figure) for key, figure in table.items())
    for name, site in SITES.items():
        for part in ("power", "water"):
            yield from ((f"{name}.{key}", figure) for key, figure in site[part].items())


FIGURES = dict(figures())


@pytest.mark.parametrize("name", FIGURES)
def test_figure_is_sourced_ordered_and_explained(name: str) -> None:
    figure = FIGURES[name]
    assert figure["kind"] in FIGURE_KINDS
    assert figure["source"] in SOURCES
    assert figure.get("checked", figure["source"]) in SOURCES
    assert all(conflict["source"] in SOURCES for conflict in figure.get("conflicts", []))
    parse_date(figure["as_of"])
    value, unit = parse_any_quantity(figure["value"])
    if "low" in figure:
        (low, low_unit), (high, high_unit) = parse_any_quantity(figure["low"]), parse_any_quantity(figure["high"])
        assert low <= value <= high
        assert low_unit == unit == high_unit
    if figure["kind"] == "assumption":
        assert len(figure["note"]) > 20
        assert figure["low"] != figure["high"]


def test_assumptions_all_carry_a_range() -> None:
    assert [key for table in ASSUMPTIONS.values() for key, figure in table.items() if "low" not in figure] == []


def test_sources_are_named_and_dated() -> None:
    for key, source in SOURCES.items():
        assert set(source) == {"title", "url", "date"}
        parse_date(source["date"])
        assert source["url"].startswith("https://") or key.startswith("assumption-")


@pytest.mark.parametrize("name", SITES)
def test_site_has_all_four_figures_in_their_units(name: str) -> None:
    site = SITES[name]
    assert len(site["country"]) == 2
    for key, unit in SITE_UNITS.items():
        figure = site["water" if key == "wue" else "power"][key]
        assert parse_any_quantity(figure["value"])[1] == unit
    assert 0.03 <= parse_any_quantity(site["power"]["price"]["value"])[0] <= 0.35
    assert site["power"]["pue"]["low"] > 1.0
    assert 0.01 <= parse_any_quantity(site["power"]["carbon"]["value"])[0] <= 0.8


def test_virginia_and_llama_3_as_published() -> None:
    assert parse_any_quantity(SITES["us-virginia"]["power"]["price"]["value"])[0] == pytest.approx(0.0892)
    rate = ASSUMPTIONS["reliability"]["failures_per_1000_node_days_hopper"]["value"]
    assert rate == pytest.approx(419 / 54 / 2.048, abs=0.005)


def test_rental_rows_are_dated_known_and_unique() -> None:
    assert len(RENTAL) > 100
    for row in RENTAL:
        assert row["term"] in RENTAL_TERMS
        assert row["kind"] in PRICE_KINDS
        assert row["class"] in CLASSES
        assert row["quality"] in QUALITIES
        assert "http" in row["source"]
        assert 0.3 <= float(row["usd_per_chip_hour"]) <= 25
        assert row["source"]
        parse_date(row["as_of"])
    keys = [(row["chip"], row["provider"], row["region"], row["term"], row["as_of"]) for row in RENTAL]
    assert len(set(keys)) == len(keys)


def test_no_provider_goes_by_two_names() -> None:
    names = {row["provider"] for row in RENTAL}
    aliases = {"amazon web services", "google cloud", "microsoft azure", "lambda labs", "lambdalabs", "oci", "vastai"}
    assert names.isdisjoint(aliases | {"datacrunch", "lambda-labs", "google", "amazon"})
    assert all(name == name.lower() for name in names)


@pytest.mark.parametrize(
    ("chip", "provider", "term", "price"),
    [
        ("tpu-v5p", "gcp", "reserved-1y", 2.94),
        ("tpu-v6e", "gcp", "reserved-3y", 1.22),
        ("trainium2", "aws", "on-demand", 2.235),
        ("h100-sxm", "market", "reserved-1y", 2.35),
        ("h100-sxm", "verda", "on-demand", 2.29),
    ],
)
def test_prices_as_published(chip: str, provider: str, term: str, price: float) -> None:
    found = [r for r in RENTAL if (r["chip"], r["provider"], r["term"]) == (chip, provider, term)]
    assert pytest.approx(price) in [float(row["usd_per_chip_hour"]) for row in found]


def test_purchase_rows_are_unique_and_ordered() -> None:
    assert len({row["chip"] for row in PURCHASE}) == len(PURCHASE) > 15
    for row in PURCHASE:
        price = float(row["usd_per_chip"])
        assert float(row["low"] or price) <= price <= float(row["high"] or price)
        assert row["kind"] in {"listing", "contract", "transaction", "estimate"}
        parse_date(row["as_of"])


def test_owning_an_h100_in_virginia_costs_what_contracts_ask() -> None:
    """The catalog's own figures give a chip hour between the 2025 low and the on-demand median of 2026."""
    economics = {key: parse_any_quantity(figure["value"])[0] for key, figure in ASSUMPTIONS["economics"].items()}
    chip = next(float(row["usd_per_chip"]) for row in PURCHASE if row["chip"] == "h100-sxm")
    site = {key: parse_any_quantity(figure["value"])[0] for key, figure in SITES["us-virginia"]["power"].items()}
    shares = {key: value for key, value in economics.items() if key.endswith("_share_per_year")}
    owner = Owned(
        chip_usd=chip,
        hosts_usd=economics["hosts_usd_per_chip"],
        network_usd=economics["network_usd_per_chip"],
        storage_usd=economics["storage_usd_per_chip"],
        shell_usd_per_w=economics["datacentre_usd_per_w"],
        shell_life_years=economics["datacentre_life_years"],
        rated_w=1275.0,
        drawn_share=ASSUMPTIONS["planning"]["power_share_of_tdp"]["value"],
        pue=site["pue"],
        power_usd_per_kwh=site["price"],
        life_years=economics["useful_life_years"],
        residual_share=economics["residual_share"],
        cost_of_capital=economics["cost_of_capital"],
        utilisation=economics["owned_utilisation"],
        **shares,
    )
    assert 1.70 < float(usd_per_chip_hour(owner)) < 5.43
