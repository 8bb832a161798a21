"""What can be asked about one training step on a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from tenfold.performance.layout import ASKED, LayoutWish
from tenfold.quantities import Flat, Key, Named, OneOf, Problem, Whole
from tenfold.workloads import PRECISIONS, ModelName, find_model

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

SEQUENCE = Whole(most=2**24)
PRECISION = OneOf(tuple(PRECISIONS), "precision")


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateTrainingQuestion:
    """How long does one training step take on a cluster, and how much memory: what is not given is chosen."""

    model: Annotated[str, ModelName()]
    """Model of the catalog, or path of a HuggingFace config.json."""
    chip: Annotated[str, Named("chips")]
    """Chip by key or alias."""
    chips: Annotated[int, Whole()]
    """How many chips."""
    global_batch: Annotated[int, Whole()]
    """Sequences per optimizer step."""
    sequence_length: Annotated[int | None, SEQUENCE, Key("seq")] = None
    """Tokens per sequence; the model's own, 8192 at most, when left out."""
    precision: Annotated[str, PRECISION] = "bf16"
    """Number format of the weight products."""
    software: Annotated[str | None, Named("software")] = None
    """Training stack; the latest for the chip's vendor when left out."""
    layout: Annotated[LayoutWish, Flat()] = field(default_factory=LayoutWish)
    """What is given of the layout."""


def contradictions(question: EstimateTrainingQuestion, catalog: Catalog) -> Iterator[Problem]:
    """Find wishes that mean nothing for the model."""
    return expert_problems(question.layout, question.model, catalog)


def expert_problems(wish: LayoutWish, model: str, catalog: Catalog) -> Iterator[Problem]:
    """Find expert parallelism that is asked of a model without experts."""
    asked = [name for name, each in ASKED.items() if each.axis.of_experts and wish.given.get(name, 1) != 1]
    if asked and not float(find_model(catalog, model).shape.moe_layers) > 0:
        for name in asked:
            remedy = f"Leave --{name} out, or use --{name} 1"
            yield Problem(file="", key=name, wrong="the model has no experts", remedy=remedy)
