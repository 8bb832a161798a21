"""Catalog: chips, systems, fabrics, models, sites, prices and fitted constants, each figure with its source.

Prices and what few commands need are loaded when first asked for: reading them takes longer than listing chips.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
