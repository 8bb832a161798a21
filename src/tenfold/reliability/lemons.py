"""Nodes that fail far more often than the others: lemon nodes.

Under one common rate λ per node-day, the failures that a node took part in are Poisson with mean λW, W being the
node-days at risk of every job it was part of (its own days where the failed node is known). A node is a lemon when
P(X ≥ k) · nodes, Bonferroni's correction for having looked at every node, stays below the error that is allowed for
the whole cluster. The most improbable node is taken first, its failures are laid at its door alone, the common rate is
estimated again from what is left, and so on, so that the neighbours of a lemon in large jobs are not blamed with it.
A count takes a failure of a job of a thousand nodes for as much as one of a job of two. Where logs name all nodes of a
job, a likelihood ratio stands beside it: under a lemon of f times the rate a failure of n nodes is (n − 1 + f)/n as
likely, so with d its own days

    ln LR_f = Σ_failures ln((n − 1 + f)/n) − λ (f − 1) d

Its mean over ``FACTORS`` is 1 where there is no lemon, so it exceeds x with a probability of 1/x at most [Ville 1939];
twice the smaller of the two probabilities counts, as two tests were made.
Source: the Poisson test of a count; lemon nodes as in Kokolis et al., arXiv:2410.21680, section 4.
Holds while failures of a healthy node are independent; bursts (a node drained late) make it look worse.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Flags, Floats, Integers

WRONGLY = 0.01
"""Probability that a cluster without lemon nodes has one named."""
FACTORS = (3.0, 10.0, 30.0, 100.0)
"""How many times more often a lemon may fail than another node."""
ENOUGH = 0.25
"""Share of all node-days from which jobs without a node tell the rate of the others."""
FEWEST = 2
"""Failures below which no node is called a lemon: one failure is no pattern."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Involved:
    """Which nodes took part in which failures, as pairs, and how long each node was at risk."""

    failure: Integers
    """Index of a failure, one element for each node that took part in it."""
    node: Integers
    """Index of that node."""
    at_risk_node_days: Floats
    """W of each node."""
    own_node_days: Floats
    """Days of each node alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lemon:
    """A node that fails improbably often."""

    node: int
    failures: int
    expected: float
    """Failures at the rate of the other nodes."""
    probability: float
    """That some healthy node of the cluster has as many, after Bonferroni's correction."""


def excess_probability(failures: Floats, expected: Floats) -> Floats:
    """P(X ≥ k) for X ~ Poisson(μ): the regularised lower incomplete gamma function of k and μ; 1 where k is zero.

    Broadcasts; expected counts must be zero or more.
    """
    from scipy import special

    reached = special.gammainc(np.maximum(failures, 1.0), expected)
    return np.asarray(np.where(failures > 0, reached, 1.0), dtype=np.float64)


def lemon_nodes(involved: Involved, node_days: float, wrongly: float = WRONGLY) -> tuple[Lemon, ...]:
    """Lemon nodes, worst first. ``node_days`` is the exposure of the whole log. Raises nothing."""
    nodes = len(involved.own_node_days)
    failures = int(involved.failure.max()) + 1 if len(involved.failure) else 0
    open_failure = np.ones(failures, dtype=bool)
    healthy, found, days = np.ones(nodes, dtype=bool), [], node_days
    while days > 0 and open_failure.any():
        pairs = open_failure[involved.failure]
        counts = np.bincount(involved.node[pairs], minlength=nodes).astype(np.float64)
        expected = _rest_rate(open_failure, involved, days) * involved.at_risk_node_days
        chance = _chance(involved, open_failure, counts, expected, days)
        probability = np.where(healthy & (counts >= FEWEST), chance * nodes, np.inf)
        worst = int(np.argmin(probability))
        if probability[worst] >= wrongly:
            break
        found.append(
            Lemon(
                node=worst,
                failures=int(counts[worst]),
                expected=float(expected[worst]),
                probability=float(probability[worst]),
            )
        )
        healthy[worst] = False
        open_failure[involved.failure[involved.node == worst]] = False
        days -= float(involved.own_node_days[worst])
    return tuple(found)


def _chance(involved: Involved, open_failure: Flags, counts: Floats, expected: Floats, days: float) -> Floats:
    """Probability of what each node took part in, were it healthy: by count, and by likelihood ratio beside it."""
    by_count = excess_probability(counts, expected)
    sizes = np.bincount(involved.failure, minlength=len(open_failure))[open_failure]
    if not np.any(sizes > 1):
        return by_count
    rates = _others_rate(involved, open_failure, counts, days)
    by_ratio = np.exp(-np.maximum(log_likelihood_ratio(involved, open_failure, rates), 0.0))
    return np.minimum(2.0 * np.minimum(by_count, by_ratio), 1.0)


def _others_rate(involved: Involved, open_failure: Flags, counts: Floats, days: float) -> Floats:
    """Failures per node-day of the jobs that each node was not part of; of all where it was part of most."""
    apart, all_of_them = days - involved.at_risk_node_days, float(np.count_nonzero(open_failure))
    enough = apart > ENOUGH * days
    others = np.divide(all_of_them - counts, apart, out=np.zeros(len(counts)), where=enough)
    return np.where(enough, others, all_of_them / days)


def log_likelihood_ratio(involved: Involved, open_failure: Flags, rate_per_node_day: Floats) -> Floats:
    """Ln of the mean over ``FACTORS`` of the likelihood ratio of each node being a lemon. Raises nothing."""
    pairs = open_failure[involved.failure]
    nodes = len(involved.own_node_days)
    size = np.bincount(involved.failure, minlength=len(open_failure))[involved.failure[pairs]]
    logs = np.stack([
        np.bincount(involved.node[pairs], weights=np.log1p((factor - 1.0) / size), minlength=nodes)
        - rate_per_node_day * (factor - 1.0) * involved.own_node_days
        for factor in FACTORS
    ])  # fmt: skip
    return np.asarray(np.logaddexp.reduce(logs, axis=0) - np.log(len(FACTORS)))


def _rest_rate(open_failure: Flags, involved: Involved, days: float) -> float:
    """Failures per node-day that no lemon explains yet."""
    return float(np.count_nonzero(open_failure)) / days if days > 0 else 0.0
