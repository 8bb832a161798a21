"""How many chips of a fleet may be busy under a power cap that comes in steps: rated power, drawn and idle shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tenfold.catalog import Catalog, assumption_named
from tenfold.fleet import (
    FLEET,
    Capped,
    DomainPower,
    FleetAsked,
    Power,
    PowerSteps,
    Rules,
    Trace,
    chips_powered,
    read_power,
)
from tenfold.planning.drawn import node_power
from tenfold.quantities import InputError, NamedFigure, Problem

DRAWN, IDLE = "planning.power_share_of_tdp", "economics.idle_power_share"


def with_power(
    asked: FleetAsked, catalog: Catalog, trace: Trace, rules: Rules
) -> tuple[Rules, tuple[NamedFigure, ...], tuple[str, ...]]:
    """Rules with the chips that may be busy. Raises ``InputError`` where not even idle chips are powered at the end."""
    del trace  # whatever the jobs are
    if asked.power is None or asked.chip is None:
        return rules, (), ()
    chip = catalog.chip(asked.chip)
    system = catalog.system_of(chip)
    rated = node_power(catalog, chip, system)
    drawn, idle = assumption_named(catalog, DRAWN), assumption_named(catalog, IDLE)
    busy_w, idle_w = rated.figure.value * drawn.figure.value, rated.figure.value * idle.figure.value
    steps, shares = read_power(Path(asked.power), rules.domains), (busy_w, idle_w)
    power = _in_steps(steps, rules, shares)
    short = [place for place, limits in _limits(power).items() if not limits[-1]]
    if short:
        chips = min(_chips(rules, place) for place in short)
        need_mw = (chips * idle_w + busy_w - idle_w) / 1e6
        wrong = f"leaves no chip busy in a last step: {chips:,} idle chips draw {chips * idle_w / 1e6:.4g} MW"
        raise InputError(Problem(file=asked.power, key="mw", wrong=wrong, remedy=f"Give at least {need_mw:.4g} MW"))
    note = (
        f"A busy {chip.key} with its share of {system.key}, its usual system, draws {busy_w:,.0f} W, an idle one "
        f"{idle_w:,.0f} W: at most {max(power.chips):,} of {rules.chips:,} chips may be busy at once; a cap that falls "
        "stops nobody, and nobody starts until it is met"
    )
    if power.domains:
        note += f"; {len(power.domains)} domains have caps of their own"
    return replace(rules, power=power), (rated, drawn, idle), (note,)


def _in_steps(steps: Mapping[Capped, PowerSteps], rules: Rules, shares: tuple[float, float]) -> Power:
    """Chips that may be busy at the steps of all caps together, of the fleet and of each domain with a cap."""
    times_s = tuple(sorted({from_s for each in steps.values() for from_s, _ in each}))

    def limits(place: Capped) -> tuple[int, ...]:
        chips, own = _chips(rules, place), steps[place]
        drawn_w = (
            max(((from_s, cap_w) for from_s, cap_w in own if from_s <= at_s), default=(0.0, 0.0)) for at_s in times_s
        )
        return tuple(chips_powered(cap_w, chips, *shares) for _, cap_w in drawn_w)

    return Power(
        step_s=times_s,
        chips=limits(FLEET) if FLEET in steps else (rules.chips,) * len(times_s),
        domains=tuple(
            DomainPower(level=place[0], domain=place[1], chips=limits(place)) for place in steps if place != FLEET
        ),
    )


def _limits(power: Power) -> Mapping[Capped, tuple[int, ...]]:
    """Chips that may be busy, by domain."""
    return {FLEET: power.chips} | {(each.level, each.domain): each.chips for each in power.domains}


def _chips(rules: Rules, place: Capped) -> int:
    """Chips of a domain."""
    if rules.domains is None or place == FLEET:
        return rules.chips
    first, end = rules.domains.spans[place[0]][place[1]]
    return sum(rules.domains.sizes[first:end])
