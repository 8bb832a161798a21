"""What chance decides: parameters of each draw and the shocks of each quarter, the same for every case."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tenfold.quantities import Floats, NamedFigure, distribution_of, standard_normal_ppf
from tenfold.race.arrays import Draws
from tenfold.race.cores import threads
from tenfold.race.parameters import LEAST, MOST

CHUNK, SMALL_CHUNK, SMALL = 2048, 1024, 2048
"""Draws that are simulated together: fewer where there are so few that some core would stand idle."""
PLACE: np.dtype[np.uint16] = np.dtype("<u2")
WORD: np.dtype[np.uint32] = np.dtype("<u4")
LEVELS = 2 ** (8 * PLACE.itemsize)
NORMAL: Draws = standard_normal_ppf((np.arange(LEVELS) + 0.5) / LEVELS).astype(np.float32)
"""Quantiles of the standard normal in as many equal steps: looking one up takes a fifth of the time of drawing it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shocks:
    """Standard normal shocks of a quarter, and uniforms for what either happens or does not."""

    common: Draws
    """(draw,)."""
    own: Draws
    """(player, draw)."""
    rental: Draws
    run: Draws
    """(user, draw)."""
    release: Draws
    """(user, draw), uniform."""
    family: Draws
    """(family, draw): how a family's chips stand beside the others', alike for all who buy them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Luck:
    """Parameters of a chunk of draws, (draw,) each, and where its shocks come from."""

    parameters: Mapping[str, Draws]
    seed: tuple[int, int]
    start: int
    """Place of its first draw among all."""
    count: int

    def shocks(self) -> Shocked:
        """The shocks of this chunk from the first quarter on."""
        return Shocked(np.random.SFC64(self.seed), np.random.SFC64((*self.seed, 1)), self.count)


@dataclass(frozen=True, slots=True)
class Shocked:
    """Gives the shocks of one quarter after another."""

    bits: np.random.SFC64
    of_families: np.random.SFC64
    """A stream of its own."""
    count: int

    def quarter(self, players: int, users: int, families: int) -> Shocks:
        """Shocks of the next quarter."""
        rows = 2 + players + users
        looked, uniforms = rows * self.count * PLACE.itemsize, users * self.count * WORD.itemsize
        raw = _bytes(self.bits, looked + uniforms)
        normal = NORMAL.take(raw[:looked].view(PLACE), mode="wrap").reshape(rows, self.count)
        chips = _bytes(self.of_families, families * self.count * PLACE.itemsize).view(PLACE)
        words = (raw[looked:].view(WORD) >> WORD.type(8)).reshape(users, self.count)
        return Shocks(
            common=normal[0],
            rental=normal[1],
            own=normal[2 : 2 + players],
            run=normal[2 + players :],
            family=NORMAL.take(chips, mode="wrap").reshape(families, self.count),
            release=np.multiply(words, np.float32(2.0**-24), dtype=np.float32),
        )


def _bytes(bits: np.random.SFC64, count: int) -> npt.NDArray[np.uint8]:
    """So many bytes of a stream."""
    return np.asarray(bits.random_raw(-(-count // 8)).view(np.uint8)[:count])


def drawn_parameters(figures: Mapping[str, NamedFigure], draws: int, seed: int) -> Mapping[str, Draws]:
    """Values of every parameter, (draw,): a Latin hypercube through their distributions (McKay et al. 1979).

    One draw is the median of each.
    """
    rng = np.random.default_rng(seed)
    with ThreadPoolExecutor(threads()) as pool:
        values = [pool.submit(_values, named, _strata(rng, draws)) for named in figures.values()]
    return {
        name: np.clip(each.result(), LEAST.get(name, 0.0), MOST.get(name, np.inf), dtype=np.float32)
        for name, each in zip(figures, values, strict=True)
    }


def _strata(rng: np.random.Generator, draws: int) -> Floats:
    if draws == 1:
        return np.array([0.5])
    return np.asarray((rng.permutation(draws) + rng.random(draws)) / draws)


def _values(named: NamedFigure, probability: Floats) -> Draws:
    safe = np.clip(probability, 1e-6, 1.0 - 1e-6)
    return np.asarray(distribution_of(named.figure).ppf(safe), dtype=np.float32)


def chunks(parameters: Mapping[str, Draws], draws: int, seed: int) -> tuple[Luck, ...]:
    """The draws in chunks, in order. The same number of draws is always cut alike, so luck depends on no machine."""
    size = SMALL_CHUNK if draws <= SMALL else CHUNK
    return tuple(
        Luck(
            parameters={name: values[start : start + size] for name, values in parameters.items()},
            seed=(seed, place),
            start=start,
            count=min(size, draws - start),
        )
        for place, start in enumerate(range(0, draws, size))
    )
