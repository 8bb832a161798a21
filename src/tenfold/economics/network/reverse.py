"""Reverse stress: the smallest shock that breaks something, by bisection.

Holds for what stays broken when the shock grows, as defaults do when means fall. Forty halvings find it to 1e-12; what
breaks at less than ``ANY`` breaks at any shock, and its level is 0.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tenfold.quantities import Flags, Floats

HALVINGS = 40
ANY = 1e-9
"""Level below which a shock is nothing but rounding."""


def smallest_breaking(broken: Callable[[Floats], Flags], questions: int) -> Floats:
    """Smallest level in 0 … 1 at which each question is ``broken``; infinite where even 1 does not break it.

    ``broken`` takes the levels of all questions, (question), and tells which of them are broken at theirs.
    """
    low, high = np.zeros(questions), np.ones(questions)
    never, at_once = ~broken(high), broken(low)
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        falls = broken(middle)
        low, high = np.where(falls, low, middle), np.where(falls, middle, high)
    return np.where(never, np.inf, np.where(at_once | (high < ANY), 0.0, high))
