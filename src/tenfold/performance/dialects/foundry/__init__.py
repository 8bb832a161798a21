"""llm-foundry's YAML, read: ``tree`` (values by name), ``model`` (MPT's sizes), ``run`` (batch, shards, policies)."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
