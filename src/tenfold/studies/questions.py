"""The registry of questions: a name, the package that answers it, one line, and its example. Nothing else to register.

Everything else follows from the name. For ``goodput``, in ``tenfold.planning.goodput``:

* ``question.py``: the record ``GoodputQuestion``; optional ``contradictions(question, catalog)``, problems of fields.
* ``answer.py``: the record ``GoodputAnswer``; ``files(answer)``, files that it becomes with ``--out``, optional.
* ``goodput.py``, called as the package: ``answer(question, catalog, *, seed, progress)``.

And in ``tenfold.reports``, ``goodput.py``: ``verdict(answer)``, ``report(answer)``, ``TOPICS``. In ``tenfold``, the
function ``goodput``. Reading this table imports nothing.
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
    "rent-or-own": Question(
        "tenfold.planning.rent_or_own",
        "Compare renting, reserving, spot, colocation and owning.",
        "rent-or-own.toml",
    ),
    "rental": Question(
        "tenfold.planning.rental", "Judge a GPU cloud: break-even price, returns, covenants, books.", "rental-h100.toml"
    ),
    "tco": Question("tenfold.planning.tco", "What a chip costs its owner, by line and per hour.", "tco.toml"),
}


def address_of(name: str) -> str:
    """Name of a question as files and addresses write it: spaces become hyphens."""
    return name.replace(" ", "-")


NAME_OF_ADDRESS: Mapping[str, str] = {address_of(name): name for name in QUESTIONS}
