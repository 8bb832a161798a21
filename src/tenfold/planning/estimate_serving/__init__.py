"""How fast one setting of a service answers: asked (``question``, ``asked``), worked out, told."""

from tenfold.planning.estimate_serving.answer import EstimateServingAnswer, Latency
from tenfold.planning.estimate_serving.question import EstimateServingQuestion

__all__ = ["EstimateServingAnswer", "EstimateServingQuestion", "Latency"]
