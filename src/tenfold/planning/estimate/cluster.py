"""A model on a cluster, as questions about one step ask for it: each input declared once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from tenfold.performance import Network, Stack
from tenfold.performance.layout import LayoutWish, expert_problems
from tenfold.quantities import Key, Named, OneOf, Problem, Whole
from tenfold.workloads import FULL, PRECISIONS, TUNINGS, ModelName, format_problems, rank_problems

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

SEQUENCE = Whole(most=2**24)
PRECISION = OneOf(tuple(PRECISIONS), "precision")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """What is trained on what."""

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
    precision: Annotated[str | None, PRECISION] = None
    """Number format of the weight products; what runs on such chips are in, with its range, when left out."""
    software: Annotated[str | None, Stack()] = None
    """Training stack: 'vendor' for that of the chip's maker, or one by key; those that such chips are used with, with
    their range, when left out."""
    tuning: Annotated[str, OneOf(tuple(TUNINGS), "tuning")] = FULL
    """Whether all weights are trained, or adapters beside frozen weights ('lora'), which may be held in 4 bits
    ('qlora')."""
    lora_rank: Annotated[int | None, Whole(most=2**16)] = None
    """Rank of the adapters, such as 16; what they and their optimizer hold is not counted when left out."""
    system: Annotated[str | None, Named("systems")] = None
    """How the chips are built together; the chip's usual system when left out."""
    network: Annotated[float | str | None, Network()] = None
    """Network to other nodes: 'whole' for the system's own, or its bandwidth one way and per chip, such as 400 Gbit/s;
    the system's or less when left out."""


def cluster_problems(cluster: Cluster, layout: LayoutWish, catalog: Catalog) -> Iterator[Problem]:
    """Find wishes that mean nothing for the model, and a number format that what is trained does not run in."""
    yield from rank_problems(cluster.tuning, cluster.lora_rank, "lora_rank")
    if cluster.precision is not None:
        yield from format_problems(cluster.tuning, cluster.precision, "precision")
    yield from expert_problems(layout, cluster.model, catalog)
