"""What a trace says of traffic: lengths, arrivals and what prompts share. Pure functions of columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.fleet.requests.trace import Blocks, RequestTrace
from tenfold.quantities import DAY_S, HOUR_S, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedTraffic:
    """Traffic as a trace shows it."""

    requests: int
    span_s: float
    rate_per_s: float
    """On average over the trace."""
    prompt_tokens: float
    """Mean of a prompt."""
    output_tokens: float
    prompt_spread: float
    """Standard deviation over mean of prompts."""
    output_spread: float
    busiest_hour_per_s: float
    """Rate of the busiest hour; of all of it where the trace is no longer."""
    peak_to_mean: float | None
    """Rate of the busiest hour over the mean; None for a trace shorter than a day, which does not show it."""
    arrival_spread: float
    """Standard deviation over mean of the time between requests; 1 where they come independently."""
    prefix_share: float | None
    """Share of prompt tokens that an earlier request had already, in a cache that forgets nothing; None unless said."""


def fit_traffic(trace: RequestTrace) -> FittedTraffic:
    """Fit traffic to a trace; moments as they are, nothing smoothed."""
    rate, busiest = (len(trace) - 1) / trace.span_s, busiest_per_s(trace.arrival_s, HOUR_S)
    gaps = np.diff(trace.arrival_s)
    return FittedTraffic(
        requests=len(trace),
        span_s=trace.span_s,
        rate_per_s=rate,
        prompt_tokens=float(trace.prompt_tokens.mean()),
        output_tokens=float(trace.output_tokens.mean()),
        prompt_spread=spread(trace.prompt_tokens),
        output_spread=spread(trace.output_tokens),
        busiest_hour_per_s=busiest,
        peak_to_mean=busiest / rate if trace.span_s >= DAY_S else None,
        arrival_spread=spread(gaps),
        prefix_share=None if trace.blocks is None else reused_share(trace.blocks, trace.prompt_tokens),
    )


def spread(values: Floats) -> float:
    """Standard deviation over mean."""
    return float(values.std() / values.mean())


def busiest_per_s(arrival_s: Floats, window_s: float) -> float:
    """Highest rate of a window that starts at an arrival, 1/s; the mean rate where all fits one window."""
    if arrival_s[-1] - arrival_s[0] <= window_s:
        return (len(arrival_s) - 1) / float(arrival_s[-1] - arrival_s[0])
    until = np.searchsorted(arrival_s, arrival_s + window_s, side="left")
    return float((until - np.arange(len(arrival_s))).max()) / window_s


def seen_tokens(blocks: Blocks, prompt_tokens: Floats) -> Floats:
    """Tokens at the start of each prompt that earlier prompts had, (requests,); at least one token is always new.

    A block is known when it came before; the known blocks of a prompt are those before its first new one.
    """
    first = np.full(int(blocks.number.max(initial=-1)) + 1, len(blocks.number), dtype=np.int64)
    np.minimum.at(first, blocks.number, np.arange(len(blocks.number)))
    new = first[blocks.number] >= np.repeat(blocks.start[:-1], np.diff(blocks.start))
    before = np.concatenate([[0], np.cumsum(new)])
    counts = np.diff(blocks.start)
    within = np.arange(len(blocks.number)) - np.repeat(blocks.start[:-1], counts)
    unbroken = before[1:] == np.repeat(before[blocks.start[:-1]], counts)
    known = np.zeros(len(counts))
    np.maximum.at(known, np.repeat(np.arange(len(counts)), counts), np.where(unbroken, within + 1.0, 0.0))
    return np.minimum(known * blocks.tokens, np.maximum(prompt_tokens - 1.0, 0.0))


def reused_share(blocks: Blocks, prompt_tokens: Floats) -> float:
    """Share of all prompt tokens that earlier prompts had."""
    return float(seen_tokens(blocks, prompt_tokens).sum() / prompt_tokens.sum())
