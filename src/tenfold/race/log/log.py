"""The log: a forecast from a day, kept once, and scored when an observation of its quarter is there."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from tenfold.catalog import Catalog, Observation
from tenfold.quantities import NamedFigure, Progress, assumptions_of
from tenfold.race.backtest.actuals import with_actuals
from tenfold.race.backtest.blocks import BLOCKS, Block, Dated, actual_series, scaled
from tenfold.race.backtest.hindcast import Hindcast, foretold
from tenfold.race.backtest.rivals import drift
from tenfold.race.backtest.scored import LEAST_ROWS, LONGEST_STEPS
from tenfold.race.backtest.scores import crps_of_draws, crps_of_normal, geometric_mean
from tenfold.race.backtest.start import hindcast_from, start_at
from tenfold.race.log.answer import Forecast, RaceLogAnswer, Settled
from tenfold.race.log.question import RaceLogQuestion
from tenfold.race.log.store import LEVELS, Row, keep, kept
from tenfold.race.series import covered_until, observed_until, quarter_end

LOW, MIDDLE, HIGH = LEVELS.index(0.1), LEVELS.index(0.5), LEVELS.index(0.9)
FISCAL = "nvidia_revenue"
NEAR_DAYS = 10
"""A fiscal quarter may end some days from where it was expected to."""
SCALE = {block.name: block.scale for block in BLOCKS}


def answer(
    question: RaceLogQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> RaceLogAnswer:
    """Make the forecast, keep it where asked, and settle what was kept. Raises ``InputError`` for wrong actuals."""
    tell = progress or (lambda _: None)
    rows = with_actuals(catalog.observations.values(), question.actuals)
    origin = question.origin or covered_until(rows)
    start = start_at(catalog, rows, origin, draws=question.draws, seed=seed)
    cast = hindcast_from(start, seed)
    made, forecast = catalog.made(seed), tuple(_forecast(cast, rows, origin))
    tell(0.7)
    if question.keep:
        keep(forecast, catalog=made.catalog, tenfold=made.tenfold, seed=seed)
    before = kept()
    settled = tuple(_settled(before, rows))
    known: Mapping[str, NamedFigure] = {
        each.name: each for each in (*start.world.parameters.values(), *start.world.figures)
    }
    figures = tuple(each for name, each in known.items() if not name.startswith("observations/"))
    tell(1.0)
    return RaceLogAnswer(
        question=question,
        made=made,
        origin=origin,
        forecast=tuple(_told(row) for row in forecast),
        kept_origins=tuple(dict.fromkeys(row.origin for row in before)),
        waiting=len(before) - len(settled),
        settled=settled,
        coverage_80=float(np.mean([each.covered for each in settled])) if settled else None,
        ratio_drift=_ratio(settled),
        by_block=_by_block(settled),
        notes=_notes(question, bool(before)),
        assumptions=assumptions_of(figures),
        figures=figures,
    )


def _notes(question: RaceLogQuestion, any_kept: bool) -> tuple[str, ...]:
    notes = ["A forecast is kept with the catalog that made it, and never changed afterwards"]
    if not question.keep and not any_kept:
        notes.append("Nothing is kept yet: --keep keeps this forecast")
    return tuple(notes)


def _forecast(cast: Hindcast, rows: Sequence[Observation], origin: datetime.date) -> Iterator[Row]:
    """Every series of every block for the next eight steps."""
    for block in BLOCKS:
        for series, dated in actual_series(rows, block, origin).items():
            if len(dated) >= LEAST_ROWS:
                yield from _of_series(cast, block, series, dated)


def _of_series(cast: Hindcast, block: Block, series: str, dated: Dated) -> Iterator[Row]:
    levels = np.array([scaled(value, block.scale) for _, value in dated])
    for steps, date in enumerate(_dates(dated[-1][0], block.name), start=1):
        mean, spread = drift(levels, steps)
        told = np.quantile(foretold(cast, block.name, series, date), LEVELS)
        yield Row(
            origin=cast.day,
            block=block.name,
            series=series,
            date=date,
            quantiles=tuple(float(value) for value in told),
            drift_mean=mean,
            drift_spread=spread,
        )


def _dates(last: datetime.date, block: str) -> Iterator[datetime.date]:
    """Dates of the next steps: ends of quarters, or a fiscal maker's 13 weeks on."""
    for step in range(1, LONGEST_STEPS + 1):
        yield last + datetime.timedelta(weeks=13 * step) if block == FISCAL else quarter_end(last, step)


def _told(row: Row) -> Forecast:
    return Forecast(
        block=row.block,
        series=row.series,
        date=row.date,
        p10=row.quantiles[LOW],
        p50=row.quantiles[MIDDLE],
        p90=row.quantiles[HIGH],
    )


def _settled(before: Sequence[Row], rows: Sequence[Observation]) -> Iterator[Settled]:
    """Kept forecasts with an observation at their date, or at a fiscal quarter's end near it."""
    until = observed_until(rows)
    seen = {block.name: actual_series(rows, block, until) for block in BLOCKS}
    for row in before:
        actual = _at(seen.get(row.block, {}).get(row.series, ()), row.date)
        if actual is not None:
            yield _scored(row, actual)


def _at(dated: Dated, date: datetime.date) -> float | None:
    return next((value for day, value in dated if abs((day - date).days) <= NEAR_DAYS), None)


def _scored(row: Row, actual: float) -> Settled:
    scale = SCALE[row.block]
    outcome = scaled(actual, scale)
    told = np.array([scaled(value, scale) for value in row.quantiles])
    known = row.drift_mean is not None and row.drift_spread is not None
    return Settled(
        origin=row.origin,
        block=row.block,
        series=row.series,
        date=row.date,
        p10=row.quantiles[LOW],
        p50=row.quantiles[MIDDLE],
        p90=row.quantiles[HIGH],
        actual=actual,
        covered=bool(told[LOW] <= outcome <= told[HIGH]),
        crps=crps_of_draws(told, outcome),
        crps_drift=crps_of_normal(row.drift_mean or 0.0, row.drift_spread or 1.0, outcome) if known else None,
    )


def _ratios(settled: Sequence[Settled]) -> Mapping[tuple[datetime.date, str], float]:
    groups: dict[tuple[datetime.date, str], list[Settled]] = {}
    for each in settled:
        if each.crps_drift is not None:
            groups.setdefault((each.origin, each.block), []).append(each)
    return {
        key: float(np.mean([one.crps for one in group]) / np.mean([one.crps_drift or 0.0 for one in group]))
        for key, group in groups.items()
    }


def _ratio(settled: Sequence[Settled]) -> float | None:
    ratios = _ratios(settled)
    return geometric_mean(np.array([*ratios.values()])) if ratios else None


def _by_block(settled: Sequence[Settled]) -> Mapping[str, float]:
    ratios = _ratios(settled)
    names = dict.fromkeys(block for _, block in ratios)
    return {name: geometric_mean(np.array([each for (_, of), each in ratios.items() if of == name])) for name in names}
