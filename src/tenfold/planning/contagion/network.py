"""From a question to the arrays of a year, and from shocks by name to columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from tenfold.catalog import Player
from tenfold.economics.network import (
    DebtTerms,
    EdgeDue,
    Network,
    edges_due,
    funding_needed_usd,
    no_shocks,
    shocked_liabilities_usd,
    square_of,
)
from tenfold.planning.contagion.book import Book
from tenfold.planning.contagion.prepared import Prepared
from tenfold.quantities import Floats, NamedFigure

STATED = "question/"
"""How the names of figures begin that the question states."""


def prepare(book: Book) -> Prepared:
    """Put the deals of the year and the books of its players into arrays."""
    edges, left_out = edges_due(book.deals.values(), book.year)
    keys = tuple(sorted({key for edge in edges for key in (edge.deal.payer, edge.deal.payee)}))
    values = {key: figure.value for key, figure in book.assumptions.items()}
    terms = DebtTerms(**{name: values[name] for name in DebtTerms.__slots__})
    used = tuple(_figures(book, keys, edges))
    network, notes = _network(book, keys, edges, terms, values["cash_cover"])
    return Prepared(
        players=keys,
        network=network,
        terms=terms,
        recovery=values["recovery"],
        edges=edges,
        left_out=left_out,
        figures=tuple(named for named in used if not named.name.startswith(STATED)),
        stated=tuple(named for named in used if named.name.startswith(STATED)),
        notes=tuple(notes),
    )


def _network(
    book: Book, keys: Sequence[str], edges: Sequence[EdgeDue], terms: DebtTerms, cover: float
) -> tuple[Network, list[str]]:
    players = [book.players[key] for key in keys]
    cash, revenue = _column(players, "cash"), _column(players, "revenue")
    income, notes = _income(book, players)
    fields = ("supply_usd", "interest_usd", "maturing_usd", "gpu_backed_usd", "backstop_usd")
    squares = {field: square_of(edges, keys, field) for field in fields}
    zero = np.zeros(len(keys))
    bare = Network(**squares, cash_usd=cash, income_usd=income, revenue_usd=revenue, funding_usd=zero)
    owed = shocked_liabilities_usd(bare, no_shocks(len(keys)), terms)[0]
    needed = funding_needed_usd(owed.sum(axis=1), owed.sum(axis=0), cash + income, cover)
    given = [book.given[key].funding_usd if key in book.given else None for key in keys]
    funding = np.where([amount is None for amount in given], needed, [amount or 0.0 for amount in given])
    return Network(**squares, cash_usd=cash, income_usd=income, revenue_usd=revenue, funding_usd=funding), notes


def _column(players: Sequence[Player], name: str) -> Floats:
    """A figure of each player; zero where it is not on record."""
    figures = [getattr(player, name) for player in players]
    return np.array([0.0 if figure is None else figure.value for figure in figures])


def _income(book: Book, players: Sequence[Player]) -> tuple[Floats, list[str]]:
    """Income from outside: revenue less costs of the file, else operating cash flow, else revenue with a note."""
    found, notes = [], []
    for player in players:
        revenue = 0.0 if player.revenue is None else player.revenue.value
        given = book.given.get(player.key)
        if given is not None and (given.costs_usd is not None or given.revenue_usd is not None):
            found.append(revenue - (given.costs_usd or 0.0))
        elif player.operating_cash_flow is not None:
            found.append(player.operating_cash_flow.value)
        else:
            found.append(revenue)
            if revenue:
                notes.append(f"{player.name}: no costs on record, so all of its revenue counts as means")
    return np.array(found), notes


def _figures(book: Book, keys: Sequence[str], edges: Sequence[EdgeDue]) -> Iterator[NamedFigure]:
    """Assumptions, figures of players and amounts of deals that clearing rests on."""
    for key, figure in book.assumptions.items():
        yield book.named(f"assumptions/contagion.{key}", figure)
    for key in keys:
        for name, figure in book.players[key].figures.items():
            yield book.named(f"players/{key}/{name}", figure)
    for edge in edges:
        if (amount := edge.deal.figure) is not None:
            yield book.named(f"deals/{edge.deal.key}", amount)
