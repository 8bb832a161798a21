"""Measured serving runs against predictions.

runs, scenarios        a table of measurements as published; what each row measures, and its group of scores
table, predict         rows completed by the catalog; their predictions by closed forms, all at once
requests, held_out     predictions of loads simulated request by request; of rows by fits that have not seen them
protocols, possible    what authors say of how they ran a table; numbers that no server could have given
scored                 errors overall, by group, and over (model, chip, engine)
effects, fitting       factors a fit may move; the fit, and folds of it
combinations           offsets of a model on a chip with an engine; one_point: what one measured number is worth
validate, calibrate    the two questions, a package each
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
