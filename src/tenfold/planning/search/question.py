"""What can be asked about the layouts of a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from tenfold.performance.layout import LayoutWish
from tenfold.planning.estimate.cluster import Cluster, cluster_problems
from tenfold.quantities import Flat, Problem, Whole, known

if TYPE_CHECKING:
    from tenfold.catalog import Catalog


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchTrainingQuestion:
    """Which layouts of a model on a cluster are the fastest, and which need less memory for more time?"""

    cluster: Annotated[Cluster, Flat()]
    """What is trained on what."""
    layout: Annotated[LayoutWish, Flat()] = field(default_factory=LayoutWish)
    """What is given of the layout."""
    top: Annotated[int, Whole(most=10_000)] = 10
    """How many of the fastest layouts to list."""


def contradictions(question: SearchTrainingQuestion, catalog: Catalog) -> Iterator[Problem]:
    """Find what contradicts itself on the cluster."""
    if not known(question):
        return iter(())
    return cluster_problems(question.cluster, question.layout, catalog)
