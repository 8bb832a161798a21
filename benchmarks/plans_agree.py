"""Plan random goals and list every number that another contradicts: ``uv run python benchmarks/plans_agree.py 200``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "driving"))

from random_goals import contradictions_in, random_question

from tenfold.catalog import load_catalog
from tenfold.planning.plan.plan import answer


def main(goals: int) -> int:
    """Print what is wrong with each goal, and how many fit; 1 where anything is wrong."""
    catalog, wrong, fit = load_catalog(), 0, 0
    for seed in range(goals):
        plan = answer(random_question(seed), catalog)
        fit += plan.fits
        for said in contradictions_in(plan, catalog):
            wrong += 1
            print(f"goal {seed}: {said}")
    print(f"{goals} goals, {fit} of them with a plan, {wrong} contradictions")
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
