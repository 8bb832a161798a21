"""What a trace holds: asked (``question``), read (``fleet_read``), told (``answer``)."""

from tenfold.planning.fleet_read.answer import FleetReadAnswer
from tenfold.planning.fleet_read.question import FleetReadQuestion

__all__ = ["FleetReadAnswer", "FleetReadQuestion"]
