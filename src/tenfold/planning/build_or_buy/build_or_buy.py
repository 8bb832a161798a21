"""Build or buy: call a model, tune a small one, serve an open one, train one; which costs least for the traffic.

What a chip serves is ``search serving``'s, what an hour of it costs is ``plan``'s offer, what a run costs is the
cheapest design of the plan of that run; what a call costs is the list price of the catalog. All ways are priced on the
same draws. Months are not discounted, and rents stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

from tenfold.catalog import Catalog, ChipKind, Service
from tenfold.planning.build_or_buy.answer import BuildOrBuyAnswer, Called, Unscored, Way
from tenfold.planning.build_or_buy.cases import asic_case, mix_case, staged_case
from tenfold.planning.build_or_buy.compared import totals_usd, turns_of, volumes_of, ways_compared
from tenfold.planning.build_or_buy.inputs import peak_of, uncertain_inputs
from tenfold.planning.build_or_buy.monthly import Scene, tokens_of, usd_per_token
from tenfold.planning.build_or_buy.own import OWN_WAYS, OwnWay
from tenfold.planning.build_or_buy.question import BuildOrBuyQuestion
from tenfold.planning.build_or_buy.ways import kinds_of, own_ways
from tenfold.planning.run_asked import CheapestRun
from tenfold.planning.ties import tied
from tenfold.quantities import (
    NamedFigure,
    Progress,
    assumptions_of,
    format_quantity,
    format_share,
    median_point,
    sobol_points,
)

NO_FIGURES = "no figures"
TAKEN = (
    "Calls are at list price: neither batches, nor repeated prompts, nor contracts make them cheaper",
    "Months are not discounted; rents stay as they are; calls get cheaper or dearer with what replaces the model",
    "Until a way of one's own answers, the model above is called",
)
"""What the comparison takes for granted beside its figures."""


def answer(
    question: BuildOrBuyQuestion,
    catalog: Catalog,
    *,
    cheapest_run: CheapestRun,
    seed: int = 0,
    progress: Progress | None = None,
) -> BuildOrBuyAnswer:
    """Compare the ways; one that cannot be priced is refused with its reason. ``cheapest_run`` prices runs.

    Raises ``MissingFigureError`` for an assumption that is not there.
    """
    services = _services(question, catalog)
    ways, refused = own_ways(question, catalog, peak_of(question, catalog).figure.value, seed, cheapest_run, progress)
    inputs = uncertain_inputs(question, catalog, ways)
    middle = Scene(question=question, points=median_point(inputs), service=services[0])
    drawn = Scene(question=question, points=sobol_points(inputs, seed), service=services[0])
    compared = ways_compared(drawn, middle, ways)
    own = _best_own(middle, ways)
    named = _named(services, inputs)
    recorded = tuple(each for each in named if not each.stated)
    return BuildOrBuyAnswer(
        question=question,
        made=catalog.made(seed),
        best=compared[0].way,
        ways={each.way: each for each in compared},
        refused=refused,
        called=tuple(_called(question, each) for each in services),
        kinds=_kinds(catalog, own),
        turns=turns_of(middle, ways, inputs),
        tied=tied({each.way: each.chance_cheapest for each in compared}),
        volumes=volumes_of(middle, ways),
        asic=asic_case(question.asic, drawn, middle, own) if question.asic and own else None,
        mix=mix_case(question.mix, drawn, own) if question.mix and own else None,
        staged=staged_case(question.staged, drawn, own) if question.staged and own else None,
        alerts=_alerts(question, compared),
        notes=(*_notes(question, ways), *_beyond(compared, ways)),
        assumptions=assumptions_of(recorded),
        figures=recorded,
        stated=tuple(each for each in named if each.stated),
    )


def _services(question: BuildOrBuyQuestion, catalog: Catalog) -> list[Service]:
    """Models that may be called, the cheapest for this traffic first."""
    named = question.services or tuple(key for key, each in catalog.services.items() if each.tier == question.quality)
    return sorted((catalog.services[key] for key in named), key=lambda each: usd_per_token(question, each))


def _called(question: BuildOrBuyQuestion, service: Service) -> Called:
    a_token = usd_per_token(question, service)
    return Called(
        service=service.key,
        provider=service.provider,
        usd_first_month=a_token * tokens_of(question),
        usd_per_mtoken=a_token * 1e6,
    )


def _best_own(middle: Scene, ways: Sequence[OwnWay]) -> OwnWay | None:
    """The cheapest way of one's own, every input at P50: what the cases stand on."""
    totals = totals_usd(middle, ways)
    return min(ways, key=lambda each: float(totals[each.way][0]), default=None)


def _named(services: Sequence[Service], inputs: Sequence[object]) -> tuple[NamedFigure, ...]:
    """Every figure under the answer, once."""
    called = services[0]
    prices = [NamedFigure(name=f"services/{called.key}/{key}", figure=figure) for key, figure in called.figures.items()]
    found = [*prices, *(named for each in inputs for named in each.recorded)]  # type: ignore[attr-defined]
    return tuple({each.name: each for each in found}.values())


def _kinds(catalog: Catalog, own: OwnWay | None) -> tuple[Unscored, ...]:
    """Kinds of chips: how many were scored, and why others were not; one without figures is never scored."""
    if own is None:
        return ()
    found = []
    for kind in get_args(ChipKind):
        scored, lacking, why = kinds_of(own.serving, catalog, kind)
        found.append(Unscored(kind=kind, scored=scored, no_figures=lacking, why=why or ("" if scored else NO_FIGURES)))
    return tuple(found)


def _alerts(question: BuildOrBuyQuestion, ways: Sequence[Way]) -> dict[str, str]:
    """Ways whose cost is above the share of revenue that is an alert, at P50."""
    limit = format_share(question.alert_share, 2)
    return {
        each.way: f"{each.way} takes {format_share(each.revenue_share.p50, 2)} of revenue, above {limit}"
        for each in ways
        if each.revenue_share is not None and each.revenue_share.p50 > question.alert_share
    }


def _notes(question: BuildOrBuyQuestion, ways: Sequence[OwnWay]) -> Iterator[str]:
    yield from TAKEN
    asked = [name for name in OWN_WAYS if getattr(question, name) is not None]
    left = [name for name in OWN_WAYS if name not in asked]
    if left:
        yield f"Not compared, since not asked about: {', '.join(left)}"
    for each in ways:
        if each.run is not None:
            yield f"A run of {each.way}: {each.run.words}, {format_quantity(each.run.cost_usd.p50, 'USD')}"
    if question.slo_tpot_s is None and ways:
        yield "No time per token is asked for: chips are filled as far as they go, and answer slowly"
    if question.services is None:
        yield f"Quality is a tier of sellers' own ({question.quality}); whether it is enough is yours to test"


def _beyond(compared: Sequence[Way], ways: Sequence[OwnWay]) -> Iterator[str]:
    """Say where traffic outgrows what is known to be offered."""
    last = {each.way: each.chips_last for each in compared}
    for each in ways:
        tier = each.serving.tier
        if last[each.way] > tier.most:
            yield (
                f"{each.way}: the last month takes {last[each.way]:,.0f} × {each.serving.chip}, of which "
                f"{tier.most:,.0f} are known to be offered on these terms"
            )
