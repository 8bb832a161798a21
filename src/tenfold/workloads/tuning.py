"""How a model that is there already is trained on: whole, or by low-rank adapters beside frozen weights (LoRA).

Hu et al. 2021, arXiv:2106.09685, section 4.1: W + B·A, with B of d × r and A of r × k, is r·(d + k) weights beside d·k.
Dettmers et al. 2023, arXiv:2305.14314, section 3 (QLoRA): the frozen weights are held in NF4, 4 bits with a scale of 8
bits for 64 of them and one of 32 bits for 256 such scales, 4 + 8/64 + 32/(64 · 256) bits, and computed with in 16.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenfold.quantities import Problem

if TYPE_CHECKING:
    from tenfold.catalog import TransformerShape
    from tenfold.quantities import Column

PLAIN_BYTES = 2.0
"""Bytes of a weight that is held in 16 bits."""
NF4_BYTES = (4.0 + 8.0 / 64.0 + 32.0 / (64.0 * 256.0)) / 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """What is trained of a model, and what is only held."""

    name: str
    frozen_weights: float
    """1 where the weights of the model are frozen, 0 where they are trained."""
    frozen_bytes: float = PLAIN_BYTES
    """Bytes that a weight of the layers takes."""
    formats: tuple[str, ...] = ()
    """Number formats that products run in, the usual one first; all where empty."""

    def format_on(self, peaks: Container[str]) -> str:
        """Number format of products where none is stated, on a chip with such peaks; empty where any may be."""
        known = [each for each in self.formats if each in peaks]
        return (*known, *self.formats, "")[0]


FULL, LORA, QLORA = "full", "lora", "qlora"
TUNINGS: Mapping[str, Tuning] = {
    FULL: Tuning(name="all weights", frozen_weights=0.0),
    LORA: Tuning(name="LoRA", frozen_weights=1.0),
    QLORA: Tuning(name="QLoRA", frozen_weights=1.0, frozen_bytes=NF4_BYTES, formats=("bf16", "fp16")),
}

ADAPTERS = tuple(name for name, tuning in TUNINGS.items() if tuning.frozen_weights)
"""Ways that train adapters beside frozen weights."""


def format_problems(tuning: str, precision: str, key: str) -> Iterator[Problem]:
    """A number format that products of quantised weights do not run in; ``key`` is where it stands."""
    formats = TUNINGS[tuning].formats
    if formats and precision not in formats:
        wrong, listed = f"'{precision}' stands beside tuning = '{tuning}'", " or ".join(f"'{each}'" for each in formats)
        yield Problem(file="", key=key, wrong=wrong, remedy=f"Write {listed}, which weights are brought to")


def rank_problems(tuning: str, rank: int | None, key: str) -> Iterator[Problem]:
    """A rank of adapters where all weights are trained; ``key`` is where it stands."""
    if rank is not None and tuning not in ADAPTERS:
        wrong = f"stands beside tuning = '{tuning}'"
        remedy = f"Write tuning = {' or '.join(repr(each) for each in ADAPTERS)}, or leave it out"
        yield Problem(file="", key=key, wrong=wrong, remedy=remedy)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterCounts:
    """Weights of the adapters of a model."""

    dense: Column
    """On attention, dense feed-forward blocks and shared experts."""
    experts: Column
    """On routed experts."""


def adapter_parameters(shape: TransformerShape, rank: Column) -> Column:
    """Weights of adapters of a rank on every product of the layers. Broadcasts; raises nothing."""
    import numpy as np

    counts = adapter_counts(shape, rank)
    return np.asarray(counts.dense + counts.experts)


def adapter_counts(shape: TransformerShape, rank: Column) -> AdapterCounts:
    """Weights of adapters of a rank on every product of the layers: Σ r·(inputs + outputs). Broadcasts; raises nothing.

    Queries, keys, values, output, and the two or three products of every feed-forward block and expert; those of
    latent attention as if it were plain. Tables and router have none.
    """
    import numpy as np

    attention = (
        (shape.hidden + shape.heads * shape.head_dim)
        + (shape.hidden + shape.kv_heads * shape.head_dim)
        + (shape.hidden + shape.kv_heads * shape.value_head_dim)
        + (shape.heads * shape.value_head_dim + shape.hidden)
    )
    products = 2.0 + np.asarray(shape.gated_mlp)
    dense = shape.dense_mlp_layers * products * (shape.hidden + shape.ffn)
    shared = np.where(np.asarray(shape.shared_ffn) > 0, shape.hidden + np.asarray(shape.shared_ffn), 0.0)
    experts = shape.moe_layers * products * shape.experts * (shape.hidden + np.asarray(shape.expert_ffn))
    return AdapterCounts(
        dense=rank * (shape.attention_layers * attention + dense + shape.moe_layers * products * shared),
        experts=rank * experts,
    )
