"""Every chip and engine that may serve, and every layout of a replica on it, as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tenfold.catalog import Chip, Engine, ModelRecord, System
from tenfold.performance.serving import (
    Setting,
    cache_room_bytes,
    labels_of,
    layouts_of,
    most_sequences,
    replicas_of,
    serving_factors,
    setting_of,
    wider_layouts,
)
from tenfold.planning.drafts import accepted_spread, drafted
from tenfold.planning.engines import engines_for
from tenfold.planning.plan.serve.fleets import Demand
from tenfold.planning.plan.serve.layouts import Machine, Space
from tenfold.planning.plan.serve.question import Service
from tenfold.quantities import CatalogError, Problem

if TYPE_CHECKING:
    from tenfold.catalog import Catalog


def find_space(
    catalog: Catalog, service: Service, model: ModelRecord, chips: Sequence[str], demand: Demand
) -> tuple[Space | None, Mapping[str, Problem]]:
    """Gather every layout of the chips, None where there is none; a chip that lacks a figure is refused by name."""
    machines, settings, place, refused = list[Machine](), list[Setting](), list[int](), dict[str, Problem]()
    factors, traffic = serving_factors(catalog), demand.traffic
    for chip in map(catalog.chip, chips):
        try:
            for engine in engines_for(catalog, chip, service.engine, service.precision, factors):
                machine = _machine(catalog, service, model, chip, engine)
                own = _settings(catalog, service, model, machine)
                settings += own
                place += [len(machines)] * len(own)
                machines.append(machine)
        except CatalogError as error:
            refused[chip.key] = error.problems[0]
    if not settings:
        return None, refused
    replica = replicas_of(settings, factors)
    most = most_sequences(replica, traffic.prompt_tokens, traffic.output_tokens, traffic.prefix_share)
    space = Space(
        machines=tuple(machines),
        settings=tuple(settings),
        machine=np.array(place, dtype=np.intp),
        replica=replica,
        speculation=drafted(replica, service.speculation, service.accepted),
        accepted_stated=service.accepted is not None,
        accepted_spread=accepted_spread(catalog, service.speculation, service.accepted),
        factors=factors,
        room_bytes=np.asarray(cache_room_bytes(replica)),
        most=np.asarray(most),
    )
    return space, refused


def _machine(catalog: Catalog, service: Service, model: ModelRecord, chip: Chip, engine: Engine) -> Machine:
    """Look up a chip's system. Raises ``MissingFigureError`` for a chip whose power nobody recorded."""
    try:
        system: System | None = catalog.system_of(chip)
    except CatalogError:
        system = None
    if system is None or system.power_per_chip is None:
        chip.figure("power.tdp")
    labels = labels_of(chip, engine, service.precision, model=model.key)
    return Machine(chip=chip, system=system, engine=engine, labels=labels)


def _settings(catalog: Catalog, service: Service, model: ModelRecord, machine: Machine) -> list[Setting]:
    """Layouts of a machine: inside a scale-up domain, and over several of a system."""
    experts = float(model.shape.moe_layers) > 0
    wider = wider_layouts(machine.domain_chips, experts) if machine.system else ()
    return [
        setting_of(
            catalog,
            machine.chip,
            model.shape,
            machine.engine,
            layout,
            precision=service.precision,
            model=model.key,
            cache_format=service.kv_precision or "",
        )
        for layout in (*layouts_of(machine.domain_chips, experts), *wider)
    ]
