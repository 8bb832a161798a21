"""Constants fitted to measured serving runs, or to one benchmark of one's own.

question, answer     what can be asked, what is said; the answer becomes a calibration of the catalog (``overlay``)
spreads              how wide errors are on runs a fit has not seen
calibrate            the answer put together
"""

from tenfold.validation.serving.calibrate.answer import CalibrateServingAnswer
from tenfold.validation.serving.calibrate.question import CalibrateServingQuestion

__all__ = ["CalibrateServingAnswer", "CalibrateServingQuestion"]
