"""Answers in the formats people read. Nothing here calculates.

* One file a question, named after it: ``verdict(answer)``, ``report(answer)``, ``TOPICS`` (how its numbers come about).
* ``report``: the record of a report. ``terminal`` and ``page`` print any; ``answers``: any answer as report, as JSON.
* ``explain``: a number followed to its terms and sources. ``sources``, ``wording``, ``cards``: what reports share.
* ``charts``: chart options as plain data; ``frame``: what every page shares. ``exports``: files other tools launch.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
