"""Answers as pages: each file turns the answer of one command into a ``Page``.

* ``goodput``: what failures do to a job. ``multisite``: one run over several sites.
* ``procurement``: what to order now and what can wait. ``contagion``: who cannot pay whom.
* ``prices``: a chip's price by month.
"""
