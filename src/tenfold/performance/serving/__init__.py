"""Serving: how fast a replica answers, and how many it answers at once.

constants, hardware, replica, setup    calibrated constants; chips and links; everything of a replica side by side
decode, prefill                        seconds of a step and of a prompt, term by term
load, disaggregated                    closed forms: clients in a loop, arrivals, offline, bursts, static batches
simulate, served                       requests one by one
spread                                 how sure
"""

from tenfold.performance.serving.columns import row_of, taken
from tenfold.performance.serving.constants import Constants, Labels, constant_columns, constants_for
from tenfold.performance.serving.decode import StepTerms, decode_step_s, decode_terms, streamed_step_s
from tenfold.performance.serving.disaggregated import disaggregated
from tenfold.performance.serving.hardware import ServingHardware, serving_figures, serving_hardware
from tenfold.performance.serving.load import (
    Service,
    Speculation,
    burst,
    closed_loop,
    offline,
    open_loop,
    static_batch,
)
from tenfold.performance.serving.prefill import prefill_s, prefill_work_s
from tenfold.performance.serving.replica import Replica, cache_room_bytes, cache_tokens, most_sequences
from tenfold.performance.serving.served import Run, Seen, simulate_arrivals, simulate_loop
from tenfold.performance.serving.setup import (
    Setting,
    factor_figures,
    replicas_of,
    serving_factors,
    setting_of,
    usual_cache_format,
)
from tenfold.performance.serving.simulate import Requests, Server, Simulated, simulate
from tenfold.performance.serving.spread import ServingSpread, joined_spread, serving_spread

__all__ = [
    "Constants",
    "Labels",
    "Replica",
    "Requests",
    "Run",
    "Seen",
    "Server",
    "Service",
    "ServingHardware",
    "ServingSpread",
    "Setting",
    "Simulated",
    "Speculation",
    "StepTerms",
    "burst",
    "cache_room_bytes",
    "cache_tokens",
    "closed_loop",
    "constant_columns",
    "constants_for",
    "decode_step_s",
    "decode_terms",
    "disaggregated",
    "factor_figures",
    "joined_spread",
    "most_sequences",
    "offline",
    "open_loop",
    "prefill_s",
    "prefill_work_s",
    "replicas_of",
    "row_of",
    "serving_factors",
    "serving_figures",
    "serving_hardware",
    "serving_spread",
    "setting_of",
    "simulate",
    "simulate_arrivals",
    "simulate_loop",
    "static_batch",
    "streamed_step_s",
    "taken",
    "usual_cache_format",
]
