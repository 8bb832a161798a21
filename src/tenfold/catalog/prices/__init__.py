"""Prices of chips: what the catalog ships, what a user imported, and the two by month.

terms     terms of rent, and how long each binds
records   rows of ``prices/rental.csv`` and ``prices/purchase.csv``: what plans are priced with
availability  rows of ``prices/availability.csv``: who offers how many chips
law       what prices at other terms and of few providers say about one price
pooled    the one meaning of a price
supply    how many chips anyone is known to offer
places    which rows hold at a site
history   monthly rows of ``prices/history.csv``
rows      reading of such rows, and which count where an overlay has some too
files     price lists of other tools
store     prices a user imported, in a DuckDB file of the user
series    shipped and imported prices of a chip, month by month
"""

from __future__ import annotations

from tenfold.catalog.prices.availability import (
    AVAILABILITY_COLUMNS,
    AVAILABILITY_KINDS,
    Availability,
    read_availability,
)
from tenfold.catalog.prices.files import FORMATS, Stated
from tenfold.catalog.prices.history import PastPrice, past_figures, past_name, read_price_history
from tenfold.catalog.prices.records import (
    CLASSES,
    PRICE_KINDS,
    PURCHASE_COLUMNS,
    QUALITIES,
    RENTAL_COLUMNS,
    RENTAL_OPTIONAL,
    PurchasePrice,
    RentalPrice,
    read_purchase_prices,
    read_rental_prices,
)
from tenfold.catalog.prices.rows import top_rows
from tenfold.catalog.prices.series import CATALOG, STORE, PriceMonth, PriceSeries, month_name, price_series
from tenfold.catalog.prices.store import FileImport, import_prices, stored_months
from tenfold.catalog.prices.terms import RENTAL_TERMS, TERM_YEARS

__all__ = [
    "AVAILABILITY_COLUMNS",
    "AVAILABILITY_KINDS",
    "CATALOG",
    "CLASSES",
    "FORMATS",
    "PRICE_KINDS",
    "PURCHASE_COLUMNS",
    "QUALITIES",
    "RENTAL_COLUMNS",
    "RENTAL_OPTIONAL",
    "RENTAL_TERMS",
    "STORE",
    "TERM_YEARS",
    "Availability",
    "FileImport",
    "PastPrice",
    "PriceMonth",
    "PriceSeries",
    "PurchasePrice",
    "RentalPrice",
    "Stated",
    "import_prices",
    "month_name",
    "past_figures",
    "past_name",
    "price_series",
    "read_availability",
    "read_price_history",
    "read_purchase_prices",
    "read_rental_prices",
    "stored_months",
    "top_rows",
]
