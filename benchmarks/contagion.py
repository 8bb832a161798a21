"""Clearing, swept by size, against a loop: ``uv run python benchmarks/contagion.py``.

For each size: clearing vectors where all scenarios share their liabilities, where each has its own, and whole stress
tests (shocks, liabilities, clearing, backstops) by scenario. The ratio is to a plain loop that clears one scenario
after another by repeating p = min(p̄, e + Πᵀp) in the same run. Ratios travel between machines; times do not.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from time import perf_counter

import numpy as np

from tenfold.economics.network import (
    DebtTerms,
    Network,
    Shocks,
    eisenberg_noe,
    shocked_liabilities_usd,
    shocked_means_usd,
    stress,
)
from tenfold.quantities import Floats

POINTS = ((10_000, 20), (100_000, 20), (100_000, 50), (5_000, 100))
"""Scenarios and players."""
OWN_AT_MOST = 10_000
"""Scenarios whose own liabilities are held at once: 200 MB with 50 players."""
LOOPED = 300
TERMS = DebtTerms(refinanced_share=1.0, loan_to_value=0.85, loan_to_value_limit=1.0)
MIB = 1024.0 if sys.platform != "darwin" else 1024.0 * 1024.0


def network_of(players: int, rng: np.random.Generator) -> Network:
    """A random network in which a fifth of the pairs owe, with 20 % over what is due."""

    def square(share: float) -> Floats:
        amounts = rng.lognormal(0.0, 1.0, (players, players)) * (rng.random((players, players)) < share)
        return np.asarray(amounts * (1.0 - np.eye(players)))

    supply, interest = square(0.15), 0.1 * square(0.05)
    due, received = (supply + interest).sum(axis=1), (supply + interest).sum(axis=0)
    income = np.maximum(1.2 * due - received, 0.05 * due)
    return Network(
        supply_usd=supply,
        interest_usd=interest,
        maturing_usd=square(0.05),
        gpu_backed_usd=square(0.05),
        backstop_usd=0.2 * square(0.01),
        cash_usd=np.zeros(players),
        income_usd=income,
        revenue_usd=income,
        funding_usd=np.zeros(players),
    )


def shocks_of(scenarios: int, players: int, rng: np.random.Generator) -> Shocks:
    """Random misses, price falls and stops of refinancing; nobody halts."""
    return Shocks(
        revenue_miss=rng.uniform(0.0, 0.5, (scenarios, players)),
        supplier_halt=np.zeros((1, players)),
        chip_price_fall=rng.uniform(0.0, 0.4, scenarios),
        refinancing_stop=rng.uniform(0.0, 0.3, scenarios),
    )


def loop(liabilities: Floats, assets: Floats) -> Floats:
    """Clear one scenario after another."""
    found = np.empty(assets.shape)
    for row, means in enumerate(assets):
        owed = liabilities[row % len(liabilities)]
        due = owed.sum(axis=1)
        shares = owed / np.where(due > 0.0, due, 1.0)[:, None]
        paid, following = due, np.minimum(due, means + due @ shares)
        while np.abs(paid - following).max() > 1e-9 * due.max():
            paid, following = following, np.minimum(due, means + following @ shares)
        found[row] = following
    return found


def seconds(call: Callable[[], object]) -> float:
    """Wall seconds of a call, the better of two."""
    times = []
    for _ in range(2):
        started = perf_counter()
        call()
        times.append(perf_counter() - started)
    return min(times)


def sweep(scenarios: int, players: int) -> None:
    """One line for each way of clearing."""
    rng = np.random.default_rng(0)
    network, shocks = network_of(players, rng), shocks_of(scenarios, players, rng)
    means = shocked_means_usd(network, shocks)
    shared = shocked_liabilities_usd(network, shocks.rows(slice(0, 1)), TERMS)
    count = min(scenarios, OWN_AT_MOST)
    own = shocked_liabilities_usd(network, shocks.rows(slice(0, count)), TERMS)
    each = seconds(lambda: loop(own[:LOOPED], means[:LOOPED])) / LOOPED
    print(f"{scenarios:,} × {players}: the loop takes {1e6 * each:.0f} µs a scenario")
    for name, number, call in (
        ("shared liabilities", scenarios, lambda: eisenberg_noe(shared, means)),
        ("own liabilities", count, lambda: eisenberg_noe(own, means[:count])),
        ("whole stress test", scenarios, lambda: stress(network, shocks, TERMS, alpha=0.85, beta=0.85)),
    ):
        took = seconds(call)
        print(f"  {name:20s} {number:9,d} scenarios {took:7.2f} s {1e6 * took / number:7.1f} µs each "
              f"{each * number / took:7.0f} × loop")  # fmt: skip
    failed = stress(network, shocks.rows(slice(0, 2000)), TERMS, alpha=0.85, beta=0.85).failed_in_round
    print(f"  {(failed > 0).sum(axis=1).mean():.1f} fail in {failed.max(axis=1).mean():.1f} rounds on average")


def main() -> None:
    """Print the sweep and the peak of memory."""
    for scenarios, players in POINTS:
        sweep(scenarios, players)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
    print(f"peak memory of the process: {peak:.0f} MiB")


if __name__ == "__main__":
    main()
