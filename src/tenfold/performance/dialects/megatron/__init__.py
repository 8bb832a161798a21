"""Megatron-LM's arguments, both ways: ``run`` (layout, batch, precision, policies) and ``model`` (a model's sizes)."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
