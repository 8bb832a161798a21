"""Shell scripts, read and never run: words and statements, what a script makes of its variables, its flags.

* ``words``: a text as words and operators.  * ``statements``: those as commands, branches, functions.
* ``values``: what a word becomes, variables filled in.  * ``tests``: which branch is taken.
* ``script``: a script followed as far as it can be told.  * ``flags``: the flags of its commands.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
