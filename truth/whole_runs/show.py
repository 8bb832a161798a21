"""Whole runs as published against one plan of each: ``uv run python truth/whole_runs/show.py``."""

from __future__ import annotations

import csv
from pathlib import Path

import tenfold

HERE = Path(__file__).resolve().parent
HOURS_PER_DAY = 24.0


def main() -> None:
    """Print days on the chips as published and as planned."""
    with (HERE / "published.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    inside = 0
    for row in rows:
        published = float(row["chip_hours"]) / float(row["chips"]) / HOURS_PER_DAY
        best = tenfold.plan(HERE / f"{row['run']}.toml").best
        if best is None:
            print(f"{row['run']}: {published:.1f} days published, nothing fits")
            continue
        days = best.days_on_chips
        holds = days.p10 <= published <= days.p90
        inside += holds
        word = "inside" if holds else "outside"
        print(f"{row['run']}: {published:.1f} days published, {days.p50:.1f} ({days.p10:.1f}–{days.p90:.1f}) {word}")
    print(f"{inside} of {len(rows)} inside P10–P90")


if __name__ == "__main__":
    main()
