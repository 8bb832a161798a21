"""What can be asked about the configuration of another tool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tenfold.planning.estimate.cluster import SEQUENCE
from tenfold.quantities import DataFile, Key, Named, OneOf, Whole
from tenfold.workloads import PRECISIONS, RECOMPUTE, ModelName

FORMATS = ("megatron", "megatron-bridge", "nemo", "maxtext", "deepspeed", "llm-foundry", "torchtitan", "automodel")
LARGEST_BATCH = 10**9
"""What ``performance.dialects`` reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateConfigQuestion:
    """How long does a step of another tool's configuration take, and how much memory?"""

    file: Annotated[str, DataFile("Megatron arguments, MaxText YAML or DeepSpeed JSON")]
    """Megatron arguments, MaxText YAML or DeepSpeed JSON."""
    chip: Annotated[str, Named("chips")]
    """Chip by key or alias."""
    chips: Annotated[int | None, Whole()] = None
    """How many chips; as the file says when left out."""
    format: Annotated[str | None, OneOf(FORMATS, "format")] = None
    """What the file is; told from its suffix when left out."""
    model: Annotated[str | None, ModelName()] = None
    """Model of the catalog, or path of a HuggingFace config.json; the file's when left out."""
    sequence_length: Annotated[int | None, SEQUENCE, Key("seq")] = None
    """Tokens per sequence; as the file says when left out."""
    global_batch: Annotated[int | None, Whole(1, LARGEST_BATCH)] = None
    """Sequences per optimizer step; as the file says when left out."""
    micro_batch: Annotated[int | None, Whole(1, LARGEST_BATCH)] = None
    """Sequences a replica runs through at once; as the file says when left out."""
    precision: Annotated[str | None, OneOf(tuple(PRECISIONS), "precision")] = None
    """Number format of the training; as the file says when left out."""
    recompute: Annotated[str | None, OneOf(RECOMPUTE, "policy")] = None
    """What is recomputed in the backward pass; as the file says when left out."""
    stated: Annotated[tuple[str, ...], Key("set")] = ()
    """What the file leaves to a launcher or its arguments, NAME=VALUE: variables of a script, settings of a tool."""
    software: Annotated[str | None, Named("software")] = None
    """Training stack; the latest that the file's tool goes by when left out."""
