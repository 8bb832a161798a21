"""Damaged input to every question and reader: ``uv run python benchmarks/fuzz.py --cases N --seed S --only NAME``.

Targets find themselves (``fuzz_targets``): each starts from a sample that is right and is changed at random
(``fuzz_changes``): types, ends, not-a-numbers, dates, duplicates, nesting, unicode, size, bytes. What may come of it is
an answer in which nothing is absurd (``fuzz_oracle``), or a ``TenfoldError``; within ``MOST_SECONDS`` and
``MOST_BYTES``. They go round, a slice of time each, until ``--cases`` of each are done or ``--minutes`` are over.
A case that breaks this is printed with its number, from which ``--only NAME --seed S --start CASE --cases 1``
makes it again. ``tests/contract/test_fuzz.py`` is the short form.
"""

from __future__ import annotations

import argparse
import math
import random
import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fuzz_changes import changed_bytes, changed_json, changed_tree
from fuzz_oracle import absurd
from fuzz_targets import Target, dialects, files, others, questions, targets

from tenfold.catalog import load_catalog
from tenfold.quantities import TenfoldError

__all__ = ["absurd", "changed_bytes", "dialects", "files", "others", "questions", "run", "targets"]

MOST_SECONDS = 10.0
"""Of the processor: others may want it too."""
MOST_BYTES = 1_000_000_000
TURN_S, A_TURN = 2.0, 50
"""How long a target is tried before the next one's turn, and cases between two looks at the clock."""


@dataclass(slots=True)
class Tally:
    """What came of a target's cases."""

    cases: int = 0
    read: int = 0
    refused: int = 0
    broken: list[str] = field(default_factory=list)
    slowest_s: float = 0.0
    seconds: float = 0.0


def run(target: Target, cases: int, seed: int, start: int = 0, tally: Tally | None = None) -> Tally:
    """Try so many changed samples of a target; case n of a seed is always the same."""
    tally = tally or Tally()
    for case in range(start, start + cases):
        began = time.process_time()
        said = tried(target, case, seed, tally)
        seconds = time.process_time() - began
        tally.cases += 1
        tally.seconds += seconds
        tally.slowest_s = max(tally.slowest_s, seconds)
        if seconds > MOST_SECONDS:
            said = said or f"{seconds:.1f} s"
        if said:
            tally.broken.append(f"case {case}: {said}")
    return tally


def tried(target: Target, case: int, seed: int, tally: Tally) -> str:
    """Try one case; what is wrong with what came of it, empty for nothing."""
    rng = random.Random(f"{seed}/{target.name}/{case}")
    changed = damaged(target.sample, rng)
    try:
        target.read(changed, rng)
    except TenfoldError as refusal:
        tally.refused += 1
        return "" if str(refusal) else "refused without a word"
    except Exception as trouble:
        where = traceback.extract_tb(trouble.__traceback__)[-1]
        place = f"{Path(where.filename).name}:{where.lineno}"
        return f"{type(trouble).__name__}: {str(trouble)[:160]!r} at {place}"
    tally.read += 1
    return ""


def damaged(sample: Any, rng: random.Random) -> Any:
    """What is right, changed after its kind."""
    if not isinstance(sample, bytes):
        return changed_tree(sample, rng)
    return changed_json(sample, rng) if sample.startswith(b"{") else changed_bytes(sample, rng)


def go_round(found: Sequence[Target], cases: int, seed: int, start: int, until: float) -> dict[str, Tally]:
    """Try all targets in turn, until the cases are done or the time is over; what breaks is printed at once."""
    tallies = {target.name: Tally() for target in found}
    left = list(found)
    while left and time.monotonic() < until:
        for target in left:
            take_turn(target, tallies[target.name], cases, seed, start)
        left = [target for target in left if tallies[target.name].cases < cases]
        done = sum(tally.cases for tally in tallies.values())
        print(f"{done:,} cases, {len(left)} targets left, {memory_bytes() / 1e6:,.0f} MB", flush=True)
    return tallies


def take_turn(target: Target, tally: Tally, cases: int, seed: int, start: int) -> None:
    """Try the next cases of a target for a slice of time."""
    known, ends = len(tally.broken), time.monotonic() + TURN_S
    while tally.cases < cases and time.monotonic() < ends:
        run(target, min(A_TURN, cases - tally.cases), seed, start + tally.cases, tally)
    for said in tally.broken[known : known + 8]:
        print(f"{target.name}: {said}", flush=True)


def memory_bytes() -> int:
    """The most that this process held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def show(tallies: dict[str, Tally]) -> bool:
    """Print the counts by target; whether all held."""
    for name, tally in tallies.items():
        print(
            f"{name:24} {tally.cases:8,} cases  {tally.read:8,} read  {tally.refused:8,} refused  "
            f"{len(tally.broken):4} broken  slowest {tally.slowest_s:.2f} s  in {tally.seconds:.0f} s"
        )
    broken = [said for tally in tallies.values() for said in tally.broken]
    kinds = Counter(said.partition(": ")[2].partition(":")[0] for said in broken)
    total = sum(tally.cases for tally in tallies.values())
    print(f"{total:,} cases, {len(broken)} broken {dict(kinds)}, at most {memory_bytes() / 1e6:,.0f} MB", flush=True)
    return not broken and memory_bytes() <= MOST_BYTES


def main() -> int:
    """Try every target; 1 when anything broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, help="of each target")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=int, default=0, help="number of the first case")
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop after the round in which they are over")
    parser.add_argument("--only", default="", help="part of the names of targets")
    chosen = parser.parse_args()
    found = [target for target in targets(load_catalog()) if chosen.only in target.name]
    until = time.monotonic() + 60.0 * chosen.minutes
    return int(not show(go_round(found, chosen.cases, chosen.seed, chosen.start, until)))


if __name__ == "__main__":
    sys.exit(main())
