"""Did predictions move? A change that moves them says so, and why."""

from __future__ import annotations

import json

import pytest
from write_predictions import STORED, Point, points

RELATIVE = 1e-3
WHAT_TO_DO = (
    "predictions moved. If that was meant, add a sentence to CHANGELOG.md under 'Numbers that moved' that says what "
    "moved, by how much and why, then run: uv run python tests/golden/write_predictions.py"
)
NUMBERS = ("step_s", "memory_bytes", "mfu", "spread")


@pytest.fixture(scope="module")
def stored() -> dict[str, Point]:
    found: dict[str, Point] = json.loads(STORED.read_text(encoding="utf-8"))
    return found


def moved(name: str, old: Point, new: Point) -> list[str]:
    """What differs at one point, in words."""
    found = []
    for key in NUMBERS:
        before, after = old[key], new[key]
        if isinstance(before, float) and isinstance(after, float):
            if abs(after - before) > RELATIVE * abs(before):
                found.append(f"{name}: {key} {before:g} -> {after:g} ({after / before - 1:+.2%})")
        elif before != after:
            found.append(f"{name}: {key} {before} -> {after}")
    return found


def test_no_prediction_moved_without_a_reason(stored: dict[str, Point]) -> None:
    fresh = dict(points())
    gone = [f"{name}: no longer in the grid" for name in stored if name not in fresh]
    new = [f"{name}: not stored yet" for name in fresh if name not in stored]
    changes = gone + new + [line for name in fresh if name in stored for line in moved(name, stored[name], fresh[name])]
    shown = "\n".join(changes[:60] + [f"… and {len(changes) - 60} more"] * (len(changes) > 60))
    assert not changes, f"{len(changes)} {WHAT_TO_DO}\n{shown}"


def test_the_grid_is_broad(stored: dict[str, Point]) -> None:
    assert len(stored) >= 180
    timed = [point for point in stored.values() if point["step_s"]]
    assert len(timed) >= 140
    assert {"missing figure", "nothing fits"} & {str(point["layout"]) for point in stored.values()}


def test_a_tenth_of_a_percent_is_noticed_and_less_is_not(stored: dict[str, Point]) -> None:
    name, point = next((name, point) for name, point in stored.items() if point["step_s"])
    assert isinstance(point["step_s"], float)
    assert moved(name, point, point | {"step_s": point["step_s"] * 1.0011}) != []
    assert moved(name, point, point | {"step_s": point["step_s"] * 1.0009}) == []
    assert moved(name, point, point | {"step_s": None}) != []
