"""Nodes that fail far more often than the others: lemon nodes.

Under one common rate λ per node-day, the failures that a node took part in are Poisson with mean λW, W being the
node-days at risk of every job it was part of (its own days where the failed node is known). A node is a lemon when
P(X ≥ k) · nodes, Bonferroni's correction for having looked at every node, stays below the error that is allowed for
the whole cluster. The most improbable node is taken first, its failures are laid at its door alone, the common rate is
estimated again from what is left, and so on, so that the neighbours of a lemon in large jobs are not blamed with it.
Source: the Poisson test of a count; lemon nodes as in Kokolis et al., arXiv:2410.21680, section 4.
Holds while failures of a healthy node are independent; bursts (a node drained late) make it look worse.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Flags, Floats, Integers

WRONGLY = 0.01
"""Probability that a cluster without lemon nodes has one named."""
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
        probability = np.where(healthy & (counts >= FEWEST), excess_probability(counts, expected) * nodes, np.inf)
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


def _rest_rate(open_failure: Flags, involved: Involved, days: float) -> float:
    """Failures per node-day that no lemon explains yet."""
    return float(np.count_nonzero(open_failure)) / days if days > 0 else 0.0
