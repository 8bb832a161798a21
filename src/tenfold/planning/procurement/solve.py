"""Solving a model with HiGHS: the linear relaxation, whole lots with given orders, and the integer programme.

The relaxation is solved by the dual simplex method, which beat interior points five to one on large programmes and
gives a basis, in which few orders are not whole; the integer programme by branch and cut to a relative gap. A solve
runs in a thread, so that Ctrl-C stops it at once and leaves no solver behind. Import late: it is slow to load.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, Literal

import highspy
import numpy as np
from scipy.sparse import coo_array, csc_array

from tenfold.planning.procurement.model import Model
from tenfold.quantities import Floats, SolverError

Status = Literal["optimal", "infeasible", "unbounded", "stopped"]
GAP = 0.005
"""Relative gap an integer programme is solved to."""
MOST_LOTS = 100_000.0
"""Most lots of one order with a minimum in an integer programme; the solver takes no larger bound for such a column."""
_WAIT_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """A linear programme as arrays: columns by columns, rows with two sides."""

    objective: Floats
    low: Floats
    high: Floats
    matrix: csc_array
    row_low: Floats
    row_high: Floats
    whole: Floats
    """1 for a column that is whole, 3 for one that is whole and either 0 or at least its ``low``, else 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Columns at the optimum, with what one more of each row's limit is worth."""

    status: Status
    columns: Floats
    duals: Floats
    """Change of the objective for each unit a row's limit grows; zeros for an integer programme."""
    objective: float
    bound: float
    """No solution is below it."""
    seconds: float


def linear_of(model: Model) -> Linear:
    """Join the families of a model into one matrix."""
    starts = np.array(list(model.offsets.values()))
    row = np.concatenate([rows.row + start for rows, start in zip(model.rows, starts, strict=True)])
    column = np.concatenate([rows.column for rows in model.rows])
    value = np.concatenate([rows.value for rows in model.rows])
    matrix = coo_array((value, (row, column)), shape=(model.row_count, model.layout.count)).tocsc()
    return Linear(
        objective=model.objective,
        low=model.low,
        high=model.high,
        matrix=matrix,
        row_low=np.concatenate([rows.low for rows in model.rows]),
        row_high=np.concatenate([rows.high for rows in model.rows]),
        whole=np.zeros(model.layout.count),
    )


def solve_relaxed(linear: Linear, *, seed: int = 0, presolve: bool = True) -> Solution:
    """Solve with lots divisible. Raises ``SolverError`` when the solver gives no verdict.

    Without ``presolve`` small programmes, such as a single scenario, are solved in half the time, large ones slower.
    """
    solver = _loaded(replace(linear, whole=np.zeros_like(linear.whole)), seed, {} if presolve else {"presolve": "off"})
    return _run(solver, None)


def solve_variants(linear: Linear, variants: Iterable[tuple[Floats, Floats]], *, seed: int = 0) -> Iterator[Solution]:
    """Solve with lots divisible for each (objective, upper bounds), each from the basis of the one before."""
    solver = _loaded(replace(linear, whole=np.zeros_like(linear.whole)), seed, {})
    every = np.arange(len(linear.objective), dtype=np.int32)
    for objective, high in variants:
        solver.changeColsCost(len(every), every, objective)
        solver.changeColsBounds(len(every), every, linear.low, high)
        yield _run(solver, None)


def solve_whole(
    linear: Linear,
    model: Model,
    *,
    seed: int = 0,
    gap: float = GAP,
    time_limit_s: float = float("inf"),
    start: Floats | None = None,
    progress: Callable[[float], None] | None = None,
) -> Solution:
    """Solve with whole lots and minimum orders, from ``start`` where one is given, to a relative gap.

    ``progress`` is told the share of the way to the gap. A solve that meets its time limit gives the best found and
    its bound, with the status "stopped".
    """
    options: dict[str, Any] = {"mip_rel_gap": gap}
    if np.isfinite(time_limit_s):
        options["time_limit"] = time_limit_s
    solver = _loaded(_whole(linear, model), seed, options)
    if start is not None:
        given = highspy.HighsSolution()
        given.col_value = start.tolist()
        solver.setSolution(given)
    return _run(solver, None if progress is None else _toward(gap, progress))


