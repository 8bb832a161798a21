"""The compiled replay of requests gives the same as its plain twin, request by request."""

from __future__ import annotations

import numpy as np
import pytest

from tenfold.fleet import ROUTERS, Affinity, Incoming, Ranks, Stand, replay_requests
from tenfold.fleet.requests.replay import compiled_is_there
from tenfold.fleet.requests.trace import Blocks
from tenfold.performance.serving import Server, poisson_arrivals

needs_fast = pytest.mark.skipif(not compiled_is_there(), reason="the extra fast is not installed")


@needs_fast
@pytest.mark.parametrize("router", sorted(ROUTERS))
@pytest.mark.parametrize("mixes", [True, False])
@pytest.mark.parametrize("cache_tokens", [9_000.0, np.inf])
def test_the_compiled_engine_gives_the_same(router: str, mixes: bool, cache_tokens: float) -> None:
    server = Server(
        steps_s=[0.0, *(0.01 + 0.0002 * batch for batch in range(1, 33))],
        prompt_s_per_token=2e-5,
        prompt_floor_s=0.01,
        mixed_share=0.7,
        token_budget=512.0,
        tokens_per_step=1.7,
        mixes_prompts=mixes,
    )
    rng = np.random.default_rng(3)
    count = 4_000
    lengths = rng.integers(1, 9, count)
    start = np.concatenate([[0], np.cumsum(lengths)])
    number = np.concatenate([np.arange(each) + 8 * rng.integers(0, 60) for each in lengths])
    for blocks in (None, Blocks(start=start, number=number, tokens=100)):
        prompts = (100 * lengths).astype(np.float64)
        asked = Incoming(
            arrival_s=np.round(poisson_arrivals(100.0, count, 1), 2),
            prompt_tokens=prompts,
            new_tokens=prompts,
            output_tokens=rng.integers(1, 300, count).astype(float),
            blocks=blocks,
        )
        fleet = Ranks(
            server=server,
            cache_tokens=cache_tokens,
            cache_growth=0.6,
            stand=Stand(first=6, change_s=np.array([10.0, 20.0]), units=np.array([2, 8])),
            affinity=Affinity(least_share=0.3, far_ahead=8.0, times_ahead=1.5),
        )
        plain, compiled = (replay_requests(asked, fleet, router, compiled=each) for each in (False, True))
        for name in ("first_s", "last_s", "unit", "new_tokens"):
            np.testing.assert_array_equal(getattr(plain, name), getattr(compiled, name))
