"""How far predictions are from measured serving: asked (``question``), answered (``validate``, ``answer``)."""

from tenfold.validation.serving.validate.answer import ValidateServingAnswer
from tenfold.validation.serving.validate.question import ValidateServingQuestion

__all__ = ["ValidateServingAnswer", "ValidateServingQuestion"]
