"""The stress line: the best design with all that is assumed at the worst that anybody published of it, at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tenfold.planning.plan.answer import Stress, Stressed
from tenfold.planning.plan.train.evaluated import LEAST_EFFECT, Evaluated, place_of, plays, rows_at
from tenfold.planning.supply.outcome import outcomes, p50s_of
from tenfold.quantities import HIGH, LOW, Conflict, Percentiles, Uncertain, relative_effect

UNSURE = ("assumption", "estimate")
"""Kinds of figures that nobody measured or asked."""


def stress(evaluated: Evaluated, inputs: Sequence[Uncertain], place: int) -> Stress:
    """Set all that is assumed or estimated to the end that is worse for the cost, or if that is equal for the finish.

    An end is the P10 or the P90, or what is published beyond it. What was measured or asked stays as uncertain as it
    is.
    """
    row = rows_at(evaluated, np.array([place]))
    supply = evaluated.supplies[evaluated.designs.supply[place]]
    interval = evaluated.interval_s[evaluated.designs.row[[place]]]
    values, said = dict(evaluated.draws.values), list[Stressed]()
    unsure = [(known, place_of(known, row)) for known in inputs if plays(known, supply, row)]
    unsure = [(known, at) for known, at in unsure if known.figures[at].figure.kind in UNSURE]
    ends = [ends_of(known, at) for known, at in unsure]
    variants = [{known.key: end.value} for (known, _), pair in zip(unsure, ends, strict=True) for end in pair]
    p50s = p50s_of(row, evaluated.work, evaluated.draws, interval, variants)
    low_and_high = zip(p50s, p50s, strict=True)  # one after the other, as the variants stand
    for (known, at), (low, high), (one, other) in zip(unsure, ends, low_and_high, strict=True):
        worse = high if (other[1], other[0]) >= (one[1], one[0]) else low
        if max(relative_effect(np.array(pair)) for pair in zip(one, other, strict=True)) >= LEAST_EFFECT:
            values[known.key] = np.full_like(values[known.key], worse.value)
            said.append(Stressed(name=known.label, value=known.text(worse.value, at), source=worse.source))
    found = outcomes(row, evaluated.work, replace(evaluated.draws, values=values), interval)
    return Stress(
        inputs=tuple(said),
        finish_days=Percentiles.of(found.duration.finish_days).p50,
        cost_usd=Percentiles.of(found.cost_usd).p50,
    )


def ends_of(known: Uncertain, at: int) -> tuple[Conflict, Conflict]:
    """Lowest and highest value of an input at a place, each with who published it; without a source it is assumed.

    They are its P10 and P90, unless values that are published lie there or beyond.
    """
    published = known.figures[at].figure.published
    return (
        min((*published, _drawn(known, at, LOW)), key=lambda each: each.value),
        max((*published, _drawn(known, at, HIGH)), key=lambda each: each.value),
    )


def _drawn(known: Uncertain, at: int, share: float) -> Conflict:
    """A quantile of an input, which nobody has to have published."""
    return Conflict(value=float(known.at_place(np.array([share]), at)[0]), source="")
