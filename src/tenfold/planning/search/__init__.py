"""Every layout of a model on a cluster: asked (``question``), searched (``search``), told (``answer``)."""

from tenfold.planning.search.answer import FoundLayout, SearchTrainingAnswer
from tenfold.planning.search.question import SearchTrainingQuestion

__all__ = ["FoundLayout", "SearchTrainingAnswer", "SearchTrainingQuestion"]
