"""Every chip that may serve, and every layout of a replica on it, as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tenfold.catalog import Chip, ModelRecord, System, default_engine
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
    for key in chips:
        try:
            machine = _machine(catalog, service, catalog.chip(key))
            own = _settings(catalog, service, model, machine)
        except CatalogError as error:
            refused[catalog.chip(key).key] = error.problems[0]
            continue
        settings += own
        place += [len(machines)] * len(own)
        machines.append(machine)
    if not settings:
        return None, refused
    factors, traffic = serving_factors(catalog), demand.traffic
    replica = replicas_of(settings, factors)
    most = most_sequences(replica, traffic.prompt_tokens, traffic.output_tokens, traffic.prefix_share)
    space = Space(
        machines=tuple(machines),
        settings=tuple(settings),
        machine=np.array(place, dtype=np.intp),
        replica=replica,
        speculation=drafted(replica, service.speculation, service.accepted),
        accepted_spread=accepted_spread(catalog, service.speculation, service.accepted),
        factors=factors,
        room_bytes=np.asarray(cache_room_bytes(replica)),
        most=np.asarray(most),
    )
    return space, refused


def _machine(catalog: Catalog, service: Service, chip: Chip) -> Machine:
    """Look up a chip's system and engine. Raises ``MissingFigureError`` for a chip whose power nobody recorded."""
    engine = catalog.engines[service.engine] if service.engine else default_engine(chip.vendor, catalog.engines)
    try:
        system: System | None = catalog.system_of(chip)
    except CatalogError:
        system = None
    if system is None or system.power_per_chip is None:
        chip.figure("power.tdp")
    return Machine(chip=chip, system=system, engine=engine, labels=labels_of(chip, engine, service.precision))


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
            cache_format=service.kv_precision or "",
        )
        for layout in (*layouts_of(machine.domain_chips, experts), *wider)
    ]
