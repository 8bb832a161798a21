"""Cores that work on a race: NumPy lets go of the interpreter inside its loops."""

from __future__ import annotations

import os

MOST_THREADS = 4


def threads() -> int:
    """Threads to use: one for each core, four at most."""
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, MOST_THREADS)
