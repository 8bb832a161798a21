"""Serving as counted operations: what a step of decoding and a prompt read, multiply, keep and send.

formats    number formats a model is served in: bytes of each part, and the peak its products run at
touched    experts that a step reads
counts     everything a step needs per chip of a replica, as columns
traffic    lengths, arrivals and reuse of requests
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
