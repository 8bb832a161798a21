"""What can be asked of a serving plan: traffic within a latency, and what there is to serve it with."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Annotated, Literal

from tenfold.planning.drafts import ACCEPTED, SPECULATIONS, problems_of_drafts
from tenfold.planning.plan.means import Means, problems_of_means
from tenfold.quantities import (
    DAY_S,
    UNREAD,
    YEAR_S,
    Amount,
    DataFile,
    Flat,
    Key,
    Named,
    OneOf,
    Problem,
    Series,
    Whole,
    known,
    shown,
)
from tenfold.reliability import USUAL, Policy
from tenfold.workloads import ModelName, find_model
from tenfold.workloads.serving import CACHE_BYTES, SERVED_FORMATS

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

TOKENS = Whole(most=2**24)
SECONDS = Amount("s", above=0.0, most=86_400.0)
SPREAD = Amount("1", most=10.0)
SIDES = ("either", "together", "apart")
"""Where prompts run: whichever is cheaper, on the chips that give tokens, or on replicas of their own."""
REPLAYED = ("best", "all")
"""The cheapest fleet, or every one that is listed."""
LENGTHS = ("isl", "osl", "isl_spread", "osl_spread")
"""What a trace says of requests."""
SLOS = ("slo_ttft_s", "slo_tpot_s", "slo_e2e_s")
QUANTITIES = {"slo_ttft_s": "ttft", "slo_tpot_s": "tpot", "slo_e2e_s": "e2e"}
"""What each limit bounds, by its name in calibrations."""
TIERS = {"host": "host_cache_bytes_per_chip", "disk": "disk_cache_bytes_per_chip"}
"""Where caches wait behind the chips' own memory, the faster first, and the field that says how large each is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One model, its traffic, and the latency it must keep."""

    model: Annotated[str, ModelName()]
    """Model of the catalog, or the path of a HuggingFace config.json beside this file."""
    rate_per_s: Annotated[float | None, Amount("1/s", above=0.0, most=1e7), Key("rate")] = None
    """Requests a second, such as '20/s', on average over a day; or state output_tokens_per_day; else the trace's."""
    output_tokens_per_day: Annotated[float | None, Amount("tokens", above=0.0, most=1e18)] = None
    """Output tokens a day, such as '168B', in place of rate."""
    trace: Annotated[str | None, DataFile("a trace of requests: Azure LLM, Mooncake, BurstGPT")] = None
    """Trace of requests that says lengths and arrivals, and that the fleet is replayed with."""
    replayed: Annotated[str, OneOf(REPLAYED, "way")] = "best"
    """Which fleets are replayed with the trace until they hold it: the best, or all that are listed."""
    isl: Annotated[int | None, TOKENS] = None
    """Tokens of a prompt, on average, those in the cache already among them; as the trace says where there is one."""
    osl: Annotated[int | None, TOKENS] = None
    """Tokens of an answer, on average; as the trace says where there is one."""
    isl_spread: Annotated[float | None, SPREAD] = None
    """Standard deviation of a prompt's length over its mean; as traces show when left out."""
    osl_spread: Annotated[float | None, SPREAD] = None
    """The same of answers."""
    peak_to_mean: Annotated[float | None, Amount("1", least=1.0, most=1000.0)] = None
    """Rate of the busiest hour over the day's mean, which the fleet is sized for; as published when left out."""
    growth_per_year: Annotated[float, Amount("1", least=0.0, most=100.0)] = 0.0
    """Growth of the traffic in a year, such as 1.5 for 2.5 times as much; the end of the period counts."""
    turns: Annotated[float, Amount("1", least=1.0, most=1000.0)] = 1.0
    """Turns of a conversation on average, each of which sends again what was said before."""
    turn_interval_s: Annotated[float | None, Amount("s", least=0.0, most=365 * DAY_S)] = None
    """Time from one turn of a conversation to the next, such as '2 min', in which its cache waits; what turns say again
    is taken to be in the cache when left out."""
    host_cache_bytes_per_chip: Annotated[float | None, Amount("B", above=0.0, most=1e15), Key("host_cache")] = None
    """Memory of the host that keeps caches which wait, for each chip, such as '200 GB'; none when left out."""
    disk_cache_bytes_per_chip: Annotated[float | None, Amount("B", above=0.0, most=1e18), Key("disk_cache")] = None
    """The same of SSDs, such as '2 TB'; none when left out."""
    prefix_share: Annotated[float | None, Amount("1", most=0.99)] = None
    """Share of a prompt that is in the cache already; what the turns leave when left out."""
    slo_ttft_s: Annotated[float | None, SECONDS] = None
    """Time to the first token that a request may take, such as '500 ms'."""
    slo_tpot_s: Annotated[float | None, SECONDS] = None
    """Time per token after the first that a request may take, such as '50 ms'."""
    slo_e2e_s: Annotated[float | None, SECONDS] = None
    """Time to the last token that a request may take."""
    percentile: Annotated[float, Amount("1", least=0.5, most=0.999)] = 0.9
    """Share of requests that must keep all of these."""
    precision: Annotated[str, OneOf(tuple(SERVED_FORMATS), "precision")] = "fp8"
    """Number format of the weights; chips that do not multiply it widen it."""
    kv_precision: Annotated[str | None, OneOf(tuple(CACHE_BYTES), "precision")] = None
    """Number format of the cache of keys and values; the engine's habit when left out."""
    engine: Annotated[str | None, Named("engines")] = None
    """Serving engine; left out, each that was measured on a chip's family, and the one its vendor's are served with."""
    speculation: Annotated[str, OneOf(SPECULATIONS, "speculation")] = "none"
    """Whether tokens are drafted and verified."""
    accepted: Annotated[tuple[float, ...] | None, Series(ACCEPTED)] = None
    """Tokens that a step with drafts gives, or P10 and P90: 2.1 or [1.8, 2.4]; as measured elsewhere if left out."""
    prompts: Annotated[str, OneOf(SIDES, "way")] = "either"
    """Where prompts run: together with answers, apart on replicas of their own, or either, whichever is cheaper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeGoal:
    """Serve this traffic within this latency."""

    kind: Literal["serve"] = "serve"
    """What is planned."""
    service: Annotated[Service, Flat()]
    """Model, traffic and latency."""
    availability: Annotated[float, Amount("1", least=0.5, most=0.99999)] = 0.999
    """Share of the time in which enough replicas are up for the peak, failures counted."""
    period_s: Annotated[float, Amount("s", least=DAY_S, most=20 * YEAR_S)] = YEAR_S
    """Time that is served and paid for, such as '1 year'."""
    start: datetime.date | None = None
    """Day the chips are ordered; the newest day of the catalog when left out."""
    confidence: Annotated[float, Amount("1", least=0.5, most=0.99)] = 0.8
    """Share of outcomes in which latency and budget must hold for a design to fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanServeQuestion:
    """Which fleet serves this traffic within this latency: chips, layout, replicas, spares; for how much a token?"""

    goal: ServeGoal
    """What to serve."""
    means: Means = field(default_factory=Means)
    """What there is to serve it with."""
    more: tuple[Service, ...] = ()
    """Further models, each with a fleet of its own out of the same means."""


