"""What a question is about: players, deals and assumptions of the catalog, with those of the question over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.catalog import Catalog, Deal, Player
from tenfold.planning.contagion.question import ContagionQuestion, Draws, Scenario, StatedPlayer
from tenfold.planning.contagion.stated import (
    MONEY,
    Said,
    deals_over,
    draws_by_key,
    figure_said,
    names_of,
    players_over,
    scenarios_by_key,
)
from tenfold.quantities import UNREAD, Figure, NamedFigure, Problem, known, rows_in

ASSUMPTIONS = ("cash_cover", "refinanced_share", "loan_to_value", "loan_to_value_limit", "recovery")
"""Keys of ``contagion`` among the catalog's assumptions, which a question may override."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Players, deals and what is assumed of them; shocks by keys of players."""

    year: int
    assumptions: Mapping[str, Figure]
    """By the keys of ``ASSUMPTIONS``."""
    players: Mapping[str, Player]
    given: Mapping[str, StatedPlayer]
    """What the question states of players, by key."""
    deals: Mapping[str, Deal]
    paths: Mapping[str, str]
    """Of figures that the question states: name in the catalog to path in the question."""
    scenarios: tuple[Scenario, ...]
    draws: Draws | None

    def named(self, name: str, figure: Figure) -> NamedFigure:
        """A figure by its path in the question where it is stated there, else by its name in the catalog."""
        path = self.paths.get(name)
        return NamedFigure(name=name if path is None else f"question/{path}", figure=figure)


def book_of(question: ContagionQuestion, catalog: Catalog) -> tuple[Book, list[Problem]]:
    """Put a completed question over the catalog, and say everything that is wrong with it.

    What of the question could not be read is left out, and nothing is said of it.
    """
    whole = question.network != "given"
    said = Said(question.year if known(question.year) else ContagionQuestion().year)
    players, given = players_over(catalog.players if whole else {}, question.players, said)
    names = names_of(players)
    deals = deals_over(catalog.deals if whole else {}, question.edges, names, said)
    if not deals and not question.edges:
        said.wrong("edges", "there is no edge", "Write [[edges]], or network = 'default'")
    book = Book(
        year=question.year,
        assumptions=_assumptions(question, catalog, said),
        players=players,
        given=given,
        deals=deals,
        paths=_paths(question, given),
        scenarios=scenarios_by_key(question.scenarios or (), players, names, said),
        draws=draws_by_key(question.draws, players, names, said) if question.draws not in (None, UNREAD) else None,
    )
    return book, said.problems


def _assumptions(question: ContagionQuestion, catalog: Catalog, said: Said) -> dict[str, Figure]:
    stated = {key: getattr(question, key) for key in ASSUMPTIONS}
    return {
        key: figure_said(value, "1", said.year)
        if value is not None and known(value)
        else catalog.assumption(f"contagion.{key}", "1")
        for key, value in stated.items()
    }


def _paths(question: ContagionQuestion, given: Mapping[str, StatedPlayer]) -> dict[str, str]:
    found = {f"assumptions/contagion.{key}": key for key in ASSUMPTIONS if getattr(question, key) is not None}
    for place, (key, stated) in enumerate(given.items()):
        money = (name for name in MONEY if getattr(stated, f"{name}_usd") is not None)
        found |= {f"players/{key}/{name}": f"players.{place}.{name}_usd" for name in money}
    return found | {f"deals/{deal.key}": f"{at}.amount_usd" for at, deal in rows_in("edges", question.edges)}
