"""What can be asked about the layouts of a service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from tenfold.planning.drafts import ACCEPTED, SPECULATIONS, problems_of_drafts
from tenfold.quantities import Amount, Named, OneOf, Problem, Series, Whole, known
from tenfold.workloads import ModelName
from tenfold.workloads.serving import CACHE_BYTES, SERVED_FORMATS

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

TOKENS = Whole(most=2**24)
SECONDS = Amount("s", above=0.0, most=86_400.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchServingQuestion:
    """Which chips, layouts and batches answer fastest or cheapest per chip, within what latency?"""

    model: Annotated[str, ModelName()]
    """Model of the catalog, or path of a HuggingFace config.json."""
    isl: Annotated[int, TOKENS]
    """Tokens of a prompt, on average."""
    osl: Annotated[int, TOKENS]
    """Tokens of an answer, on average."""
    chips: Annotated[tuple[str, ...] | None, Series(Named("chips"))] = None
    """Chips to search; every chip of the catalog when left out."""
    engine: Annotated[str | None, Named("engines")] = None
    """Serving engine; left out, each that was measured on a chip's family, and the one its vendor's are served with."""
    precision: Annotated[str, OneOf(tuple(SERVED_FORMATS), "precision")] = "fp8"
    """Number format of the weights; chips that do not multiply it widen it."""
    kv_precision: Annotated[str | None, OneOf(tuple(CACHE_BYTES), "precision")] = None
    """Number format of the cache; the engine's habit when left out."""
    prefix_share: Annotated[float, Amount("1", most=0.99)] = 0.0
    """Share of a prompt that is in the cache already."""
    speculation: Annotated[str, OneOf(SPECULATIONS, "speculation")] = "none"
    """Whether tokens are drafted and verified."""
    accepted: Annotated[tuple[float, ...] | None, Series(ACCEPTED)] = None
    """Tokens that a step with drafts gives, or P10 and P90: 2.1 or [1.8, 2.4]; as measured elsewhere if left out."""
    slo_ttft_s: Annotated[float | None, SECONDS] = None
    """Time to the first token that is allowed on average."""
    slo_tpot_s: Annotated[float | None, SECONDS] = None
    """Time per token that is allowed on average."""
    slo_e2e_s: Annotated[float | None, SECONDS] = None
    """Time to the last token that is allowed on average."""
    replica_chips: Annotated[int, Whole(most=1024)] = 72
    """Chips that a replica has at most."""
    top: Annotated[int, Whole(most=1000)] = 10
    """How many of the best to list, one for each chip."""


def contradictions(question: SearchServingQuestion, catalog: Catalog) -> Iterator[Problem]:
    """Find chips that are named twice, and drafts that contradict themselves."""
    del catalog
    if not known(question):
        return
    yield from problems_of_drafts(question.speculation, question.accepted)
    for chip in sorted({each for each in question.chips or () if (question.chips or ()).count(each) > 1}):
        yield Problem(file="", key="chips", wrong=f"'{chip}' is named twice", remedy="Name each chip once")
