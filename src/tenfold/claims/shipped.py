"""The statements that Tenfold brings along: a file for each essay."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from tenfold.claims.ledger import Claim, problems_between
from tenfold.quantities import InputError, Place, read_each, read_record, read_tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """A file of statements."""

    claims: tuple[Claim, ...]
    """In the order in which they are shown."""


@cache
def shipped_claims() -> tuple[Claim, ...]:
    """Every statement that is shipped. Raises one ``InputError`` with everything wrong in their files."""
    folder = Path(str(files("tenfold.claims").joinpath("data")))
    ledgers = read_each(_read, sorted(folder.glob("*.toml")))
    claims = tuple(claim for ledger in ledgers for claim in ledger.claims)
    problems = list(problems_between(claims))
    if problems:
        raise InputError(problems)
    return claims


def _read(path: Path) -> Ledger:
    tree = read_tree(path, "Name a file of statements")
    return read_record(Ledger, tree, Place(file=path.name, folder=path.parent))
