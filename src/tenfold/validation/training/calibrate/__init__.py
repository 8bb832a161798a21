"""Constants fitted to measured training runs.

question, answer     what can be asked, what is said; the answer becomes a calibration of the catalog (``overlay``)
constants            what a fit may move, and the priors that hold it
fitting, spreads     the fit to all runs and to folds of them; how wide its errors are on runs it has not seen
calibrate            the answer put together
"""

from tenfold.validation.training.calibrate.answer import CalibrateTrainingAnswer
from tenfold.validation.training.calibrate.question import CalibrateTrainingQuestion

__all__ = ["CalibrateTrainingAnswer", "CalibrateTrainingQuestion"]
