"""Training performance: setups from the catalog, estimates of a layout, exhaustive search over layouts."""

from __future__ import annotations

from tenfold.performance.layout.columns import Layout
from tenfold.performance.training.estimate import TrainingEstimate, TrainingSetup, estimate_layout
from tenfold.performance.training.fastest import Fastest, fastest_layout, fastest_layouts
from tenfold.performance.training.footprint import FOOTPRINT_PARTS, Footprint
from tenfold.performance.training.search import Found, SearchResult, search_layouts
from tenfold.performance.training.setup import CalibratedSetup, setup_training
from tenfold.performance.training.space import FULL_SPACE, SearchSpace, space_of
from tenfold.performance.training.step import STEP_TERMS, StepTime

__all__ = [
    "FOOTPRINT_PARTS",
    "FULL_SPACE",
    "STEP_TERMS",
    "CalibratedSetup",
    "Fastest",
    "Footprint",
    "Found",
    "Layout",
    "SearchResult",
    "SearchSpace",
    "StepTime",
    "TrainingEstimate",
    "TrainingSetup",
    "estimate_layout",
    "fastest_layout",
    "fastest_layouts",
    "search_layouts",
    "setup_training",
    "space_of",
]
