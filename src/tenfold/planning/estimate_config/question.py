"""What can be asked about the configuration of another tool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tenfold.planning.estimate.question import SEQUENCE
from tenfold.quantities import DataFile, Key, Named, OneOf, Whole
from tenfold.workloads import ModelName

FORMATS = ("megatron", "megatron-bridge", "maxtext", "deepspeed", "torchtitan")
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
    software: Annotated[str | None, Named("software")] = None
    """Training stack; the latest for the chip's vendor when left out."""
