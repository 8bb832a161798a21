"""The report of one setting of a service: what requests see, where a token's time goes, what fits."""

from __future__ import annotations

from tenfold.planning.estimate_serving import EstimateServingAnswer, Latency
from tenfold.reports.cards import spread_card
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Pairs, Report, Section, Table, Terms
from tenfold.reports.wording import number, number_between, seconds, share

TOPICS: Topics = {
    "tpot_s.mean": Topic(unit="s", words="a step over the tokens it gives, and the prompts of others", terms="terms"),
    "tpot_s": Topic(unit="s", words="time per output token after the first, over requests"),
    "ttft_s": Topic(unit="s", words="queue + prompt + way to the client, over requests"),
    "e2e_s": Topic(unit="s", words="TTFT + (tokens − 1) × TPOT, over requests"),
    "tokens_per_s_per_chip": Topic(unit="tokens/s", words="output tokens ÷ (time × chips)"),
    "requests_per_s": Topic(unit="1/s", words="requests answered ÷ time, over the whole service"),
    "kv_tokens": Topic(unit="", words="(share of the memory − weights − reserve) ÷ bytes of cache per token"),
    "terms": Topic(unit="s", words="seconds of a token, every input at P50"),
}
LATENCIES = (("TTFT", "ttft_s"), ("TPOT", "tpot_s"), ("End to end", "e2e_s"))


def verdict(answer: EstimateServingAnswer) -> str:
    """Answer in one sentence."""
    what = f"{answer.model} on {answer.chips:,} × {answer.chip}"
    if answer.shortage is not None:
        return f"{what}: {answer.shortage.short}. Would do: {answer.shortage.nearest}"
    ttft, tpot = answer.ttft_s.p50, answer.tpot_s.p50
    first = f"first token after {number(ttft.p50, 's')} (P10–P90 {number_between(ttft, 's')})"
    speed = f"then one every {number(tpot.p50, 's')} ({number_between(tpot, 's')})"
    return f"{what}: {first}, {speed}; {number(answer.tokens_per_s_per_chip.p50, 'tokens/s')} per chip"


def report(answer: EstimateServingAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold estimate serving",
        question=f"How fast does {answer.model} answer on {answer.chips:,} × {answer.chip}?",
        verdict=verdict(answer),
        good=answer.fits,
        made=answer.made,
        cards=(
            spread_card("First token", answer.ttft_s.p50, seconds, "ttft_s.p50"),
            spread_card("Per token", answer.tpot_s.p50, seconds, "tpot_s.p50"),
            spread_card(
                "Per chip",
                answer.tokens_per_s_per_chip,
                lambda value: number(value, "tokens/s"),
                "tokens_per_s_per_chip",
            ),
        ),
        sections=(
            Section(title="What requests see", tables=(_latencies(answer),)),
            _where(answer),
            Section(title="Setting", pairs=_pairs(answer)),
        ),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
    )


def _latencies(answer: EstimateServingAnswer) -> Table:
    headers = ("", "mean", "P50", "P90", "P99", "P10–P90 of the P50")
    rows = []
    for name, field in LATENCIES:
        found: Latency = getattr(answer, field)
        cells = (found.mean, found.p50, found.p90, found.p99)
        rows.append((name, *(number(each.p50, "s") for each in cells), number_between(found.p50, "s")))
    return Table(headers=headers, rows=tuple(rows), numeric=" rrrrr")


def _where(answer: EstimateServingAnswer) -> Section:
    from tenfold.reports.charts import waterfall

    title = "Where a token's time goes"
    return Section(
        title=title,
        lead=f"one token takes {number(answer.tpot_s.mean.p50, 's')} on average",
        terms=(Terms(title="", values=answer.terms, unit="s", headline="tpot_s.mean.p50"),),
        charts=(waterfall("token", title, answer.terms, "s"),),
    )


def _pairs(answer: EstimateServingAnswer) -> Pairs:
    unstated = ", ".join(f"{name} ±{share(value)}" for name, value in answer.unstated.items())
    load = answer.question.concurrency
    return (
        ("Layout", f"tp {answer.tp}, pp {answer.pp}, dp {answer.dp}, ep {answer.ep}"),
        ("Engine", f"{answer.engine}, weights {answer.precision}, cache {answer.kv_precision}"),
        ("Load", f"{load:,} clients" if load else f"{answer.question.rate_per_s:g} requests/s"),
        ("Cache", f"{answer.kv_tokens:,} tokens a replica, {answer.most_batch:,.0f} requests at once"),
        ("Batch", f"{answer.batch:,.1f} sequences decode at once"),
        ("Prompts", f"{share(answer.prefill_utilisation)} of the time"),
        ("Left out", unstated or "nothing that matters"),
        ("Calibrated by", answer.calibration),
    )
