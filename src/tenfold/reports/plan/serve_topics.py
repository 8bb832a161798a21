"""How the numbers of a serving plan come about, by their path in its JSON."""

from __future__ import annotations

from tenfold.reports.explain import Topic, Topics
from tenfold.reports.plan.design_topics import topics_at, topics_of_any

HARDWARE = ("chips/", "systems/", "fabrics/", "calibrations/")
MONEY = ("prices/", "assumptions/economics", "assumptions/planning", "sites/", "assumptions/serving")
ROUTING = ("assumptions/routing", "assumptions/reliability", "calibrations/")
PLACE = ("sites/", "systems/", "chips/", "assumptions/planning.power", "assumptions/economics.idle")
_STEP = "weights, cache, products, collectives, launches, host and prompts of others add up to a token"
_TIME = "simulated request by request at the peak; the percentile asked for"
_OF_DESIGN: Topics = {
    **topics_of_any(MONEY, PLACE),
    "token_s": Topic(unit="s", words=_STEP, terms="token_terms_s", figures=HARDWARE),
    "token_terms_s": Topic(unit="s", words=_STEP, terms="token_terms_s", figures=HARDWARE),
    "ttft_s": Topic(unit="s", words=_TIME, figures=HARDWARE),
    "tpot_s": Topic(unit="s", words=_TIME, figures=HARDWARE),
    "e2e_s": Topic(unit="s", words=_TIME, figures=HARDWARE),
    "tokens_per_s_per_chip": Topic(
        unit="tokens/s", words="output tokens that the fleet carries within the latency ÷ chips", figures=HARDWARE
    ),
    "utilisation": Topic(unit="share", words="traffic on average ÷ what the fleet carries within the latency"),
    "prefill_utilisation": Topic(unit="share", words="requests/s × time of a prompt", figures=HARDWARE),
    "usd_per_mtoken_input": Topic(
        unit="USD", words="cost × share of the chips' time that prompts take ÷ tokens of prompts", figures=MONEY
    ),
    "usd_per_mtoken_output": Topic(
        unit="USD", words="cost × share of the chips' time that answers take ÷ tokens of answers", figures=MONEY
    ),
    "holds_usd": Topic(unit="USD", words="cost not exceeded at the confidence asked for"),
    "least_budget_usd": Topic(unit="USD", words="smallest budget that holds, with the latency, as surely as asked"),
    "recovered_usd": Topic(
        unit="USD", words="what a purchase sells for after the period, or is left of it for other work"
    ),
    "energy_j_per_output_token": Topic(unit="J", words="energy at the meter ÷ tokens of answers", figures=PLACE),
    "energy_mwh": Topic(unit="MWh", words="power × (idle + (full − idle) × use) × period", figures=PLACE),
    "ready_days": Topic(unit="days", words="wait for the chips + setup", figures=("assumptions/planning", "question/")),
    "replicas": Topic(unit="", words="peak ÷ what a replica carries, and spares for failures"),
    "caches_held.*": Topic(
        unit="share", words="room ÷ conversations that wait, λ·(n − 1)/n·T by Little's law, the fastest room first"
    ),
    "slo.met_share": Topic(unit="share", words="simulated requests at the peak that keep every limit"),
    "slo.met_share_sure": Topic(unit="share", words="the same with a pace as bad as the confidence leaves open"),
}
"""By the key of a design."""


TOPICS: Topics = topics_at(("best", "alternatives.*", "near_misses.*.design", "more.*.best"), _OF_DESIGN) | {
    "engines.*.holds_usd": Topic(unit="USD", words="cost not exceeded at the confidence asked for"),
    "engines.*.cost_usd": Topic(unit="USD", words="lines of the bill of the same chip, had alike, with that engine"),
    "traced.runs.*.met_share": Topic(
        unit="share", words="requests of the trace that keep every limit", figures=ROUTING
    ),
    "traced.runs.*.cached_share": Topic(
        unit="share", words="prompt tokens that the replica chosen held already ÷ all", figures=ROUTING
    ),
    "traced.met_share_sure": Topic(unit="share", words="the same at a pace as bad as the confidence leaves open"),
    "traced.pace": Topic(unit="", words="peak × replayed replicas ÷ all ÷ rate of the trace's busiest hour"),
    "prompt_tokens": Topic(unit="tokens", words="mean, as stated or as the trace shows"),
    "output_tokens": Topic(unit="tokens", words="mean, as stated or as the trace shows"),
    "total.cost_usd": Topic(unit="USD", words="sum of the P50s of all models"),
    "total.cash_usd": Topic(unit="USD", words="sum of the P50s of all models"),
    "total.chips": Topic(unit="", words="sum of all models, of those that work"),
    "total.chips_held": Topic(unit="", words="sum of all models, of those that are there or ordered, in whole units"),
    "peak_requests_per_s": Topic(unit="1/s", words="mean × growth to the end of the period × peak over mean"),
    "configurations_considered": Topic(unit="", words="layouts × batches, together and apart"),
}
