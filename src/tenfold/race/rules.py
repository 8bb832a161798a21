"""Dated export rules of the history as events: from their quarter on, what a maker sells under the line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tenfold.catalog import Observation
from tenfold.race.events import Events
from tenfold.race.series import quarters_between
from tenfold.race.world import AMD, CHINA, FAMILIES, NVIDIA, World

RULE = "rule"
RULED = (FAMILIES.index(NVIDIA), FAMILIES.index(AMD))
"""Families that American rules have named so far."""


def ruled_events(world: World, events: Events, rows: Iterable[Observation]) -> Events:
    """Events with the dated rules: one that comes after the start cuts what is sold, from the first on a line holds.

    What a rule before the start cut is in what is observed.
    """
    ruled, lined = events.ruled.copy(), events.lined.copy()
    chinese = [place for place, country in enumerate(world.countries) if country == CHINA]
    for row in rows:
        at = quarters_between(world.day, row.date) - 1
        if row.series != RULE or at >= len(ruled):
            continue
        for family in RULED:
            lined[max(at, 0) :, family, chinese] = 1.0
            if row.date > world.day:
                ruled[max(at, 0) :, family, chinese] += 1.0
    return replace(events, ruled=ruled, lined=lined)
