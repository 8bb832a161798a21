"""The Python interface: every question as a function. ``import tenfold`` re-exports it.

Each function takes a question as its record, a table of values, the path of a file, or the values themselves by the
names of its fields, which stand over the file; and ``catalog`` (the shipped one when left out), ``seed`` (the file's,
or 0), ``progress`` (told the share done). Each raises one ``InputError`` with every problem, and
``MissingFigureError`` for a figure nobody recorded. That nothing fits is an answer, not an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from tenfold.interfaces.display import ask_about
from tenfold.quantities import Progress

if TYPE_CHECKING:
    from tenfold.catalog import Catalog
    from tenfold.catalog.prices import FileImport
    from tenfold.claims import ClaimsAnswer, ClaimsQuestion
    from tenfold.planning.build_or_buy import BuildOrBuyAnswer, BuildOrBuyQuestion
    from tenfold.planning.contagion import ContagionAnswer, ContagionQuestion
    from tenfold.planning.estimate import EstimateTrainingAnswer, EstimateTrainingQuestion
    from tenfold.planning.estimate_config import EstimateConfigAnswer, EstimateConfigQuestion
    from tenfold.planning.estimate_serving import EstimateServingAnswer, EstimateServingQuestion
    from tenfold.planning.fleet_compare import FleetCompareAnswer, FleetCompareQuestion
    from tenfold.planning.fleet_read import FleetReadAnswer, FleetReadQuestion
    from tenfold.planning.fleet_replay import FleetReplayAnswer, FleetReplayQuestion
    from tenfold.planning.fleet_size import FleetSizeAnswer, FleetSizeQuestion
    from tenfold.planning.fleet_submit import FleetSubmitAnswer, FleetSubmitQuestion
    from tenfold.planning.goodput import GoodputAnswer, GoodputQuestion
    from tenfold.planning.multisite import MultisiteAnswer, MultisiteQuestion
    from tenfold.planning.plan import PlanAnswer, PlanQuestion
    from tenfold.planning.plan.portfolio import PlanPortfolioAnswer, PlanPortfolioQuestion
    from tenfold.planning.plan.serve import PlanServeAnswer, PlanServeQuestion
    from tenfold.planning.prices import PricesShowAnswer, PricesShowQuestion
    from tenfold.planning.procurement import ProcureAnswer, ProcureQuestion
    from tenfold.planning.quote import QuoteAnswer, QuoteQuestion
    from tenfold.planning.rent_or_own import RentOrOwnAnswer, RentOrOwnQuestion
    from tenfold.planning.rental import RentalAnswer, RentalQuestion
    from tenfold.planning.rollouts import RolloutsAnswer, RolloutsQuestion
    from tenfold.planning.search import SearchTrainingAnswer, SearchTrainingQuestion
    from tenfold.planning.search_serving import SearchServingAnswer, SearchServingQuestion
    from tenfold.planning.tco import TcoAnswer, TcoQuestion
    from tenfold.race import RaceAnswer, RaceQuestion
    from tenfold.race.backtest import RaceBacktestAnswer, RaceBacktestQuestion
    from tenfold.race.log import RaceLogAnswer, RaceLogQuestion
    from tenfold.validation.chip import CalibrateChipAnswer, CalibrateChipQuestion
    from tenfold.validation.failures import GoodputFitAnswer, GoodputFitQuestion
    from tenfold.validation.prices import CalibratePricesAnswer, CalibratePricesQuestion
    from tenfold.validation.serving.calibrate import CalibrateServingAnswer, CalibrateServingQuestion
    from tenfold.validation.serving.validate import ValidateServingAnswer, ValidateServingQuestion
    from tenfold.validation.track import TrackAnswer, TrackQuestion
    from tenfold.validation.training.calibrate import CalibrateTrainingAnswer, CalibrateTrainingQuestion
    from tenfold.validation.training.validate import ValidateTrainingAnswer, ValidateTrainingQuestion

File = str | PathLike[str]
Values = Mapping[str, Any]


def estimate_training(
    question: EstimateTrainingQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> EstimateTrainingAnswer:
    """Estimate one training step: time, throughput, utilisation and memory per chip, with P10, P50 and P90.

    What is given of the layout, one by one (``tp=8``) or as ``layout=LayoutWish(tp=8)``, is held; the rest is chosen.
    """
    found = ask_about("estimate training", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("EstimateTrainingAnswer", found)


def estimate_config(
    question: EstimateConfigQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> EstimateConfigAnswer:
    """Estimate one training step of another tool's configuration, which may be named in place of a question."""
    found = ask_about("estimate config", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("EstimateConfigAnswer", found)


def search_training(
    question: SearchTrainingQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> SearchTrainingAnswer:
    """Search every layout of a model on a cluster: the fastest that fit, and the front of time and memory."""
    found = ask_about("search training", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("SearchTrainingAnswer", found)


def goodput(
    question: GoodputQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> GoodputAnswer:
    """Say what failures do to a job: MTTF, ETTR, losses by cause, best interval, spares, policies."""
    found = ask_about("goodput", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("GoodputAnswer", found)


def multisite(
    question: MultisiteQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> MultisiteAnswer:
    """Plan a run over several sites: algorithm, sync period, shares of the batch, finish, cost, power of each site."""
    found = ask_about("multisite", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("MultisiteAnswer", found)


def plan(
    question: PlanQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> PlanAnswer:
    """Plan a goal: ranked designs with finish, cost and energy, what was rejected and why, and the sources.

    That nothing meets the goal is a plan without a ``best``.
    """
    return cast("PlanAnswer", ask_about("plan", question, catalog=catalog, seed=seed, progress=progress, **values))


def plan_serve(
    question: PlanServeQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> PlanServeAnswer:
    """Plan a service: the cheapest fleets that carry traffic within a latency, what a token costs, what was rejected.

    That nothing carries the traffic is a plan without a ``best``.
    """
    found = ask_about("plan serve", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("PlanServeAnswer", found)


def plan_portfolio(
    question: PlanPortfolioQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> PlanPortfolioAnswer:
    """Plan services and training runs that share chips over time: fleets, who has them when, what sharing saves.

    That some work has no chips is a plan without a ``best``.
    """
    found = ask_about("plan portfolio", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("PlanPortfolioAnswer", found)


def procure(
    question: ProcureQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> ProcureAnswer:
    """Plan orders and rent by quarter under risk: cost and CVaR, frontier, shadow prices, regret."""
    found = ask_about("procure", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("ProcureAnswer", found)


def rent_or_own(
    question: RentOrOwnQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> RentOrOwnAnswer:
    """Compare renting by the hour, reserving, spot, colocation and owning: cost, crossover, payback, sharing."""
    found = ask_about("rent-or-own", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("RentOrOwnAnswer", found)


def rental(
    question: RentalQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> RentalAnswer:
    """Judge a GPU cloud: break-even price, ROE, IRR, margin, covenants, books by quarter, each with P10/P50/P90."""
    return cast("RentalAnswer", ask_about("rental", question, catalog=catalog, seed=seed, progress=progress, **values))


def build_or_buy(
    question: BuildOrBuyQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> BuildOrBuyAnswer:
    """Compare calling a model, tuning a small one, serving an open one and training one for some traffic."""
    found = ask_about("build-or-buy", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("BuildOrBuyAnswer", found)


def rollouts(
    question: RolloutsQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> RolloutsAnswer:
    """Time reinforcement learning where one site trains and others generate rollouts with its weights."""
    return cast(
        "RolloutsAnswer", ask_about("rollouts", question, catalog=catalog, seed=seed, progress=progress, **values)
    )


def quote(
    question: QuoteQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> QuoteAnswer:
    """Place a seller's offer among the prices that are known, for so many chips, that term and that place."""
    return cast("QuoteAnswer", ask_about("quote", question, catalog=catalog, seed=seed, progress=progress, **values))


def tco(
    question: TcoQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> TcoAnswer:
    """Say what a chip costs over its life at a site, by line and per hour, FLOP, run, million tokens and megawatt."""
    return cast("TcoAnswer", ask_about("tco", question, catalog=catalog, seed=seed, progress=progress, **values))


def calibrate_prices(
    question: CalibratePricesQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> CalibratePricesAnswer:
    """Fit the constants of price paths to the price history, and back-test them on months left out."""
    found = ask_about("calibrate prices", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("CalibratePricesAnswer", found)


def calibrate_training(
    question: CalibrateTrainingQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> CalibrateTrainingAnswer:
    """Fit the constants of the training model to a CSV of measured runs, with the errors of runs it has not seen."""
    found = ask_about("calibrate training", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("CalibrateTrainingAnswer", found)


def claims(
    question: ClaimsQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> ClaimsAnswer:
    """Judge statements about AI compute, those of a file or those that Tenfold brings along."""
    found = ask_about("claims", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("ClaimsAnswer", found)


def contagion(
    question: ContagionQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> ContagionAnswer:
    """Clear the payments of a year under shocks: losses, order of failing, reverse stress, circularity."""
    found = ask_about("contagion", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("ContagionAnswer", found)


def goodput_fit(
    question: GoodputFitQuestion | File | Sequence[File] | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> GoodputFitAnswer:
    """Fit failure rates to logs, one or several: rates by cause with intervals, lemon nodes, downtimes."""
    found = ask_about("goodput fit", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("GoodputFitAnswer", found)


def prices_show(
    question: PricesShowQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> PricesShowAnswer:
    """List what renting a chip cost by month, in the catalog and in the store of imported prices."""
    found = ask_about("prices show", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("PricesShowAnswer", found)


def race(
    question: RaceQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> RaceAnswer:
    """Simulate the AI compute race: fleets, runs, money and power of the players, quarter by quarter, case by case."""
    found = ask_about("race", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("RaceAnswer", found)


def race_backtest(
    question: RaceBacktestQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> RaceBacktestAnswer:
    """Judge the race backwards: hindcasts from past days against simple extrapolations of the same rows."""
    found = ask_about("race backtest", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("RaceBacktestAnswer", found)


def race_log(
    question: RaceLogQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> RaceLogAnswer:
    """Keep forecasts of the race in the store of the user, and score those whose quarter has come."""
    found = ask_about("race log", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("RaceLogAnswer", found)


def track(
    question: TrackQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> TrackAnswer:
    """Say when a running job ends, by its log so far and its plan, and what made it late."""
    found = ask_about("track", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("TrackAnswer", found)


def validate_training(
    question: ValidateTrainingQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> ValidateTrainingAnswer:
    """Compare predictions with a CSV of measured runs: errors overall and by group, and each run beside its range."""
    found = ask_about("validate training", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("ValidateTrainingAnswer", found)


def import_prices(
    files: Sequence[File] | File,
    *,
    date: str = "",
    provider: str = "",
    source: str = "",
    catalog: Catalog | None = None,
) -> tuple[FileImport, ...]:
    """Add price lists to the store: all files or none. ``date`` and ``provider`` stand in for what a file does not say.

    Raises ``InputError`` with everything that is wrong with the files.
    """
    from tenfold.catalog import load_catalog
    from tenfold.catalog.prices import Stated
    from tenfold.catalog.prices import import_prices as add
    from tenfold.quantities import parse_date

    listed = [files] if isinstance(files, str | PathLike) else files
    stated = Stated(date=parse_date(date, key="date") if date else None, provider=provider, source=source)
    return add([Path(file) for file in listed], stated, catalog or load_catalog())


def estimate_serving(
    question: EstimateServingQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> EstimateServingAnswer:
    """Estimate a service at a load: time to first token, per token and in all, tokens/s per chip, room for a cache."""
    found = ask_about("estimate serving", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("EstimateServingAnswer", found)


def search_serving(
    question: SearchServingQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> SearchServingAnswer:
    """Search chips, layouts and batches: the best of each chip within a latency, and the front of speed and yield."""
    found = ask_about("search serving", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("SearchServingAnswer", found)


def calibrate_chip(
    question: CalibrateChipQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> CalibrateChipAnswer:
    """Fit the constants of a chip to what `tenfold measure` kept: what they were and are, and how far off a step is."""
    found = ask_about("calibrate chip", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("CalibrateChipAnswer", found)


def calibrate_serving(
    question: CalibrateServingQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> CalibrateServingAnswer:
    """Fit the constants of serving to a CSV of runs, or to the output of one benchmark of your own."""
    found = ask_about("calibrate serving", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("CalibrateServingAnswer", found)


def validate_serving(
    question: ValidateServingQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> ValidateServingAnswer:
    """Compare predictions with measured serving runs, named as the question or as ``runs=``."""
    found = ask_about("validate serving", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("ValidateServingAnswer", found)


def fleet_replay(
    question: FleetReplayQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> FleetReplayAnswer:
    """Replay a trace of jobs on a shared fleet: waits by reason, chip-hours by use, who waited, what it costs."""
    found = ask_about("fleet replay", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("FleetReplayAnswer", found)


def fleet_read(
    question: FleetReadQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> FleetReadAnswer:
    """Say what a trace of jobs holds, and which rows are damaged."""
    found = ask_about("fleet read", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("FleetReadAnswer", found)


def fleet_submit(
    question: FleetSubmitQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> FleetSubmitAnswer:
    """Say when a job would start, what it waits for, and what would start it sooner."""
    found = ask_about("fleet submit", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("FleetSubmitAnswer", found)


def fleet_size(
    question: FleetSizeQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> FleetSizeAnswer:
    """Find the smallest fleet that keeps waits as short as asked, and what each target costs."""
    found = ask_about("fleet size", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("FleetSizeAnswer", found)


def fleet_compare(
    question: FleetCompareQuestion | File | Sequence[File] | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> FleetCompareAnswer:
    """Compare fleets or rules on the same jobs: differences with ranges."""
    found = ask_about("fleet compare", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("FleetCompareAnswer", found)
