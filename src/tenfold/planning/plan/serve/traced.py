"""A service whose traffic a trace says: what is stated stays, what is not is taken from the trace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tenfold.fleet import FittedTraffic, RequestTrace, fit_traffic, read_requests
from tenfold.planning.plan.serve.question import Service
from tenfold.quantities import format_quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """A service with everything said, and the trace that said it where there is one."""

    service: Service
    trace: RequestTrace | None = None
    fitted: FittedTraffic | None = None
    notes: tuple[str, ...] = ()


def traced_of(service: Service, confidence: float) -> Traced:
    """Read the trace of a service, and fill in what it says. Raises ``InputError`` for a file that cannot be read."""
    if service.trace is None:
        return Traced(service=service)
    trace = read_requests(Path(service.trace))
    fitted = fit_traffic(trace)
    filled = replace(
        service,
        isl=max(round(fitted.prompt_tokens), 1),
        osl=max(round(fitted.output_tokens), 1),
        isl_spread=fitted.prompt_spread,
        osl_spread=fitted.output_spread,
        rate_per_s=_rate_of(service, fitted),
        peak_to_mean=fitted.peak_to_mean if service.peak_to_mean is None else service.peak_to_mean,
        prefix_share=shared(service, fitted, confidence),
    )
    return Traced(service=filled, trace=trace, fitted=fitted, notes=tuple(_notes(service, filled, trace, fitted)))


def _rate_of(service: Service, fitted: FittedTraffic) -> float | None:
    stated = service.rate_per_s is not None or service.output_tokens_per_day is not None
    return service.rate_per_s if stated else fitted.rate_per_s


def shared(service: Service, fitted: FittedTraffic, confidence: float) -> float | None:
    """Share of a prompt that is cached: as said; else at the worse end of what caches may hold.

    A cache that forgets nothing holds the share fitted, one that forgets all holds none: anything between is taken to
    be as likely, so that the confidence asked for leaves (1 − confidence) of it.
    """
    if service.prefix_share is not None or service.turns > 1.0 or fitted.prefix_share is None:
        return service.prefix_share
    return (1.0 - confidence) * fitted.prefix_share


def _notes(service: Service, filled: Service, trace: RequestTrace, fitted: FittedTraffic) -> Iterator[str]:
    span = format_quantity(trace.span_s, "s")
    yield f"Traffic as in {trace.file}: {len(trace):,} requests of {span}, read as {trace.format}"
    if trace.unanswered:
        yield f"{trace.unanswered:,} rows of the trace have no answer and are left out"
    if fitted.peak_to_mean is None and service.peak_to_mean is None:
        yield f"The trace is shorter than a day and shows no busiest hour: {span} of it are taken for the mean"
    if filled.prefix_share != service.prefix_share:
        yield (
            f"prefix_share was left out: {filled.prefix_share:.1%}, the worse end of 0 to {fitted.prefix_share:.1%}, "
            "which a cache that forgets nothing would hold"
        )
