"""What policies of recompute that are sets of operations rebuild, place by place in a column of policies."""

from __future__ import annotations

import numpy as np

from tenfold.quantities import Column
from tenfold.workloads.recipe import OPERATIONS, SETS


def by_operation(recompute: Column) -> Column:
    """1 where a policy is a set of operations."""
    return np.asarray(np.asarray(recompute) > SETS, dtype=np.float64)


def recomputes(recompute: Column, operation: str) -> Column:
    """1 where a policy is a set of operations with this one among them."""
    bits = np.maximum(np.asarray(recompute, dtype=np.float64) - SETS, 0.0).astype(np.int64)
    return np.asarray(bits >> list(OPERATIONS).index(operation) & 1, dtype=np.float64)


def rebuilt(recompute: Column) -> dict[str, Column]:
    """For each part of a layer 1 where a policy that is a set of operations rebuilds it."""
    found: dict[str, Column] = {}
    for operation, parts in OPERATIONS.items():
        here = recomputes(recompute, operation)
        found |= {part: np.maximum(found.get(part, 0.0), here) for part in parts}
    return found
