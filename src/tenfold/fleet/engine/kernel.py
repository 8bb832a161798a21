"""How functions of engines are compiled, with the extra ``fast``."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
njit: Any = import_module("numba").njit  # an extra, so that its types are not always there


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function that makes no array, kept beside the source for the next start.

    Nothing is allocated, so nothing needs counting: with it, each call would count the thirty arrays of a scene.
    """
    compiled: Callable[P, R] = njit(cache=True, forceinline=True, _nrt=False)(function)
    return compiled
