"""Serving as counted operations: what a step of decoding and a prompt read, multiply, keep and send.

formats    number formats a model is served in: bytes of each part, and the peak its products run at
touched    experts that a step reads
counts     everything a step needs per chip of a replica, as columns
traffic    lengths, arrivals and reuse of requests
"""

from tenfold.workloads.serving.counts import Counted, ReplicaLayout, count
from tenfold.workloads.serving.formats import CACHE_BYTES, SERVED_FORMATS, ServedFormat
from tenfold.workloads.serving.touched import busiest_share, touched_experts
from tenfold.workloads.serving.traffic import Traffic

__all__ = [
    "CACHE_BYTES",
    "SERVED_FORMATS",
    "Counted",
    "ReplicaLayout",
    "ServedFormat",
    "Traffic",
    "busiest_share",
    "count",
    "touched_experts",
]
