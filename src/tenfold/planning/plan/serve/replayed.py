"""What a trace says, and the best fleet under it: every router, and every rule that starts and stops replicas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tenfold.catalog import Catalog, assumption_named
from tenfold.fleet import ROUTERS, SCALERS, FittedTraffic, RequestTrace
from tenfold.planning.plan.serve.answer import ReplayedFleet, TraceReplay
from tenfold.planning.plan.serve.counted import WAIT
from tenfold.planning.plan.serve.scenario import (
    AFFINITY,
    RESTART,
    RULE,
    USUAL,
    Outcome,
    Scenario,
    met_share,
    outcome_of,
    slower_at,
    stands_of,
)
from tenfold.planning.plan.serve.traced import Traced
from tenfold.quantities import Floats, NamedFigure, quantile_of

STANDING = "none"


def figures_of_replay(catalog: Catalog) -> Iterator[NamedFigure]:
    """Settings of routers and rules, and how long a replica starts."""
    for name in (*AFFINITY, *(f"{scaler}_{key}" for scaler in SCALERS for key in RULE)):
        yield assumption_named(catalog, f"routing.{name}")
    yield from (assumption_named(catalog, name) for name in (RESTART, WAIT))


def replay_of(traced: Traced, scenario: Scenario | None, if_independent: int) -> TraceReplay | None:
    """Replay the trace of a service through its best fleet; what the trace says where there is none.

    ``if_independent`` is the replicas that would do if requests came independently.
    """
    trace, fitted = traced.trace, traced.fitted
    if trace is None or fitted is None:
        return None
    if scenario is None:
        return _record(trace, fitted, None)
    usual, (z, slower) = outcome_of(scenario, USUAL), slower_at(scenario)
    return replace(
        _record(trace, fitted, scenario),
        too_large=int((~usual.held).sum()),
        met_share_sure=met_share(scenario, outcome_of(scenario, USUAL, slower=slower), z),
        replicas_if_independent=if_independent,
        runs=tuple(_runs(scenario, trace, usual)),
    )


def _runs(scenario: Scenario, trace: RequestTrace, usual: Outcome) -> Iterator[ReplayedFleet]:
    for router in ROUTERS:
        if router != "prefix-aware" or trace.blocks is not None:
            yield _run(scenario, usual if router == USUAL else outcome_of(scenario, router), router)
    for scaler in SCALERS:
        stands = stands_of(scenario, scaler)
        replicas = stands[0].mean(trace.span_s / scenario.pace)
        yield _run(scenario, outcome_of(scenario, USUAL, stands=stands), USUAL, scaler=scaler, replicas=replicas)


def _run(
    scenario: Scenario, outcome: Outcome, router: str, *, scaler: str = STANDING, replicas: float | None = None
) -> ReplayedFleet:
    quantiles = {name: _quantiles(getattr(outcome.waits, name)[outcome.held]) for name in ("ttft_s", "tpot_s", "e2e_s")}
    return ReplayedFleet(
        router=router,
        scaler=scaler,
        replicas=float(scenario.replicas) if replicas is None else replicas,
        met_share=met_share(scenario, outcome),
        cached_share=outcome.cached_share,
        **quantiles,
    )


def _quantiles(values: Floats) -> Mapping[str, float]:
    return {f"p{round(100 * share)}": quantile_of(values, share) for share in (0.5, 0.9, 0.99) if len(values)}


def _record(trace: RequestTrace, fitted: FittedTraffic, scenario: Scenario | None) -> TraceReplay:
    """What a trace says, before anything is replayed."""
    return TraceReplay(
        file=trace.file,
        format=trace.format,
        requests=len(trace),
        unanswered=trace.unanswered,
        span_s=trace.span_s,
        trace_rate_per_s=fitted.rate_per_s,
        arrival_spread=fitted.arrival_spread,
        prompt_tokens=fitted.prompt_tokens,
        output_tokens=fitted.output_tokens,
        prompt_spread=fitted.prompt_spread,
        output_spread=fitted.output_spread,
        endless_cache_share=fitted.prefix_share,
        pace=1.0 if scenario is None else scenario.pace,
        replicas=0 if scenario is None else scenario.replicas,
        prompt_replicas=0 if scenario is None else scenario.prompts,
        too_large=0,
        met_share_sure=None,
        replicas_if_independent=0,
        runs=(),
    )
