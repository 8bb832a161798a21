"""What can be asked of a plan: a goal, and what there is to reach it with."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from tenfold.planning.plan.means import Means, contradictions_of_means
from tenfold.quantities import (
    DAY_S,
    UNREAD,
    Amount,
    InputError,
    Key,
    OneOf,
    Place,
    Problem,
    Whole,
    known,
    parse_date,
    shown,
)
from tenfold.workloads import PRECISIONS, GlobalBatch, ModelName, global_batch_sequences

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

Objective = Literal["cheapest", "fastest", "least-energy"]
OBJECTIVES: tuple[str, ...] = get_args(Objective)
TIME = Amount("s", least=3600.0, most=100 * 366 * DAY_S)


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a deadline may be: a time, kept in seconds, or a day, kept as it is; of a month or year its last day."""

    def read(self, raw: Any, place: Place) -> float | datetime.date:  # noqa: ANN401  (any TOML value)
        """Time or day."""
        if isinstance(raw, bool) or not isinstance(raw, (str, int, float, datetime.date)):
            raise place.refusal(f"{shown(raw)} is no deadline", "Write '100 days' or '2027-06-30'")
        if isinstance(raw, datetime.date):
            return parse_date(raw)
        try:
            return TIME.read(raw, place)
        except InputError:
            if not isinstance(raw, str) or not raw.strip()[:4].isdigit() or len(raw.strip()) < 4 or " " in raw.strip():
                raise
        return parse_date(raw, file=place.file, key=place.key, end=True)

    def schema(self) -> dict[str, Any]:
        """Text, or seconds."""
        return {"type": ["string", "number"], "examples": ["100 days", "2027-06-30"]}

    def words(self) -> tuple[str, ...]:
        """No list of words."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainGoal:
    """Train this model on that many tokens by then."""

    kind: Literal["train"] = "train"
    """What is planned."""
    model: Annotated[str, ModelName()]
    """Model of the catalog, or the path of a HuggingFace config.json beside this file."""
    tokens: Annotated[float | None, Amount("tokens", least=1e6, most=1e18)] = None
    """Training tokens, such as '15.6T'; or state flops, or tokens_per_parameter."""
    flops: Annotated[float | None, Amount("FLOP", least=1e12, most=1e32)] = None
    """Model FLOPs of the whole run, such as '1e26 FLOP', in place of tokens."""
    tokens_per_parameter: Annotated[float | None, Amount("1", least=0.01, most=1e6)] = None
    """Tokens for each parameter in place of tokens; 20 spends compute best (Hoffmann et al. 2022)."""
    sequence_length: Annotated[int, Whole(most=2**24, unit="tokens")]
    """Tokens per sequence, such as 8192."""
    global_batch: Annotated[int | str, GlobalBatch()]
    """Batch of an optimizer step: '16M tokens', '2048 sequences', or a number of sequences."""
    precision: Annotated[str, OneOf(tuple(PRECISIONS), "precision")] = "bf16"
    """Number format of the weight products; the chip must have a peak for it."""
    deadline_s: Annotated[float | datetime.date | None, Deadline(), Key("deadline")] = None
    """Time until the run must be done, or the day, which counts; none when left out. A day counts waiting too."""
    start: datetime.date | None = None
    """Day the chips are ordered, from which all time counts, waiting for them too. Left out it is today if the deadline
    is a day; if not, time counts from the day rented chips are handed over, and power that is to come counts."""
    objective: Annotated[Objective | None, OneOf(OBJECTIVES, "objective")] = None
    """What decides between designs that fit. Left out it is cheapest; fastest where chips are counted and no deadline
    is set, since only time is left to spare."""
    confidence: Annotated[float, Amount("1", least=0.01, most=0.99)] = 0.8
    """Share of outcomes in which deadline and budget must hold for a design to fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanQuestion:
    """Plan a goal: which chips and how many, how laid out, rented or owned, where; when it is done, for how much."""

    goal: TrainGoal
    """What to reach."""
    means: Means = field(default_factory=Means)
    """What there is to reach it with."""


def contradictions(question: PlanQuestion, catalog: Catalog) -> list[Problem]:
    """Say where a list names nothing, a batch holds more than the run, and a deadline comes before the start."""
    of_means = () if question.means is UNREAD else contradictions_of_means(question.means, catalog)
    of_goal = (
        ()
        if question.goal is UNREAD
        else (*_amount_of_work(question.goal), *_batch(question.goal), *_deadline(question.goal))
    )
    return [*of_means, *of_goal]


