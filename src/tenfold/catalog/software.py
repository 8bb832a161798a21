"""Training software: what a stack can do, and since when."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from tenfold.catalog.figured import Own
from tenfold.catalog.records import Name
from tenfold.quantities import Amount, Day, InNoFile, Whole

GENERIC = "pytorch-2023"
"""Key of the stack taken for chips whose vendor has none of its own."""


GradientBytes = Annotated[float, Amount("1", above=0.0, most=8.0)]
CopyBytes = Annotated[float, Amount("1", most=8.0)]
BufferBytes = Annotated[float, Amount("1", most=100e9)]


@dataclass(frozen=True, slots=True, kw_only=True)
class InPrecision:
    """What a stack does otherwise in a precision: what it keeps of gradients on each chip, how it runs experts."""

    gradient_bytes: GradientBytes
    """Bytes per gradient element it accumulates and reduces."""
    gradient_copy_bytes: CopyBytes = 0.0
    """Bytes per gradient element of a narrower copy kept beside it."""
    buffer_bytes: BufferBytes = 0.0
    """Buckets that gradients and weights are copied to for their collectives, B per chip."""
    graphed_experts_on: tuple[Name, ...] = ()
    """Keys of chips on which its recipes run gated experts in one kernel from a graph of the whole step, and hide their
    traffic behind another micro-batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a stack's own recipes do with models on chips in precisions."""

    models: tuple[Name, ...]
    """Keys of models."""
    chips: tuple[Name, ...]
    """Keys of chips."""
    precisions: tuple[Name, ...]
    since: Annotated[datetime.date, Day()]
    """When they became so; of several that fit, the latest by the day of a run counts."""
    sends_once: bool
    """As of the stack."""
    recompute: str = ""
    """A policy, as layouts name it; empty where it is not said."""
    chips_per_expert: Annotated[int, Whole(0, 64)] = 0
    """Chips that share an expert; 0 where it is not said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Software:
    """A training stack of a certain age."""

    key: Own = ""
    name: Name
    since: Annotated[datetime.date, Day()]
    labels: tuple[Name, ...]
    """Whole words of framework names in logs and tables that mean this stack, whatever their case and hyphens."""
    libraries: tuple[Name, ...] = ()
    """Words that mean it only where no label of any stack is there: names of libraries that others build on too."""
    vendors: tuple[Name, ...] = ()
    """Vendors for whose chips the names mean this stack; all when empty."""
    default_for: tuple[Name, ...] = ()
    """Vendors whose chips are, or in its day were, mostly used with it."""
    community: bool = False
    """Whether others than the chip's vendor write it: its products are not tuned by those who know the chip best."""
    fused_attention: bool
    fused_experts: bool = True
    """Whether gates and routing weights of experts are applied inside fused kernels, which keep less for backward."""
    sequence_parallel: bool
    interleaved: bool
    """Whether it has the interleaved pipeline schedule."""
    kernels_per_expert: Annotated[float, Amount("1", most=100.0)] = 4.0
    """Kernels it launches for each expert held, forward: two products and the casts of their inputs; a loop in Python
    adds index, gather, activation and scatter; one fused grouped product has none."""
    sends_once: bool = False
    """Whether a token bound for several experts of a chip, or of chips of a domain, is sent there once, as by DeepEP
    and HybridEP; a plain all-to-all sends a copy for each expert."""
    schedules: tuple[Name, ...] = ("1f1b",)
    """Pipeline schedules it has, beside the interleaved one: 1f1b, zero-bubble, dualpipe."""
    tensor_overlap: bool
    data_overlap: bool
    zero_stage: Annotated[int, Whole(0, 3)]
    """Sharding it uses unless told otherwise."""
    gradient_bytes: GradientBytes
    """Bytes per gradient element it accumulates and reduces."""
    gradient_copy_bytes: CopyBytes = 0.0
    """Bytes per gradient element of a narrower copy kept beside it."""
    buffer_bytes: BufferBytes = 0.0
    """Buckets that gradients and weights are copied to for their collectives, B per chip."""
    logit_bytes: Annotated[float, Amount("1", above=0.0, most=20.0)] = 10.0
    """Bytes per logit at the peak of the loss: 10 when logits and their gradients pass through 32 bits."""
    gate_bytes: Annotated[float, Amount("1", above=0.0, most=4.0)] = 2.0
    """Bytes per element that gates and values of feed-forward blocks are kept in for the backward pass."""
    graphed_experts: Annotated[bool, InNoFile] = False
    """Whether one kernel does the products of gated experts, the gate between them and the casts, and a graph of the
    whole step leaves no kernel of such a model waiting for the host."""
    batched_overlap: Annotated[bool, InNoFile] = False
    """Whether traffic of experts travels while another micro-batch is computed."""
    graphs_on: tuple[Name, ...] = ()
    """Keys of chips on which its recipes launch attention and routing of models with experts from graphs."""
    graphed_attention: Annotated[bool, InNoFile] = False
    chip: Annotated[str, InNoFile] = field(default="", compare=False)
    """Key of the chip that it is used on, once ``on_chip``."""
    optimizer_bytes: Annotated[float, Amount("1", above=0.0, most=20.0)] = 12.0
    """Bytes per parameter of master weights and moments: 12 in 32 bits, 8 with moments in 16, 6 with moments in 8."""
    pipeline_gathers_once: bool = False
    """Whether ZeRO-3 in a pipeline keeps gathered weights and whole gradients until the step ends."""
    selective_share: Annotated[float, Amount("1", most=1.0)] = 0.0
    """Share of a layer's products that its selective recompute runs again; 0 where it keeps all of them."""
    recomputes: tuple[Name, ...] = ()
    """Sets of operations that its recipes recompute beside none, selective and full, such as norms+up-projections."""
    recipes: tuple[Recipe, ...] = field(default=(), hash=False)
    """Recipes that it publishes, for runs of it that do not say what they recompute."""
    pipeline_scatter: bool = True
    """Whether tensor-parallel ranks each send their share of what goes to the next stage, gathered on arrival."""
    kernels_of: str = ""
    """Key of the stack whose kernels it was built from; its factors are believed to be near that stack's."""
    gradient_all_reduce: bool = False
    """Whether ZeRO-1 and ZeRO-2 send whole reduced gradients to every rank, twice the bytes of a reduce-scatter."""
    by_precision: Mapping[str, InPrecision] = field(default_factory=dict, hash=False)
    """Precisions in which it keeps gradients or runs experts otherwise."""
    aliases: tuple[Name, ...] = ()
    notes: tuple[str, ...] = ()
    file: Own = ""

    def on_chip(self, chip: str) -> Software:
        """The stack as its recipes use it on a chip."""
        return replace(self, chip=chip, graphed_attention=chip in self.graphs_on)

    def in_precision(self, precision: str) -> Software:
        """The stack as it is in that precision, on the chip of ``on_chip``."""
        kept = self.by_precision.get(precision)
        if kept is None:
            return self
        graphed = self.chip in kept.graphed_experts_on
        return replace(
            self,
            gradient_bytes=kept.gradient_bytes,
            gradient_copy_bytes=kept.gradient_copy_bytes,
            buffer_bytes=kept.buffer_bytes,
            graphed_experts=graphed,
            batched_overlap=graphed,
        )


