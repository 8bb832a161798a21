"""From the traffic as people state it to what a fleet must carry: rate at the peak, lengths, what is cached already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tenfold.catalog import assumption_named
from tenfold.performance.serving import Lengths
from tenfold.planning.plan.serve.fleets import Demand
from tenfold.planning.plan.serve.growth import grown, mean_growth
from tenfold.planning.plan.serve.question import TIERS, Service, tokens_of
from tenfold.quantities import DAY_S, NamedFigure, distribution_of
from tenfold.workloads.serving import Traffic

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

UNSTATED = {"isl_spread": "prompt_spread", "osl_spread": "output_spread", "peak_to_mean": "peak_to_mean"}
"""Fields of a service that may be left out, and the assumption that then stands for each."""


def demand_of(service: Service, period_s: float, confidence: float, catalog: Catalog) -> Demand:
    """Work out the load of a service. What was left out is taken at its ``confidence`` quantile: the worse end."""
    named = {
        field: assumption_named(catalog, f"serving.{name}")
        for field, name in UNSTATED.items()
        if getattr(service, field) is None
    }
    taken = {field: float(distribution_of(each.figure).ppf(np.array([confidence]))[0]) for field, each in named.items()}
    said = {field: taken.get(field, getattr(service, field)) for field in UNSTATED}
    links = {
        tier: assumption_named(catalog, f"serving.{tier}_cache_bandwidth")
        for tier, field in TIERS.items()
        if getattr(service, field) is not None
    }
    slow = np.array([1.0 - confidence])
    start, (prompt, output) = rate_at_start(service), tokens_of(service)
    cached = prefix_of(service)
    return Demand(
        traffic=Traffic(prompt_tokens=prompt, output_tokens=output, prefix_share=cached),
        lengths=Lengths(prompt_spread=said["isl_spread"], output_spread=said["osl_spread"]),
        peak_rate_per_s=start * grown(service.growth_per_year, period_s) * max(said["peak_to_mean"], 1.0),
        mean_rate_per_s=start * mean_growth(service.growth_per_year, period_s),
        links={tier: float(distribution_of(each.figure).ppf(slow)[0]) for tier, each in links.items()},
        figures=(*named.values(), *links.values()),
        notes=(
            *(_note(field, each, taken[field], confidence) for field, each in named.items()),
            *((f"turns: {cached:.0%} of a prompt is cached",) if service.prefix_share is None and cached else ()),
        ),
    )


def rate_at_start(service: Service) -> float:
    """Requests a second on average over the first day, 1/s."""
    if service.rate_per_s is not None:
        return service.rate_per_s
    return (service.output_tokens_per_day or 0.0) / tokens_of(service)[1] / DAY_S


def prefix_of(service: Service) -> float:
    """Share of a prompt that is cached: as said, or (n − 1)/(n + 1) for n turns that each add as much as the first.

    Turn k sends k parts of which k − 1 were sent before: Σ(k − 1)/Σk over k = 1…n.
    """
    if service.prefix_share is not None:
        return service.prefix_share
    return min((service.turns - 1.0) / (service.turns + 1.0), 0.99)


def _note(field: str, named: NamedFigure, value: float, confidence: float) -> str:
    return f"{field} was left out: {value:.3g}, the {confidence:.0%} end of {named.name}"
