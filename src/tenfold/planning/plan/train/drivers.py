"""What the best design rests on: its figures, and which uncertain inputs move it most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tenfold.planning.drawn import counts_for
from tenfold.planning.plan.answer import Driver
from tenfold.planning.plan.train.evaluated import LEAST_EFFECT, Evaluated, place_of, plays, rows_at
from tenfold.planning.supply.outcome import p50s_of
from tenfold.planning.supply.rows import Rows
from tenfold.quantities import HIGH, LOW, Floats, NamedFigure, Uncertain, relative_effect


def drivers(evaluated: Evaluated, inputs: Sequence[Uncertain], place: int) -> tuple[Driver, ...]:
    """Set each input to its P10 and to its P90, the others drawn; the largest relative effect on P50s first.

    So the ends lie about the P50s that are the headline.
    """
    row = rows_at(evaluated, np.array([place]))
    supply = evaluated.supplies[evaluated.designs.supply[place]]
    interval = evaluated.interval_s[evaluated.designs.row[[place]]]
    played = [each for each in inputs if plays(each, supply, row)]
    ends_of = [known.at_place(np.array([LOW, HIGH]), place_of(known, row)) for known in played]
    variants = [{known.key: end} for known, ends in zip(played, ends_of, strict=True) for end in ends]
    p50s = p50s_of(row, evaluated.work, evaluated.draws, interval, variants)
    effects = []
    low_and_high = zip(p50s, p50s, strict=True)  # one after the other, as the variants stand
    for known, ends, pair in zip(played, ends_of, low_and_high, strict=True):
        finish, cost = (np.array(each) for each in zip(*pair, strict=True))
        effect = max(relative_effect(finish), relative_effect(cost))
        if effect >= LEAST_EFFECT:
            effects.append((effect, _driver(known, row, ends, finish, cost)))
    return tuple(driver for _, driver in sorted(effects, key=lambda pair: -pair[0]))


def figures_of(evaluated: Evaluated, inputs: Sequence[Uncertain], place: int) -> tuple[NamedFigure, ...]:
    """List the figures under a design: of its chip and system, of its inputs, of its site."""
    row = rows_at(evaluated, np.array([place]))
    supply = evaluated.supplies[evaluated.designs.supply[place]]
    site = evaluated.sites[evaluated.designs.site[place]]
    found = [NamedFigure(name=name, figure=figure) for name, figure in evaluated.runs.setups[row.chip[0]].figures]
    counted = (known for known in inputs if plays(known, supply, row))
    found += [named for known in counted for named in known.recorded_at(place_of(known, row))]
    found += [NamedFigure(name=f"sites/{site.key}/{key}", figure=figure) for key, figure in site.figures.items()]
    return tuple({named.name: named for named in found}.values())


def general_figures(inputs: Sequence[Uncertain], supplies: Sequence[str]) -> tuple[NamedFigure, ...]:
    """Figures that hold for every design under the ways of supply: what a plan without a design rests on."""
    return tuple(
        named
        for known in inputs
        if known.axis in ("all", "supply") and any(counts_for(known.key, supply) for supply in supplies)
        for named in dict.fromkeys(known.recorded)
    )


def _driver(known: Uncertain, row: Rows, ends: Floats, finish: Floats, cost: Floats) -> Driver:
    place = place_of(known, row)
    if known.key == "step":
        low, high = (f"{end * float(row.step_s[0]):.3g} s" for end in ends)
    else:
        low, high = (known.text(float(end), place) for end in ends)
    return Driver(
        name=known.label,
        low=low,
        high=high,
        finish_days=(float(finish[0]), float(finish[1])),
        cost_usd=(float(cost[0]), float(cost[1])),
    )
