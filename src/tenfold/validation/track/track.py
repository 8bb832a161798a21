"""When a running job ends: the steps left, at the speed the log shows, over the share of time that trains.

What is left takes R steps of t seconds over a share g of the time, R·t/g. t is the log's; g lies between what the plan
expected and what the log shows, which counts for more the longer it is. The end moves from the plan's by the speed of
steps, by time lost, and by the number of steps, and these add up.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenfold.catalog import Catalog
from tenfold.quantities import DAY_S, Z90, InputError, Percentiles, Problem, Progress, read_tree
from tenfold.validation.logs.folder import stated_in
from tenfold.validation.logs.formats import format_of
from tenfold.validation.logs.lines import log_error
from tenfold.validation.logs.read import RUN_READERS
from tenfold.validation.logs.reading import stated_columns, with_stated
from tenfold.validation.track.answer import TrackAnswer
from tenfold.validation.track.progress import Progress as Reached
from tenfold.validation.track.progress import progress_of
from tenfold.validation.track.question import TrackQuestion
from tenfold.validation.training.runs import MeasuredRun

OUTWEIGHS_DAYS = 7.0
"""Days of a log that count for as much as the plan's expectation of the time that trains."""
LEAST_SPREAD = 0.01
"""Log standard deviation of the mean step to come: what a log of steady steps still leaves open."""
LONGEST_DAYS = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a plan expected of its best design."""

    step_time_s: Percentiles
    goodput: Percentiles
    finish_days: Percentiles
    setup_days: float
    tokens: float
    sequence_length: float
    global_batch: float
    deadline_days: float | None


def answer(
    question: TrackQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> TrackAnswer:
    """Read the log against the plan. Raises ``InputError`` for what is no log of a run, or no plan with a design."""
    del progress  # answered in no time
    planned = planned_in(Path(question.plan))
    reached = progress_of(Path(question.log))
    run = _run(question)
    total = question.total_steps or _total_steps(planned, run)
    step, steps_done = _step_time(run, planned, question.log), min(reached.last_step, total)
    elapsed = reached.elapsed_s
    seen = _seen_share(reached, step.p50)
    share = share_to_come(planned.goodput, seen, 0.0 if elapsed is None else elapsed / DAY_S)
    elapsed_s = steps_done * step.p50 / planned.goodput.p50 if elapsed is None else elapsed
    elapsed_days = min(elapsed_s / DAY_S, LONGEST_DAYS)
    remaining = _remaining(total - steps_done, step, share)
    before = planned.setup_days + _before_log(reached, step, share) + elapsed_days
    finish = _finish(before, remaining)
    return TrackAnswer(
        question=question,
        made=catalog.made(seed),
        steps_done=steps_done,
        steps_total=total,
        elapsed_days=elapsed_days,
        before_log_days=before - elapsed_days,
        step_time_s=step,
        planned_step_time_s=planned.step_time_s,
        goodput=share,
        planned_goodput=planned.goodput,
        remaining_days=remaining,
        finish_days=finish,
        planned_finish_days=planned.finish_days,
        finish_day=_day(reached, remaining.p50),
        late_days=finish.p50 - planned.finish_days.p50,
        late_by_days=late_by(planned, total, step.p50, finish.p50),
        in_time=None if planned.deadline_days is None else finish.p50 <= planned.deadline_days,
        notes=tuple(_notes(reached, seen)),
        assumptions=(),
        figures=(),
    )


def planned_in(path: Path) -> Planned:
    """What the answer of ``tenfold plan --json`` expects. Raises ``InputError`` for what is none, or has no design."""
    remedy = "Write one with: tenfold plan GOAL.toml --json > plan.json"
    tree = read_tree(path, remedy)
    best, goal = (
        tree.get("best"),
        (tree.get("question") or {}).get("goal") if isinstance(tree.get("question"), dict) else None,
    )
    if not isinstance(best, dict) or not isinstance(goal, dict):
        wrong = "holds no plan with a design that reaches its goal"
        raise InputError(Problem(file=str(path), key="best", wrong=wrong, remedy=remedy))
    values = _Numbers(str(path), remedy)
    terms = best.get("finish_terms_days")
    deadline = goal.get("deadline_s")
    return Planned(
        step_time_s=values.range(best, "step_time_s"),
        goodput=values.range(best, "goodput", most=1.0),
        finish_days=values.range(best, "finish_days"),
        setup_days=values.number(terms, "setup", least=0.0) if isinstance(terms, dict) and "setup" in terms else 0.0,
        tokens=values.number(goal, "tokens"),
        sequence_length=values.number(goal, "sequence_length"),
        global_batch=values.number(tree, "global_batch"),
        deadline_days=values.number(goal, "deadline_s") / DAY_S if isinstance(deadline, (int, float)) else None,
    )


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Reads numbers of a plan; a damaged one is an ``InputError``."""

    file: str
    remedy: str

    def number(self, table: object, key: str, *, least: float = 1e-12, most: float = 1e18) -> float:
        value = table.get(key) if isinstance(table, dict) else None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
            raise InputError(Problem(file=self.file, key=key, wrong="is no number of a plan", remedy=self.remedy))
        return float(value)

    def range(self, table: Mapping[str, Any], key: str, *, most: float = 1e18) -> Percentiles:
        below = table.get(key)
        low, middle, high = (self.number(below, name, most=most) for name in ("p10", "p50", "p90"))
        if not low <= middle <= high:
            raise InputError(Problem(file=self.file, key=key, wrong="is no range of a plan", remedy=self.remedy))
        return Percentiles(p10=low, p50=middle, p90=high)


