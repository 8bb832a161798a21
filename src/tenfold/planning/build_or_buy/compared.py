"""The ways side by side: totals on the same draws, what turns the choice, from which traffic on which is cheapest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from tenfold.planning.build_or_buy.answer import Crossover, Turn, Way
from tenfold.planning.build_or_buy.monthly import (
    Scene,
    called_terms_usd,
    chips_by_month,
    crossover_tokens,
    own_terms_usd,
    ready_months,
    setup_usd,
    tokens_of,
)
from tenfold.planning.build_or_buy.own import API, OwnWay
from tenfold.quantities import Floats, Percentiles, Uncertain, one_at_a_time, with_spread

VOLUMES = np.geomspace(1e-4, 1e4, 161)
"""First month's traffic over the one asked about, at which the cheapest way is looked up."""


def terms_of(scene: Scene, ways: Sequence[OwnWay]) -> Mapping[str, Mapping[str, Floats]]:
    """Cost by way, line and month."""
    return {API: called_terms_usd(scene)} | {each.way: own_terms_usd(scene, each) for each in ways}


def totals_usd(scene: Scene, ways: Sequence[OwnWay]) -> Mapping[str, Floats]:
    """Cost of all months by way, (points,)."""
    return {
        way: np.asarray(sum(line.sum(axis=1) for line in lines.values()))
        for way, lines in terms_of(scene, ways).items()
    }


def ways_compared(drawn: Scene, middle: Scene, ways: Sequence[OwnWay]) -> tuple[Way, ...]:
    """Every way, the cheapest at P50 first."""
    terms, at_middle = terms_of(drawn, ways), terms_of(middle, ways)
    totals = totals_usd(drawn, ways)
    least = np.min(list(totals.values()), axis=0)
    own = {each.way: each for each in ways}
    made = [
        _way(name, own.get(name), drawn, middle, terms[name], at_middle[name], totals[name], least) for name in totals
    ]
    return tuple(sorted(made, key=lambda each: each.total_usd.p50))


def _way(
    name: str,
    own: OwnWay | None,
    drawn: Scene,
    middle: Scene,
    terms: Mapping[str, Floats],
    at_middle: Mapping[str, Floats],
    total: Floats,
    least: Floats,
) -> Way:
    whole = Percentiles.of(total)
    months = np.asarray(sum(terms.values()))
    tokens = drawn.tokens.sum(axis=1)
    nothing = Percentiles(p10=0.0, p50=0.0, p90=0.0)
    chips = np.zeros((1, 1)) if own is None else chips_by_month(middle, own)
    lines = {line: float(usd.sum()) for line, usd in at_middle.items()}
    return Way(
        way=name,
        what=middle.service.name if own is None else own.what,
        usd_by_month=tuple(Percentiles.of(column) for column in months.T),
        total_usd=whole,
        terms_usd=with_spread({line: usd for line, usd in lines.items() if usd}, whole.p50),
        usd_per_mtoken=Percentiles.of(total / tokens * 1e6),
        setup_usd=nothing if own is None else Percentiles.of(setup_usd(drawn, own)),
        ready_months=nothing if own is None else Percentiles.of(ready_months(drawn, own)),
        chips_first=float(chips[0, 0]),
        chips_last=float(chips[0, -1]),
        chance_cheapest=float(np.mean(total <= least * (1.0 + 1e-12))),
        crossover=None if own is None else _crossover(drawn, own),
        revenue_share=_revenue_share(drawn, total),
    )


def _crossover(drawn: Scene, own: OwnWay) -> Crossover:
    tokens = crossover_tokens(drawn, own)
    there = np.isfinite(tokens)
    found = Percentiles.of(tokens[there]) if there.any() else None
    return Crossover(share_of_draws=float(there.mean()), tokens_per_month=found)


def _revenue_share(drawn: Scene, total: Floats) -> Percentiles | None:
    revenue = drawn.question.revenue_usd_per_month
    return None if revenue is None else Percentiles.of(total / (revenue * drawn.grown.sum(axis=1)))


def turns_of(middle: Scene, ways: Sequence[OwnWay], inputs: Sequence[Uncertain]) -> tuple[Turn, ...]:
    """Inputs that change what is cheapest at their P10 or P90, everything else at P50."""
    base = cheapest(totals_usd(middle, ways), 0)
    ends = replace(middle, points=one_at_a_time(inputs))
    totals, found = totals_usd(ends, ways), list[Turn]()
    for place, each in enumerate(inputs):
        for point in (2 * place, 2 * place + 1):
            way = cheapest(totals, point)
            if way != base:
                value = float(ends.points.values[each.key][0, point])
                found.append(Turn(name=each.label, value=each.text(value, 0), way=way))
    return tuple(found)


def volumes_of(middle: Scene, ways: Sequence[OwnWay]) -> tuple[tuple[float, str], ...]:
    """Tokens of the first month from which on each way is cheapest, every input at P50."""
    found = list[tuple[float, str]]()
    for scale in VOLUMES:
        way = cheapest(totals_usd(replace(middle, scale=float(scale)), ways), 0)
        if not found or found[-1][1] != way:
            found.append((float(scale) * tokens_of(middle.question), way))
    return tuple(found)


def cheapest(totals: Mapping[str, Floats], point: int) -> str:
    """The way that costs least at a point."""
    return min(totals, key=lambda way: float(totals[way][point]))
