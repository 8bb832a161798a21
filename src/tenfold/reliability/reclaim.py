"""Chips that their provider takes back: how often that stops a gang, and how long until there are as many again.

Reclaims take pools, not nodes: of those of one kind of machine in one zone over nine in ten come within minutes of each
other (Kim et al., arXiv:2604.16457). A gang stops when any of its nodes is taken, and waits until all can be had.
"""

from __future__ import annotations

import numpy as np

from tenfold.quantities import Column, Floats


def gang_reclaims_per_s(per_node_per_s: Column, nodes: Column, together_share: Column) -> Floats:
    """Rate at which a gang of nodes is stopped: λ = r · (c + (1 − c) · n), 1/s.

    r is the rate at which a node is taken, of which a share c comes as events that take all nodes at once and stop the
    gang once between them; the rest comes node by node. c = n · (1 − 1/m) ÷ (n − 1) gives events that take m of n nodes
    on average. Broadcasts; raises nothing.
    """
    together = np.asarray(together_share, dtype=np.float64)
    return np.asarray(per_node_per_s * (together + (1.0 - together) * nodes), dtype=np.float64)


def away_share(rate_per_s: Column, wait_s: Column) -> Floats:
    """Share of wall time that a gang waits for its chips: λW ÷ (1 + λW), an alternating renewal process.

    λ counts while it has them, W is the mean wait until they can be had again (Ross, Stochastic Processes, 3.4.1).
    Broadcasts; raises nothing.
    """
    waits = np.multiply(rate_per_s, wait_s, dtype=np.float64)
    return np.asarray(waits / (1.0 + waits))
