"""Requests: traces of services, and their replay through routers and replicas.

trace     a file → ``RequestTrace``; formats is a row for each kind of file
fitted    what a trace says of traffic: lengths, arrivals, what prompts share
routers   who gets a request, by name in ``ROUTERS``
scaling   how many replicas stand over time, by name in ``SCALERS``
scene, cached, engine    the state of a fleet, its caches of prefixes, and the loop over events
compiled  the same loop through numba, with the extra ``fast``
replay    a trace through a fleet → ``Replayed``
"""
