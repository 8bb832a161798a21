"""Scenarios of a question as effects by quarter; what is left of the probability is the base case."""

from __future__ import annotations

from collections.abc import Sequence

from tenfold.planning.procurement.effects import Effect, ScenarioText
from tenfold.planning.procurement.quarters import Calendar
from tenfold.planning.procurement.question import AllocationTable, EffectTable, ScenarioTable

BASE = "base"
NEGLIGIBLE = 1e-9
NOTHING = ("",)
"""Names of no chip at all."""


def scenario_texts(
    tables: Sequence[ScenarioTable], calendar: Calendar, licensed: Sequence[str]
) -> tuple[ScenarioText, ...]:
    """Give every scenario that can happen, the base case first; ``licensed`` are chips that need a licence."""
    found = [
        ScenarioText(
            name=table.name,
            probability=table.probability,
            effects=tuple(_effect(effect, calendar, licensed) for effect in table.effects),
        )
        for table in tables
    ]
    left = 1.0 - sum(scenario.probability for scenario in found)
    base = [ScenarioText(name=BASE, probability=left)] if left > NEGLIGIBLE else []
    return (*base, *(scenario for scenario in found if scenario.probability > 0))


def _effect(table: EffectTable, calendar: Calendar, licensed: Sequence[str]) -> Effect:
    chips = table.chips
    if table.licensed_chips:
        chips = tuple(chip for chip in licensed if not chips or chip in chips) or NOTHING
    return Effect(
        kind=table.kind,
        first_quarter=calendar.first(table.since),
        end_quarter=calendar.end(table.until),
        factor=table.factor,
        quarters=table.quarters,
        value_kept=table.value_kept,
        workloads=table.workloads,
        chips=chips,
        vendors=table.vendors,
        suppliers=table.suppliers,
        sites=table.sites,
        supplies=table.supplies,
    )


def touched(table: AllocationTable) -> Effect:
    """What an allocation names, as effects name it."""
    return Effect(
        kind="allocation", chips=table.chips, vendors=table.vendors, suppliers=table.suppliers, sites=table.sites
    )
