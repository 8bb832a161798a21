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


class _Room(ModuleType):
    """A room that shares its name with a public function, as ``race`` does: it is both."""

    def __call__(self, *values: object, **named: object) -> object:
        return _late(self.__name__.rpartition(".")[2])(*values, **named)


class _Public(ModuleType):
    """Keeps a public function callable under its name once a room of that name is loaded."""

    def __setattr__(self, name: str, value: object) -> None:
        if isinstance(value, ModuleType) and name in __all__:
            value.__class__ = _Room
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Public


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for."""
    if name == "__version__":
        from tenfold.quantities import tenfold_version

        return tenfold_version()
    return _late(name)
