"""What the cases of ``physics`` came to: counts by kind, and what does not hold."""

from __future__ import annotations

from collections import Counter

SLACK = 1.0 + 1e-9
TOLD: Counter[str] = Counter()
WRONG: list[str] = []


def holds(kind: str, right: bool, said: str) -> None:
    """Count a case, and keep it where it does not hold."""
    TOLD[kind] += 1
    if not right:
        WRONG.append(f"{kind}: {said}")
