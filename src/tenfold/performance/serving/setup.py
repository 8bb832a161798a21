"""From catalog records to replicas: one setting after another, then all of them as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np

from tenfold.catalog import Catalog, Chip, Engine, TransformerShape
from tenfold.performance.serving.constants import Labels, constant_columns
from tenfold.performance.serving.hardware import ServingHardware, multiplies, serving_hardware
from tenfold.performance.serving.replica import Replica
from tenfold.performance.setup import calibrations_of, constants_of
from tenfold.quantities import CatalogError, Figure
from tenfold.workloads import PLAIN_BYTES
from tenfold.workloads.serving import (
    CACHE_BYTES,
    SERVED_FORMATS,
    ReplicaLayout,
    ServedFormat,
    Widths,
    count,
    widths_of,
)

TOPIC = "serving"
PRIORS = "serving-priors"
WIDTHS = {PLAIN_BYTES: "16bit", 1.0: "8bit"}
"""Names of number widths in calibration keys; any other is 4 bits."""
WIDENED = "-widened"
"""What is added to them on chips that do not multiply such numbers: other kernels, which widen weights as they read."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One replica before its constants are looked up. Everything in it is a number or a record."""

    shape: TransformerShape
    layout: ReplicaLayout
    hardware: ServingHardware
    labels: Labels
    widths: Widths
    cache_bytes: float
    memory_share: float
    free_share: float
    max_sequences: float
    overlaps_host: bool


def serving_factors(catalog: Catalog) -> dict[str, float]:
    """Values and factors of all serving calibrations, later ones winning."""
    return constants_of(calibrations_of(catalog, TOPIC, PRIORS))


def factor_figures(catalog: Catalog, labels: Labels) -> dict[str, tuple[str, Figure]]:
    """Figures behind the constants of a setting: key → name in the catalog and figure."""
    found: dict[str, tuple[str, Figure]] = {}
    stems = {key.rpartition(".")[0] for key in labels.keys("x")}
    for record in calibrations_of(catalog, TOPIC, PRIORS):
        for key, figure in record.constants.items():
            if key.rpartition(".")[0] in stems or key.startswith("all."):
                found[key] = (f"calibrations/{record.key}/constants.{key}", figure)
    return found


def width_of(chip: Chip, form: ServedFormat) -> str:
    """What the width of a format is called on a chip."""
    widened = form.weight_bytes < PLAIN_BYTES and not multiplies(chip, form)
    return WIDTHS.get(form.weight_bytes, "4bit") + (WIDENED if widened else "")


def labels_of(chip: Chip, engine: Engine, precision: str, *, protocol: str = "", model: str = "") -> Labels:
    """What a setting is called at each level of the hierarchy of constants; ``model`` is a key of the catalog."""
    return Labels(
        vendor=chip.vendor,
        family=chip.family,
        engine=engine.engine,
        vintage=engine.key,
        width=width_of(chip, SERVED_FORMATS[precision]),
        protocol=protocol,
        combination=f"{model}.{chip.key}.{engine.key}" if model else "",
    )


def usual_cache_format(engine: Engine, precision: str) -> str:
    """Format of the cache when nothing is said: 8 bits where the engine follows narrow weights, else 16."""
    narrow = SERVED_FORMATS[precision].weight_bytes <= 1.0
    return "fp8" if engine.cache_as_weights and narrow else "bf16"


def attends_narrow(engine: Engine, chip: Chip, precision: str, cache_format: str = "") -> bool:
    """Whether attention multiplies in 8 bits: the cache has no more, and the engine's kernels take it as it is."""
    narrow = CACHE_BYTES[cache_format or usual_cache_format(engine, precision)] <= 1.0
    return narrow and chip.family in engine.narrow_attention_on


def setting_of(
    catalog: Catalog,
    chip: Chip,
    shape: TransformerShape,
    engine: Engine,
    layout: ReplicaLayout,
    *,
    precision: str,
    model: str = "",
    cache_format: str = "",
    protocol: str = "",
    max_sequences: float | None = None,
    free_share: float | None = None,
) -> Setting:
    """Gather a setting; the engine's habits hold where nothing else is said.

    Raises ``MissingFigureError`` for a figure nobody recorded.
    """
    form, experts = SERVED_FORMATS[precision], float(shape.moe_layers) > 0
    system = catalog.system_of(chip) if chip.system or _has_system(catalog, chip) else None
    return Setting(
        shape=shape,
        layout=layout,
        hardware=serving_hardware(
            catalog,
            chip,
            system,
            form,
            experts=experts,
            narrow_attention=attends_narrow(engine, chip, precision, cache_format),
        ),
        labels=labels_of(chip, engine, precision, protocol=protocol, model=model),
        widths=widths_of(form, experts=experts),
        cache_bytes=CACHE_BYTES[cache_format or usual_cache_format(engine, precision)],
        memory_share=engine.memory_share,
        free_share=free_share or engine.free_share,
        max_sequences=float(max_sequences or engine.sequences_on(chip.family)),
        overlaps_host=engine.overlaps_host,
    )


def _has_system(catalog: Catalog, chip: Chip) -> bool:
    try:
        catalog.system_of(chip)
    except CatalogError:
        return False
    return True


def stacked(records: Sequence[T]) -> T:
    """Records of numbers as one record of columns, (records,)."""
    columns = {
        field.name: np.array([float(getattr(record, field.name)) for record in records])
        for field in fields(records[0])  # type: ignore[arg-type]
    }
    return type(records[0])(**columns)


def replicas_of(settings: Sequence[Setting], factors: Mapping[str, float]) -> Replica:
    """Settings as one record of columns, (settings,); there must be at least one."""
    shape, layout = stacked([each.shape for each in settings]), stacked([each.layout for each in settings])
    column = {
        name: np.array([getattr(each, name) for each in settings])
        for name in (
            "cache_bytes",
            "memory_share",
            "free_share",
            "max_sequences",
            "overlaps_host",
        )
    }
    return Replica(
        counted=count(
            shape,
            layout,
            widths=stacked([each.widths for each in settings]),
            cache_bytes=column["cache_bytes"],
        ),
        layout=layout,
        hardware=stacked([each.hardware for each in settings]),
        constants=constant_columns(factors, [each.labels for each in settings]),
        memory_share=column["memory_share"],
        free_share=column["free_share"],
        max_sequences=column["max_sequences"],
        overlaps_host=column["overlaps_host"],
    )
