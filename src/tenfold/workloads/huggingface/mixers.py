"""Mixers with a state of fixed size that are not Mamba-2: their weights, and the same as fields of a shape.

Each count is of one layer, from the published definition of the mixer. A shape holds the widths that scans and states
follow from under the names of Mamba-2, and as ``mamba_extra`` what a count here has beyond Mamba-2's. Arguments are
plain numbers; nothing raises.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tenfold.workloads.parameters import MAMBA_CONVOLUTION_TAPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixer:
    """Widths of a mixer with a state of ``inner`` × ``state`` elements, and its weights."""

    heads: float
    inner: float
    """Width of its output: value heads times their width."""
    state: float
    """Width of a key."""
    groups: float
    """Key heads; 0 where keys are not projected from the input at full width."""
    weights: float

    def fields(self, hidden: float, layers: float) -> dict[str, float]:
        """Fields of a shape with so many layers of it."""
        return {
            "mamba_layers": layers,
            "mamba_heads": self.heads,
            "mamba_inner": self.inner,
            "mamba_state": self.state,
            "mamba_groups": self.groups,
            "mamba_extra": self.weights - self._as_mamba_2(hidden),
        }

    def _as_mamba_2(self, hidden: float) -> float:
        states = 2.0 * self.groups * self.state
        inward = hidden * (2.0 * self.inner + states + self.heads)
        convolution = (self.inner + states) * (MAMBA_CONVOLUTION_TAPS + 1.0)
        return inward + convolution + 3.0 * self.heads + self.inner * (1.0 + hidden)


def mamba_1(hidden: float, inner: float, state: float, rank: float, taps: float, *, normed: bool) -> Mixer:
    """Mamba: in h·2i, convolution i·(t + 1), x i·(r + 2s), step r·i + i, A i·s, D i, out i·h [Gu & Dao 2023, 3.4].

    ``normed`` adds norms of the step and of both projections, r + 2s [Jamba, Lieber et al. 2024, 2].
    """
    rank = rank or math.ceil(hidden / 16.0)
    projections = inner * (rank + 2.0 * state) + rank * inner + inner + normed * (rank + 2.0 * state)
    weights = 3.0 * hidden * inner + inner * (taps + 1.0) + projections + inner * (state + 1.0)
    return Mixer(heads=0.0, inner=inner, state=state, groups=0.0, weights=weights)


def gated_delta(
    hidden: float, key_heads: float, key_width: float, value_heads: float, value_width: float, taps: float
) -> Mixer:
    """Gated DeltaNet: in h·(2K + 2V + 2n), convolution (2K + V)·t, decay and step 2n, norm d_v, out V·h.

    K and V are the widths of all key and of all value heads [Yang et al. 2024; Qwen3-Next 2025].
    """
    keys, values = key_heads * key_width, value_heads * value_width
    inward = hidden * (2.0 * keys + 2.0 * values + 2.0 * value_heads)
    weights = inward + (2.0 * keys + values) * taps + 2.0 * value_heads + value_width + values * hidden
    return Mixer(heads=value_heads, inner=values, state=key_width, groups=key_heads, weights=weights)


def kimi_delta(hidden: float, heads: float, width: float, taps: float) -> Mixer:
    """Kimi delta attention: queries, keys and values 3h·P with convolutions 3P·t, decay and output gate of low rank.

    Each gate is h·d + d·P; step h·n, decay n, its bias P, norm d, out P·h, with P = n·d [Kimi Linear 2025, 3].
    """
    inner = heads * width
    gates = 2.0 * (hidden * width + width * inner) + hidden * heads
    weights = 4.0 * hidden * inner + 3.0 * inner * taps + gates + heads + inner + width
    return Mixer(heads=heads, inner=inner, state=width, groups=heads, weights=weights)


def lightning(hidden: float, heads: float, width: float) -> Mixer:
    """Lightning attention: queries, keys, values 3h·P, gate h·P, norm P, out P·h [MiniMax-01 2025, 2.2]."""
    inner = heads * width
    return Mixer(heads=heads, inner=inner, state=width, groups=heads, weights=5.0 * hidden * inner + inner)


def short_convolution(hidden: float, taps: float, *, bias: bool) -> Mixer:
    """Gated short convolution: in h·3h, convolution h·t, out h·h; it keeps its last tokens [LFM2 2025]."""
    weights = 4.0 * hidden * hidden + hidden * taps + bias * 5.0 * hidden
    return Mixer(heads=0.0, inner=hidden, state=taps - 1.0, groups=0.0, weights=weights)
