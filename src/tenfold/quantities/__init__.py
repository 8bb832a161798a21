"""Quantities: figures with their sources, human units, dates, distributions and draws, and the exception tree.

figure, named, made    a number with its source; with its name; what made an answer
shortfall, errors      what was short (a result); what was wrong (an exception)
units, parsing, printing, dates, times, checks
data                   any result as plain data, and paths into it
arrays, distributions, draws    numbers in columns; these import numpy, so they are loaded when first asked for
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
