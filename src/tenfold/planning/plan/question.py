"""What can be asked of a plan: a goal, and what there is to reach it with."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from tenfold.quantities import (
    DAY_S,
    UNREAD,
    Amount,
    InputError,
    Key,
    Named,
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
Supply = Literal["on-demand", "reserved-1y", "reserved-3y", "spot", "own"]
OBJECTIVES: tuple[str, ...] = get_args(Objective)
SUPPLIES: tuple[str, ...] = get_args(Supply)
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
    tokens: Annotated[float, Amount("tokens", least=1e6, most=1e18)]
    """Training tokens, such as '15.6T'."""
    sequence_length: Annotated[int, Whole(most=2**24, unit="tokens")]
    """Tokens per sequence, such as 8192."""
    global_batch: Annotated[int | str, GlobalBatch()]
    """Batch of an optimizer step: '16M tokens', '2048 sequences', or a number of sequences."""
    precision: Annotated[str, OneOf(tuple(PRECISIONS), "precision")] = "bf16"
    """Number format of the weight products; the chip must have a peak for it."""
    deadline_s: Annotated[float | datetime.date | None, Deadline(), Key("deadline")] = None
    """Time from the order of the chips until the run must be done, or the day, which counts; none when left out."""
    start: datetime.date | None = None
    """Day the chips are ordered; left out, today if the deadline is a day, and if not, power that is to come counts."""
    objective: Annotated[Objective, OneOf(OBJECTIVES, "objective")] = "cheapest"
    """What decides between designs that fit."""
    confidence: Annotated[float, Amount("1", least=0.01, most=0.99)] = 0.8
    """Share of outcomes in which deadline and budget must hold for a design to fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What there is to reach the goal with; what is left out is not limited."""

    budget_usd: Annotated[float | None, Amount("USD", least=1.0, most=1e15)] = None
    """Money that can be committed, such as '$250M': a bill, a whole reserved term, or a purchase."""
    chips: tuple[Annotated[str, Named("chips")], ...] | None = None
    """Chips by key or alias; every chip that can do the work when left out."""
    max_chips: Annotated[int, Whole()] = 65_536
    """Most chips to consider."""
    supply: tuple[Annotated[Supply, OneOf(SUPPLIES, "supply")], ...] = ("on-demand", "reserved-1y", "own")
    """Ways to get chips."""
    sites: tuple[Annotated[str, Named("sites")], ...] | None = None
    """Sites by key or alias; every site when left out."""
    power_w: Annotated[float | None, Amount("W", least=100.0, most=1e12)] = None
    """Power at each site, cooling included, such as '80 MW'."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanQuestion:
    """Plan a goal: which chips and how many, how laid out, rented or owned, where; when it is done, for how much."""

    goal: TrainGoal
    """What to reach."""
    means: Means = Means()
    """What there is to reach it with."""


def contradictions(question: PlanQuestion, catalog: Catalog) -> list[Problem]:
    """Say where a list names nothing, a batch holds more than the run, and a deadline comes before the start."""
    del catalog
    of_means = () if question.means is UNREAD else _empty(question.means)
    of_goal = () if question.goal is UNREAD else (*_batch(question.goal), *_deadline(question.goal))
    return [*of_means, *of_goal]


contradictions_in_part = contradictions
"""It passes over what could not be read."""


def _empty(means: Means) -> Iterator[Problem]:
    for key in ("chips", "supply", "sites"):
        if getattr(means, key) == ():
            remedy = "Name at least one, or leave the key out"
            yield Problem(file="", key=f"means.{key}", wrong="is empty", remedy=remedy)


def _batch(goal: TrainGoal) -> Iterator[Problem]:
    key = "goal.global_batch"
    if not known(goal.global_batch, goal.sequence_length):
        return
    try:
        count, _ = global_batch_sequences(goal.global_batch, goal.sequence_length, key=key)
    except InputError as trouble:
        yield from trouble.problems
        return
    if known(goal.tokens) and count * goal.sequence_length > goal.tokens:
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
