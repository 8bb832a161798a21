"""Validation: what was measured against what is predicted.

scoring, folds, fit    errors of predictions; runs kept from a fit; constants fitted to measurements
training               measured training runs: ``validate training`` compares, ``calibrate training`` fits
failures               logs of failures: ``goodput fit``
prices                 the history of prices: ``calibrate prices``
logs                   logs of other programs, read as measurements
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
