"""Speed of serving: a configuration in a batch, one simulated, a search over every chip; and errors on measured runs.

uv run python benchmarks/serving.py [RUNS.csv]

With a table of measured runs it prints errors by group beside what they should be.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

import tenfold
from tenfold.catalog import Catalog, load_catalog
from tenfold.performance.serving import (
    Run,
    Speculation,
    closed_loop,
    replicas_of,
    serving_factors,
    setting_of,
    simulate_loop,
)
from tenfold.performance.serving.columns import row_of, taken
from tenfold.workloads.serving import ReplicaLayout, Traffic

CONFIGURATIONS = 20_000
SIMULATED = 20
MUST_MEDIAN = {
    "tpot_agg": 0.14,
    "tpot_disagg": 0.16,
    "ttft_unsaturated": 0.38,
    "throughput_offline": 0.18,
    "throughput_slo": 0.18,
    "open_tpot": 0.08,
    "open_ttft": 0.12,
    "open_e2e": 0.08,
}
MUST_P90 = {
    "tpot_agg": 0.40,
    "tpot_disagg": 0.45,
    "ttft_unsaturated": 1.10,
    "throughput_offline": 0.60,
    "throughput_slo": 0.60,
}


def main() -> int:
    """Print each figure beside its limit; gives the exit code."""
    catalog = load_catalog()
    chip, shape = catalog.chip("h100-sxm"), catalog.model("llama-3.1-70b").shape
    engine, factors = catalog.engines["vllm-2026"], serving_factors(catalog)
    setting = setting_of(catalog, chip, shape, engine, ReplicaLayout(tensor=8.0), precision="fp8")
    replica, traffic = replicas_of([setting], factors), Traffic(prompt_tokens=1024.0, output_tokens=256.0)
    many = taken(replica, np.zeros(CONFIGURATIONS, dtype=np.intp))
    clients = np.linspace(1.0, 256.0, CONFIGURATIONS)
    closed_loop(many, traffic, clients)
    started = time.process_time()
    closed_loop(many, traffic, clients)
    print(f"a configuration in a batch   {(time.process_time() - started) / CONFIGURATIONS * 1e3:8.4f} ms   (0.1)")
    one = row_of(replica, 0)
    started = time.process_time()
    for number in range(SIMULATED):
        simulate_loop(one, traffic, 8.0 * (number + 1), Run(), Speculation())
    print(f"a configuration simulated    {(time.process_time() - started) / SIMULATED * 1e3:8.2f} ms   (10)")
    tenfold.search_serving(model="llama-3.1-70b", isl=1024, osl=256, catalog=catalog)
    started = time.process_time()
    found = tenfold.search_serving(
        model="llama-3.1-70b", isl=1024, osl=256, slo_tpot="50 ms", slo_ttft="2 s", catalog=catalog
    )
    taken_s = time.process_time() - started
    print(f"a search over {found.configurations:,} on every chip {taken_s:8.2f} s    (2)")
    plan_a_service(catalog)
    for path in sys.argv[1:]:
        errors(Path(path))
    return 0


def plan_a_service(catalog: Catalog) -> None:
    """Time of a whole plan: every chip, layout and batch, priced under every offer, the winners simulated."""
    asked = {"model": "llama-3.1-70b", "rate": "20/s", "isl": 1024, "osl": 256, "slo_tpot": "50 ms"}
    started = time.process_time()
    plan = tenfold.plan_serve(goal={"kind": "serve", "slo_ttft": "1 s", **asked}, catalog=catalog)
    considered = f"{plan.designs_considered:,} fleets of {plan.configurations_considered:,} settings"
    print(f"a plan over {considered} {time.process_time() - started:6.2f} s")


def errors(path: Path) -> None:
    """Errors on measured runs by group, with the catalog's calibration."""
    answer = tenfold.validate_serving(runs=str(path))
    print(f"{path.name}: {answer.scored:,} of {answer.rows:,} rows scored ({answer.scored / answer.rows:.1%})")
    for name, score in answer.by["metric"].items():
        median, p90 = MUST_MEDIAN.get(name), MUST_P90.get(name)
        limits = f"  must {median:.0%}" if median else ""
        limits += f" / {p90:.0%}" if p90 else ""
        combined = answer.by_combination[name]
        print(
            f"  {name:20s} {score.n:5d} rows  median {score.median_ape:6.1%}  P90 {score.p90_ape:7.1%}  "
            f"in P10–P90 {score.coverage_80:6.1%}, by combination {combined.coverage_80:6.1%}{limits}"
        )
    for name, point in answer.after_one_point.items():
        print(f"  after one point, {name}: median {point.median_ape:.1%} over {point.combinations} combinations")


if __name__ == "__main__":
    sys.exit(main())
