"""What a chip costs its owner over its life at a site: asked (``question``), priced (``tco``), told (``answer``)."""

from tenfold.planning.tco.answer import TcoAnswer
from tenfold.planning.tco.question import TcoQuestion

__all__ = ["TcoAnswer", "TcoQuestion"]
