"""What can be asked about the layouts of a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from tenfold.performance.layout import LayoutWish
from tenfold.planning.estimate.question import PRECISION, SEQUENCE, expert_problems
from tenfold.quantities import Flat, Key, Named, Problem, Whole
from tenfold.workloads import ModelName

if TYPE_CHECKING:
    from tenfold.catalog import Catalog


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchTrainingQuestion:
    """Which layouts of a model on a cluster are the fastest, and which need less memory for more time?"""

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
    top: Annotated[int, Whole(most=10_000)] = 10
    """How many of the fastest layouts to list."""


def contradictions(question: SearchTrainingQuestion, catalog: Catalog) -> Iterator[Problem]:
    """Find wishes that mean nothing for the model."""
    return expert_problems(question.layout, question.model, catalog)
