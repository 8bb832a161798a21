"""How the numbers of a plan come about, by their path in its JSON."""

from __future__ import annotations

from tenfold.reports.explain import Topic, Topics
from tenfold.reports.plan.design_topics import topics_at, topics_of_any

HARDWARE = ("chips/", "systems/", "fabrics/", "calibrations/", "assumptions/performance")
RUNNING = ("assumptions/reliability",)
MONEY = ("prices/", "assumptions/economics", "assumptions/planning")
PLACE = ("sites/", "systems/", "chips/", "assumptions/planning.power", "assumptions/planning.node_power")
FINISH = (*HARDWARE, *RUNNING, "assumptions/planning.setup")

_STEP = "matmul, attention, traffic that is waited for, bubble and the rest add up to a step"
_DAYS = "wait for the chips + setup + steps × step time ÷ goodput"
_WALL = "shares of wall time add up to 1"
_OF_DESIGN: Topics = {
    **topics_of_any(MONEY, PLACE),
    "step_time_s": Topic(unit="s", words=_STEP, terms="step_terms_s", figures=HARDWARE),
    "tokens_per_s_per_chip": Topic(
        unit="tokens/s",
        words="global batch × sequence length ÷ step time ÷ chips",
        terms="step_terms_s",
        figures=HARDWARE,
        terms_unit="s",
        adds_up=False,
    ),
    "mfu": Topic(
        unit="share",
        words="model FLOPs ÷ (step time × chips × dense peak)",
        terms="step_terms_s",
        figures=HARDWARE,
        terms_unit="s",
        adds_up=False,
    ),
    "memory_bytes_per_chip": Topic(
        unit="B",
        words="parts of the fullest chip add up to the total",
        terms="memory_bytes_per_chip",
        left_out=("total", "capacity"),
        figures=("chips/",),
    ),
    "goodput": Topic(
        unit="share", words="productive time ÷ wall time", terms="goodput_terms", figures=RUNNING, adds_up=False
    ),
    "lost_share": Topic(
        unit="share",
        words="wall time that is not productive, by what it goes to",
        terms="goodput_terms",
        left_out=("productive",),
        figures=RUNNING,
    ),
    "checkpoint_interval_s": Topic(unit="s", words="the interval that loses the least time", figures=RUNNING),
    "finish_days": Topic(unit="days", words=_DAYS, terms="finish_terms_days", figures=FINISH),
    "days_on_chips": Topic(unit="days", words="setup + steps × step time ÷ goodput", figures=FINISH),
    "holds": Topic(unit="", words="what the objective ranks by, at the confidence asked for", figures=MONEY),
    "recovered_usd": Topic(
        unit="USD", words="what a purchase sells for after the run, or is left of it for other work", figures=MONEY
    ),
    "energy_mwh": Topic(unit="MWh", words="chips × power per chip × share drawn × PUE × run time", figures=PLACE),
    "step_terms_s": Topic(unit="s", words=_STEP, terms="step_terms_s", figures=HARDWARE),
    "goodput_terms": Topic(unit="share", words=_WALL, terms="goodput_terms", figures=RUNNING),
    "finish_terms_days": Topic(unit="days", words=_DAYS, terms="finish_terms_days", figures=FINISH),
}
"""By the key of a design."""
_FAILURES: Topics = {
    "failures.lost_share": Topic(
        unit="share", words="wall time lost by cause, simulated", terms="failures.loss", figures=RUNNING
    ),
    "failures.loss": Topic(
        unit="share", words="wall time lost by cause, simulated", terms="failures.loss", figures=RUNNING
    ),
    "failures.goodput": Topic(unit="share", words="productive time ÷ wall time, of the best design", figures=RUNNING),
    "failures.luck_days": Topic(unit="days", words="simulated, the step time at P50", figures=FINISH),
}


TOPICS: Topics = topics_at(("best", "alternatives.*", "pareto.*", "near_misses.*.design"), _OF_DESIGN) | dict(_FAILURES)
