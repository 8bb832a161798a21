"""Reliability: how often a job fails, what recovery costs, how much of the time is useful.

working        the one composition: hazards and a policy in, shares of wall time out, over columns
hazards        failure rates of nodes, jobs and parts in series
components     what stops a job, counted from the hazards of its family; ageing: hazards that change with time
checkpoint     bytes of a checkpoint and the time to write it
checkpointing  checkpoint policies; recoveries: recoveries and detections; all rivals by name
stops          what every cause does to the job under a policy; policies: a policy by names and its best interval
comparison     all policies, each at its best interval
intervals      the checkpoint interval: exact, Daly's, Young's
renewal        wall time per useful time with its terms; first-order ETTR
closed_forms   goodput of any policy: first-order, exact, elastic, each with its range of validity
simulate       Monte Carlo over the whole run, in rounds and endings, with spares from a shelf; losses: where it went
predictive     failures of a system, told from the rates of others
spares         units to hold ready, and what a job loses that holds fewer
repairs        repairs in stages, wrong diagnoses, warm standbys, planned stops
goodput        all of it for one job, from its question and its runs; sizes: the same on clusters of other sizes
lemons         nodes that fail improbably often
posterior      what counted failures say of a rate, and failures to expect
"""

from tenfold.reliability.ageing import AgeingClock, Excess, SteadyClock, clock, expected_failures
from tenfold.reliability.checkpoint import checkpoint_bytes, write_time_s
from tenfold.reliability.checkpointing import CHECKPOINTS, Checkpointing, PolicyInputs
from tenfold.reliability.closed_forms import (
    CLOSED_FORMS,
    ClosedForm,
    Saving,
    elastic_goodput,
    exact_goodput,
    first_order_goodput,
    rates_back_per_s,
    uptime_per_useful,
)
from tenfold.reliability.comparison import PolicyGoodput, compare_policies
from tenfold.reliability.components import (
    JobHazards,
    any_failure,
    job_hazards,
    scaled_to,
    seen_at_once,
    with_cause,
    with_job_rate,
)
from tenfold.reliability.goodput import GoodputAnswer, Spares, assess_goodput
from tenfold.reliability.hazards import failure_rate_per_s, mttf_s, series_rate_per_s
from tenfold.reliability.intervals import INTERVALS, daly_interval_s, optimal_interval_s, young_interval_s
from tenfold.reliability.lemons import Involved, Lemon, lemon_nodes
from tenfold.reliability.losses import loss_by_cause, loss_by_term
from tenfold.reliability.policies import Applied, Policy, apply_policy, best_interval_s
from tenfold.reliability.posterior import count_quantile, rate_mean, rate_quantile
from tenfold.reliability.predictive import predicted_rates
from tenfold.reliability.question import GoodputQuestion
from tenfold.reliability.recoveries import DETECTIONS, RECOVERIES, Detection, Recovery
from tenfold.reliability.renewal import Renewal, best_renewal, ettr_first_order, renewal, wall_per_useful_s
from tenfold.reliability.repairs import (
    planned_share,
    repair_in_stages_s,
    restart_with_standbys_s,
    with_wrong_diagnoses,
)
from tenfold.reliability.rounds import Rules
from tenfold.reliability.shelf import Draws
from tenfold.reliability.simulate import Simulated, simulate_run
from tenfold.reliability.sizes import SizeGoodput, goodput_by_size
from tenfold.reliability.spares import (
    STOPPED_SHARES,
    SparePool,
    spare_units,
    units_short,
    units_under_repair,
    waiting_share,
)
from tenfold.reliability.stops import Stops, stops
from tenfold.reliability.working import Working, working

__all__ = [
    "CHECKPOINTS",
    "CLOSED_FORMS",
    "DETECTIONS",
    "INTERVALS",
    "RECOVERIES",
    "STOPPED_SHARES",
    "AgeingClock",
    "Applied",
    "Checkpointing",
    "ClosedForm",
    "Detection",
    "Draws",
    "Excess",
    "GoodputAnswer",
    "GoodputQuestion",
    "Involved",
    "JobHazards",
    "Lemon",
    "Policy",
    "PolicyGoodput",
    "PolicyInputs",
    "Recovery",
    "Renewal",
    "Rules",
    "Saving",
    "Simulated",
    "SizeGoodput",
    "SparePool",
    "Spares",
    "SteadyClock",
    "Stops",
    "Working",
    "any_failure",
    "apply_policy",
    "assess_goodput",
    "best_interval_s",
    "best_renewal",
    "checkpoint_bytes",
    "clock",
    "compare_policies",
    "count_quantile",
    "daly_interval_s",
    "elastic_goodput",
    "ettr_first_order",
    "exact_goodput",
    "expected_failures",
    "failure_rate_per_s",
    "first_order_goodput",
    "goodput_by_size",
    "job_hazards",
    "lemon_nodes",
    "loss_by_cause",
    "loss_by_term",
    "mttf_s",
    "optimal_interval_s",
    "planned_share",
    "predicted_rates",
    "rate_mean",
    "rate_quantile",
    "rates_back_per_s",
    "renewal",
    "repair_in_stages_s",
    "restart_with_standbys_s",
    "scaled_to",
    "seen_at_once",
    "series_rate_per_s",
    "simulate_run",
    "spare_units",
    "stops",
    "units_short",
    "units_under_repair",
    "uptime_per_useful",
    "waiting_share",
    "wall_per_useful_s",
    "with_cause",
    "with_job_rate",
    "with_wrong_diagnoses",
    "working",
    "write_time_s",
    "young_interval_s",
]
