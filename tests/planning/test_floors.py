"""The house of planning: few floors, and no circle; imports inside functions and for types count like any other."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"
MOST_FLOORS = 6


def modules() -> Mapping[str, Path]:
    """Modules of the room by name."""
    found = {}
    for file in SOURCE.glob("tenfold/planning/**/*.py"):
        parts = file.relative_to(SOURCE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


MODULES = modules()


@cache
def imported(module: str) -> frozenset[str]:
    """Modules of the room that one imports."""
    found = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {name if (name := f"{node.module}.{each.name}") in MODULES else node.module for each in node.names}
        elif isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
    return frozenset(found & MODULES.keys() - {module})


def longest_chain(module: str, above: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Longest chain of imports from a module down; fails on a circle."""
    assert module not in above, f"a circle: {' > '.join((*above[above.index(module) :], module))}"
    below = (longest_chain(each, (*above, module)) for each in sorted(imported(module)))
    return (module, *max(below, key=len, default=()))


def test_planning_has_no_circle() -> None:
    for module in MODULES:
        longest_chain(module)


def test_planning_has_few_floors() -> None:
    chains = [longest_chain(module) for module in MODULES]
    assert max(map(len, chains)) <= MOST_FLOORS, max(chains, key=len)


def test_questions_share_what_is_below_them_and_not_plan() -> None:
    for module in MODULES:
        if not module.startswith("tenfold.planning.plan"):
            assert not {each for each in imported(module) if each.startswith("tenfold.planning.plan")}, module
