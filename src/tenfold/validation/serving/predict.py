"""Predictions of measured serving runs by closed forms: all rows at once, as columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tenfold.performance.serving import (
    NO_SPECULATION,
    Constants,
    Replica,
    Service,
    Speculation,
    burst,
    closed_loop,
    constant_columns,
    offline,
    open_loop,
    replicas_of,
    stacked,
    static_batch,
    taken,
)
from tenfold.performance.serving.disaggregated import disaggregated, prefill_rate
from tenfold.quantities import Floats, Indices
from tenfold.validation.serving.table import Case
from tenfold.workloads.serving import Traffic


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTable:
    """Cases as columns, (rows,)."""

    cases: tuple[Case, ...]
    replica: Replica
    prefill: Replica
    """Prefill side of disaggregated rows; the same as ``replica`` elsewhere."""
    traffic: Traffic
    speculation: Speculation
    speculative: Floats
    drafter: Floats
    undecided: Floats
    """Whether nobody says if it drafts tokens."""
    polled_steps: Floats
    waves: Floats
    load: Floats
    replicas: Floats
    prefill_replicas: Floats
    stream_interval: Floats
    requests: Floats
    measured: Floats
    by_load: Mapping[str, Indices]
    same: Indices
    """First row that the same service was measured for: TPOT, TTFT and tokens/s of one run are one service."""

    def constants(self, factors: Mapping[str, float]) -> Constants:
        """Constants of every row."""
        return constant_columns(factors, [case.setting.labels for case in self.cases])

    def rows(self, index: Indices) -> CaseTable:
        """The table with only the rows at ``index``, in that order."""
        return self._taken(index, same_service([self.cases[row] for row in index]))

    def repeated(self, times: int) -> CaseTable:
        """The table so many times below itself, each time as services of its own."""
        rows = np.arange(len(self.cases))
        return self._taken(np.tile(rows, times), np.concatenate([self.same + len(rows) * n for n in range(times)]))

    def _taken(self, index: Indices, same: Indices) -> CaseTable:
        cases = tuple(self.cases[row] for row in index)
        return CaseTable(
            cases=cases,
            replica=taken(self.replica, index),
            prefill=taken(self.prefill, index),
            traffic=taken(self.traffic, index),
            speculation=taken(self.speculation, index),
            speculative=self.speculative[index],
            drafter=self.drafter[index],
            undecided=self.undecided[index],
            polled_steps=self.polled_steps[index],
            waves=self.waves[index],
            load=self.load[index],
            replicas=self.replicas[index],
            prefill_replicas=self.prefill_replicas[index],
            stream_interval=self.stream_interval[index],
            requests=self.requests[index],
            measured=self.measured[index],
            by_load=rows_by_load(cases),
            same=same,
        )


def case_table(cases: Sequence[Case], factors: Mapping[str, float]) -> CaseTable:
    """Cases as columns; there must be at least one."""
    return CaseTable(
        cases=tuple(cases),
        replica=replicas_of([case.setting for case in cases], factors),
        prefill=replicas_of([case.prefill or case.setting for case in cases], factors),
        traffic=stacked([case.traffic for case in cases]),
        speculation=stacked([case.speculation for case in cases]),
        speculative=np.array([float(case.speculative) for case in cases]),
        drafter=np.array([float(case.drafter) for case in cases]),
        undecided=np.array([float(case.undecided) for case in cases]),
        polled_steps=np.array([case.polled_steps for case in cases]),
        waves=np.array([case.waves for case in cases]),
        load=np.array([case.load for case in cases]),
        replicas=np.array([case.replicas for case in cases]),
        prefill_replicas=np.array([case.prefill_replicas for case in cases]),
        stream_interval=np.array([case.stream_interval for case in cases]),
        requests=np.array([case.requests for case in cases]),
        measured=np.array([case.meaning.measured for case in cases]),
        by_load=rows_by_load(cases),
        same=same_service(cases),
    )


def rows_by_load(cases: Sequence[Case]) -> dict[str, Indices]:
    """Rows of each kind of load."""
    loads = [case.meaning.load for case in cases]
    return {load: np.array([i for i, each in enumerate(loads) if each == load]) for load in dict.fromkeys(loads)}


def same_service(cases: Sequence[Case]) -> Indices:
    """First row of the same service, (rows,)."""
    first: dict[tuple[object, ...], int] = {}
    return np.array([first.setdefault(_service(case), row) for row, case in enumerate(cases)], dtype=np.intp)


def _service(case: Case) -> tuple[object, ...]:
    """All that tells two services apart."""
    return (id(case.setting), id(case.prefill), case.meaning.load, case.load, case.replicas, case.prefill_replicas,
            case.traffic, case.speculation, case.speculative, case.drafter, case.undecided, case.polled_steps,
            case.requests)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Rows of one kind of load."""

    replica: Replica
    prefill: Replica
    traffic: Traffic
    speculation: Speculation
    undecided: Floats
    polled_steps: Floats
    waves: Floats
    load: Floats
    replicas: Floats
    prefill_replicas: Floats
    requests: Floats


def _closed(rows: _Rows) -> Service:
    return closed_loop(rows.replica, rows.traffic, rows.load, rows.speculation, rows.polled_steps)


