"""Asking what the backward pass recomputes: a policy by name, a share of the layers whole, or single operations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tenfold.quantities import Place, shown
from tenfold.workloads import OPERATIONS, RECOMPUTE, recompute_value


@dataclass(frozen=True, slots=True)
class RecomputePolicy:
    """Asks what is recomputed: one of ``RECOMPUTE``, a share of the layers whole, or some of ``OPERATIONS``."""

    def read(self, raw: Any, place: Place) -> str:  # noqa: ANN401  (any TOML value)
        """Give the name back when it means a policy."""
        if isinstance(raw, str) and recompute_value(raw) is not None:
            return raw
        singly = f"operations of {', '.join(OPERATIONS)} with + between them"
        remedy = f"Use one of {', '.join(RECOMPUTE)}, full:0.5 for half of the layers, or {singly}"
        raise place.refusal(f"unknown {shown(raw)}", remedy)

    def schema(self) -> dict[str, Any]:
        """Text."""
        return {"type": "string", "examples": [*RECOMPUTE, "full:0.5", "norms+up-projections"]}

    def words(self) -> tuple[str, ...]:
        """Policies; shares are told by the help."""
        return RECOMPUTE
