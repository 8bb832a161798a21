"""Prices that make an offer."""

from __future__ import annotations

from math import exp
from pathlib import Path

import pytest

from tenfold.catalog import Catalog, load_catalog, purchase_figure, rental_figure
from tenfold.planning.supply.offers import find_offers
from tenfold.quantities import Figure, Shortfall

HEADER = "chip,provider,region,term,usd_per_chip_hour,as_of,kind,source,note\n"


def rented(tmp_path: Path, *rows: str) -> Figure:
    (tmp_path / "prices").mkdir()
    (tmp_path / "prices" / "rental.csv").write_text(HEADER + "\n".join(rows) + "\n")
    found = rental_figure(load_catalog([tmp_path]), "h100-sxm", "on-demand")
    assert isinstance(found, Figure)
    return found


def test_median_of_the_latest_list_of_each_provider(tmp_path: Path) -> None:
    figure = rented(
        tmp_path,
        "h100-sxm,a,x,on-demand,9,2026-06,listing,s,",
        "h100-sxm,a,y,on-demand,2,2026-06,listing,s,",  # cheaper region of the same provider
        "h100-sxm,b,,on-demand,3,2026-06,listing,s,",
        "h100-sxm,c,,on-demand,4,2026-05,listing,s,",
        "h100-sxm,d,,on-demand,50,2024-05,listing,s,",  # stale
    )
    half = 1.2816 * 0.302 * (1 + 1 / 3) ** 0.5
    assert figure.value == pytest.approx(3.0)
    assert figure.range == pytest.approx((3.0 * exp(-half), 3.0 * exp(half)), rel=1e-4)


def test_a_signed_contract_holds_as_it_is(tmp_path: Path) -> None:
    figure = rented(
        tmp_path,
        "h100-sxm,a,,on-demand,2,2026-06,contract,s,",
        "h100-sxm,b,,on-demand,8,2026-06,listing,s,",
    )
    assert figure.range == (2.0, 2.0)


def test_every_row_counts(tmp_path: Path) -> None:
    figure = rented(
        tmp_path,
        "h100-sxm,a,,on-demand,6,2026-06,listing,s,",
        "h100-sxm,market,,on-demand,1.5,2026-06,estimate,s,",
    )
    assert figure.value == pytest.approx(3.75)


def test_no_price_says_where_to_add_one(catalog: Catalog) -> None:
    assert rental_figure(catalog, "trainium3", "reserved-3y") == Shortfall(
        kind="price", short="no reserved-3y price for trainium3", nearest="add it to prices/rental.csv of an overlay"
    )
    assert purchase_figure(catalog, "tpu-v5p") == Shortfall(
        kind="price", short="tpu-v5p is not sold", nearest="rent it"
    )
    missing = purchase_figure(catalog, "trainium2")
    assert isinstance(missing, Shortfall)
    assert missing.short == "no purchase price for trainium2"


def test_every_pair_is_an_offer_or_a_shortfall(catalog: Catalog) -> None:
    chips, supplies = ("h100-sxm", "tpu-v6e"), ("on-demand", "spot", "own")
    offers, missing = find_offers(catalog, chips, supplies)
    assert set(offers) | set(missing) == {(chip, supply) for chip in chips for supply in supplies}
    assert not set(offers) & set(missing)
    assert all(offer.price.figure.low is not None for offer in offers.values())
