"""What can be asked about statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tenfold.claims.ledger import KINDS
from tenfold.quantities import DataFile, Key, OneOf, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsQuestion:
    """Which statements about AI compute hold, which do not, and on what does it depend?"""

    ledgers: Annotated[tuple[Annotated[str, DataFile("a file of statements")], ...], Key("ledger")] = ()
    """Files of statements; those that Tenfold brings along when left out."""
    ids: Annotated[tuple[Annotated[str, Text(longest=200)], ...], Key("id")] = ()
    """Statements by name; all when left out."""
    kinds: Annotated[tuple[Annotated[str, OneOf(KINDS, "kind of statement")], ...], Key("kind")] = ()
    """Kinds of statements; all when left out."""
