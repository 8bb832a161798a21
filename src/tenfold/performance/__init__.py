"""Performance: how long work takes on a chip, over a network and in a layout, and how much memory it needs."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
