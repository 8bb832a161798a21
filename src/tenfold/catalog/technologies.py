"""Technologies that people name (software, networks, cluster managers, formats), and through what each acts in a model.

A technology acts through things that models already have: figures and records of the catalog, policies of the
reliability room. One that acts through nothing says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from tenfold.catalog.figured import Figured, Own
from tenfold.catalog.records import Name
from tenfold.quantities import OneOf, Problem, Text

TECHNOLOGY_KINDS = (
    "software",
    "network",
    "cluster manager",
    "fault handling",
    "number format",
    "manufacturing",
    "cloud service",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Technology(Figured):
    """Something that is named in plans, and what it moves in them."""

    key: Own = ""
    name: Name
    aliases: tuple[Name, ...] = ()
    kind: Annotated[str, OneOf(TECHNOLOGY_KINDS, "kind of technology")]
    vendor: str = ""
    """Who makes or runs it."""
    what: Annotated[str, Text(longest=400)]
    """What it does, in one sentence."""
    acts_through: tuple[Name, ...] = ()
    """Names of figures and records of the catalog, and of policies (``policies/recovery/elastic``), that it moves."""
    acts_not: str = ""
    """Why no model has a parameter of it; empty where one has."""
    notes: tuple[str, ...] = ()
    file: Own = ""

    @staticmethod
    def contradictions(said: Mapping[str, Any]) -> Iterator[Problem]:
        """A technology acts through something, or says why not."""
        if bool(said.get("acts_through")) != bool(said.get("acts_not")):
            return
        remedy = "Name figures, records or policies it moves, or say why there are none in acts_not"
        wrong = "is given together with acts_not, or neither is"
        yield Problem(file="", key="acts_through", wrong=wrong, remedy=remedy)
