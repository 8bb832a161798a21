"""The axes of parallelism, declared once: a layout in the field's terms, as columns, and as a wish.

axis        what an axis is; recompute: how one of them is asked for
layout      ``ParallelLayout``: every axis, its names, values, default and help
columns     ``Layout``: the same as columns of numbers, for who calculates (it needs numpy, so it is not of this face)
wishes      ``LayoutWish``: some of it given, the rest left to be chosen
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
