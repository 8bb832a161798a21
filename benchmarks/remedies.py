"""Ask for the changes that impossible goals are answered with, word for word: ``benchmarks/remedies.py 60``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "driving"))

from impossible_goals import impossible_portfolio, impossible_run, impossible_service
from named_changes import failing

import tenfold
from tenfold.catalog import Catalog, load_catalog
from tenfold.planning.plan.plan import plan_run
from tenfold.planning.plan.serve.serve import answer as plan_services


def main(goals: int) -> int:
    """Print the changes that do not do, and how many goals were impossible; 1 where any does not."""
    catalog = load_catalog()
    kinds: dict[str, tuple[Callable[[int], Any], Callable[[Any], Any]]] = {
        "plan": (impossible_run, partial(plan_run, catalog=catalog, seed=0)),
        "plan serve": (partial(impossible_service, catalog=catalog), partial(plan_services, catalog=catalog)),
        "plan portfolio": (impossible_portfolio, partial(_portfolio, catalog)),
    }
    wrong = 0
    for kind, (goal_of, planned) in kinds.items():
        impossible = 0
        for seed in range(goals):
            said, none = _failing(goal_of(seed), planned)
            impossible += none
            wrong += len(said)
            for each in said:
                print(f"{kind} {seed}: {each}")
        print(f"{kind}: {goals} goals, {impossible} of them impossible")
    print(f"{wrong} changes do not do")
    return int(wrong > 0)


def _failing(question: Any, planned: Callable[[Any], Any]) -> tuple[list[str], bool]:
    """Changes of a question that do not do, and whether it was impossible."""
    found = planned(question)
    if found.best is not None or not found.infeasible:
        return [], found.best is None
    return list(failing(question, found.infeasible, lambda asked: planned(asked).best is not None)), True


def _portfolio(catalog: Catalog, question: Any) -> Any:
    parts = {name: getattr(question, name) for name in ("goal", "services", "runs", "means")}
    return tenfold.plan_portfolio(catalog=catalog, **parts)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60))
