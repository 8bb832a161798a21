"""What jobs wait for on a shared fleet: asked (``question``), replayed (``fleet_replay``), told (``answer``)."""

from tenfold.planning.fleet_replay.answer import FleetReplayAnswer
from tenfold.planning.fleet_replay.question import FleetReplayQuestion

__all__ = ["FleetReplayAnswer", "FleetReplayQuestion"]
