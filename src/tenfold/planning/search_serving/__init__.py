"""Every layout and batch of a service on any chip: asked (``question``), searched (``search_serving``), told."""

from tenfold.planning.search_serving.answer import FoundService, SearchServingAnswer
from tenfold.planning.search_serving.question import SearchServingQuestion

__all__ = ["FoundService", "SearchServingAnswer", "SearchServingQuestion"]
