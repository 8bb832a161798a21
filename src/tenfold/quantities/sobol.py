"""Scrambled Sobol points, as ``scipy.stats.qmc.Sobol`` gives them to the last bit, without the 1.7 s that it loads for.

Point i is the exclusive or of a shift and of the direction numbers at the bits of the Gray code of i [Bratley and Fox
1988, doi:10.1145/42288.214372]; direction numbers are scrambled by a random lower triangular matrix each [Matoušek
1998, doi:10.1006/jcom.1998.0487].
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tenfold.quantities.arrays import Floats

BITS = 30
"""Binary digits of a coordinate."""
TABLE = Path(__file__).with_name("sobol.csv")

Words = npt.NDArray[np.uint32]


def scrambled_sobol(dimensions: int, points_log2: int, rng: np.random.Generator) -> Floats:
    """The first 2^``points_log2`` points in [0, 1), shape (points, dimensions).

    Scrambled by a child of ``rng``, which itself draws nothing. Raises ``ValueError`` for more dimensions than the
    table of direction numbers has.
    """
    (rng,) = rng.spawn(1)
    shift_bits = rng.integers(0, 2, size=(dimensions, BITS), dtype=np.uint32)
    matrices = np.tril(rng.integers(0, 2, size=(dimensions, BITS, BITS), dtype=np.uint32))
    shift = np.dot(shift_bits, 2 ** np.arange(BITS, dtype=np.uint32))
    numbers = _scrambled(direction_numbers(dimensions), matrices)
    points = np.empty((2**points_log2, dimensions), dtype=np.uint32)
    points[0] = shift
    for bit in range(points_log2):  # the Gray code of 2^bit + i is that of 2^bit - 1 - i with one bit more
        have = 1 << bit
        points[have : 2 * have] = points[:have][::-1] ^ numbers[:, bit]
    return points * 0.5**BITS


def direction_numbers(dimensions: int) -> Words:
    """Direction numbers as fixed-point fractions, shape (dimensions, bits). Raises ``ValueError`` beyond the table."""
    table = _table()
    if dimensions > len(table):
        raise ValueError(f"{dimensions} dimensions; {TABLE.name} has direction numbers for {len(table)}")
    return np.array(table[:dimensions], dtype=np.uint32).reshape(dimensions, BITS)


def _scrambled(numbers: Words, matrices: Words) -> Words:
    """Multiply the digits of each direction number, the highest first, by a matrix with ones on the diagonal, mod 2."""
    places = np.arange(BITS - 1, -1, -1, dtype=np.uint32)
    digits = numbers[:, :, None] >> places & 1
    matrices[:, np.arange(BITS), np.arange(BITS)] = 1
    mixed = digits @ matrices.transpose(0, 2, 1) & 1
    return np.asarray((mixed << places).sum(axis=2), dtype=np.uint32)


@cache
def _table() -> tuple[tuple[int, ...], ...]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines if line[:1].isdigit()]
    first = tuple(1 << BITS - 1 - place for place in range(BITS))
    return (first, *(_numbers(int(polynomial), [int(m) for m in known.split()]) for _, polynomial, known in rows))


def _numbers(polynomial: int, known: list[int]) -> tuple[int, ...]:
    """Direction numbers of one dimension from its first ones, by the recurrence of its polynomial."""
    degree = len(known)
    numbers = list(known)
    for place in range(degree, BITS):
        value = numbers[place - degree]
        for power in range(1, degree + 1):
            if polynomial >> degree - power & 1:
                value ^= numbers[place - power] << power
        numbers.append(value)
    return tuple(number << BITS - 1 - place for place, number in enumerate(numbers))
