"""Software and network as questions state them: by key or bandwidth, or by the word for the usual one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tenfold.quantities import Amount, Named, Place, shown

VENDOR, WHOLE = "vendor", "whole"
NETWORK = Amount("B/s", above=0.0)


@dataclass(frozen=True, slots=True)
class Stack:
    """What a field that names training software may hold: a stack by key, or the word for each maker's own."""

    folder: str = "software"

    def read(self, raw: Any, place: Place) -> str:  # noqa: ANN401  (any TOML value)
        """Key of the stack, or the word."""
        return VENDOR if raw == VENDOR else Named(self.folder).read(raw, place)

    def schema(self) -> dict[str, Any]:
        """Text."""
        return {"type": "string", "examples": [VENDOR], "catalog": self.folder}

    def words(self) -> tuple[str, ...]:
        """The one word; stacks are completed from the catalog's own files."""
        return (VENDOR,)


@dataclass(frozen=True, slots=True)
class Network:
    """What a field that states a network may hold: a bandwidth, or the word for the system's own in full."""

    unit: str = NETWORK.unit

    def read(self, raw: Any, place: Place) -> float | str:  # noqa: ANN401  (any TOML value)
        """Bandwidth in B/s, or the word."""
        if raw == WHOLE:
            return WHOLE
        if isinstance(raw, str) and not raw.strip()[:1].isdigit():
            raise place.refusal(f"{shown(raw)} is no network", f"Write '{WHOLE}' or '400 Gbit/s'")
        return NETWORK.read(raw, place)

    def schema(self) -> dict[str, Any]:
        """Text, or B/s."""
        return {"type": ["string", "number"], "examples": [WHOLE, "400 Gbit/s"]}

    def words(self) -> tuple[str, ...]:
        """No list of words."""
        return ()
