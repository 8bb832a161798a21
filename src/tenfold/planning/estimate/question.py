"""What can be asked about one training step on a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from tenfold.performance.layout import ASKED, LayoutWish
from tenfold.planning.estimate.cluster import Cluster
from tenfold.quantities import Flat, Problem, known
from tenfold.workloads import find_model

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
    """Find wishes that mean nothing for the model."""
    if not known(question):
        return iter(())
    return expert_problems(question.layout, question.cluster.model, catalog)


def expert_problems(wish: LayoutWish, model: str, catalog: Catalog) -> Iterator[Problem]:
    """Find expert parallelism that is asked of a model without experts."""
    asked = [name for name, each in ASKED.items() if each.axis.of_experts and wish.given.get(name, 1) != 1]
    if asked and not float(find_model(catalog, model).shape.moe_layers) > 0:
        for name in asked:
            remedy = f"Leave --{name} out, or use --{name} 1"
            yield Problem(file="", key=name, wrong="the model has no experts", remedy=remedy)
