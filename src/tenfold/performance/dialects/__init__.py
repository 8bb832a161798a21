"""Configurations of other training tools, both ways: read into a layout and a job, and written from them.

One file or folder a tool holds its names for the axes of parallelism as data: ``megatron``, ``bridge``, ``maxtext``,
``deepspeed``, ``torchtitan``. ``readers``: their readers by name.

* ``recipe``: what a configuration says, and ``layout_on``, its layout on a number of chips.
* ``names``, ``settings``, ``shell``, ``mesh``: how tables of names are used, values checked, flags and meshes made.

Every reader takes a text and the name of its file, and raises ``InputError`` with everything wrong with it.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
