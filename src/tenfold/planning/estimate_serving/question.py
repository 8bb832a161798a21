"""What can be asked about one setting of a service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from tenfold.planning.drafts import ACCEPTED, SPECULATIONS, problems_of_drafts
from tenfold.planning.splits import problems_of_split
from tenfold.quantities import Amount, Key, Named, OneOf, Problem, Series, Whole, known
from tenfold.workloads import ModelName, find_model
from tenfold.workloads.serving import CACHE_BYTES, SERVED_FORMATS

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

TOKENS = Whole(most=2**24)
DEGREE = Whole(most=1024)


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateServingQuestion:
    """How fast does a service answer at a load: time to the first token, per token, in all; how many tokens?"""

    model: Annotated[str, ModelName()]
    """Model of the catalog, or path of a HuggingFace config.json."""
    chip: Annotated[str, Named("chips")]
    """Chip by key or alias."""
    isl: Annotated[int, TOKENS]
    """Tokens of a prompt, on average."""
    osl: Annotated[int, TOKENS]
    """Tokens of an answer, on average."""
    tp: Annotated[int | None, DEGREE] = None
    """Chips that split each layer; the fewest that leave room for a cache when left out."""
    pp: Annotated[int, DEGREE] = 1
    """Stages of the pipeline."""
    dp: Annotated[int, DEGREE] = 1
    """Data-parallel attention ranks that share one set of experts; replicas for a model without."""
    ep: Annotated[int, DEGREE] = 1
    """Chips over which whole experts are dealt; the rest splits each expert."""
    engine: Annotated[str | None, Named("engines")] = None
    """Serving engine by key or name; the one that the vendor's chips are mostly served with when left out."""
    precision: Annotated[str, OneOf(tuple(SERVED_FORMATS), "precision")] = "bf16"
    """Number format of the weights."""
    kv_precision: Annotated[str | None, OneOf(tuple(CACHE_BYTES), "precision")] = None
    """Number format of the cache of keys and values; the engine's habit when left out."""
    concurrency: Annotated[int | None, Whole(most=10**6)] = None
    """Clients that ask again when they are answered, over the whole service."""
    rate_per_s: Annotated[float | None, Amount("1/s", above=0.0, most=1e7), Key("rate")] = None
    """Requests a second that come on their own, such as '2/s', over the whole service."""
    replicas: Annotated[int, Whole()] = 1
    """Replicas that share the load; of the decode side when prompts run apart."""
    prefill_replicas: Annotated[int, Whole(least=0)] = 0
    """Replicas of their own for prompts, with the cache sent over the fabric; 0 when both share chips."""
    prefill_tp: Annotated[int | None, DEGREE] = None
    """Chips that split each layer on the prefill side; as the decode side when left out."""
    prefix_share: Annotated[float, Amount("1", most=0.99)] = 0.0
    """Share of a prompt that is in the cache already: system prompts, earlier turns."""
    speculation: Annotated[str, OneOf(SPECULATIONS, "speculation")] = "none"
    """Whether tokens are drafted and verified."""
    accepted: Annotated[tuple[float, ...] | None, Series(ACCEPTED)] = None
    """Tokens that a step with drafts gives, or P10 and P90: 2.1 or [1.8, 2.4]; as measured elsewhere if left out."""
    length_spread: Annotated[float, Amount("1", most=1.0)] = 0.1
    """Lengths lie evenly within this share of their mean on either side."""
    max_sequences: Annotated[int | None, Whole()] = None
    """Sequences that a data-parallel rank runs at once; the engine's own limit when left out."""
    token_budget: Annotated[int | None, Whole()] = None
    """Tokens that one step takes, which chunks longer prompts; the engine's own when left out."""


def contradictions(question: EstimateServingQuestion, catalog: Catalog) -> Iterator[Problem]:
    """Find loads that are missing or stated twice, and settings that mean nothing for the model."""
    if not known(question):
        return
    if (question.concurrency is None) == (question.rate_per_s is None):
        said = "both are given" if question.concurrency is not None else "neither is given"
        yield Problem(file="", key="concurrency, rate", wrong=said, remedy="Give --concurrency or --rate")
    model = find_model(catalog, question.model)
    experts = float(model.shape.moe_layers) > 0
    for key in ("tp", "prefill_tp"):
        yield from problems_of_split(model, getattr(question, key), key)
    if question.ep > 1 and not experts:
        yield Problem(file="", key="ep", wrong="the model has no experts", remedy="Leave --ep out, or use --ep 1")
    if question.ep > (question.tp or 1) * question.dp:
        wrong = f"{question.ep} chips hold experts, but the replica has {(question.tp or 1) * question.dp} in a stage"
        yield Problem(file="", key="ep", wrong=wrong, remedy="Use an --ep of at most tp × dp")
    if question.prefill_replicas and question.concurrency is None:
        wrong, remedy = "prompts that run apart are worked out for a loop of clients", "Give --concurrency"
        yield Problem(file="", key="prefill_replicas", wrong=wrong, remedy=remedy)
    yield from problems_of_drafts(question.speculation, question.accepted)
