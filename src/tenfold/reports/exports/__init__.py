"""Plans as files that other tools launch.

* ``launch``: ``launch_of``, a plan's best design with all a launcher needs; ``plan_values`` reads the plan strictly.
* ``megatron``, ``bridge``, ``torchtitan``, ``maxtext``, ``deepspeed``: one writer for each training tool.
* ``cluster``: Slurm and SkyPilot around them. ``mesh`` deals MaxText's axes. ``templates``: the texts.

Every writer takes a ``Launch`` and gives files by name; the same plan gives the same text.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
