"""Speed of replaying requests through a fleet: requests a second of one core, compiled and plain, by router.

uv run --extra fast python benchmarks/replay.py [TRACE ...]

With traces of requests it replays each of them too, and prints what their caches hold.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from tenfold.fleet import ROUTERS, Affinity, Incoming, Ranks, Stand, read_requests, replay_requests
from tenfold.fleet.requests.replay import compiled_is_there
from tenfold.performance.serving import Server, poisson_arrivals

REQUESTS = 400_000
PLAIN = 20_000
UNITS = 50
RATE_PER_UNIT = 8.0
MUST_PER_S = 100_000


def fleet(units: int) -> Ranks:
    """Ranks that are busy with about twenty sequences each."""
    server = Server(
        steps_s=[0.0, *(0.01 + 0.0002 * batch for batch in range(1, 129))],
        prompt_s_per_token=2e-5,
        prompt_floor_s=0.01,
        mixed_share=0.7,
        token_budget=2048.0,
    )
    return Ranks(
        server=server,
        cache_tokens=500_000.0,
        cache_growth=0.6,
        stand=Stand(first=units),
        affinity=Affinity(least_share=0.3, far_ahead=64.0, times_ahead=1.5),
    )


def requests(count: int) -> Incoming:
    """Independent requests of 1 to 4,000 tokens in and 1 to 400 out."""
    rng = np.random.default_rng(1)
    prompts = rng.integers(1, 4_000, count).astype(float)
    return Incoming(
        arrival_s=poisson_arrivals(RATE_PER_UNIT * UNITS, count, 1),
        prompt_tokens=prompts,
        new_tokens=prompts,
        output_tokens=rng.integers(1, 400, count).astype(float),
    )


def rate_per_s(incoming: Incoming, router: str, *, compiled: bool, units: int = UNITS) -> tuple[float, float]:
    """Requests a second of one core, and the share of prompt tokens that were cached."""
    started = time.process_time()
    found = replay_requests(incoming, fleet(units), router, compiled=compiled)
    taken_s = time.process_time() - started
    held = found.unit >= 0
    return len(incoming.arrival_s) / taken_s, 1.0 - found.new_tokens[held].sum() / incoming.prompt_tokens[held].sum()


def main() -> int:
    """Print requests a second beside what is asked; gives the exit code."""
    engines = [True, False] if compiled_is_there() else [False]
    for compiled in engines:
        name = "compiled" if compiled else "plain"
        if compiled:
            started = time.perf_counter()
            replay_requests(requests(10), fleet(UNITS), "least-load", compiled=True)
            print(f"loading the compiled engine {time.perf_counter() - started:10.1f} s")
        for router in ROUTERS:
            found, _ = rate_per_s(requests(REQUESTS if compiled else PLAIN), router, compiled=compiled)
            print(f"{name:9s}{router:14s}{found:12,.0f} requests/s a core   ({MUST_PER_S:,})")
    for path in sys.argv[1:]:
        trace = read_requests(Path(path))
        own = Incoming(
            arrival_s=trace.arrival_s,
            prompt_tokens=trace.prompt_tokens,
            new_tokens=trace.prompt_tokens,
            output_tokens=trace.output_tokens,
            blocks=trace.blocks,
        )
        for router in ROUTERS:
            found, cached = rate_per_s(own, router, compiled=engines[0], units=4)
            print(f"{Path(path).name:34s}{router:14s}{found:12,.0f} requests/s a core, {cached:.1%} cached")
    return 0


if __name__ == "__main__":
    sys.exit(main())
