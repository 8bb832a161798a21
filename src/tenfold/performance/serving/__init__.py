"""Serving: how fast a replica answers, and how many it answers at once.

constants, hardware, replica, setup    calibrated constants; chips and links; everything of a replica side by side
decode, prefill                        seconds of a step and of a prompt, term by term
load, disaggregated                    closed forms: clients in a loop, arrivals, offline, bursts, static batches
simulate, served                       requests one by one
spread                                 how sure
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