def contradictions(question: PlanServeQuestion, catalog: Catalog) -> list[Problem]:
    """Say where traffic is missing or stated twice, where no latency is asked, and what the means contradict."""
    found = list[Problem]()
    if question.means is not UNREAD:
        found += [*problems_of_means(question.means, catalog), *_of_policy(question.means.policy)]
    if question.goal is not UNREAD and question.goal.service is not UNREAD:
        found += problems_of_service(question.goal.service, "goal", catalog)
    for place, service in enumerate(question.more if known(question.more) else ()):
        found += problems_of_service(service, f"more.{place}", catalog)
    return found


contradictions_in_part = contradictions
"""It passes over what could not be read."""


def services_of(question: PlanServeQuestion) -> tuple[Service, ...]:
    """Every model that is served, that of the goal first."""
    return (question.goal.service, *question.more)


def tokens_of(service: Service) -> tuple[float, float]:
    """Mean tokens of a prompt and of an answer."""
    assert service.isl is not None
    assert service.osl is not None
    return float(service.isl), float(service.osl)


def _of_policy(policy: Policy) -> Iterator[Problem]:
    """What is done about failures of a training run says nothing of a service, which saves nothing."""
    for each in fields(Policy):
        said = getattr(policy, each.name)
        if known(said) and said != getattr(USUAL, each.name):
            wrong = f"{shown(said)} is of a training run; a service whose chips fail has spare replicas"
            remedy = "Leave the key out; goal.availability says how many spares there are"
            yield Problem(file="", key=f"means.{each.name}", wrong=wrong, remedy=remedy)


