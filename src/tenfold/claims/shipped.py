"""The statements that Tenfold brings along: a file for each essay."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

from tenfold.claims.ledger import Claim, Tables, problems_between
from tenfold.quantities import InputError, Place, read_each, read_record, read_tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """A file of statements."""

    claims: tuple[Claim, ...] = ()
    """In the order in which they are shown."""
    tables: Tables = field(default_factory=dict)
    """What their checks ask, by name; any file may name those of the others."""


@cache
def shipped_ledger() -> Ledger:
    """Every statement that is shipped, with the tables of all files.

    Raises one ``InputError`` with everything wrong in them.
    """
    folder = Path(str(files("tenfold.claims").joinpath("data")))
    ledgers = read_each(_read, sorted(folder.glob("*.toml")))
    claims = tuple(claim for ledger in ledgers for claim in ledger.claims)
    tables = {name: table for ledger in ledgers for name, table in ledger.tables.items()}
    problems = list(problems_between(claims, tables))
    if problems:
        raise InputError(problems)
    return Ledger(claims=claims, tables=tables)


def _read(path: Path) -> Ledger:
    tree = read_tree(path, "Name a file of statements")
    return read_record(Ledger, tree, Place(file=path.name, folder=path.parent))
