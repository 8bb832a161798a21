"""What can be asked about reinforcement learning whose rollouts come from other sites than the trainer's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from tenfold.planning.splits import problems_of_split
from tenfold.quantities import Amount, Key, Named, OneOf, Problem, Whole, known
from tenfold.workloads import PRECISIONS, ModelName, find_model
from tenfold.workloads.serving import SERVED_FORMATS

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

TOKENS = Whole(most=2**24)


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutsQuestion:
    """How long does a step of reinforcement learning take where one site trains and others generate rollouts?"""

    model: Annotated[str, ModelName()]
    """Model of the catalog, or path of a HuggingFace config.json."""
    chip: Annotated[str, Named("chips")]
    """Chip that trains, by key or alias."""
    chips: Annotated[int, Whole()]
    """How many of them, at one site."""
    rollout_chip: Annotated[str | None, Named("chips")] = None
    """Chip that generates; the one that trains when left out."""
    rollout_chips: Annotated[int, Whole()]
    """How many of those at each site that generates."""
    sites: Annotated[int, Whole(most=100_000)] = 1
    """Sites that generate."""
    rollouts: Annotated[int, Whole(most=10**7)]
    """Rollouts that a step is trained on."""
    isl: Annotated[int, TOKENS]
    """Tokens of a prompt, on average."""
    osl: Annotated[int, TOKENS]
    """Tokens that a rollout generates, on average."""
    steps: Annotated[int, Whole(most=10**8)] = 1000
    """Steps of the run."""
    steps_old: Annotated[int, Whole(least=0, most=1000)] = 0
    """How many steps old the weights of a rollout may be; 0 waits for the newest."""
    bandwidth_bytes_per_s: Annotated[float, Amount("B/s", above=0.0, most=1e18), Key("bandwidth")]
    """What a site reaches to another one way, such as '10 Gbit/s'."""
    distance_m: Annotated[float, Amount("m", most=4.01e7), Key("distance")] = 0.0
    """Fibre of the longest hop, such as '8000 km'."""
    fan_out: Annotated[int, Whole(least=2, most=1000)] = 2
    """Sites that each passes new weights on to."""
    precision: Annotated[str | None, OneOf(tuple(PRECISIONS), "precision")] = None
    """Number format of the trainer's products; what runs on such chips are in, with its range, when left out."""
    rollout_precision: Annotated[str, OneOf(tuple(SERVED_FORMATS), "precision")] = "bf16"
    """Number format of the weights that are sent and generate."""
    tp: Annotated[int | None, Whole(most=1024)] = None
    """Chips that split each layer where rollouts are generated; the fewest that leave room for a cache if left out."""


def contradictions(question: RolloutsQuestion, catalog: Catalog) -> Iterator[Problem]:
    """Find a replica that no engine starts, or that a site has too few chips for."""
    if not known(question):
        return
    yield from problems_of_split(find_model(catalog, question.model), question.tp, "tp")
    if question.tp and question.tp > question.rollout_chips:
        wrong = f"{question.rollout_chips:,} chips at a site hold no replica of {question.tp:,}"
        remedy = f"State {question.tp:,} or more, or a lower --tp"
        yield Problem(file="", key="rollout_chips", wrong=wrong, remedy=remedy)
