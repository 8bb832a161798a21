"""A trace of requests through routers, replicas and their caches: what every request sees."""

from __future__ import annotations

import math
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from tenfold.fleet.requests.engine import run
from tenfold.fleet.requests.routers import ROUTERS
from tenfold.fleet.requests.scaling import Stand
from tenfold.fleet.requests.scene import NOBODY, Scene
from tenfold.fleet.requests.trace import Blocks
from tenfold.performance.serving import Server
from tenfold.quantities import Flags, Floats, Integers

WORTH_LOADING = 200_000
"""Requests from which on the compiled engine saves more than loading it takes (``benchmarks/replay.py``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Affinity:
    """When a router that looks at prefixes sends a request to the unit that holds the longest; else the idlest."""

    least_share: float
    """Of the prompt that has to be there."""
    far_ahead: float
    """Requests by which that unit may be ahead of the idlest; beyond it"""
    times_ahead: float
    """it may have so many times the requests of the idlest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """Requests as a fleet gets them, in order of arrival; (requests,)."""

    arrival_s: Floats
    prompt_tokens: Floats
    new_tokens: Floats
    """Without what is cached, where ``blocks`` do not say."""
    output_tokens: Floats
    blocks: Blocks | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranks:
    """Attention ranks that are alike: one of them, and how many take requests over time."""

    server: Server
    cache_tokens: float
    """That fit a rank."""
    cache_growth: float
    """Part of an answer that a request is admitted with."""
    longest_tokens: float = math.inf
    """Of a prompt with its answer, that the model takes."""
    stand: Stand
    """In ranks."""
    affinity: Affinity


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedRequests:
    """What every request saw; (requests,), infinite times for one that no rank can hold."""

    arrival_s: Floats
    first_s: Floats
    last_s: Floats
    output_tokens: Floats
    unit: Integers
    """−1 for one that no rank can hold."""
    new_tokens: Floats

    @property
    def ttft_s(self) -> Floats:
        """Time to the first token."""
        return self.first_s - self.arrival_s

    @property
    def tpot_s(self) -> Floats:
        """Time per output token after the first; of one token, none."""
        held = self.unit >= 0
        given = np.where(held, self.last_s, 0.0) - np.where(held, self.first_s, 0.0)
        return np.where(held, given / np.maximum(self.output_tokens - 1.0, 1.0), np.inf)

    @property
    def e2e_s(self) -> Floats:
        """Time to the last token."""
        return self.last_s - self.arrival_s


def replay_requests(incoming: Incoming, ranks: Ranks, router: str, *, compiled: bool | None = None) -> ReplayedRequests:
    """Send every request through a fleet, until all that can be held are answered.

    ``compiled`` chooses the engine: both give the same; left out, what is there and worth loading. Raises nothing.
    """
    held = incoming.new_tokens if incoming.blocks is None else incoming.prompt_tokens
    whole = incoming.prompt_tokens + incoming.output_tokens
    fits = (held + ranks.cache_growth * incoming.output_tokens <= ranks.cache_tokens) & (whole <= ranks.longest_tokens)
    taken = incoming if fits.all() else _only(incoming, fits)
    if compiled is None:
        compiled = len(taken.arrival_s) >= WORTH_LOADING and compiled_is_there()
    scene = _scene(taken, ranks, ROUTERS[router])
    if compiled:
        from tenfold.fleet.requests.compiled import compiled_run

        compiled_run()(scene)
    else:
        scene = Scene(*(column.tolist() for column in scene))
        run(scene)
    return ReplayedRequests(
        arrival_s=incoming.arrival_s,
        first_s=_spread_out(fits, scene.first_s, np.inf),
        last_s=_spread_out(fits, scene.last_s, np.inf),
        output_tokens=incoming.output_tokens,
        unit=_spread_out(fits, scene.unit, NOBODY).astype(np.int64),
        new_tokens=_spread_out(fits, scene.new_tokens, 0.0),
    )


def compiled_is_there() -> bool:
    """Whether the extra ``fast`` is installed."""
    return find_spec("numba") is not None


def _spread_out(fits: Flags, values: Any, otherwise: float) -> Floats:  # noqa: ANN401  (a column of a scene)
    found = np.full(len(fits), otherwise)
    found[fits] = values
    return found


