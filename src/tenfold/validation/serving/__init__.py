"""Measured serving runs against predictions.

runs, scenarios        a table of measurements as published; what each row measures, and its group of scores
table, predict         rows completed by the catalog; their predictions by closed forms, all at once
requests               predictions of loads that are simulated request by request
scored                 errors overall, by group, and over (model, chip, engine)
effects, fitting       factors a fit may move; the fit, and folds of it
validate, calibrate    the two questions, a package each
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
