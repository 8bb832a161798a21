"""What the best design rests on: its figures, and which uncertain inputs move it most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tenfold.planning.drawn import counts_for
from tenfold.planning.plan.answer import Driver, Stress
from tenfold.planning.plan.train.evaluated import Evaluated, rows_at
from tenfold.planning.supply.evaluate import outcomes
from tenfold.planning.supply.rows import Rows
from tenfold.quantities import HIGH, LOW, Floats, NamedFigure, Percentiles, Uncertain, relative_effect

CAPITAL = "cost_of_capital"
LEAST_EFFECT = 1e-3
"""Share of finish or cost below which an input is left out."""


def drivers(evaluated: Evaluated, inputs: Sequence[Uncertain], place: int) -> tuple[Driver, ...]:
    """Set each input to its P10 and to its P90, the others drawn; the largest relative effect on P50s first.

    So the ends lie about the P50s that are the headline.
    """
    row = rows_at(evaluated, np.array([place]))
    supply = evaluated.supplies[evaluated.designs.supply[place]]
    interval = evaluated.interval_s[evaluated.designs.row[[place]]]
    effects = []
    for known in (each for each in inputs if _plays(each, supply, row)):
        ends = known.at(np.array([LOW, HIGH]))[_place(known, row)]
        finish, cost = (
            np.array(pair) for pair in zip(*(_p50s(evaluated, row, interval, known, end) for end in ends), strict=True)
        )
        effect = max(relative_effect(finish), relative_effect(cost))
        if effect >= LEAST_EFFECT:
            effects.append((effect, _driver(known, row, ends, finish, cost)))
    return tuple(driver for _, driver in sorted(effects, key=lambda pair: -pair[0]))


def stress(evaluated: Evaluated, inputs: Sequence[Uncertain], place: int) -> Stress:
    """Set all that is assumed or estimated to the end that is worse for the cost, or if that is equal for the finish.

    What was measured or asked stays as uncertain as it is.
    """
    row = rows_at(evaluated, np.array([place]))
    supply = evaluated.supplies[evaluated.designs.supply[place]]
    interval = evaluated.interval_s[evaluated.designs.row[[place]]]
    values, said = dict(evaluated.draws.values), list[str]()
    for known in (each for each in inputs if _plays(each, supply, row)):
        at = _place(known, row)
        if known.figures[at].figure.kind not in ("assumption", "estimate"):
            continue
        low, high = known.at(np.array([LOW, HIGH]))[at]
        one, other = (_p50s(evaluated, row, interval, known, end) for end in (low, high))
        worse = high if (other[1], other[0]) >= (one[1], one[0]) else low
        if max(relative_effect(np.array(pair)) for pair in zip(one, other, strict=True)) >= LEAST_EFFECT:
            values[known.key] = np.full_like(values[known.key], worse)
            said.append(f"{known.label} {known.text(float(worse), at)}")
    found = outcomes(row, evaluated.work, replace(evaluated.draws, values=values), interval)
    return Stress(
        inputs=tuple(said),
        finish_days=Percentiles.of(found.duration.finish_days).p50,
        cost_usd=Percentiles.of(found.cost_usd).p50,
    )


def _p50s(evaluated: Evaluated, row: Rows, interval_s: Floats, known: Uncertain, end: float) -> tuple[float, float]:
    """P50 of finish and cost with an input known to be at a value."""
    draws = evaluated.draws
    points = replace(draws, values={**draws.values, known.key: np.full_like(draws.values[known.key], end)})
    found = outcomes(row, evaluated.work, points, interval_s)
    return Percentiles.of(found.duration.finish_days).p50, Percentiles.of(found.cost_usd).p50


def figures_of(evaluated: Evaluated, inputs: Sequence[Uncertain], place: int) -> tuple[NamedFigure, ...]:
    """List the figures under a design: of its chip and system, of its inputs, of its site."""
    row = rows_at(evaluated, np.array([place]))
    supply = evaluated.supplies[evaluated.designs.supply[place]]
    site = evaluated.sites[evaluated.designs.site[place]]
    found = [NamedFigure(name=name, figure=figure) for name, figure in evaluated.runs.setups[row.chip[0]].figures]
    counted = (known for known in inputs if _plays(known, supply, row))
    found += [named for known in counted for named in known.recorded_at(_place(known, row))]
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


def _plays(known: Uncertain, supply: str, row: Rows) -> bool:
    """Whether an input plays a part in a design: paying ahead costs those who rent capital too."""
    return counts_for(known.key, supply) or (known.key == CAPITAL and bool(row.prepaid.any()))


def _driver(known: Uncertain, row: Rows, ends: Floats, finish: Floats, cost: Floats) -> Driver:
    place = _place(known, row)
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


def _place(known: Uncertain, row: Rows) -> int:
    return 0 if known.axis == "all" else int(row.index[known.axis][0])
