"""Lemon nodes by name, from the node lists of logs of failures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from tenfold.reliability import Involved, lemon_nodes
from tenfold.validation.failures.answer import LemonNode
from tenfold.validation.logs.failure_log import FailureLog
from tenfold.validation.logs.hostlists import nodes_of


def lemons_of(
    logs: Sequence[FailureLog], counted: Sequence[str], node_days: float, cluster: int
) -> tuple[tuple[LemonNode, ...], float]:
    """Lemon nodes of all logs together, and the node-days that were theirs."""
    places: Counter[str] = Counter()
    for log in logs:
        for (cause, where), count in log.places.items():
            places[where] += count if cause in counted else 0
    names: dict[str, int] = {}
    own, at_risk = _at_risk(logs, names, all(log.unblamed.isdisjoint(counted) for log in logs))
    failure, node, failures = [], [], 0
    for where, count in places.items():
        members = [names[name] for name in dict.fromkeys(nodes_of(where)) if name in names]
        failure += [index for index in range(failures, failures + count) for _ in members]
        node += members * count
        failures += count
    unseen = max(0, cluster - len(names))
    involved = Involved(
        failure=np.array(failure, dtype=np.int64),
        node=np.array(node, dtype=np.int64),
        at_risk_node_days=np.append(at_risk, np.zeros(unseen)),
        own_node_days=np.append(own, np.zeros(unseen)),
    )
    found, known = lemon_nodes(involved, node_days), list(names)
    lemons = tuple(
        LemonNode(node=known[each.node], failures=each.failures, expected=each.expected, probability=each.probability)
        for each in found
    )
    return lemons, float(sum(own[each.node] for each in found))


def _at_risk(logs: Sequence[FailureLog], names: dict[str, int], alone: bool) -> tuple[list[float], list[float]]:
    """Days of each node, and node-days at risk with it; ``names`` is filled with the place of each node.

    A failure that names its node is at risk on that node alone; one that names all nodes of a job, on each of them
    for as long as the job had nodes.
    """
    own: list[float] = []
    risk: list[float] = []
    for log in logs:
        for where, (days, weighted) in log.at_risk.items():
            for name in dict.fromkeys(nodes_of(where)):
                place = names.setdefault(name, len(names))
                if place == len(own):
                    own.append(0.0)
                    risk.append(0.0)
                own[place] += days
                risk[place] += days if alone else weighted
    return own, risk
