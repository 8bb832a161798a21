"""Tenfold plans AI compute, from the chip's roofline to the balance sheet.

    import tenfold

    plan = tenfold.plan("examples/llama3-405b.toml")
    answer = tenfold.estimate_training(model="llama-3.1-8b", chip="h100-sxm", chips=64, global_batch=512)

Everything in ``__all__`` is loaded when it is first asked for, so importing Tenfold takes no time; the stub beside this
file says where each name is from.
"""

from __future__ import annotations

import sys
from types import ModuleType

import lazy_loader

_late, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


class _Public(ModuleType):
    """The package: a room that is imported does not take the place of the question of the same name."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Public


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for."""
    if name == "__version__":
        from tenfold.quantities import VERSION

        return VERSION
    return _late(name)
