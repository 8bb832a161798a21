"""Predictions of measured loads by simulating their requests: clients in a loop, bursts, arrivals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from tenfold.performance.serving import (
    Constants,
    Replica,
    Run,
    Seen,
    Speculation,
    row_of,
    simulate_arrivals,
    simulate_loop,
)
from tenfold.quantities import Floats
from tenfold.validation.serving.predict import CaseTable, predicted
from tenfold.validation.serving.table import Case

SIMULATED = ("closed", "burst", "open")
"""Loads whose requests are simulated; the others are closed forms."""
SEED = 0
STATISTICS: Mapping[str, Callable[[Floats], float]] = {
    "mean": lambda values: float(values.mean()),
    "p50": lambda values: float(np.quantile(values, 0.5)),
    "p90": lambda values: float(np.quantile(values, 0.9)),
    "p99": lambda values: float(np.quantile(values, 0.99)),
}


def simulated(table: CaseTable, constants: Constants) -> Floats:
    """Prediction of every row: of its requests where its load is simulated, else by its closed form; (rows,)."""
    found = predicted(table, constants)
    replica = replace(table.replica, constants=constants)
    known: dict[tuple[object, ...], Seen] = {}
    for row, case in enumerate(table.cases):
        if case.meaning.load not in SIMULATED:
            continue
        key = (id(case.setting), case.meaning.load, case.load, case.traffic, case.speculation, case.speculative,
               case.token_budget, case.length_spread, case.polled_steps)  # fmt: skip
        if key not in known:
            known[key] = seen_of(case, row_of(replica, row))
        found[row] = seen_value(case, known[key], row_of(constants, row))
    return found


def seen_of(case: Case, replica: Replica) -> Seen:
    """What the requests of a case see."""
    constants = replica.constants
    cost = constants.drafter_cost if case.drafter else constants.draft_cost
    speculation = Speculation(
        verified=case.speculation.verified,
        accepted=constants.draft_yield if case.speculative else case.speculation.accepted,
        cost=cost if float(np.asarray(case.speculation.verified)) > 1.0 else 0.0,
    )
    run = Run(
        token_budget=case.token_budget,
        length_spread=0.5 * case.length_spread / (1.0 - 0.5 * case.length_spread),
        waves=1.0 if case.meaning.load == "burst" else case.waves,
        mixes_prompts=case.engine.mixes_prompts,
        polled_steps=case.polled_steps,
        burst=case.meaning.load == "burst",
    )
    if case.meaning.load == "open":
        return simulate_arrivals(replica, case.traffic, case.load, run, speculation, SEED)
    return simulate_loop(replica, case.traffic, case.load, run, speculation)


def seen_value(case: Case, seen: Seen, constants: Constants) -> float:
    """The number that a case measures, of what its requests saw."""
    quantity = case.meaning.quantity
    if quantity == "throughput":
        return seen.tokens_per_s * case.replicas * float(np.asarray(case.setting.layout.ranks))
    value = STATISTICS[case.meaning.statistic](getattr(seen, f"{quantity}_s"))
    if quantity == "ttft":
        value += float(np.asarray(constants.stream_share)) * (case.stream_interval - 1.0) * float(seen.tpot_s.mean())
    return value
