"""From what was asked to a replica ready to be timed: chip, engine, format, the narrowest layout that fits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tenfold.catalog import Chip, Engine, ModelRecord, System, default_engine
from tenfold.performance.serving import (
    Labels,
    Replica,
    Setting,
    attends_narrow,
    cache_room_bytes,
    factor_figures,
    replicas_of,
    row_of,
    serving_factors,
    serving_figures,
    setting_of,
    usual_cache_format,
)
from tenfold.planning.estimate_serving.question import EstimateServingQuestion
from tenfold.quantities import CatalogError, Figure
from tenfold.workloads import find_model
from tenfold.workloads.serving import SERVED_FORMATS, ReplicaLayout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenfold.catalog import Catalog

WIDTHS = (1, 2, 4, 8, 16, 32, 64, 72)
ROOM_LEFT = 0.25
"""Share of the memory that a layout nobody gives leaves for the cache, where one does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with everything it names looked up."""

    model: ModelRecord
    chip: Chip
    system: System | None
    engine: Engine
    cache_format: str
    factors: Mapping[str, float]
    setting: Setting
    prefill: Setting | None
    figures: tuple[tuple[str, Figure], ...]

    @property
    def labels(self) -> Labels:
        """What the setting is called in calibrations."""
        return self.setting.labels

    def replica(self, setting: Setting | None = None) -> Replica:
        """A setting with its constants, as numbers."""
        return row_of(replicas_of([setting or self.setting], self.factors), 0)


def look_up(question: EstimateServingQuestion, catalog: Catalog) -> Asked:
    """Look everything up. Raises ``MissingFigureError`` for a figure nobody recorded."""
    model, chip = find_model(catalog, question.model), catalog.chip(question.chip)
    engine = catalog.engines[question.engine] if question.engine else default_engine(chip.vendor, catalog.engines)
    factors = serving_factors(catalog)
    cache_format = question.kv_precision or usual_cache_format(engine, question.precision)

    def at(layout: ReplicaLayout) -> Setting:
        return setting_of(
            catalog,
            chip,
            model.shape,
            engine,
            layout,
            precision=question.precision,
            model=model.key,
            cache_format=cache_format,
            max_sequences=question.max_sequences,
        )

    system = _system(catalog, chip)
    domain = max(system.scaleup_domain_chips, 1) if system and system.scaleup_fabric else 1
    layout = _layout(question, float(model.shape.moe_layers) > 0)
    setting = at(layout) if question.tp else _narrowest(at, layout, factors, domain)
    prefill = replace(setting.layout, tensor=float(question.prefill_tp or setting.layout.tensor))
    form, narrow = SERVED_FORMATS[question.precision], attends_narrow(engine, chip, question.precision, cache_format)
    return Asked(
        model=model,
        chip=chip,
        system=system,
        engine=engine,
        cache_format=cache_format,
        factors=factors,
        setting=setting,
        prefill=at(prefill) if question.prefill_replicas else None,
        figures=(
            *serving_figures(catalog, chip, system, form, narrow_attention=narrow),
            *factor_figures(catalog, setting.labels).values(),
        ),
    )


def _system(catalog: Catalog, chip: Chip) -> System | None:
    try:
        return catalog.system_of(chip)
    except CatalogError:
        return None


def _layout(question: EstimateServingQuestion, experts: bool) -> ReplicaLayout:
    """The layout asked for; ranks of a model without experts are replicas of their own."""
    ranks = float(question.dp) if experts and question.ep > 1 else 1.0
    return ReplicaLayout(
        tensor=float(question.tp or 1), pipeline=float(question.pp), ranks=ranks, expert=float(question.ep)
    )


def _narrowest(at: object, layout: ReplicaLayout, factors: Mapping[str, float], domain: int) -> Setting:
    """The narrowest replica in one scale-up domain that leaves room for a cache; the widest where none does."""
    widths = [width for width in WIDTHS if width <= domain]
    settings: list[Setting] = [at(replace(layout, tensor=float(width))) for width in widths]  # type: ignore[operator]
    room = np.asarray(cache_room_bytes(replicas_of(settings, factors)))
    for share in (ROOM_LEFT, 0.0):
        found = [each for each, left in zip(settings, room, strict=True) if left > share * each.hardware.memory_bytes]
        if found:
            return found[0]
    return settings[-1]
