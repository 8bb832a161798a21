"""The smallest fleet that keeps waits short: asked (``question``), searched (``fleet_size``), told (``answer``)."""

from tenfold.planning.fleet_size.answer import FleetSizeAnswer, Sized
from tenfold.planning.fleet_size.question import FleetSizeQuestion

__all__ = ["FleetSizeAnswer", "FleetSizeQuestion", "Sized"]
