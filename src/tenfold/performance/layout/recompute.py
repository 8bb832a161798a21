"""Asking what the backward pass recomputes: a policy by name, or a share of the layers whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tenfold.quantities import Place, shown
from tenfold.workloads import RECOMPUTE, recompute_value


@dataclass(frozen=True, slots=True)
class RecomputePolicy:
    """Asks what is recomputed: one of ``RECOMPUTE``, or a share of the layers whole."""

    def read(self, raw: Any, place: Place) -> str:  # noqa: ANN401  (any TOML value)
        """Give the name back when it means a policy."""
        if isinstance(raw, str) and recompute_value(raw) is not None:
            return raw
        remedy = f"Use one of {', '.join(RECOMPUTE)}, or full:0.5 for half of the layers"
        raise place.refusal(f"unknown {shown(raw)}", remedy)

    def schema(self) -> dict[str, Any]:
        """Text."""
        return {"type": "string", "examples": [*RECOMPUTE, "full:0.5"]}

    def words(self) -> tuple[str, ...]:
        """Policies; shares are told by the help."""
        return RECOMPUTE
