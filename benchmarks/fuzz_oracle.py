"""What cannot be in an answer: the oracle of ``fuzz``."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any


def absurd(data: Any, path: str = "") -> Iterator[str]:
    """Say what in an answer cannot be: no number, percentiles out of order, shares beyond one."""
    if isinstance(data, float) and math.isnan(data):
        yield f"{path} is no number"
    elif isinstance(data, Mapping):
        if {"p10", "p50", "p90"} <= data.keys() and all(
            isinstance(data[key], (int, float)) for key in ("p10", "p50", "p90")
        ):
            slack = 1e-9 * abs(data["p50"]) + 1e-12
            if not data["p10"] - slack <= data["p50"] <= data["p90"] + slack:
                yield f"{path}: P10 {data['p10']}, P50 {data['p50']}, P90 {data['p90']}"
        for key, value in data.items():
            if "probability" in str(key) and isinstance(value, float) and not -1e-9 <= value <= 1 + 1e-9:
                yield f"{path}.{key} is {value}"
            yield from absurd(value, f"{path}.{key}")
    elif isinstance(data, list):
        for place, value in enumerate(data[:500]):
            yield from absurd(value, f"{path}.{place}")
