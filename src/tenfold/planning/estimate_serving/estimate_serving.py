"""How fast one setting of a service answers at a load, by simulating its requests; with how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.catalog import Catalog
from tenfold.performance.serving import (
    STEP_TERMS,
    Replica,
    Run,
    Seen,
    Service,
    ServingSpread,
    Speculation,
    cache_tokens,
    decode_terms,
    joined_spread,
    most_sequences,
    prefill_work_s,
    row_of,
    serving_spread,
    simulate_arrivals,
    simulate_loop,
    streamed_step_s,
)
from tenfold.performance.serving.disaggregated import disaggregated
from tenfold.planning.drafts import SPECULATIONS, accepted_spread, drafted, spread_figure
from tenfold.planning.estimate_serving.answer import EstimateServingAnswer, Latency, Shortage
from tenfold.planning.estimate_serving.asked import Asked, look_up
from tenfold.planning.estimate_serving.question import EstimateServingQuestion
from tenfold.planning.estimate_serving.shortages import shortage_of
from tenfold.planning.estimate_serving.unstated import unstated_spreads
from tenfold.quantities import Floats, NamedFigure, Percentiles, Progress, assumptions_of, quantile_of
from tenfold.workloads.serving import Traffic

QUANTILES = {"p50": 0.5, "p90": 0.9, "p99": 0.99}


def answer(
    question: EstimateServingQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> EstimateServingAnswer:
    """Estimate a service. What does not fit is an answer with a shortage.

    Raises ``MissingFigureError`` for a figure nobody recorded.
    """
    del progress  # answered in no time
    asked = look_up(question, catalog)
    replica, traffic = asked.replica(), traffic_of(question)
    speculation = row_of(drafted(replica, question.speculation, question.accepted), 0)
    shortage = shortage_of(question, asked, replica, traffic, speculation)
    seen = _seen(question, asked, replica, traffic, speculation, seed)
    return _answer(question, catalog, seed, asked, replica, traffic, speculation, seen, shortage)


def traffic_of(question: EstimateServingQuestion) -> Traffic:
    """Requests as asked."""
    return Traffic(
        prompt_tokens=float(question.isl), output_tokens=float(question.osl), prefix_share=question.prefix_share
    )


def ranks_of(question: EstimateServingQuestion, replica: Replica) -> float:
    """Attention ranks of the whole service that share its load."""
    extra = question.dp if replica.layout.ranks == 1.0 else 1
    return float(replica.layout.ranks) * question.replicas * extra


def _seen(
    question: EstimateServingQuestion,
    asked: Asked,
    replica: Replica,
    traffic: Traffic,
    speculation: Speculation,
    seed: int,
) -> Seen:
    run = Run(
        token_budget=float(question.token_budget or asked.engine.token_budget),
        length_spread=question.length_spread,
        mixes_prompts=asked.engine.mixes_prompts,
    )
    ranks = ranks_of(question, replica)
    if asked.prefill is not None:
        return _apart(question, asked, replica, traffic, speculation)
    if question.concurrency is not None:
        return simulate_loop(replica, traffic, question.concurrency / ranks, run, speculation)
    return simulate_arrivals(replica, traffic, (question.rate_per_s or 0.0) / ranks, run, speculation, seed)


def _apart(
    question: EstimateServingQuestion, asked: Asked, replica: Replica, traffic: Traffic, speculation: Speculation
) -> Seen:
    """Requests of a disaggregated service: steps are even; the wait for a prompt's turn is exponential."""
    assert asked.prefill is not None
    prefill = asked.replica(asked.prefill)
    clients, sides = float(question.concurrency or 1), (float(question.replicas), float(question.prefill_replicas))
    found: Service = disaggregated(replica, prefill, traffic, clients, *sides, speculation)
    alone = disaggregated(replica, prefill, traffic, 1.0, *sides, speculation)
    wait = max(float(np.asarray(found.ttft_s)) - float(np.asarray(alone.ttft_s)), 0.0)
    even = (np.arange(REQUESTS_APART) + 0.5) / REQUESTS_APART
    ttft = float(np.asarray(alone.ttft_s)) - wait * np.log1p(-even)
    tpot = np.full(REQUESTS_APART, float(np.asarray(found.tpot_s)))
    rate = float(np.asarray(found.tokens_per_s)) / ranks_of(question, replica)
    return Seen(ttft_s=ttft, tpot_s=tpot, e2e_s=ttft + (question.osl - 1) * tpot, tokens_per_s=rate)


REQUESTS_APART = 400


