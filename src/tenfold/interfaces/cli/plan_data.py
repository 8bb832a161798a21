"""A plan as plain data, read back from the JSON that ``tenfold plan --json`` printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tenfold.quantities import InputError, Problem, shown

LARGEST_FILE_BYTES = 64_000_000
PARTS = ("goal", "best", "alternatives", "infeasible", "catalog_version", "seed")
"""Keys every plan has."""


def read_plan(path: Path) -> dict[str, Any]:
    """Read a plan. Raises ``InputError`` for a file that is missing, too large, no JSON, or no plan."""

    def refuse(wrong: str) -> InputError:
        remedy = "Write one with: tenfold plan GOAL.toml --json > plan.json"
        return InputError(Problem(file=str(path), key="", wrong=wrong, remedy=remedy))

    if not path.is_file():
        raise refuse("no such file")
    if path.stat().st_size > LARGEST_FILE_BYTES:
        raise refuse("is too large for a plan")
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as trouble:
        raise refuse(f"is no JSON ({shown(str(trouble))[1:-1]})") from None
    if not isinstance(found, dict) or any(part not in found for part in PARTS):
        raise refuse("is no plan")
    return found
