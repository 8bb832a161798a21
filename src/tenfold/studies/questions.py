"""The registry of questions: a name, the package that answers it, one line, and its example. Nothing else to register.

A package of a question offers, through its face (``__init__``):

* ``answer(question, catalog, *, seed, progress)``: its annotations name the record of the question and of the answer.
* ``contradictions(question, catalog)``: problems between fields, where there are any to find; optional.
* ``files(answer)``: files that the answer becomes with ``--out``, by name; optional.

Its report stands in ``reports``, in the file named after the question. Reading this table imports nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """Where a question is answered, what it asks in one line, and the file that shows how to ask it."""

    module: str
    summary: str
    example: str
    """File in ``examples/`` that ``tenfold init NAME`` writes."""


QUESTIONS: Mapping[str, Question] = {
    "goodput": Question(
        "tenfold.planning.goodput", "What failures do to a job, and which policy loses least.", "goodput.toml"
    ),
    "tco": Question("tenfold.planning.tco", "What a chip costs its owner, by line and per hour.", "tco.toml"),
}


def address_of(name: str) -> str:
    """Name of a question as files and addresses write it: spaces become hyphens."""
    return name.replace(" ", "-")


NAME_OF_ADDRESS: Mapping[str, str] = {address_of(name): name for name in QUESTIONS}
