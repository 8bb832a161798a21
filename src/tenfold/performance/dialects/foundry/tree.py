"""Values of llm-foundry's YAML by their dotted names, with what ``${…}`` stands for.

A file of a launcher holds the run's own configuration under ``parameters``, and the chips under ``compute.gpus``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tenfold.performance.dialects.shell import unknown
from tenfold.performance.dialects.tables import dotted, yaml_mapping

REMEDY = "Give a training configuration of llm-foundry"
OF_LAUNCHER = "parameters"
"""Where a file of a launcher holds the configuration of the run."""
REFERENCE = re.compile(r"\$\{([\w.:]+)\}")
LEFT_OPEN = "???"
MOST_STEPS = 8
"""References that lead on to one another; more go in a circle."""


def values_of(text: str, file: str, stated: Mapping[str, object]) -> dict[str, object]:
    """Values by name, those that are stated over the file's. Raises ``InputError`` for what is no mapping of names."""
    tree = yaml_mapping(text, file, REMEDY)
    own = tree.get(OF_LAUNCHER)
    found = {**dict(dotted({**tree, **own} if isinstance(own, dict) else tree)), **stated}
    return {name: _meant(value, found) for name, value in found.items()}


def _meant(value: object, found: Mapping[str, object]) -> object:
    """What a value is; of a reference, what it leads to, and of one that leads nowhere, that nobody sets it."""
    for _ in range(MOST_STEPS):
        reference = REFERENCE.fullmatch(value) if isinstance(value, str) else None
        if reference is None:
            break
        name = reference.group(1)
        value = found.get(name, unknown(name))
    if isinstance(value, str) and "${" in value:
        return unknown(value[:80])
    return None if value == LEFT_OPEN else value
