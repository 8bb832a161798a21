"""Designs in order, best first: those that differ in nothing but their site are one line."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.planning.plan import Design, Plan
from tenfold.reports.wording import few


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedDesign:
    """The first of the designs that are alike, and where they can be."""

    design: Design
    sites: tuple[str, ...]

    @property
    def where(self) -> str:
        """Sites in words."""
        return few(self.sites, "sites")


def ranked_designs(plan: Plan) -> tuple[RankedDesign, ...]:
    """The best design and the alternatives, gathered; a rented design finishes and costs the same at every site."""
    alike: dict[tuple[object, ...], list[Design]] = {}
    for design in (*((plan.best,) if plan.best else ()), *plan.alternatives):
        key = (design.chip, design.chips, design.supply, design.layout, design.finish_days, design.cost_usd)
        alike.setdefault(key, []).append(design)
    return tuple(RankedDesign(design=group[0], sites=tuple(each.site for each in group)) for group in alike.values())
