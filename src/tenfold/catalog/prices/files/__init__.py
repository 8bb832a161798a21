"""Price lists of other tools, read into one table of prices per chip-hour.

formats    which kind of file it is, by its columns; what a file does not say
readers    each kind's columns as columns of that table
checks     what is wrong with the rows, what is left out and why
names      chips of the catalog by the names price lists use
"""

from __future__ import annotations

from tenfold.catalog.prices.files.formats import FORMATS, PriceFile, Stated, price_file
from tenfold.catalog.prices.files.names import KnownChips, ListedName, match_names

__all__ = ["FORMATS", "KnownChips", "ListedName", "PriceFile", "Stated", "match_names", "price_file"]