def problems_of_service(service: Service, at: str, catalog: Catalog) -> Iterator[Problem]:
    """Where traffic or lengths are missing or stated twice, no latency is asked, and requests are too long."""
    if known(service.rate_per_s, service.output_tokens_per_day):
        said = service.rate_per_s is not None, service.output_tokens_per_day is not None
        if sum(said) > 1 or (not any(said) and service.trace is None):
            wrong = "stands beside output_tokens_per_day" if all(said) else "is missing"
            yield Problem(
                file="", key=f"{at}.rate", wrong=wrong, remedy="State the traffic once: rate or output_tokens_per_day"
            )
    if all(known(getattr(service, name)) and getattr(service, name) is None for name in SLOS):
        remedy = "Write slo_ttft, slo_tpot or slo_e2e, such as slo_tpot = '50 ms'"
        yield Problem(file="", key=f"{at}.slo_ttft", wrong="no latency is asked", remedy=remedy)
    yield from _of_lengths(service, at)
    yield from _of_turns(service, at)
    yield from problems_of_drafts(service.speculation, service.accepted, at)
    if known(service.model, service.isl, service.osl) and None not in (service.isl, service.osl):
        longest, whole = int(find_model(catalog, service.model).max_sequence), (service.isl or 0) + (service.osl or 0)
        if 0 < longest < whole:
            wrong = f"{whole:,} tokens with the answer are beyond the {longest:,} of the model"
            yield Problem(file="", key=f"{at}.isl", wrong=wrong, remedy="Write shorter requests")


def _of_turns(service: Service, at: str) -> Iterator[Problem]:
    """Caches wait between turns, where there are turns; tiers keep what waits."""
    if not known(service.turns, service.turn_interval_s):
        return
    if service.turn_interval_s is not None and service.turns <= 1.0:
        wrong = "a conversation of one turn waits for no other"
        yield Problem(file="", key=f"{at}.turn_interval", wrong=wrong, remedy="Write turns = 4, or leave it out")
    for name, key in (("host_cache_bytes_per_chip", "host_cache"), ("disk_cache_bytes_per_chip", "disk_cache")):
        if known(getattr(service, name)) and getattr(service, name) is not None and service.turn_interval_s is None:
            wrong, remedy = "keeps what waits between turns, and nobody says how long", "Write turn_interval = '2 min'"
            yield Problem(file="", key=f"{at}.{key}", wrong=wrong, remedy=remedy)


def _of_lengths(service: Service, at: str) -> Iterator[Problem]:
    """Lengths are stated, or a trace says them: one of the two; without one there is nothing to replay."""
    if known(service.replayed, service.trace) and service.trace is None and service.replayed != REPLAYED[0]:
        yield Problem(file="", key=f"{at}.replayed", wrong="there is no trace", remedy="Name a trace, or leave it out")
    for name in LENGTHS:
        said = getattr(service, name)
        if not known(said, service.trace):
            continue
        if service.trace is not None and said is not None:
            yield Problem(file="", key=f"{at}.{name}", wrong="stands beside trace", remedy="Leave it out, or the trace")
        if service.trace is None and said is None and name in ("isl", "osl"):
            remedy = f"Write {name} = 1024, or name a trace"
            yield Problem(file="", key=f"{at}.{name}", wrong="is missing", remedy=remedy)
