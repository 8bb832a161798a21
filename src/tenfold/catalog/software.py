"""Training software: what a stack can do, and since when."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from tenfold.catalog.figured import Own
from tenfold.catalog.records import Name
from tenfold.quantities import Amount, Day, Whole

GENERIC = "pytorch-2023"
"""Key of the stack taken for chips whose vendor has none of its own."""


GradientBytes = Annotated[float, Amount("1", above=0.0, most=8.0)]
CopyBytes = Annotated[float, Amount("1", most=8.0)]
BufferBytes = Annotated[float, Amount("1", most=100e9)]


@dataclass(frozen=True, slots=True, kw_only=True)
class GradientMemory:
    """What a stack keeps of gradients on each chip."""

    gradient_bytes: GradientBytes
    """Bytes per gradient element it accumulates and reduces."""
    gradient_copy_bytes: CopyBytes = 0.0
    """Bytes per gradient element of a narrower copy kept beside it."""
    buffer_bytes: BufferBytes = 0.0
    """Buckets that gradients and weights are copied to for their collectives, B per chip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Software:
    """A training stack of a certain age."""

    key: Own = ""
    name: Name
    since: Annotated[datetime.date, Day()]
    labels: tuple[Name, ...]
    """Parts of framework names in logs and tables that mean this stack, whatever their case."""
    default_for: tuple[Name, ...] = ()
    """Vendors whose chips are, or in its day were, mostly used with it."""
    fused_attention: bool
    sequence_parallel: bool
    interleaved: bool
    """Whether it has the interleaved pipeline schedule."""
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
    pipeline_scatter: bool = True
    """Whether tensor-parallel ranks each send their share of what goes to the next stage, gathered on arrival."""
    kernels_of: str = ""
    """Key of the stack whose kernels it was built from; its factors are believed to be near that stack's."""
    gradient_all_reduce: bool = False
    """Whether ZeRO-1 and ZeRO-2 send whole reduced gradients to every rank, twice the bytes of a reduce-scatter."""
    by_precision: Mapping[str, GradientMemory] = field(default_factory=dict, hash=False)
    """Precisions in which it keeps gradients otherwise."""
    aliases: tuple[Name, ...] = ()
    notes: tuple[str, ...] = ()
    file: Own = ""

    def in_precision(self, precision: str) -> Software:
        """The stack with the gradients it keeps in that precision."""
        kept = self.by_precision.get(precision)
        if kept is None:
            return self
        return replace(
            self,
            gradient_bytes=kept.gradient_bytes,
            gradient_copy_bytes=kept.gradient_copy_bytes,
            buffer_bytes=kept.buffer_bytes,
        )


def software_named(label: str, when: datetime.date | None, stacks: Iterable[Software]) -> Software | None:
    """The stack that a framework name of a certain date means; None when no label is part of the name.

    The longest label found counts; among stacks that share it, the latest that existed by ``when`` (the earliest
    when all came later, the latest when no date is known).
    """
    text = label.lower()
    scored = [(max((len(part) for part in stack.labels if part.lower() in text), default=0), stack) for stack in stacks]
    longest = max((length for length, _ in scored), default=0)
    if longest == 0:
        return None
    named = sorted((stack for length, stack in scored if length == longest), key=lambda stack: stack.since)
    existing = [stack for stack in named if when is None or stack.since <= when]
    return existing[-1] if existing else named[0]


def age_years(software: Software, chip_year: float) -> float:
    """Years from the middle of a chip's first year to the stack; 0 when the stack is older or the year unknown."""
    if not chip_year:
        return 0.0
    since = software.since.year + (software.since.month - 0.5) / 12.0
    return max(since - (chip_year + 0.5), 0.0)


def default_software(vendor: str, stacks: Mapping[str, Software], when: datetime.date | None = None) -> Software:
    """The latest stack that chips of this vendor were used with by ``when`` (today when None).

    The earliest when all came later, a generic one for vendors without a stack. ``stacks`` are the catalog's, by key.
    """
    found = sorted(
        (stack for stack in stacks.values() if vendor.lower() in (name.lower() for name in stack.default_for)),
        key=lambda stack: stack.since,
    )
    existing = [stack for stack in found if when is None or stack.since <= when]
    return existing[-1] if existing else next(iter(found), stacks[GENERIC])
