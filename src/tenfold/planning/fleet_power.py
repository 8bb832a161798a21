"""How many chips of a fleet may be busy under a power cap that comes in steps: rated power, drawn and idle shares."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tenfold.catalog import Catalog, assumption_named
from tenfold.fleet import FleetAsked, Power, Rules, Trace, chips_powered, read_power
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
    rated = node_power(catalog, chip, catalog.system_of(chip))
    drawn, idle = assumption_named(catalog, DRAWN), assumption_named(catalog, IDLE)
    busy_w, idle_w = rated.figure.value * drawn.figure.value, rated.figure.value * idle.figure.value
    steps = read_power(Path(asked.power))
    limits = tuple(chips_powered(cap_w, rules.chips, busy_w, idle_w) for _, cap_w in steps)
    if not limits[-1]:
        need_mw = (rules.chips * idle_w + busy_w - idle_w) / 1e6
        wrong = (
            f"leaves no chip busy in its last step: {rules.chips:,} idle chips draw {rules.chips * idle_w / 1e6:.4g} MW"
        )
        raise InputError(Problem(file=asked.power, key="mw", wrong=wrong, remedy=f"Give at least {need_mw:.4g} MW"))
    power = Power(step_s=tuple(step_s for step_s, _ in steps), chips=limits)
    note = (
        f"A busy chip with its host draws {busy_w:,.0f} W, an idle one {idle_w:,.0f} W: at most {max(limits):,} of "
        f"{rules.chips:,} chips may be busy at once; a cap that falls stops nobody, and nobody starts until it is met"
    )
    return replace(rules, power=power), (rated, drawn, idle), (note,)
