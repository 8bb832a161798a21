"""Each way to answer on one's own: what is run before, and what serves for least.

The chip's rate is what ``search serving`` finds, its price what ``plan`` finds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tenfold.catalog import Catalog
from tenfold.planning.build_or_buy.own import MONTH_S, OWN_WAYS, OwnWay, Serving
from tenfold.planning.build_or_buy.question import BuildOrBuyQuestion, Pretrained, Served, Tuned
from tenfold.planning.build_or_buy.trained import run_asked
from tenfold.planning.run_asked import CheapestRun
from tenfold.planning.search_serving.answer import FoundService
from tenfold.planning.search_serving.question import SearchServingQuestion
from tenfold.planning.search_serving.search_serving import answer as search
from tenfold.planning.supply.offer import Buyer
from tenfold.planning.supply.offers import find_offers, newest
from tenfold.planning.supply.tiers import Tier, big_chips, premium_of, tier_for
from tenfold.quantities import Progress

EVERY = 1000
"""Chips that a search may list: all of them."""


def own_ways(
    question: BuildOrBuyQuestion,
    catalog: Catalog,
    peak: float,
    seed: int,
    cheapest_run: CheapestRun,
    progress: Progress | None,
) -> tuple[tuple[OwnWay, ...], dict[str, str]]:
    """Price what is asked for; what cannot be is refused with its reason."""
    found, refused = list[OwnWay](), dict[str, str]()
    for place, way in enumerate(OWN_WAYS):
        asked = getattr(question, way)
        if asked is not None:
            made = _way(question, catalog, way, asked, peak, seed, cheapest_run)
            if isinstance(made, OwnWay):
                found.append(made)
            else:
                refused[way] = made
        if progress is not None:
            progress((place + 1) / len(OWN_WAYS))
    return tuple(found), refused


def _way(
    question: BuildOrBuyQuestion,
    catalog: Catalog,
    way: str,
    asked: Served | Tuned | Pretrained,
    peak: float,
    seed: int,
    cheapest_run: CheapestRun,
) -> OwnWay | str:
    serving = cheapest_serving(question, catalog, asked.model, asked.precision, peak)
    if isinstance(serving, str):
        return serving
    run = None if isinstance(asked, Served) else cheapest_run(run_asked(question, catalog, asked), catalog, seed)
    if isinstance(run, str):
        return run
    return OwnWay(way=way, serving=serving, run=run, lora=isinstance(asked, Tuned) and asked.method == "lora")


def cheapest_serving(
    question: BuildOrBuyQuestion, catalog: Catalog, model: str, precision: str, peak: float
) -> Serving | str:
    """The chip that gives most answers for a dollar at P50, of those that can be had; or why there is none.

    ``peak`` is the busiest hour over the mean, at P50: an offer has to be deep enough for the first month.
    """
    asked = _search_of(question, model, precision, question.chips)
    searched = search(asked, catalog)
    if not searched.best:
        return f"{searched.short}; {searched.nearest}"
    rows = {row.chip: row for row in searched.best}
    priced, refused = _priced(question, catalog, rows, peak)
    if not priced:
        where = f"{question.supply} at {question.site}"
        return f"nobody is known to rent out so many chips that serve {model} {where}; another supply, or another site"
    big = big_chips(catalog)
    row, tier = min(priced, key=lambda pair: pair[1].price.figure.value / pair[0].tokens_per_s_per_chip.p50)
    alone = search(_search_of(question, model, precision, (row.chip,)), catalog)
    return Serving(
        model=model,
        chip=row.chip,
        chips=row.chips,
        tokens_per_s_per_chip=row.tokens_per_s_per_chip,
        tier=tier,
        premium=premium_of(tier, chips_for(question, row, peak), big),
        figures=alone.figures,
        scored=tuple(sorted(each.chip for each, _ in priced)),
        refused={**searched.refused, **refused},
    )


def chips_for(question: BuildOrBuyQuestion, row: FoundService, peak: float) -> float:
    """Chips that the first month's busiest hour takes, in whole replicas, everything at P50."""
    rate_per_s = question.traffic.output_tokens * peak / MONTH_S
    return float(-(-rate_per_s // (row.tokens_per_s_per_chip.p50 * row.chips)) * row.chips)


def _search_of(
    question: BuildOrBuyQuestion, model: str, precision: str, chips: tuple[str, ...] | None
) -> SearchServingQuestion:
    return SearchServingQuestion(
        model=model,
        isl=question.traffic.isl,
        osl=question.traffic.osl,
        chips=chips,
        precision=precision,
        slo_ttft_s=question.slo_ttft_s,
        slo_tpot_s=question.slo_tpot_s,
        top=EVERY,
    )


def _priced(
    question: BuildOrBuyQuestion, catalog: Catalog, rows: Mapping[str, FoundService], peak: float
) -> tuple[list[tuple[FoundService, Tier]], dict[str, str]]:
    """Rows with the tier that is deep enough for the traffic; and why the others have none."""
    offers, short = find_offers(
        catalog, tuple(rows), (question.supply,), (catalog.site(question.site),), Buyer(day=newest(catalog))
    )
    refused = {each.chip: each.shortfall.short for each in short}
    found = list[tuple[FoundService, Tier]]()
    for offer in offers:
        row = rows[offer.chip]
        tier = tier_for(offer.tiers, chips_for(question, row, peak))
        if tier is None:
            refused[offer.chip] = "nobody is known to offer that many"
        else:
            found.append((row, tier))
    return found, refused


def kinds_of(serving: Serving, catalog: Catalog, kind: str) -> tuple[int, int, str]:
    """Chips of a kind that were scored and that were not, and why not."""
    scored = sum(catalog.chips[each].kind == kind for each in serving.scored)
    reasons = list(_reasons(serving, catalog, kind))
    return scored, len(reasons), "; ".join(dict.fromkeys(reasons))


def _reasons(serving: Serving, catalog: Catalog, kind: str) -> Iterator[str]:
    return (f"{chip}: {why}" for chip, why in sorted(serving.refused.items()) if catalog.chips[chip].kind == kind)
