"""The answer about one setting of a service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.planning.estimate_serving.question import EstimateServingQuestion
from tenfold.quantities import Made, NamedFigure, Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """A time that requests see: its mean and percentiles over requests, each with how sure it is."""

    mean: Percentiles
    p50: Percentiles
    p90: Percentiles
    p99: Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """What is short, and the nearest change that would do."""

    limit: str
    """``weights``, ``cache``, ``prefill``, ``decode``, or a latency."""
    short: str
    nearest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateServingAnswer:
    """One setting of a service at a load, with what it rests on."""

    question: EstimateServingQuestion
    made: Made
    model: str
    chip: str
    chips: int
    """Of the whole service."""
    system: str
    engine: str
    precision: str
    kv_precision: str
    tp: int
    pp: int
    dp: int
    ep: int
    fits: bool
    shortage: Shortage | None
    """What is short when it does not fit; latencies are then those of what is served, and may be without end."""
    ttft_s: Latency
    tpot_s: Latency
    e2e_s: Latency
    tokens_per_s_per_chip: Percentiles
    """Output tokens."""
    requests_per_s: Percentiles
    kv_tokens: int
    """Tokens whose cache a replica holds, as its log says at the start."""
    batch: float
    """Sequences that decode at once in a replica."""
    most_batch: float
    """Sequences that fit a replica at once."""
    prefill_utilisation: float
    """Share of a replica's time that prompts take."""
    terms: Mapping[str, float]
    """Seconds of a token by what they go to; they add up to its mean at P50."""
    unstated: Mapping[str, float]
    """Log standard deviation that each setting left out adds to the range."""
    calibration: str
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