def _only(incoming: Incoming, kept: Flags) -> Incoming:
    blocks = incoming.blocks
    if blocks is not None:
        counts = np.diff(blocks.start)
        start = np.concatenate([[0], np.cumsum(counts[kept])])
        blocks = Blocks(start=start, number=blocks.number[np.repeat(kept, counts)], tokens=blocks.tokens)
    return Incoming(
        arrival_s=incoming.arrival_s[kept],
        prompt_tokens=incoming.prompt_tokens[kept],
        new_tokens=incoming.new_tokens[kept],
        output_tokens=incoming.output_tokens[kept],
        blocks=blocks,
    )


def _scene(incoming: Incoming, ranks: Ranks, router: int) -> Any:  # noqa: ANN401  (a Scene of arrays)
    """The state before the first event, as arrays."""
    most, count = ranks.server.most, max(ranks.stand.most, 1)
    leaves = 2 ** math.ceil(math.log2(max(count, 2)))
    load = np.full(2 * leaves, np.inf)
    columns: Any = {
        **_of_requests(incoming),
        **_of_units(count, most),
        **_of_caches(incoming.blocks, count),
        "rank": _rank(ranks, incoming.blocks),
        "steps_s": np.asarray(ranks.server.steps_s, dtype=np.float64),
        "tally": np.array(
            [router, most, len(incoming.arrival_s), 0, 0, 1, 0 if incoming.blocks is None else _distinct(incoming), 0]
        ),
        "until_s": np.full(2 * leaves, np.inf),
        "least_load": load,
        "change_s": np.concatenate([[-np.inf], ranks.stand.change_s]),
        "active": np.concatenate([[ranks.stand.first], ranks.stand.units]).astype(np.int64),
    }
    return Scene(**columns)


def _distinct(incoming: Incoming) -> int:
    assert incoming.blocks is not None
    return int(incoming.blocks.number.max(initial=0)) + 1


def _rank(ranks: Ranks, blocks: Blocks | None) -> Floats:
    server = ranks.server
    return np.array(
        [
            server.prompt_s_per_token,
            server.prompt_floor_s,
            server.mixed_share,
            server.token_budget,
            server.tokens_per_step,
            float(server.mixes_prompts),
            ranks.cache_tokens,
            ranks.cache_growth,
            0.0 if blocks is None else float(blocks.tokens),
            ranks.affinity.least_share,
            ranks.affinity.far_ahead,
            ranks.affinity.times_ahead,
        ]
    )


def _of_requests(incoming: Incoming) -> dict[str, Any]:
    count, blocks = len(incoming.arrival_s), incoming.blocks
    none = np.zeros(count + 1, dtype=np.int64)
    return {
        "arrival_s": incoming.arrival_s.astype(np.float64),
        "prompt_tokens": incoming.prompt_tokens.astype(np.float64),
        "new_tokens": incoming.new_tokens.astype(np.float64),
        "output_tokens": incoming.output_tokens.astype(np.float64),
        "block_start": none if blocks is None else blocks.start.astype(np.int64),
        "block": none[:1] if blocks is None else blocks.number.astype(np.int64),
        "unit": np.full(count, NOBODY, dtype=np.int64),
        **{name: np.zeros(count) for name in ("first_s", "last_s", "held_tokens")},
        "next": np.full(count, NOBODY, dtype=np.int64),
    }


def _of_units(count: int, most: int) -> dict[str, Any]:
    nobody = ("head", "tail", "done_head", "done_tail", "prefilling", "oldest", "newest")
    wholes = ("does", "planned", "taken_steps", "load", "running", "cached_blocks")
    numbers = ("since_s", "step_s", "rest_tokens", "reserved_tokens", "answering_tokens")
    return {
        **{name: np.full(count, NOBODY, dtype=np.int64) for name in nobody},
        **{name: np.zeros(count, dtype=np.int64) for name in wholes},
        **{name: np.zeros(count) for name in numbers},
        **{name: np.zeros(count * most, dtype=np.int64) for name in ("ends_after", "ends")},
    }


def _of_caches(blocks: Blocks | None, units: int) -> dict[str, Any]:
    touches = 0 if blocks is None else len(blocks.number)
    distinct = 0 if blocks is None else int(blocks.number.max(initial=0)) + 1
    pairs = max(min(touches, distinct * units), 1)
    table = 2 ** math.ceil(math.log2(2 * pairs))
    return {
        **{name: np.zeros(table, dtype=np.int64) for name in ("key", "touched")},
        "holder": np.full(distinct, NOBODY, dtype=np.int64),
        "touch_pair": np.zeros(touches + 1, dtype=np.int64),
        "touch_next": np.full(touches + 1, NOBODY, dtype=np.int64),
    }
