"""What can be asked about one training step on a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from tenfold.performance.layout import LayoutWish
from tenfold.planning.estimate.cluster import Cluster, cluster_problems
from tenfold.quantities import Flat, Problem, known

if TYPE_CHECKING:
    from tenfold.catalog import Catalog


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateTrainingQuestion:
    """How long does one training step take on a cluster, and how much memory: what is not given is chosen."""

    cluster: Annotated[Cluster, Flat()]
    """What is trained on what."""
    layout: Annotated[LayoutWish, Flat()] = field(default_factory=LayoutWish)
    """What is given of the layout."""


def contradictions(question: EstimateTrainingQuestion, catalog: Catalog) -> Iterator[Problem]:
    """Find what contradicts itself on the cluster."""
    if not known(question):
        return iter(())
    return cluster_problems(question.cluster, question.layout, catalog)
