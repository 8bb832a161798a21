"""Engines that may serve on a chip where the question names none: data of calibrations, never a list of vendors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from tenfold.catalog import Chip, Engine, default_engine
from tenfold.performance.serving import labels_of

if TYPE_CHECKING:
    from tenfold.catalog import Catalog


def engines_for(
    catalog: Catalog, chip: Chip, named: str | None, precision: str, factors: Mapping[str, float]
) -> tuple[Engine, ...]:
    """The engine that is named; else the one of the chip's vendor, then every other that was measured on its family.

    Of an engine its latest vintage; ``factors`` are those of all serving calibrations.
    """
    if named:
        return (catalog.engines[named],)
    usual = default_engine(chip.vendor, catalog.engines)
    others = [each for each in _latest(catalog.engines) if each.engine != usual.engine]
    measured = [each for each in others if factors.get(f"rows.{labels_of(chip, each, precision).pair}", 0.0) > 0.0]
    return (usual, *measured)


def _latest(engines: Mapping[str, Engine]) -> Iterator[Engine]:
    """The latest vintage of every engine, by name."""
    for name in sorted({each.engine for each in engines.values()}):
        yield max((each for each in engines.values() if each.engine == name), key=lambda each: (each.since, each.key))
