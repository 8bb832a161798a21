"""The backtest: hindcasts from past days, scored against simple rivals, with and without each term."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from tenfold.catalog import Catalog, Observation
from tenfold.quantities import NamedFigure, Progress, assumptions_of
from tenfold.race.backtest.actuals import with_actuals
from tenfold.race.backtest.answer import (
    Ablation,
    BlockScore,
    Foretold,
    OriginScore,
    RaceBacktestAnswer,
    Summary,
)
from tenfold.race.backtest.blocks import BLOCKS
from tenfold.race.backtest.hindcast import foretold
from tenfold.race.backtest.question import RaceBacktestQuestion
from tenfold.race.backtest.rivals import RIVALS
from tenfold.race.backtest.scored import Outcome, outcomes
from tenfold.race.backtest.scores import bootstrap, geometric_mean
from tenfold.race.backtest.start import ABLATIONS, Start, hindcast_from, start_at
from tenfold.race.series import covered_until, observed_until, quarter_end

FIRST_ORIGIN = datetime.date(2023, 6, 30)
"""The first half year whose history has four quarters of most series."""
EARNED_ABOVE = 1.005
"""CRPS without a term over that with it, above which the term is said to be earned."""
TENTHS = 10
Scored = Mapping[tuple[datetime.date, str], tuple[tuple[Outcome, ...], int]]
NOTES = (
    "A hindcast: rows dated at or before an origin; owners' chips are estimates of 2026, and dates of rules are inputs",
    "Assumptions hold for every origin, whatever their own date: they are structure, not facts of the day",
    "A series counts with four rows at the origin, for eight quarters after it",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Whole:
    """All origins of one variant."""

    scored: Scored
    figures: Mapping[str, NamedFigure]


def answer(
    question: RaceBacktestQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> RaceBacktestAnswer:
    """Score every origin. ``progress`` is told the share done. Raises ``InputError`` for a wrong file of actuals."""
    rows = with_actuals(catalog.observations.values(), question.actuals)
    until = observed_until(rows)
    origins = question.origins or usual_origins(rows)
    tell, rounds = progress or (lambda _: None), 1 + len(ABLATIONS) * question.ablations
    whole = _run(catalog, rows, origins, question.draws, seed, _as_it_is)
    tell(1.0 / rounds)
    without: dict[str, _Whole] = {}
    for done, (name, change) in enumerate(ABLATIONS.items() if question.ablations else (), start=2):
        without[name] = _run(catalog, rows, origins, question.draws, seed, change)
        tell(done / rounds)
    ablations = {name: _ablation(whole.scored, each.scored) for name, each in without.items()}
    figures = tuple(whole.figures.values())
    return RaceBacktestAnswer(
        question=question,
        made=catalog.made(seed),
        origins=tuple(_origin(whole.scored, origin) for origin in origins),
        summary=_summary(whole.scored, seed),
        blocks=_by_block(whole.scored),
        ablations=ablations,
        pit=_pit(whole.scored),
        outcomes=tuple(_foretold(whole.scored)),
        observed_until=until,
        notes=(*NOTES, *_unearned(ablations)),
        assumptions=assumptions_of(figures),
        figures=figures,
    )


def usual_origins(rows: Iterable[Observation]) -> tuple[datetime.date, ...]:
    """Every half year from the first on that has chips counted after it."""
    last, found, day = covered_until(rows), [], FIRST_ORIGIN
    while day < last:
        found.append(day)
        day = quarter_end(day, 2)
    return tuple(found)


def _as_it_is(start: Start) -> Start:
    return start


def _run(
    catalog: Catalog,
    rows: tuple[Observation, ...],
    origins: Sequence[datetime.date],
    draws: int,
    seed: int,
    change: Callable[[Start], Start],
) -> _Whole:
    """Score every origin with a change to its start."""
    scored: dict[tuple[datetime.date, str], tuple[tuple[Outcome, ...], int]] = {}
    figures: dict[str, NamedFigure] = {}
    until = observed_until(rows)
    for origin in origins:
        start = change(start_at(catalog, rows, origin, draws=draws, seed=seed))
        cast = hindcast_from(start, seed)
        known = {each.name: each for each in (*start.world.parameters.values(), *start.world.figures)}
        figures |= {name: each for name, each in known.items() if not name.startswith("observations/")}
        for block in BLOCKS:
            found = outcomes(block, rows, origin, until, partial(foretold, cast))
            if found[0]:
                scored[origin, block.name] = found
    return _Whole(scored=scored, figures=figures)


def _origin(scored: Scored, origin: datetime.date) -> OriginScore:
    blocks = {name: _score(*found) for (date, name), found in scored.items() if date == origin}
    return OriginScore(date=origin, blocks=blocks)


def _score(found: tuple[Outcome, ...], n_fit: int) -> BlockScore:
    def mean(values: Iterable[float]) -> float:
        return float(np.mean(list(values)))

    rivals = {f"crps_{name}": mean(each.rivals[name] for each in found) for name in RIVALS}
    return BlockScore(
        n_fit=n_fit,
        n_test=len(found),
        crps=mean(each.crps for each in found),
        **rivals,
        coverage_80=mean(float(each.covered) for each in found),
        abs_log_error=mean(each.log_error for each in found),
    )


def _ratios(scored: Scored, rival: str) -> Mapping[tuple[datetime.date, str], float]:
    """CRPS over a rival's by origin and block."""
    found = {}
    for key, (each, n_fit) in scored.items():
        score = _score(each, n_fit)
        found[key] = score.crps / getattr(score, f"crps_{rival}")
    return found


