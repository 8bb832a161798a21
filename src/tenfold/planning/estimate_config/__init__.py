"""The configuration of another tool, estimated as it stands: asked (``question``), read, told (``answer``)."""

from tenfold.planning.estimate_config.answer import EstimateConfigAnswer
from tenfold.planning.estimate_config.question import EstimateConfigQuestion

__all__ = ["EstimateConfigAnswer", "EstimateConfigQuestion"]
