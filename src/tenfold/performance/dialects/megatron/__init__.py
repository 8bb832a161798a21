"""Megatron-LM's arguments, both ways.

``flags`` are their names; ``reading`` and ``writing`` are of layout, batch, precision and policies, ``model`` of sizes.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
