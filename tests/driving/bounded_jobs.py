"""Jobs for workers with bounds."""

from __future__ import annotations

import time


def do(job: str) -> str:
    """Do a job by its name."""
    if job == "spin":
        while True:
            pass
    if job == "sleep":
        time.sleep(30)
    if job == "nap":
        time.sleep(0.2)
    if job == "grow":
        held = []
        while True:
            held.append(bytearray(10_000_000))
    if job == "fault":
        return str(1 // 0)
    return job