def _mean(ratios: Iterable[float]) -> float | None:
    kept = np.array(list(ratios))
    return geometric_mean(kept) if len(kept) else None


def _by_block(scored: Scored) -> Mapping[str, float]:
    drift = _ratios(scored, "drift")
    names = dict.fromkeys(name for _, name in drift)
    return {name: _mean(ratio for (_, of), ratio in drift.items() if of == name) or 0.0 for name in names}


def _summary(scored: Scored, seed: int) -> Summary:
    drift = _ratios(scored, "drift")
    low, high = bootstrap(np.array([*drift.values()]), np.random.default_rng(seed)) if drift else (None, None)
    last = sorted({date for date, _ in drift})[-3:]
    coverage = [_score(*found).coverage_80 for found in scored.values()]
    blocks = _by_block(scored)
    worst = max(blocks, key=lambda name: blocks[name], default="")
    return Summary(
        ratio_drift=_mean(drift.values()),
        ratio_drift_p10=low,
        ratio_drift_p90=high,
        ratio_trend=_mean(_ratios(scored, "trend").values()),
        ratio_last=_mean(_ratios(scored, "last").values()),
        ratio_holt=_mean(_ratios(scored, "holt").values()),
        coverage_80=float(np.mean(coverage)) if coverage else None,
        last_three_ratio_drift=_mean(ratio for (date, _), ratio in drift.items() if date in last),
        worst_block=worst,
        worst_block_ratio_drift=blocks.get(worst),
    )


def _ablation(whole: Scored, without: Scored) -> Ablation:
    over = _mean(_score(*without[key]).crps / _score(*found).crps for key, found in whole.items() if key in without)
    ratio = _mean(_ratios(without, "drift").values())
    return Ablation(ratio_drift=ratio, over_whole=over, earned=over is not None and over > EARNED_ABOVE)


def _unearned(ablations: Mapping[str, Ablation]) -> Iterable[str]:
    for name, each in ablations.items():
        if not each.earned and each.over_whole is not None:
            yield f"Leaving out {name} does no harm here ({each.over_whole:.3f} of the CRPS): the term is not earned"


def _pit(scored: Scored) -> tuple[float, ...]:
    places = [each.pit for found, _ in scored.values() for each in found]
    if not places:
        return ()
    counts, _ = np.histogram(places, bins=TENTHS, range=(0.0, 1.0))
    return tuple(float(count) / len(places) for count in counts)


def _foretold(scored: Scored) -> Iterable[Foretold]:
    for (origin, block), (found, _) in scored.items():
        for each in found:
            yield Foretold(
                origin=origin,
                block=block,
                series=each.series,
                date=each.date,
                p10=each.p10,
                p50=each.p50,
                p90=each.p90,
                actual=each.actual,
            )
