"""Studies: the registry of questions, asking by name, examples, what moved between answers, sweeps that are kept.

* ``questions``: name → package, one line, example. ``ask``: a file, table, record or values to an answer.
* ``examples``: the example files, in a checkout and in an installed package alike.
* ``preview``: an answer at once, roughly. ``bounded``: work in processes that are ended beyond their limits.
* ``varying``, ``cells``: what varies in a study, and its cells. ``executors``: cells here, in processes, on Ray.
* ``kept``, ``tables``: studies on disk. ``sweeping``: working through a study, again after anything.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
