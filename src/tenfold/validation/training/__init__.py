"""Measured training runs against predictions.

runs, shapes, options    a table of runs as published, the models they trained, the layouts they may have had
table, predict           every candidate layout of every run as columns, and its prediction
scored, evidence         errors overall and by group; the constants that predictions rest on
validate, calibrate      the two questions, a package each
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