def _answer(
    question: EstimateServingQuestion,
    catalog: Catalog,
    seed: int,
    asked: Asked,
    replica: Replica,
    traffic: Traffic,
    speculation: Speculation,
    seen: Seen,
    shortage: Shortage | None,
) -> EstimateServingAnswer:
    unstated = unstated_spreads(question, asked, replica, traffic, speculation)
    if question.speculation != SPECULATIONS[0]:
        unstated = {**unstated, "accepted": accepted_spread(catalog, question.speculation, question.accepted)}
    sure = {each: serving_spread(asked.factors, asked.labels, each) for each in QUANTITIES}
    ranks, figures = ranks_of(question, replica), _figures(question, catalog, asked)
    chips, tokens = _chips(question, asked, ranks), seen.tokens_per_s * ranks
    held = _held(question, replica, traffic, seen)

    def spread(quantity: str) -> float:
        return joined_spread(sure[quantity].log_spread, *unstated.values())

    return EstimateServingAnswer(
        question=question,
        made=catalog.made(seed),
        **_served(question, asked, replica),
        chips=chips,
        fits=shortage is None,
        shortage=shortage,
        ttft_s=latency_of(seen.ttft_s, spread("ttft")),
        tpot_s=latency_of(seen.tpot_s, spread("tpot")),
        e2e_s=latency_of(seen.e2e_s, spread("e2e")),
        tokens_per_s_per_chip=Percentiles.around(tokens / chips, spread("throughput")),
        requests_per_s=Percentiles.around(tokens / question.osl, spread("throughput")),
        kv_tokens=held.kv_tokens,
        batch=held.batch * float(replica.layout.ranks),
        most_batch=held.most_batch * float(replica.layout.ranks),
        prefill_utilisation=held.prefill_utilisation,
        terms=_terms(replica, traffic, speculation, held.batch, float(seen.tpot_s.mean())),
        unstated=unstated,
        calibration=sure["tpot"].words,
        notes=_notes(question, asked, sure["tpot"]),
        assumptions=assumptions_of(figures),
        figures=figures,
    )


def _figures(question: EstimateServingQuestion, catalog: Catalog, asked: Asked) -> tuple[NamedFigure, ...]:
    found = tuple(NamedFigure(name=name, figure=figure) for name, figure in asked.figures)
    assumed = question.speculation != SPECULATIONS[0] and question.accepted is None
    return (*found, spread_figure(catalog)) if assumed else found


QUANTITIES = ("ttft", "tpot", "e2e", "throughput")


def _served(question: EstimateServingQuestion, asked: Asked, replica: Replica) -> dict[str, Any]:
    """What was served on what, by the answer's names."""
    return {
        "model": question.model,
        "chip": asked.chip.key,
        "system": asked.system.key if asked.system else "",
        "engine": asked.engine.key,
        "precision": question.precision,
        "kv_precision": asked.cache_format,
        "tp": round(float(replica.layout.tensor)),
        "pp": question.pp,
        "dp": question.dp,
        "ep": question.ep,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What a replica holds at the load; batches are those of one attention rank."""

    kv_tokens: int
    batch: float
    most_batch: float
    prefill_utilisation: float


def _held(question: EstimateServingQuestion, replica: Replica, traffic: Traffic, seen: Seen) -> _Held:
    prompts = float(np.asarray(prefill_work_s(replica, traffic.new_tokens, 0.0))) / float(replica.layout.pipeline)
    most = float(
        np.asarray(most_sequences(replica, traffic.prompt_tokens, traffic.output_tokens, traffic.prefix_share))
    )
    requests_per_s = seen.tokens_per_s / question.osl
    cached = float(np.asarray(cache_tokens(replica, float(question.isl + question.osl))))
    return _Held(
        kv_tokens=round(cached * float(replica.layout.ranks)),
        batch=min(requests_per_s * max(question.osl - 1, 0) * float(seen.tpot_s.mean()), max(most, 0.0)),
        most_batch=most,
        prefill_utilisation=min(requests_per_s * prompts, 1.0),
    )


def latency_of(values_s: Floats, log_spread: float) -> Latency:
    """Mean and percentiles over requests, each with its range."""
    found = {name: Percentiles.around(quantile_of(values_s, at), log_spread) for name, at in QUANTILES.items()}
    return Latency(mean=Percentiles.around(float(values_s.mean()), log_spread), **found)


def _terms(
    replica: Replica, traffic: Traffic, speculation: Speculation, batch: float, tpot_s: float
) -> Mapping[str, float]:
    """Seconds of a token by what they go to: the step's terms over what it gives, and what prompts of others add."""
    held = max(batch, 1.0)
    parts = decode_terms(replica, held, traffic.mean_context, speculation.verified)
    accepted = float(np.asarray(speculation.accepted))
    found = {name: float(np.asarray(getattr(parts, name))) / accepted for name in STEP_TERMS}
    drafts = float(np.asarray(parts.step_s)) * float(np.asarray(speculation.cost)) / accepted
    step = float(np.asarray(parts.step_s)) / accepted + drafts
    streamed = float(np.asarray(streamed_step_s(replica, step, held)))
    found |= {"drafts_s": drafts, "streaming_s": streamed - step, "prompts_s": tpot_s - streamed}
    return {name: value for name, value in found.items() if value}


def _chips(question: EstimateServingQuestion, asked: Asked, ranks: float) -> int:
    layout = asked.setting.layout
    chips = ranks * float(layout.tensor) * float(layout.pipeline)
    if asked.prefill is not None:
        chips += question.prefill_replicas * float(asked.prefill.layout.chips)
    return round(chips)


def _notes(question: EstimateServingQuestion, asked: Asked, sure: ServingSpread) -> tuple[str, ...]:
    notes = [f"{sure.words}"]
    if question.engine is None:
        notes.append(
            f"--engine was left out: {asked.engine.name}, which {asked.chip.vendor} chips are mostly served with"
        )
    if question.tp is None:
        notes.append(f"--tp was left out: {asked.setting.layout.tensor:g}, the fewest that leave room for a cache")
    if question.kv_precision is None:
        notes.append(f"--kv-precision was left out: {asked.cache_format}, as {asked.engine.name} keeps it")
    if question.prefill_replicas:
        notes.append("Prompts run apart: percentiles of TTFT are those of an exponential wait for a turn")
    return tuple(notes)
