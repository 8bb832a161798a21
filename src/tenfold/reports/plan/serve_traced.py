"""What a trace says of traffic, and what its requests see on the best fleet."""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.planning.plan.serve import ReplayedFleet, TraceReplay
from tenfold.reports.report import Pairs, Section, Table
from tenfold.reports.wording import counted, number, share

HEADERS = ("router", "replicas", "in time", "TTFT\nP50 P90 P99", "TPOT\nP50 P90 P99", "cached")


def traced_section(traced: TraceReplay, title: str) -> Section:
    """A row for each router, and for each rule that starts and stops replicas."""
    if not traced.runs:
        return Section(title=title, lead="Nothing is replayed: there is no fleet.", pairs=_pairs(traced))
    apart = f" and {traced.prompt_replicas:,} for prompts" if traced.prompt_replicas else ""
    lead = (
        f"{traced.requests:,} requests through {counted(traced.replicas, 'replica')}{apart} at {traced.pace:.3g} times "
        f"the pace of the trace, so that its busiest hour is the peak planned for. {_kept(traced)}"
    )
    table = Table(headers=HEADERS, rows=tuple(_row(run) for run in traced.runs), numeric=" rrrrr")
    return Section(title=title, lead=lead, tables=(table,), pairs=_pairs(traced))


def _kept(traced: TraceReplay) -> str:
    met, alone = traced.met_share_sure, traced.replicas_if_independent
    sure = "" if met is None else f"{share(met)} are in time at a pace as bad as allowed for"
    return f"{sure}; if they came independently, {counted(alone, 'replica')} would do, spares aside."


def _row(run: ReplayedFleet) -> tuple[str, ...]:
    stands = f"{run.replicas:.3g}" if run.scaler == "none" else f"{run.replicas:.3g}, {run.scaler}"
    return run.router, stands, share(run.met_share), _three(run.ttft_s), _three(run.tpot_s), share(run.cached_share)


def _three(quantiles: Mapping[str, float]) -> str:
    return "\n".join(number(value, "s") for value in quantiles.values())


def _pairs(traced: TraceReplay) -> Pairs:
    shares = traced.endless_cache_share
    cached = "not said" if shares is None else f"{share(shares)} of prompt tokens, in a cache that forgets nothing"
    return (
        ("Trace", f"{traced.file}, {traced.format}"),
        ("Length", f"{traced.requests:,} requests in {number(traced.span_s, 's')}"),
        ("Rate", f"{number(traced.trace_rate_per_s, 'requests/s')}; spread between them {traced.arrival_spread:.3g}"),
        ("Prompts", f"{traced.prompt_tokens:,.0f} tokens, spread {traced.prompt_spread:.2f}"),
        ("Answers", f"{traced.output_tokens:,.0f} tokens, spread {traced.output_spread:.2f}"),
        ("Shared prefixes", cached),
        ("Left out", f"{traced.unanswered:,} without an answer; {traced.too_large:,} that no replica can hold"),
    )
