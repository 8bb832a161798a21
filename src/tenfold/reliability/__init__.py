"""Reliability: how often a job fails, what recovery costs, how much of the time is useful.

hazards      failure rates of nodes, jobs and parts in series
checkpoint   bytes of a checkpoint and the time to write it
intervals    the checkpoint interval: exact, Daly's, Young's
lemons       nodes that fail improbably often
posterior    what counted failures say of a rate, and failures to expect
renewal      wall time per useful time with its terms; first-order ETTR
"""

from tenfold.reliability.checkpoint import checkpoint_bytes, write_time_s
from tenfold.reliability.hazards import failure_rate_per_s, mttf_s, series_rate_per_s
from tenfold.reliability.intervals import INTERVALS, daly_interval_s, optimal_interval_s, young_interval_s
from tenfold.reliability.lemons import Involved, Lemon, lemon_nodes
from tenfold.reliability.posterior import count_probability, count_quantile, rate_mean, rate_quantile
from tenfold.reliability.renewal import Renewal, best_renewal, ettr_first_order, renewal, wall_per_useful_s

__all__ = [
    "INTERVALS",
    "Involved",
    "Lemon",
    "Renewal",
    "best_renewal",
    "checkpoint_bytes",
    "count_probability",
    "count_quantile",
    "daly_interval_s",
    "ettr_first_order",
    "failure_rate_per_s",
    "lemon_nodes",
    "mttf_s",
    "optimal_interval_s",
    "rate_mean",
    "rate_quantile",
    "renewal",
    "series_rate_per_s",
    "wall_per_useful_s",
    "write_time_s",
    "young_interval_s",
]
