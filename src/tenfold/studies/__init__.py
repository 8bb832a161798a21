"""Studies: the registry of questions, asking by name, examples of questions, what moved between two answers.

* ``questions``: name → package, one line, example. ``ask``: a file, table, record or values to an answer.
* ``examples``: the example files, in a checkout and in an installed package alike.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
