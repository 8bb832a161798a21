"""Workloads: a model's shape and recipe become counted operations: FLOPs, bytes, messages, memory."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
