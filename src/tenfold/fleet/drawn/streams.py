"""What may be declared of jobs in place of a trace: streams that arrive, a backlog, replicas that follow the day.

Everything that decides the result is stated: how many, how large, how long, by which law. What may be left out is what
a job can do without.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from tenfold.fleet.asking import Commas
from tenfold.fleet.drawn.laws import LAWS, SPREADS
from tenfold.quantities import DAY_S, Amount, Listed, OneOf, Problem, Text, Whole

Name = Annotated[str, Text(longest=200)]
Tier = Annotated[int, Whole(least=0, most=1000)]
PEAK = Amount("1", least=1.0, most=2.0)
MOMENT = Amount("s", most=DAY_S)
MOST_JOBS = 10**7
"""Jobs that may be expected of one stream."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Jobs whose gangs and times are drawn, independently of each other."""

    name: Name
    """Tenant they belong to."""
    chips: Annotated[tuple[int, ...], Commas(Whole())]
    """Gangs they ask for, such as [8, 64, 512]."""
    weights: Annotated[tuple[float, ...], Listed(Amount("1", above=0.0, most=1e9))] = ()
    """How often each of the gangs is asked for, in proportion; all as often when left out."""
    time_s: Annotated[float, Amount("s", above=0.0, most=1e9)]
    """Mean time that they run."""
    law: Annotated[str, OneOf(tuple(LAWS), "law")]
    """Distribution of that time; lognormal and pareto are heavy-tailed."""
    spread: Annotated[float | None, Amount("1", above=0.0, most=100.0)] = None
    """Standard deviation over mean of that time, for lognormal and pareto."""
    tier: Tier = 0
    """0 is served first."""
    estimate_excess: Annotated[float, Amount("1", most=1000.0)] = 0.0
    """Users say a time drawn evenly from the true one to (1 + this) times it; 0 for the true one."""
    within: Annotated[str, Text(longest=200, empty=True)] = ""
    """Level of the domains of which a gang stays in one; anywhere when left out."""
    relax_s: Annotated[float | None, Amount("s", most=1e9)] = None
    """Wait after which it takes any place; never when left out."""
    takes: Annotated[tuple[str, ...], Listed(Text(longest=200))] = ()
    """Kinds of chip of the domains that they run on, the best first; any when left out."""
    least_chips: Annotated[int | None, Whole()] = None
    """Chips on which they can still run; all of theirs when left out."""

    @property
    def spread_said(self) -> float:
        """Standard deviation over mean of the time, which some laws fix."""
        return SPREADS.get(self.law, self.spread or 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivingJobs(Drawn):
    """Jobs that arrive over time: pre-training gangs, fine-tunes, bursts of evaluations."""

    kind: Literal["arriving"]
    """They arrive over time."""
    jobs_per_day: Annotated[float, Amount("1", above=0.0, most=1e8)]
    """Mean number of jobs a day."""
    burst_jobs: Annotated[float, Amount("1", least=1.0, most=1e6)] = 1.0
    """Mean number of jobs that come at one moment (geometric); 1 for jobs that come alone."""
    peak_to_mean: Annotated[float, PEAK] = 1.0
    """Rate at the busiest moment of the day over the mean, a cosine; 1 for the same all day."""
    peak_at_s: Annotated[float | None, MOMENT] = None
    """Time of day of that moment, such as '15 h'."""

    @staticmethod
    def contradictions(said: Mapping[str, Any]) -> Iterator[Problem]:
        """Say what cannot be between the fields."""
        yield from _drawn_problems(said)
        yield from _peak_problems(said)


@dataclass(frozen=True, slots=True, kw_only=True)
class BacklogJobs(Drawn):
    """Jobs that are all there when time begins: a best-effort backlog."""

    kind: Literal["backlog"]
    """They are there when time begins."""
    jobs: Annotated[int, Whole(most=MOST_JOBS)]
    """How many."""

    @staticmethod
    def contradictions(said: Mapping[str, Any]) -> Iterator[Problem]:
        """Say what cannot be between the fields."""
        yield from _drawn_problems(said)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaJobs:
    """Serving replicas: as many at each moment as the time of day needs, nothing of it drawn."""

    kind: Literal["replicas"]
    """They follow the day."""
    name: Name
    """Tenant they belong to."""
    replicas: Annotated[float, Amount("1", above=0.0, most=1e6)]
    """Mean number of replicas over the day."""
    chips: Annotated[int, Whole()]
    """Gang of each."""
    peak_to_mean: Annotated[float, PEAK] = 1.0
    """Most replicas of the day over the mean, a cosine; 1 for the same all day."""
    peak_at_s: Annotated[float | None, MOMENT] = None
    """Time of day of the most, such as '20 h'."""
    tier: Tier = 0
    """0 is served first."""

    @staticmethod
    def contradictions(said: Mapping[str, Any]) -> Iterator[Problem]:
        """Say what cannot be between the fields."""
        yield from _peak_problems(said)


Stream = ArrivingJobs | BacklogJobs | ReplicaJobs


def expected_jobs(stream: Stream, span_s: float) -> float:
    """Mean number of jobs of a stream; of replicas at most one a day for each at the peak."""
    if isinstance(stream, BacklogJobs):
        return stream.jobs
    if isinstance(stream, ArrivingJobs):
        return stream.jobs_per_day * span_s / DAY_S
    return (stream.replicas * stream.peak_to_mean + 1) * (span_s / DAY_S + 1)


def _drawn_problems(said: Mapping[str, Any]) -> Iterator[Problem]:
    chips, weights, least = said.get("chips"), said.get("weights"), said.get("least_chips")
    law, spread = said.get("law"), said.get("spread")
    if isinstance(chips, tuple) and isinstance(weights, tuple) and weights and len(weights) != len(chips):
        wrong = f"has {len(weights)} entries for {len(chips)} gangs"
        yield Problem(file="", key="weights", wrong=wrong, remedy="Write one for each of chips")
    if isinstance(chips, tuple) and isinstance(least, int) and least > min(chips):
        wrong = f"{least} is more than the smallest gang has"
        yield Problem(file="", key="least_chips", wrong=wrong, remedy=f"Write at most {min(chips)}")
    if isinstance(law, str) and law in SPREADS and spread is not None:
        wrong = f"is fixed under {law}, at {SPREADS[law]:g}"
        yield Problem(file="", key="spread", wrong=wrong, remedy="Leave it out, or use lognormal or pareto")
    if law in LAWS and law not in SPREADS and spread is None:
        remedy = "Write the standard deviation over the mean of the time, such as 2"
        yield Problem(file="", key="spread", wrong=f"is missing under {law}", remedy=remedy)


def _peak_problems(said: Mapping[str, Any]) -> Iterator[Problem]:
    peak = said.get("peak_to_mean")
    if isinstance(peak, float) and peak > 1.0 and said.get("peak_at_s") is None:
        yield Problem(file="", key="peak_at", wrong="is missing beside a peak", remedy="Write a time of day: '15 h'")
