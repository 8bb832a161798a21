"""What a row of a table means: how the load was made, what was measured, in which group it is scored."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tenfold.validation.serving.runs import ServingRun

Load = Literal["closed", "disaggregated", "burst", "offline", "static", "open", "slo", "interactive"]
Quantity = Literal["tpot", "ttft", "e2e", "throughput"]
Statistic = Literal["mean", "p50", "p90", "p99"]

LOADS: tuple[tuple[str, Load], ...] = (
    (r"disagg", "disaggregated"),
    (r"mlperf interactive", "interactive"),
    (r"mlperf server", "slo"),
    (r"^burst", "burst"),
    (r"fixed batch|batch batch|batch real time|batch 1", "static"),
    (r"offline", "offline"),
    (r"online", "open"),
    (r"fixed concurrency|single user", "closed"),
)
"""Words of a scenario, in the order they are looked for, and the load they mean."""
QUANTITIES: tuple[tuple[str, Quantity, float], ...] = (
    (r"^ttft_ms", "ttft", 1e-3),
    (r"^tpot_ms|^itl_ms", "tpot", 1e-3),
    (r"^e2e_latency_ms", "e2e", 1e-3),
    (r"^output_tok_s_total$", "throughput", 1.0),
    (r"^output_tok_s_per_chip$", "throughput", 0.0),
)
"""Words of a metric, what it is, and its unit in SI; 0 for tokens/s of one chip."""
SATURATED_S = 5.0
"""A first token that took longer had to wait for room, not for its prompt."""
UNCERTAIN_LAYOUT: tuple[Load, ...] = ("slo", "interactive")
GROUPS = {
    ("closed", "tpot"): "tpot_agg",
    ("burst", "tpot"): "tpot_burst",
    ("disaggregated", "tpot"): "tpot_disagg",
    ("closed", "throughput"): "throughput_closed",
    ("disaggregated", "throughput"): "throughput_closed",
    ("burst", "throughput"): "throughput_burst",
    ("offline", "throughput"): "throughput_offline",
    ("open", "throughput"): "throughput_open",
    ("slo", "throughput"): "throughput_slo",
    ("interactive", "throughput"): "throughput_slo",
    ("open", "tpot"): "open_tpot",
    ("open", "ttft"): "open_ttft",
    ("open", "e2e"): "open_e2e",
    ("slo", "tpot"): "slo_tpot",
    ("interactive", "tpot"): "slo_tpot",
    ("slo", "ttft"): "slo_ttft",
    ("interactive", "ttft"): "slo_ttft",
    ("closed", "e2e"): "closed_e2e",
}
"""Group of scores by load and quantity; static batches are one group, first tokens of a loop two by their size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """A row understood."""

    load: Load
    quantity: Quantity
    statistic: Statistic
    group: str
    measured: float
    """In SI, tokens/s of the whole system."""


def meaning_of(run: ServingRun) -> Meaning | str:
    """What a row measures, or the reason it cannot be scored."""
    load = next((load for words, load in LOADS if re.search(words, run.scenario.lower())), None)
    if load is None:
        return f"scenario '{run.scenario[:40]}' is not known"
    if load == "offline" and run.concurrency_or_batch and "static" in f"{run.protocol} {run.notes}".lower():
        load = "static"
    found = next(((what, unit) for words, what, unit in QUANTITIES if re.search(words, run.metric)), None)
    if found is None:
        return f"metric '{run.metric[:40]}' is not scored"
    if not run.value:
        return "no value"
    quantity, unit = found
    if (reason := _not_to_score(run, quantity)) != "":
        return reason
    per_chip = not unit
    if per_chip and not run.n_chips:
        return "no number of chips"
    measured = run.value * (unit or (run.n_chips or 1.0))
    statistic = next((each for each in ("p50", "p90", "p99") if run.metric.endswith(each)), "mean")
    return Meaning(
        load=load,
        quantity=quantity,
        statistic=statistic,  # type: ignore[arg-type]  # the loop goes over its values
        group=_group(load, quantity, measured, run.notes.lower()),
        measured=measured,
    )


OVERLOADED = re.compile(r"overloaded|failures [1-9]")
"""What notes say of arrivals beyond what was served: times then grow with the length of the run, which none states."""


def _group(load: Load, quantity: Quantity, measured: float, notes: str) -> str:
    if load == "static":
        return "batch_static"
    if load == "open" and quantity != "throughput" and _overloaded(quantity, measured, notes):
        return f"overload_{quantity}"
    if quantity == "ttft" and load in ("closed", "burst", "disaggregated"):
        return "ttft_saturated" if measured > SATURATED_S else "ttft_unsaturated"
    return GROUPS.get((load, quantity), f"{load}_{quantity}")


def _overloaded(quantity: Quantity, measured: float, notes: str) -> bool:
    return bool(OVERLOADED.search(notes)) or (quantity == "ttft" and measured > SATURATED_S)


def _not_to_score(run: ServingRun, quantity: Quantity) -> str:
    """The reason that the notes of a row give against scoring it; empty where they give none."""
    notes = run.notes.lower()
    if quantity in ("ttft", "tpot") and "ttft/tpot/itl meaningless" in notes:
        return "a reasoning parser hides the first tokens"
    if quantity == "tpot" and "do not score tpot" in notes:
        return "TPOT of too few tokens"
    rest = notes.replace("do not score tpot", "").replace("do not score them", "")
    return "its source says not to score it" if "do not score" in rest else ""


QUANTITY_GROUPS = {
    "tpot": ("tpot_agg", "open_tpot", "tpot_disagg"),
    "ttft": ("ttft_unsaturated", "open_ttft"),
    "e2e": ("open_e2e", "tpot_agg"),
    "throughput": ("throughput_closed", "throughput_offline"),
}
"""Groups whose errors say how sure a quantity of an estimate is."""
