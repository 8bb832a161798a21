"""Draws of the uncertain amounts of a rental question, and each amount moved alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tenfold.planning.rental.case import CORRELATION, RentalCase, RentalInput
from tenfold.planning.rental.chance import TOGETHER, at_chance, chance, tied
from tenfold.planning.rental.inputs import at_p50, quarters_of
from tenfold.quantities import Floats, sobol_uniforms

LOW, HIGH = 0.1, 0.9
MOVED_SHARE = 0.1
"""By which an amount without a range is moved."""


def sobol_values(case: RentalCase, seed: int) -> dict[str, Floats]:
    """Values of all inputs at 1,024 scrambled Sobol points, shape (draw, 1); one draw where nothing is uncertain."""
    uncertain = [known for known in case.inputs.values() if known.uncertain]
    values = at_p50(case)
    if not uncertain and not at_chance(case, values):
        return values
    points = _together(case, uncertain, sobol_uniforms(len(uncertain) + 1, seed))
    for place, known in enumerate(uncertain):
        values[known.key] = _cut(known, known.distribution.ppf(points[:, place]))[:, None]
    return values | chance(case, values, (len(points), quarters_of(case, values)), seed)


def _together(case: RentalCase, uncertain: Sequence[RentalInput], points: Floats) -> Floats:
    """The points, with prices and utilisations of all markets tied to the last coordinate: a glut hits all of them."""
    known = case.inputs.get(CORRELATION)
    if known is not None:
        for place, each in enumerate(uncertain):
            if each.key.endswith(TOGETHER):
                points[:, place] = tied(points[:, place], points[:, -1], known.value)
    return points


def moved_ends(known: RentalInput) -> tuple[float, float]:
    """Where an input is moved to: its P10 and P90, or 10 % down and up where no range is given."""
    if known.uncertain:
        ends = known.distribution.ppf(np.array([LOW, HIGH]))
    else:
        ends = known.value * np.array([1.0 - MOVED_SHARE, 1.0 + MOVED_SHARE])
    low, high = np.sort(_cut(known, ends))
    return float(low), float(high)


def one_at_a_time(case: RentalCase, inputs: Sequence[RentalInput]) -> dict[str, Floats]:
    """Row 2i has input i at its low end, row 2i + 1 at its high end, all else at P50; shape (2·inputs, 1)."""
    count = 2 * len(inputs)
    values = {key: np.repeat(value, count, axis=0) for key, value in at_p50(case).items()}
    for place, known in enumerate(inputs):
        values[known.key][2 * place : 2 * place + 2, 0] = moved_ends(known)
    return values


def _cut(known: RentalInput, values: Floats) -> Floats:
    return np.clip(values, known.asks.amount.least, known.asks.amount.most)
