"""What would become of a job submitted now: asked (``question``), forecast (``fleet_submit``), told (``answer``)."""

from tenfold.planning.fleet_submit.answer import FleetSubmitAnswer
from tenfold.planning.fleet_submit.question import FleetSubmitQuestion

__all__ = ["FleetSubmitAnswer", "FleetSubmitQuestion"]