def _run(question: TrackQuestion) -> MeasuredRun:
    """The run of the log, the last where it holds several, with what is stated beside it."""
    path, columns = Path(question.log), stated_columns(stated_in(question.stated))
    form = format_of(path)
    if form not in RUN_READERS:
        raise log_error(str(path), None, f"a log of {form} is none of a training run", "Give the output of a run")
    return with_stated(RUN_READERS[form](path)[-1], columns).run


def _total_steps(planned: Planned, run: MeasuredRun) -> int:
    """Steps that consume the plan's tokens, by the batch that the log shows."""
    tokens = (run.global_batch or planned.global_batch) * planned.sequence_length
    return max(1, math.ceil(planned.tokens / tokens))


def _step_time(run: MeasuredRun, planned: Planned, file: str) -> Percentiles:
    """Mean seconds of a step to come, lognormal around the log's median.

    Raises ``InputError`` where the log gives tokens a second of a chip and nobody says how many chips there are.
    """
    middle = run.step_time_s
    if middle is None:
        rate = (run.tokens_per_s_per_chip or 0.0) * (run.n_chips or 0.0)
        if not rate:
            wrong, remedy = "it does not say on how many chips it runs", "Give --set n_chips=64 or the like"
            raise log_error(file, None, wrong, remedy)
        middle = (run.global_batch or planned.global_batch) * planned.sequence_length / rate
    factor = math.exp(Z90 * LEAST_SPREAD)
    return Percentiles(p10=middle / factor, p50=middle, p90=middle * factor)


def _seen_share(reached: Reached, step_s: float) -> float | None:
    """Share of the log's time that trained; None where its lines have no time."""
    elapsed, steps = reached.elapsed_s, reached.last_step - reached.first_step
    return None if elapsed is None or steps <= 0 else min(1.0, steps * step_s / elapsed)


def share_to_come(planned: Percentiles, seen: float | None, days: float) -> Percentiles:
    """Share of the time to come that trains: the plan's and the log's, weighted, over the range of both.

    The middle is (d·g_log + d₀·g_plan)/(d + d₀) after d days of log, with d₀ of ``OUTWEIGHS_DAYS``.
    """
    if seen is None:
        return planned
    middle = (days * seen + OUTWEIGHS_DAYS * planned.p50) / (days + OUTWEIGHS_DAYS)
    return Percentiles(p10=min(planned.p10, seen, middle), p50=middle, p90=max(planned.p90, seen, middle))


def _remaining(steps: int, step: Percentiles, share: Percentiles) -> Percentiles:
    """Days of the steps left: R·t/g, slow steps with little of the time and fast ones with much."""
    pairs = {"p10": (step.p10, share.p90), "p50": (step.p50, share.p50), "p90": (step.p90, share.p10)}
    return Percentiles(**{name: min(steps * t / g / DAY_S, LONGEST_DAYS) for name, (t, g) in pairs.items()})


def _finish(before_days: float, remaining: Percentiles) -> Percentiles:
    """Days from the start of the run to its end."""
    ends = {name: min(before_days + getattr(remaining, name), LONGEST_DAYS) for name in ("p10", "p50", "p90")}
    return Percentiles(**ends)


def _before_log(reached: Reached, step: Percentiles, share: Percentiles) -> float:
    """Days of the steps before the first that the log shows; none where times are reckoned from the start."""
    return 0.0 if reached.elapsed_s is None else reached.first_step * step.p50 / share.p50 / DAY_S


def late_by(planned: Planned, total: int, step_s: float, finish_days: float) -> Mapping[str, float]:
    """Days by cause between the end now and the plan's; they add up to the difference."""
    usual = planned.goodput.p50
    meant = planned.tokens / (planned.global_batch * planned.sequence_length)
    steps = (total - meant) * planned.step_time_s.p50 / usual / DAY_S
    speed = total * (step_s - planned.step_time_s.p50) / usual / DAY_S
    difference = finish_days - planned.finish_days.p50
    return {"speed_of_steps": speed, "number_of_steps": steps, "time_lost_and_the_rest": difference - speed - steps}


def _day(reached: Reached, remaining_days: float) -> datetime.date | None:
    if reached.last is None:
        return None
    try:
        return (reached.last + datetime.timedelta(days=remaining_days)).date()
    except OverflowError:
        return None


def _notes(reached: Reached, seen: float | None) -> Iterator[str]:
    if reached.elapsed_s is None:
        yield "The log has no times: what stops took so far is not known, and the plan's expectation stands for it"
    elif seen is not None:
        yield f"{seen:.1%} of the log's time was training; {OUTWEIGHS_DAYS:g} days of log count for as much as the plan"
