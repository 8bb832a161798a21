"""What a row of a table of serving runs says in words: its engine, its requests, its load, its benchmark."""

from __future__ import annotations

import datetime
import math
import re

from tenfold.catalog import Catalog, Chip, Engine, TransformerShape, default_engine, engine_named
from tenfold.performance.serving import (
    NO_SPECULATION,
    Speculation,
)
from tenfold.quantities import InputError, parse_date
from tenfold.validation.serving.protocols import INFERENCEX, MLPERF
from tenfold.validation.serving.runs import ServingRun
from tenfold.validation.serving.scenarios import Meaning
from tenfold.workloads.serving import Traffic

VERIFIED_TOKENS = 3.0
"""Tokens that a step verifies with the speculation that tables state, one drafted twice."""
UNSAID = "unknown"
"""Word of a table for speculation that its source may or may not have used."""
REPEATED_PREFIX = 0.97
"""Share of a prompt found in the cache where a benchmark repeats its prompts; the last block is always new."""


def engine_of(run: ServingRun, chip: Chip, catalog: Catalog) -> Engine:
    """The engine of a run by its name, version and date; where unnamed, the one of the chip's vendor."""
    text = re.match(r"\d{4}(-\d{2})?", run.source_date)
    when: datetime.date | None = None
    try:
        when = parse_date(text.group(), end=True) if text else None
    except InputError:
        when = None
    label = f"{run.engine} {run.engine_version}"
    found = engine_named(label, run.engine_version, when, catalog.engines.values())
    return found or default_engine(chip.vendor, catalog.engines)


def traffic_of(run: ServingRun, spread: float) -> Traffic:
    """Requests of a run whose lengths lie between nominal × (1 − ``spread``) and nominal."""
    return Traffic(
        prompt_tokens=(run.isl or 0.0) * (1.0 - 0.5 * spread),
        output_tokens=max((run.osl or 0.0) * (1.0 - 0.5 * spread), 1.0),
        prefix_share=REPEATED_PREFIX if "repeating prompts, prefix caching on" in run.notes else 0.0,
    )


def protocol_of(run: ServingRun) -> str:
    """Benchmark whose clients or rules move what is measured; empty for any other."""
    said = f"{run.source_title} {run.protocol}".lower()
    return MLPERF if "mlperf" in said else INFERENCEX if run.protocol.lower().startswith(INFERENCEX) else ""


def load_of(run: ServingRun, meaning: Meaning, ranks: float) -> float | str:
    """Clients, requests or arrivals on each rank; or the reason that they cannot be known."""
    clients, rate = run.concurrency_or_batch, run.request_rate_per_s
    if meaning.load in ("closed", "static", "disaggregated"):
        return clients / ranks if clients else "no concurrency"
    if meaning.load == "burst":
        stated = clients or number_after(run.scenario, "burst of")
        return stated / ranks if stated else "no number of requests"
    if meaning.load == "open" or (meaning.load in ("slo", "interactive") and meaning.quantity != "throughput"):
        return rate / ranks if rate and math.isfinite(rate) else "no rate of requests"
    return 0.0


def speculation_of(run: ServingRun) -> tuple[Speculation, bool]:
    """Speculation as the row states it; the yield is the calibration's where only its use is stated."""
    stated = run.spec_decoding.lower()
    if stated in ("", "none"):
        return NO_SPECULATION, False
    accepted = re.search(r"accept\w* (\d+(?:\.\d+)?)", stated)
    if accepted:
        return Speculation(verified=VERIFIED_TOKENS, accepted=float(accepted[1])), False
    return Speculation(verified=VERIFIED_TOKENS), True


def drafts_apart(run: ServingRun, shape: TransformerShape) -> bool:
    """Whether a model of its own drafts: not where the row says otherwise, or leaves it open of a model that can."""
    stated = run.spec_decoding.lower()
    return stated != "mtp" and not (stated == UNSAID and float(shape.mtp_layers) > 0)


def number_after(text: str, name: str) -> float | None:
    """A number that a text gives after a name, however its words are joined: ``--max-num-seqs=512``."""
    words = name.replace("_", "[-_ ]").replace(" ", "[-_ ]")
    found = re.search(rf"{words}[ =]+(\d+)", text.lower())
    return float(found[1]) if found else None