def recipe_of(software: Software, model: str, chip: str, precision: str, when: datetime.date | None) -> Recipe | None:
    """The stack's recipe of a model on a chip by a day (the latest, when None); None where it publishes none."""
    fitting = [
        each
        for each in software.recipes
        if model in each.models and chip in each.chips and precision in each.precisions
        if when is None or each.since <= when
    ]
    return max(fitting, default=None, key=lambda each: each.since)


def software_named(
    label: str, when: datetime.date | None, stacks: Iterable[Software], vendor: str = ""
) -> Software | None:
    """The stack that a framework name of a certain date means on a vendor's chips; None when no label is in the name.

    The longest label found counts, or where none is, the longest library; among stacks that share it, the latest that
    existed by ``when`` (the earliest when all came later, the latest when no date is known).
    """
    words, here = _words(label), [stack for stack in stacks if _is_for(stack, vendor)]
    for names in ("labels", "libraries"):
        scored = [(_longest(getattr(stack, names), words), stack) for stack in here]
        longest = max((length for length, _ in scored), default=0)
        if longest:
            return latest_by(when, [stack for length, stack in scored if length == longest])
    return None


@functools.lru_cache(maxsize=4096)
def _words(text: str) -> str:
    """Words of a name between single spaces, so that "Megatron-Core" and "megatron core" are the same."""
    return f" {' '.join(re.findall(r'[a-z0-9]+', text.lower().replace('++', 'pp')))} "


def _longest(labels: Iterable[str], words: str) -> int:
    return max((len(_words(label)) for label in labels if _words(label) in words), default=0)


def _is_for(stack: Software, vendor: str) -> bool:
    return not stack.vendors or not vendor or vendor.lower() in (name.lower() for name in stack.vendors)


def latest_by(when: datetime.date | None, stacks: Iterable[Software]) -> Software:
    """The latest of at least one stack that existed by ``when``: the earliest when all came later."""
    found = sorted(stacks, key=lambda stack: (stack.since, stack.key))
    existing = [stack for stack in found if when is None or stack.since <= when]
    return existing[-1] if existing else found[0]


def age_years(software: Software, chip_year: float, when: datetime.date | None = None) -> float:
    """Years from the middle of a chip's first year to a run; to the stack's first release when no date is known.

    0 when they came before the chip, or its year is unknown.
    """
    if not chip_year:
        return 0.0
    day = software.since if when is None else max(when, software.since)
    return max(day.year + (day.month - 0.5) / 12.0 - (chip_year + 0.5), 0.0)


def default_software(vendor: str, stacks: Mapping[str, Software], when: datetime.date | None = None) -> Software:
    """The latest stack that chips of this vendor were used with by ``when``; of all when None.

    The earliest when all came later, a generic one for vendors without a stack. ``stacks`` are the catalog's, by key.
    """
    found = [stack for stack in stacks.values() if vendor.lower() in (name.lower() for name in stack.default_for)]
    return latest_by(when, found or [stacks[GENERIC]])
