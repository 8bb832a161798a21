"""Where the time of a plan goes: ``uv run python benchmarks/plan.py [GOAL.toml]``.

Prints the command from a cold process, a warm plan in the same process, and the shares of its stages under the
profiler, which slows small functions; shares travel between machines, times do not.
"""

from __future__ import annotations

import cProfile
import pstats
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "llama3-405b.toml"
STAGES: Mapping[str, str] = {
    "find_runs": "candidates and layouts searched",
    "fastest_of": "  of which searching layouts",
    "find_offers": "offers",
    "_evaluate": "evaluation under uncertainty",
    "durations": "  of which duration and goodput",
    "_choose": "choice and description",
    "to_json": "JSON",
}
REPEATS = 5


def seconds_by_function(profile: cProfile.Profile) -> Mapping[str, float]:
    """Cumulative seconds by function name; of functions that share a name the longest."""
    found: dict[str, float] = {}
    table: Mapping[tuple[str, int, str], tuple[int, int, float, float, object]] = vars(pstats.Stats(profile))["stats"]
    for (file, _, name), (_, _, _, cumulative, _) in table.items():
        if "tenfold" in file:
            found[name] = max(found.get(name, 0.0), cumulative)
    return found


def main() -> None:
    """Print cold, warm and split."""
    goal = str(Path(sys.argv[1])) if len(sys.argv) > 1 else str(EXAMPLE)
    started = perf_counter()
    subprocess.run([sys.executable, "-m", "tenfold.interfaces.cli", "plan", goal, "--json"], check=True,
                   stdout=subprocess.DEVNULL)  # fmt: skip
    cold_s = perf_counter() - started

    import tenfold

    first = perf_counter()
    tenfold.plan(goal)
    first_s = perf_counter() - first
    warm = []
    for _ in range(REPEATS):
        started = perf_counter()
        tenfold.plan(goal)
        warm.append(perf_counter() - started)
    print(f"{goal}\ncommand, new process: {cold_s:.2f} s; first plan in a process: {first_s:.2f} s; "
          f"warm: {min(warm):.2f} s ({cold_s / min(warm):.1f} × less than the command)")  # fmt: skip
    profile = cProfile.Profile()
    profile.enable()
    tenfold.to_json(tenfold.plan(goal))
    profile.disable()
    found = seconds_by_function(profile)
    total = found.get("plan", 0.0) + found.get("to_json", 0.0)
    for name, words in STAGES.items():
        if name in found:
            print(f"{words:36s} {found[name] / total:6.1%}")


if __name__ == "__main__":
    main()