def tokens_of(goal: TrainGoal) -> float:
    """Tokens of a goal that is settled; 0 where they are still to be worked out."""
    return goal.tokens or 0.0


def objective_of_goal(question: PlanQuestion) -> Objective:
    """What decides: as said; fastest where chips are counted and time is not."""
    goal, means = question.goal, question.means
    if goal.objective is not None:
        return goal.objective
    counted = means.max_chips is not None or means.chips_exactly is not None or bool(means.existing)
    return "fastest" if counted and goal.deadline_s is None else "cheapest"


contradictions_in_part = contradictions
"""It passes over what could not be read."""


def _amount_of_work(goal: TrainGoal) -> Iterator[Problem]:
    """Work is stated once: in tokens, in FLOPs, or by the parameter."""
    said = [name for name in ("tokens", "flops", "tokens_per_parameter") if getattr(goal, name) is not None]
    if len(said) != 1:
        wrong = "is missing" if not said else f"stands beside {' and '.join(said[1:])}"
        remedy = "State the work once: tokens, flops or tokens_per_parameter"
        yield Problem(file="", key=f"goal.{said[0] if said else 'tokens'}", wrong=wrong, remedy=remedy)


def _batch(goal: TrainGoal) -> Iterator[Problem]:
    key = "goal.global_batch"
    if not known(goal.global_batch, goal.sequence_length):
        return
    try:
        count, _ = global_batch_sequences(goal.global_batch, goal.sequence_length, key=key)
    except InputError as trouble:
        yield from trouble.problems
        return
    if known(goal.tokens) and goal.tokens is not None and count * goal.sequence_length > goal.tokens:
        wrong = f"one batch of {count:,} sequences holds more tokens than the run"
        yield Problem(file="", key=key, wrong=wrong, remedy="Write a smaller batch or more tokens")


def _deadline(goal: TrainGoal) -> Iterator[Problem]:
    if not isinstance(goal.deadline_s, datetime.date) or not known(goal.start):
        return
    start, key = goal.start or today(), "goal.deadline"
    if goal.deadline_s <= start:
        wrong = f"{goal.deadline_s.isoformat()} is not after the start, {start.isoformat()}"
        yield Problem(file="", key=key, wrong=wrong, remedy="Write a later date, or an earlier start")
        return
    try:
        TIME.read(time_allowed_s(goal), Place(key=key))
    except InputError as trouble:
        yield from (replace(each, wrong=f"{goal.deadline_s.isoformat()} is too far away") for each in trouble.problems)


def today() -> datetime.date:
    """Day that it is: the user's own calendar day is meant."""
    return datetime.date.today()  # noqa: DTZ011


def dated(question: PlanQuestion) -> PlanQuestion:
    """Write down the start that a deadline counts from, so that the question means the same tomorrow."""
    goal = question.goal
    if goal.start is not None or not isinstance(goal.deadline_s, datetime.date):
        return question
    return replace(question, goal=replace(goal, start=today()))


def sequences_per_step(goal: TrainGoal) -> int:
    """Sequences of a batch; of tokens the count that was made of them."""
    return global_batch_sequences(goal.global_batch, goal.sequence_length)[0]


def counts_from_order(goal: TrainGoal) -> bool:
    """Whether time counts from the order of the chips, so that waiting for them counts: where a date is meant."""
    return goal.start is not None or isinstance(goal.deadline_s, datetime.date)


def time_allowed_s(goal: TrainGoal) -> float:
    """Time from the start to the deadline, whose own day counts in full; infinite where there is none."""
    if goal.deadline_s is None:
        return math.inf
    if isinstance(goal.deadline_s, datetime.date):
        return ((goal.deadline_s - (goal.start or today())).days + 1) * DAY_S
    return goal.deadline_s


def notes_on(goal: TrainGoal, longest_sequence: int) -> tuple[str, ...]:
    """What was decided while reading: how a batch was rounded, what a date means, a sequence beyond the model's own."""
    _, batch = global_batch_sequences(goal.global_batch, goal.sequence_length)
    notes = [batch] if batch else []
    if 0 < longest_sequence < goal.sequence_length:
        longest = f"{longest_sequence:,}"
        made_for = f"is beyond the {longest} tokens {goal.model} was made for"
        notes.append(f"sequence_length: {goal.sequence_length:,} {made_for}")
    if isinstance(goal.deadline_s, datetime.date) and goal.start is not None:
        day, days = goal.deadline_s.isoformat(), time_allowed_s(goal) / DAY_S
        notes.append(f"deadline: {day} is {days:,.0f} days from {goal.start.isoformat()}")
    return tuple(notes)
