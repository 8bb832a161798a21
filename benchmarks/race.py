"""Speed of the race: ``uv run python benchmarks/race.py``.

Draws × 40 quarters × 20 players, everything that is told of a case included. Asked of two cores and 1 GB: 100,000 draws
under 6 s, 1,000 under 0.3 s. CPU seconds are printed beside, since a busy machine makes wall time long; the opening of
the world and reading the catalog come once and are printed apart.
"""

from __future__ import annotations

import resource
import sys
from time import perf_counter, process_time

from tenfold.catalog import load_catalog
from tenfold.race.casting import events_of
from tenfold.race.cores import threads
from tenfold.race.findings import case_answer, quarter_names
from tenfold.race.luck import drawn_parameters
from tenfold.race.opening import START_DAY, opening
from tenfold.race.runs import run_case

QUARTERS = 40
SIZES = (1_000, 10_000, 100_000)
MIB = 1024.0 if sys.platform != "darwin" else 1024.0 * 1024.0


def main() -> None:
    """Print a line for each number of draws."""
    catalog = load_catalog()
    started = perf_counter()
    world = opening(catalog, START_DAY)
    events = events_of(None, world, QUARTERS, catalog.observations.values(), catalog)
    players = f"{len(world.players)} players, {len(world.users)} users"
    print(f"opening: {perf_counter() - started:.2f} s; {players}; {threads()} threads")
    names = quarter_names(START_DAY, QUARTERS)
    for draws in SIZES:
        wall, cpu = perf_counter(), process_time()
        parameters = drawn_parameters(world.parameters, draws, 0)
        kept = run_case(world, events, parameters, quarters=QUARTERS, seed=0, tell=lambda _: None)
        simulated = perf_counter() - wall
        case_answer("base", world, kept, names, None, parameters)
        took, spent = perf_counter() - wall, process_time() - cpu
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
        print(
            f"{draws:9,d} draws × {QUARTERS}: {took:6.2f} s in all, {simulated:6.2f} s simulated, {spent:6.2f} CPU s, "
            f"{1e6 * spent / draws:6.1f} µs a draw, peak {peak:5.0f} MiB"
        )


if __name__ == "__main__":
    main()