def _disaggregated(rows: _Rows) -> Service:
    """A loop whose clients all start at once: the first of their prompts wait for half of all on average."""
    clients = rows.load * rows.replicas * rows.replica.layout.ranks
    found = disaggregated(
        rows.replica,
        rows.prefill,
        rows.traffic,
        clients,
        rows.replicas,
        rows.prefill_replicas,
        rows.speculation,
    )
    first = clients / (2.0 * prefill_rate(rows.prefill, rows.traffic, rows.prefill_replicas)) / rows.waves
    ttft = found.ttft_s + first
    return replace(found, ttft_s=ttft, tokens_per_s=found.tokens_per_s / rows.replicas)


def _burst(rows: _Rows) -> Service:
    return burst(rows.replica, rows.traffic, rows.load, rows.speculation)


def _offline(rows: _Rows) -> Service:
    """The most tokens; where nobody says whether it drafts, it does so if that gives more."""
    found = offline(rows.replica, rows.traffic, rows.speculation, rows.requests)
    if not rows.undecided.any():
        return found
    plain = offline(rows.replica, rows.traffic, NO_SPECULATION, rows.requests).tokens_per_s
    more = np.where(rows.undecided > 0.0, np.maximum(found.tokens_per_s, plain), found.tokens_per_s)
    return replace(found, tokens_per_s=more)


def _static(rows: _Rows) -> Service:
    return static_batch(rows.replica, rows.traffic, rows.load, rows.speculation)


def _open(rows: _Rows, overload_s: float | None = None) -> Service:
    """Arrivals; what comes beyond the room waits, and is served as a loop that is always full."""
    found = open_loop(rows.replica, rows.traffic, rows.load, rows.speculation)
    full = closed_loop(rows.replica, rows.traffic, found.most_batch, rows.speculation)
    over = ~np.isfinite(found.ttft_s)
    longer = OVERLOAD_S if overload_s is None else overload_s
    return replace(
        found,
        tpot_s=np.where(over, full.tpot_s, found.tpot_s),
        ttft_s=np.where(over, full.ttft_s + longer, found.ttft_s),
        e2e_s=np.where(over, full.e2e_s + longer, found.e2e_s),
        tokens_per_s=np.where(over, full.tokens_per_s, found.tokens_per_s),
    )


OVERLOAD_S = 60.0
"""Wait of an overloaded open loop, which grows with the length of the run; most published ones take minutes."""


def _under_limits(share: str) -> Callable[[_Rows], Service]:
    def at(rows: _Rows) -> Service:
        rated = rows.load > 0
        found = _offline(replace(rows, requests=np.full_like(rows.load, np.inf)))
        kept = getattr(rows.replica.constants, share)
        reached = _open(replace(rows, load=np.where(rated, rows.load, 1e-3)), overload_s=0.0)
        return replace(reached, tokens_per_s=found.tokens_per_s * kept)

    return at


FORMS: Mapping[str, Callable[[_Rows], Service]] = {
    "closed": _closed,
    "disaggregated": _disaggregated,
    "burst": _burst,
    "offline": _offline,
    "static": _static,
    "open": _open,
    "slo": _under_limits("slo_share"),
    "interactive": _under_limits("interactive_share"),
}


def predicted(table: CaseTable, constants: Constants) -> Floats:
    """Prediction of every row in the unit of its measurement, (rows,)."""
    found = np.empty(len(table.cases))
    for load, index in table.by_load.items():
        found[index] = _of_load(table, constants, load, index)
    return found


def _of_load(table: CaseTable, constants: Constants, load: str, rows: Indices) -> Floats:
    index, place = np.unique(table.same[rows], return_inverse=True)
    service = _service_of(table, constants, load, index)
    tpot = np.asarray(service.tpot_s)[place]
    share = np.asarray(taken(constants, rows).stream_share)
    columns = {
        "tpot": tpot,
        "ttft": np.asarray(service.ttft_s)[place] + share * (table.stream_interval[rows] - 1.0) * tpot,
        "e2e": np.asarray(service.e2e_s)[place],
        "throughput": np.asarray(service.tokens_per_s)[place] * table.replicas[rows],
    }
    wanted = [table.cases[row].meaning.quantity for row in rows]
    return np.array([columns[name][at] for at, name in enumerate(wanted)])


def _service_of(table: CaseTable, constants: Constants, load: str, index: Indices) -> Service:
    here = taken(constants, index)
    replica = replace(taken(table.replica, index), constants=here)
    drafts, speculation = table.speculative[index] > 0, taken(table.speculation, index)
    drafted = np.where(table.drafter[index] > 0, here.drafter_cost, here.draft_cost)
    rows = _Rows(
        replica=replica,
        prefill=replace(taken(table.prefill, index), constants=here),
        traffic=taken(table.traffic, index),
        speculation=Speculation(
            verified=speculation.verified,
            accepted=np.where(drafts, here.draft_yield, speculation.accepted),
            cost=np.where(np.asarray(speculation.verified) > 1.0, drafted, 0.0),
        ),
        undecided=table.undecided[index],
        polled_steps=table.polled_steps[index],
        waves=table.waves[index],
        load=table.load[index],
        replicas=table.replicas[index],
        prefill_replicas=table.prefill_replicas[index],
        requests=table.requests[index],
    )
    return FORMS[load](rows)
