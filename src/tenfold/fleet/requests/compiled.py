"""The loop of ``engine``, compiled: the same functions through numba. Needs the extra ``fast``.

A test holds it equal to its plain twin, request by request; ``benchmarks/replay.py`` shows what it is worth.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from tenfold.fleet.requests import cached, engine, routers, trees

MODULES: tuple[ModuleType, ...] = (trees, cached, routers, engine)
"""Each calls functions of those before it and its own."""


@cache
def compiled_run() -> Callable[..., None]:
    """``engine.run`` and everything under it, compiled, kept beside the source for the next start."""
    from tenfold.fleet.engine.kernel import kernel

    scope: dict[str, Any] = {}
    for module in MODULES:
        scope |= vars(module)
    for name, found in list(scope.items()):
        if isinstance(found, FunctionType) and found.__module__ in {each.__name__ for each in MODULES}:
            scope[name] = kernel(FunctionType(found.__code__, scope, name))
    compiled: Callable[..., None] = scope["run"]
    return compiled
