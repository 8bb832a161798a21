"""The Python interface: questions as function calls, answers as frozen records. ``import tenfold`` re-exports it.

* ``estimate``: ``estimate_training``, one model on one cluster. ``search``: ``search_training``, every layout of it.
* ``layouts``: which layouts a wish allows. ``nearest``: what to change when nothing fits.
* ``failure_rates``: ``fit_failure_rates``, logs of failures.
* ``contagion``: who cannot pay whom when somebody misses.
* ``planning``: ``plan``, a goal and means, or a goal file.
"""
