"""MaxText's YAML, both ways: ``run`` (mesh axes, batch, policies) and ``model`` (a model's sizes)."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
