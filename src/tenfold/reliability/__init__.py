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

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
