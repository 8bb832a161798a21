"""How far predictions are from measured training runs: asked (``question``), answered (``validate``, ``answer``)."""

from tenfold.validation.training.validate.answer import ValidateTrainingAnswer
from tenfold.validation.training.validate.question import ValidateTrainingQuestion

__all__ = ["ValidateTrainingAnswer", "ValidateTrainingQuestion"]
