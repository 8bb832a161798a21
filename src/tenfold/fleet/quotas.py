"""Quotas from a file: tenant and chips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tenfold.fleet.asking import Counts
from tenfold.fleet.traces.columns import named, numbers, words
from tenfold.fleet.traces.formats import CHIPS, TENANT
from tenfold.fleet.traces.table import read_table
from tenfold.quantities import InputError, Place, Problem, read_tree, shown

QUOTA = ("quota", *CHIPS)
ALL = "ALL"
"""Rows that begin so are sums over tenants, and no tenant."""


def read_quotas(path: Path, tenants: Sequence[str]) -> Mapping[str, int]:
    """Chips by tenant, in the order of the file; a tenant that is named again has to have the same.

    Raises ``InputError`` for what is no quota, and for tenants of the trace without one.
    """
    if path.suffix in (".toml", ".json"):
        return _stated(path, tenants)
    table = read_table(path)
    who, many = named(table, *TENANT), named(table, *QUOTA)
    if who is None or many is None:
        wrong = f"has the columns {shown(', '.join(table.columns))}"
        raise InputError(Problem(file=str(path), key="", wrong=wrong, remedy="Name them tenant and chips"))
    found: dict[str, int] = {}
    problems: list[Problem] = list(table.ragged)
    for line, name, chips in zip(
        table.line.tolist(), words(table.columns[who]), numbers(table.columns[many]).tolist(), strict=True
    ):
        if name.startswith(ALL):
            continue
        key = f"line {line}"
        if not (chips >= 1 and chips % 1 == 0):
            problems.append(Problem(file=str(path), key=key, wrong="has no whole number of chips", remedy="Write one"))
        elif found.setdefault(name, int(chips)) != chips:
            wrong = f"gives {name} {chips:g} chips after {found[name]}"
            problems.append(Problem(file=str(path), key=key, wrong=wrong, remedy="Name each tenant once"))
    return _whole(path, found, tenants, problems)


def _stated(path: Path, tenants: Sequence[str]) -> Mapping[str, int]:
    """The same of a table of TOML or JSON."""
    tree = read_tree(path, "Write a table of tenant and chips")
    return _whole(path, Counts().read(tree, Place(file=str(path))), tenants, [])


def _whole(path: Path, found: dict[str, int], tenants: Sequence[str], problems: list[Problem]) -> Mapping[str, int]:
    missing = [name for name in tenants if name not in found]
    if missing:
        wrong = f"has no quota for {', '.join(missing[:10])}"
        problems.append(Problem(file=str(path), key="", wrong=wrong, remedy="Give every tenant of the trace one"))
    if problems:
        raise InputError(problems)
    return found