def _whole(linear: Linear, model: Model) -> Linear:
    """Make orders whole; an order with a minimum is none or at least the minimum."""
    orders, low, whole = model.layout.orders, linear.low.copy(), np.zeros_like(linear.low)
    whole[orders] = 1
    least = np.broadcast_to(model.programme.commitments.minimum_lots[:, None], orders.shape)
    some = (least > 1) & (linear.high[orders] > 0) & (low[orders] < least)
    high = linear.high.copy()
    whole[orders[some]] = 3
    low[orders[some]] = least[some]
    high[orders[some]] = np.minimum(high[orders[some]], MOST_LOTS)
    return replace(linear, low=low, high=high, whole=whole)


def _loaded(linear: Linear, seed: int, options: Mapping[str, Any]) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in {"output_flag": False, "random_seed": seed % 2**31, **options}.items():
        solver.setOptionValue(name, value)
    matrix = linear.matrix
    rows, columns = matrix.shape
    status = solver.passModel(
        columns,
        rows,
        matrix.nnz,
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        linear.objective,
        linear.low,
        linear.high,
        linear.row_low,
        linear.row_high,
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data,
        linear.whole.astype(np.int32),
    )
    if status == highspy.HighsStatus.kError:
        raise SolverError("the solver refused the programme: a number in it is not finite")
    return solver


def _toward(gap: float, progress: Callable[[float], None]) -> Callable[[float], None]:
    """Turn the gap left into the share of the way from 100 % to the gap wanted, on a logarithmic scale."""

    def told(left: float) -> None:
        if 0.0 < left < 1.0:
            progress(min(1.0, float(np.log(left) / np.log(min(gap, 0.5)))))

    return told


def _run(solver: highspy.Highs, told: Callable[[float], None] | None) -> Solution:
    """Run in a thread that Ctrl-C stops."""
    started, stop, gaps = perf_counter(), threading.Event(), [float("inf")]

    def watch(event: Any) -> None:  # noqa: ANN401  (the solver's own event)
        gaps[0] = event.data_out.mip_gap
        if stop.is_set():
            event.interrupt()

    for hook in (solver.cbSimplexInterrupt, solver.cbIpmInterrupt, solver.cbMipInterrupt):
        hook.subscribe(watch)
    thread = threading.Thread(target=solver.run, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(_WAIT_S)
            if told is not None:
                told(gaps[0])
    except KeyboardInterrupt:
        stop.set()
        thread.join()
        raise
    return _solution(solver, perf_counter() - started)


def _solution(solver: highspy.Highs, seconds: float) -> Solution:
    status = _status(solver)
    found, info = solver.getSolution(), solver.getInfo()
    columns = np.array(found.col_value, dtype=np.float64)
    bound = float(info.mip_dual_bound) if info.mip_node_count >= 0 else float(info.objective_function_value)
    return Solution(
        status=status,
        columns=columns,
        duals=np.array(found.row_dual, dtype=np.float64) if found.dual_valid else np.zeros(solver.getNumRow()),
        objective=float(info.objective_function_value),
        bound=bound,
        seconds=seconds,
    )


def _status(solver: highspy.Highs) -> Status:
    """Give the verdict. Raises ``SolverError`` when there is none."""
    known = highspy.HighsModelStatus
    status = solver.getModelStatus()
    if status == known.kUnboundedOrInfeasible:
        solver.setOptionValue("presolve", "off")
        solver.run()
        status = solver.getModelStatus()
    verdicts: dict[Any, Status] = {
        known.kOptimal: "optimal",
        known.kInfeasible: "infeasible",
        known.kUnbounded: "unbounded",
    }
    if status in verdicts:
        return verdicts[status]
    if status in (known.kTimeLimit, known.kInterrupt) and solver.getInfo().primal_solution_status == 2:
        return "stopped"
    raise SolverError(f"the solver stopped without an answer: {solver.modelStatusToString(status)}")
