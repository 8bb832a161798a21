"""Fleets side by side on the same jobs: asked (``question``), replayed (``fleet_compare``), told (``answer``)."""

from tenfold.planning.fleet_compare.answer import FleetCompareAnswer
from tenfold.planning.fleet_compare.question import FleetCompareQuestion

__all__ = ["FleetCompareAnswer", "FleetCompareQuestion"]
