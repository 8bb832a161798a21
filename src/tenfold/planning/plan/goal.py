"""What a plan is to reach, and how its dates, batch and tokens are read."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal, get_args

from tenfold.performance import Network, Stack
from tenfold.performance.layout import LayoutWish
from tenfold.quantities import (
    DAY_S,
    Amount,
    Flat,
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
from tenfold.workloads import (
    FULL,
    PRECISIONS,
    TUNINGS,
    GlobalBatch,
    ModelName,
    format_problems,
    global_batch_sequences,
    rank_problems,
)

Objective = Literal["cheapest", "fastest", "least-energy"]
OBJECTIVES: tuple[str, ...] = get_args(Objective)
TIME = Amount("s", least=3600.0, most=100 * 366 * DAY_S)
TIME_TO_START = Amount("s", most=10 * 366 * DAY_S)


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


OPTIMAL = "compute-optimal"
LIFE = "economics.useful_life_years"
"""Figure of the time within which a run without a deadline must be done."""


@dataclass(frozen=True, slots=True)
class GoalModel:
    """What a goal names as its model: one that is known, or the word for the one that spends compute best."""

    folder: str = "models"

    def read(self, raw: Any, place: Place) -> str:  # noqa: ANN401  (any TOML value)
        """Key of the model, the path of its configuration, or the word."""
        return OPTIMAL if raw == OPTIMAL else ModelName(self.folder).read(raw, place)

    def schema(self) -> dict[str, Any]:
        """Text."""
        return ModelName(self.folder).schema()

    def words(self) -> tuple[str, ...]:
        """The one word; models are completed from the catalog's own files."""
        return (OPTIMAL,)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainGoal:
    """Train this model on that many tokens by then."""

    kind: Literal["train"] = "train"
    """What is planned: 'train' for a run, 'serve' for a service."""
    model: Annotated[str, GoalModel()]
    """Model of the catalog, one scaled to another size, such as llama-3.1-8b@70B, the path of a HuggingFace config.json
    beside this file, or 'compute-optimal' for the size and tokens that spend goal.flops or the budget best."""
    like: Annotated[str, Named("models")] = "llama-3.1-8b"
    """Dense model whose shape a compute-optimal one is scaled from."""
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
    tuning: Annotated[str, OneOf(tuple(TUNINGS), "tuning")] = FULL
    """Whether all weights are trained, or adapters beside frozen weights ('lora'), which may be held in 4 bits
    ('qlora')."""
    lora_rank: Annotated[int | None, Whole(most=2**16)] = None
    """Rank of the adapters, such as 16, which says how much a checkpoint and their optimizer hold."""
    software: Annotated[str | None, Stack()] = None
    """Training stack: 'vendor' for that of each chip's maker, or one by key; those that such chips are used with, with
    their range, when left out."""
    network: Annotated[float | str | None, Network()] = None
    """Network to other nodes: 'whole' for the system's own, or its bandwidth one way and per chip, such as 400 Gbit/s;
    the system's or less, with its range, when left out."""
    system: Annotated[str | None, Named("systems")] = None
    """How its chips are built together, such as trn2-ultraserver; the usual system of each chip when left out."""
    layout: Annotated[LayoutWish, Flat()] = field(default_factory=LayoutWish)
    """What is given of the layout, the same on every count of chips."""
    setup_s: Annotated[float | None, TIME_TO_START, Key("setup")] = None
    """Time from when the chips are there until training starts, such as '0 days'; drawn by supply when left out."""
    deadline_s: Annotated[float | datetime.date | None, Deadline(), Key("deadline")] = None
    """Time from the order of the chips until the run must be done, or the day, which counts; none when left out. The
    wait for chips and setting them up are in it."""
    start: datetime.date | None = None
    """Day the chips are ordered. Left out it is today if the deadline is a day; if not, it is no day in particular, and
    power that is to come counts."""
    objective: Annotated[Objective | None, OneOf(OBJECTIVES, "objective")] = None
    """What decides between designs that fit. Left out it is cheapest; fastest where chips are counted and no deadline
    is set, since only time is left to spare."""
    confidence: Annotated[float, Amount("1", least=0.01, most=0.99)] = 0.8
    """Share of outcomes in which deadline and budget must hold for a design to fit."""
    over_sites: bool = False
    """Whether to say too what becomes of the chosen chips spread over all the sites named, joined by fibre; it is said
    without being asked where no site alone has the power."""


def problems_of_goal(goal: TrainGoal) -> Iterator[Problem]:
    """Where work is stated twice or not at all, a batch holds more than the run, a deadline comes before the start."""
    yield from _amount_of_work(goal)
    yield from _batch(goal)
    yield from _deadline(goal)
    yield from _tuning(goal)


def _tuning(goal: TrainGoal) -> Iterator[Problem]:
    """Adapters have a rank, and all weights have none; quantised weights are computed with in 16 bits."""
    if not known(goal.tuning, goal.lora_rank):
        return
    if known(goal.precision):
        yield from format_problems(goal.tuning, goal.precision, "goal.precision")
    if goal.tuning != FULL and goal.lora_rank is None:
        yield Problem(
            file="", key="goal.lora_rank", wrong="is missing", remedy="State the rank of the adapters, such as 16"
        )
    yield from rank_problems(goal.tuning, goal.lora_rank, "goal.lora_rank")


def _amount_of_work(goal: TrainGoal) -> Iterator[Problem]:
    """Work is stated once: in tokens, in FLOPs, or by the parameter."""
    said = [name for name in ("tokens", "flops", "tokens_per_parameter") if getattr(goal, name) is not None]
    if goal.model == OPTIMAL:
        if {"tokens", "tokens_per_parameter"}.intersection(said):
            wrong, remedy = f"stands beside model = '{OPTIMAL}', which chooses the tokens", "Leave it out"
            yield Problem(
                file="", key=f"goal.{next(each for each in said if each != 'flops')}", wrong=wrong, remedy=remedy
            )
        return
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


def dated_goal(goal: TrainGoal) -> TrainGoal:
    """The goal with the start that its deadline counts from."""
    if goal.start is not None or not isinstance(goal.deadline_s, datetime.date):
        return goal
    return replace(goal, start=today())


def tokens_of(goal: TrainGoal) -> float:
    """Tokens of a goal that is settled; 0 where they are still to be worked out."""
    return goal.tokens or 0.0


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
