"""One training step of a model on a cluster under a layout, what is not given of it chosen to be fastest.

question    what can be asked, and what may contradict it; answer: what is said
asked       from names to a calibrated setup; layouts of a wish, and the fastest of them
nearest     which option is in the way, and the nearest change that would fit
estimate    the answer put together
"""

from tenfold.planning.estimate.answer import EstimateTrainingAnswer
from tenfold.planning.estimate.question import EstimateTrainingQuestion

__all__ = ["EstimateTrainingAnswer", "EstimateTrainingQuestion"]
