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

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
