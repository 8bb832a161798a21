"""Answers as pages: each file turns the answer of one command into a ``Page``.

* ``goodput``: what failures do to a job. ``multisite``: one run over several sites.
"""
