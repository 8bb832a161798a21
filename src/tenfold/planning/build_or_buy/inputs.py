"""The uncertain inputs: traffic, prices, people, time, rates, runs; each drawn once for every way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tenfold.catalog import Catalog, assumption_named
from tenfold.planning.build_or_buy.own import PRETRAIN, SERVE, TUNE, OwnWay
from tenfold.planning.build_or_buy.question import BuildOrBuyQuestion
from tenfold.planning.drawn import RENT, common_inputs
from tenfold.planning.supply.offers import newest
from tenfold.planning.supply.tiers import big_and_soon
from tenfold.quantities import Figure, NamedFigure, Percentiles, Ranged, Uncertain, stated_at

LEAST_GROWTH = -0.5


def said_or_assumed(catalog: Catalog, stated: Ranged | None, path: str, unit: str, assumption: str) -> NamedFigure:
    """What the question states at a path of its JSON, or the assumption in its place."""
    if stated is None:
        return assumption_named(catalog, assumption)
    return stated_at(path, stated.figure(unit, newest(catalog)))


def people_of(question: BuildOrBuyQuestion, catalog: Catalog, way: str) -> NamedFigure:
    """Engineers of a way, beside those of serving where it is tuned or trained."""
    asked = getattr(question, way)
    return said_or_assumed(catalog, asked and asked.people, f"{way}.people", "1", f"services.{way}_people")


def weeks_of(question: BuildOrBuyQuestion, catalog: Catalog, way: str) -> NamedFigure:
    """Weeks until a way answers."""
    asked = getattr(question, way)
    return said_or_assumed(catalog, asked and asked.weeks, f"{way}.weeks", "1", f"services.{way}_weeks")


def growth_of(question: BuildOrBuyQuestion, catalog: Catalog) -> NamedFigure:
    """Growth of traffic a month."""
    path = "traffic.growth_per_month"
    return said_or_assumed(catalog, question.traffic.growth_per_month, path, "1", "services.growth_per_month")


def peak_of(question: BuildOrBuyQuestion, catalog: Catalog) -> NamedFigure:
    """Busiest hour over the mean."""
    path = "traffic.peak_over_mean"
    return said_or_assumed(catalog, question.traffic.peak_over_mean, path, "1", "services.peak_over_mean")


def uncertain_inputs(question: BuildOrBuyQuestion, catalog: Catalog, ways: Sequence[OwnWay]) -> tuple[Uncertain, ...]:
    """Gather every input that plays a part, in an order that depends on the question alone."""
    engineer = said_or_assumed(
        catalog, question.engineer_usd_per_week, "engineer_usd_per_week", "USD", "planning.engineer_usd_per_week"
    )
    return (
        _one("growth", "growth of traffic a month", growth_of(question, catalog), least=LEAST_GROWTH),
        _one("price_change", "price of a called token after a year over today's",
             assumption_named(catalog, "services.price_change_per_year")),
        _one("engineer", "cost of an engineer", engineer, " $ a week"),
        _one("people/api", "engineers who look after calls", assumption_named(catalog, "services.api_people")),
        *(_of_ways(question, catalog, ways) if ways else ()),
    )  # fmt: skip


def _of_ways(question: BuildOrBuyQuestion, catalog: Catalog, ways: Sequence[OwnWay]) -> Iterator[Uncertain]:
    yield _one("peak", "busiest hour over the mean", peak_of(question, catalog), least=1.0)
    yield _one(f"people/{SERVE}", "engineers who keep a service running", people_of(question, catalog, SERVE))
    yield from common_inputs(catalog, RENT)
    if any(each.serving.premium for each in ways):
        yield _one("big_and_soon", "price of many chips soon over the list", big_and_soon(catalog), " times")
    for each in ways:
        yield from _of_way(question, catalog, each)
    if question.asic is not None:
        yield _one("design", "design of a chip of one's own", said_or_assumed(
            catalog, question.asic.design_usd, "asic.design_usd", "USD", "services.asic_design_usd"
        ))  # fmt: skip
        learning = assumption_named(catalog, "race.supply.learning_per_year")
        yield _one("learning", "work for a dollar of chips after a year", learning, " times", least=1.0)


def _of_way(question: BuildOrBuyQuestion, catalog: Catalog, each: OwnWay) -> Iterator[Uncertain]:
    way, serving = each.way, each.serving
    named = f"serving/{serving.model}/{serving.chip}/tokens_per_s"
    yield _made(f"rate/{way}", f"tokens of a {serving.chip}, {way}", named, serving.tokens_per_s_per_chip, "tokens/s",
                serving.figures)  # fmt: skip
    yield _one(f"price/{way}", f"rent of a {serving.chip}, {way}", serving.tier.price)
    yield _one(f"weeks/{way}", f"weeks until it answers, {way}", weeks_of(question, catalog, way), " weeks")
    if way != SERVE:
        yield _one(f"people/{way}", f"people beside those who serve, {way}", people_of(question, catalog, way))
    if each.run is not None:
        yield _made(f"run_usd/{way}", f"cost of a run, {way}", f"runs/{way}/cost", each.run.cost_usd, "USD",
                    each.run.figures)  # fmt: skip
        yield _made(f"run_days/{way}", f"days of a run, {way}", f"runs/{way}/days", each.run.days, "1",
                    each.run.figures)  # fmt: skip
    if way == TUNE:
        yield _one("tune_runs", "runs until one is kept", assumption_named(catalog, "services.tune_runs"), " runs")
    if way == PRETRAIN:
        yield _one("trials", "trials over the final run", assumption_named(catalog, "services.pretrain_trials_share"))
    if each.lora:
        yield _one("lora", "work of low-rank tuning", assumption_named(catalog, "services.lora_flops_share"))


def _one(key: str, label: str, named: NamedFigure, written: str = "", least: float = 0.0) -> Uncertain:
    return Uncertain(key=key, label=label, axis="all", figures=(named,), written=written, least=least)


def _made(
    key: str, label: str, name: str, spread: Percentiles, unit: str, rests_on: tuple[NamedFigure, ...]
) -> Uncertain:
    """An input that another question has worked out, with the recorded figures under it."""
    youngest = max((each.figure for each in rests_on), key=lambda figure: figure.as_of)
    figure = Figure(
        value=spread.p50,
        unit=unit,
        kind="estimate",
        source=youngest.source,
        as_of=youngest.as_of,
        low=spread.p10,
        high=spread.p90,
    )
    return Uncertain(
        key=key, label=label, axis="all", figures=(NamedFigure(name=name, figure=figure),), rests_on=(rests_on,)
    )
