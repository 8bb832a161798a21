"""Axes that a tool says one to one: a table of names, used to read and to write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tenfold.performance.dialects.settings import Settings
from tenfold.performance.layout import AXES, ParallelLayout

Names = Mapping[str, str]
"""Name of an axis to the tool's setting."""


def read_degrees(settings: Settings, names: Names, **defaults: int) -> dict[str, Any]:
    """Degrees that are whole numbers of their own; what is left out is ``defaults``, else as a chip by itself."""
    return {
        axis: settings.whole(setting, defaults.get(axis, int(AXES[axis].default))) for axis, setting in names.items()
    }


def read_switches(settings: Settings, names: Names) -> dict[str, Any]:
    """Switches that are on where they are present."""
    return {axis: settings.present(setting) for axis, setting in names.items()}


def written(layout: ParallelLayout, names: Names) -> Iterator[tuple[str, int]]:
    """Settings of the degrees."""
    return ((setting, getattr(layout, axis)) for axis, setting in names.items())
