"""Fleets compared job by job: the same jobs, the same draws, and how sure a difference is.

The range of a difference is that of its mean over whole days of submissions drawn with replacement, so that bursts stay
together (block bootstrap; Künsch, Annals of Statistics 17(3), 1989).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tenfold.catalog import Catalog
from tenfold.fleet import Replay, Rules, replay_asked, summary_of
from tenfold.planning.fleet_compare.answer import Compared, FleetCompareAnswer
from tenfold.planning.fleet_compare.question import FleetCompareQuestion
from tenfold.planning.fleet_found import Found
from tenfold.planning.fleet_prices import price_notes, price_of
from tenfold.planning.fleet_replay import FleetReplayQuestion
from tenfold.quantities import (
    DAY_S,
    HOUR_S,
    Floats,
    InputError,
    NamedFigure,
    Percentiles,
    Place,
    Problem,
    Progress,
    assumptions_of,
    read_record,
    read_tree,
)

REPLAY = "fleet-replay"


def answer(
    question: FleetCompareQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> FleetCompareAnswer:
    """Replay every fleet. Raises ``InputError`` for files that cannot be read, and for fleets without a common job."""
    asked = [_question(Path(path), catalog) for path in question.fleets]
    found: list[tuple[Rules, Replay, float | None]] = []
    figures: dict[str, NamedFigure] = {}
    notes: list[str] = []
    for place, each in enumerate(asked):
        knows = Found(each.fleet, catalog)
        _, rules, replayed = replay_asked(each.fleet, seed, None, knows.complete)
        price, priced = price_of(each.fleet, catalog)
        found.append((rules, replayed, price))
        notes += price_notes(each.fleet, price)
        figures |= {named.name: named for named in (*priced, *knows.figures)}
        if progress is not None:
            progress((place + 1) / len(asked))
    names = _names(question.fleets)
    first = found[0][1]
    compared = tuple(
        _compared(name, rules, replayed, price, first, question.resamples, seed)
        for name, (rules, replayed, price) in zip(names, found, strict=True)
    )
    best = min(compared, key=lambda each: each.mean_wait_s)
    return FleetCompareAnswer(
        question=question,
        made=catalog.made(seed),
        best=best.name,
        best_mean_wait_s=best.mean_wait_s,
        fleets=compared,
        notes=tuple(dict.fromkeys(notes)),
        assumptions=assumptions_of(tuple(figures.values())),
        figures=tuple(figures.values()),
    )


def _question(path: Path, catalog: Catalog) -> FleetReplayQuestion:
    tree = read_tree(path, "Write one with: tenfold init fleet-replay")
    said = tree.get("question")
    if isinstance(said, str) and said.replace(" ", "-") != REPLAY:
        wrong = f"asks {said}, not {REPLAY}"
        raise InputError(Problem(file=str(path), key="question", wrong=wrong, remedy="Name files of fleet replay"))
    values = {key: value for key, value in tree.items() if key not in ("question", "seed")}
    return read_record(FleetReplayQuestion, values, Place(file=str(path), folder=path.parent, names=catalog))


def _names(paths: Sequence[str]) -> list[str]:
    """Names of files without their ending; the whole path where two are the same."""
    short = [Path(path).stem for path in paths]
    return [name if short.count(name) == 1 else path for name, path in zip(short, paths, strict=True)]


def _compared(
    name: str, rules: Rules, found: Replay, price: float | None, first: Replay, resamples: int, seed: int
) -> Compared:
    summary = summary_of(found, rules.chips, rules.admission)
    less, submit_s = _paired(first, found)
    return Compared(
        name=name,
        chips=rules.chips,
        order=rules.order,
        admission=rules.admission,
        mean_wait_s=summary.mean_wait_s,
        mean_jct_s=summary.mean_jct_s,
        productive=summary.utilisation["productive"],
        preemptions=summary.preemptions,
        usd=None if price is None else price * rules.chips * summary.makespan_s / HOUR_S,
        jobs=len(less),
        less_wait_s=Percentiles.of(resampled(less, submit_s, resamples, seed)),
        better_share=float((less > 0).mean()),
        worse_share=float((less < 0).mean()),
    )


def _paired(first: Replay, other: Replay) -> tuple[Floats, Floats]:
    """How much less each job waits than in the first, and when it was submitted; jobs by line of the trace."""
    lines, mine, its = np.intersect1d(first.jobs.line, other.jobs.line, return_indices=True)
    if not len(lines):
        wrong = "no job is in both"
        raise InputError(Problem(file="", key="fleets", wrong=wrong, remedy="Compare fleets on the same trace"))
    return first.wait_s[mine] - other.wait_s[its], first.jobs.submit_s[mine]


def resampled(values: Floats, time_s: Floats, resamples: int, seed: int) -> Floats:
    """Mean of values over days drawn with replacement, once for each resample."""
    rng = np.random.default_rng(np.random.SeedSequence((seed, 11)))
    day = np.unique(np.floor((time_s - time_s.min()) / DAY_S), return_inverse=True)[1]
    sums, counts = np.bincount(day, weights=values), np.bincount(day)
    drawn = rng.integers(len(sums), size=(resamples, len(sums)))
    return np.asarray(sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1))
