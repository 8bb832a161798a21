"""Contagion: who cannot pay whom in a year, under shocks.

The deals of the year and the books of its players become arrays; scenarios, random draws and reverse stress are cleared
by ``tenfold.economics.network``; the answer keeps the terms, the order of failing and every figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tenfold.catalog import Catalog
from tenfold.economics.network import (
    Circularity,
    Shocks,
    Stressed,
    circularity,
    debtrank,
    impact_matrix,
    leverage,
    no_shocks,
    revenue_coverage,
    shocked_liabilities_usd,
    stress,
    warrant_stake,
)
from tenfold.planning.contagion.answer import (
    Cleared,
    ContagionAnswer,
    DrawnAnswer,
    Edge,
    Failure,
    PlayerBooks,
    ScenarioAnswer,
)
from tenfold.planning.contagion.book import Book, book_of
from tenfold.planning.contagion.coverage import due_of
from tenfold.planning.contagion.network import prepare
from tenfold.planning.contagion.prepared import Prepared
from tenfold.planning.contagion.question import ContagionQuestion, Draws, Scenario, completed
from tenfold.planning.contagion.reverse import breaking_points
from tenfold.quantities import Floats, Percentiles, Progress, assumptions_of

CENT = 0.01
"""Losses below are rounding."""
QUESTION_NOTE = "Scenarios and draws are questions, not forecasts: nobody has published how likely they are"


def answer(
    question: ContagionQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> ContagionAnswer:
    """Clear the payments of a year under shocks: losses by player, order of failing, reverse stress, circularity.

    ``progress`` is told the share done. Raises nothing of its own.
    """
    asked, tell = completed(question), progress or (lambda _: None)
    book, _ = book_of(asked, catalog)
    prepared = prepare(book)
    base, calm = (
        stress(prepared.network, no_shocks(len(prepared.players)), prepared.terms, alpha=kept, beta=kept)
        for kept in (1.0, prepared.recovery)
    )
    scenarios = tuple(_scenario(prepared, scenario, base) for scenario in book.scenarios)
    tell(0.2)
    drawn = _drawn(book.draws, prepared, np.random.default_rng(seed))
    tell(0.6)
    points = breaking_points(prepared)
    tell(1.0)
    circles = circularity(book.deals.values())
    return ContagionAnswer(
        question=asked,
        made=catalog.made(seed),
        title=asked.title,
        year=book.year,
        due=due_of(book),
        currency=f"US dollars of {book.year}, nominal",
        players=_books(book, prepared, base),
        edges=_edges(prepared),
        left_out=prepared.left_out,
        circularity=circles,
        circular_over_revenue=_over_revenue(circles, book),
        warrant_stakes=_stakes(book),
        fails_without_shock=_failures(prepared, calm),
        scenarios=scenarios,
        drawn=drawn,
        breaking_points=points,
        notes=(QUESTION_NOTE, *prepared.notes),
        assumptions=assumptions_of(prepared.figures),
        figures=prepared.figures,
        stated=prepared.stated,
    )


def _over_revenue(circles: Sequence[Circularity], book: Book) -> dict[str, float]:
    """Circular amounts against a year of revenue, by supplier with revenue on record."""
    revenues = {key: player.revenue.value for key, player in book.players.items() if player.revenue is not None}
    return {one.supplier: one.circular_usd / revenues[one.supplier] for one in circles if revenues.get(one.supplier)}


def _books(book: Book, prepared: Prepared, base: Stressed) -> tuple[PlayerBooks, ...]:
    network = prepared.network
    books = []
    for place, key in enumerate(prepared.players):
        player, due = book.players[key], float(base.due_usd[0, place])
        revenue = None if player.revenue is None else player.revenue.value
        both = player.debt is not None and player.equity is not None
        books.append(
            PlayerBooks(
                key=key,
                name=player.name,
                kind=player.kind,
                revenue_usd=revenue,
                cash_usd=float(network.cash_usd[place]),
                income_usd=float(network.income_usd[place]),
                funding_usd=float(network.funding_usd[place]),
                due_usd=due,
                receipts_usd=float(base.received_usd[0, place]),
                worth_usd=float(base.worth_usd[0, place]),
                leverage=leverage(player.debt.value, player.equity.value) if both else None,  # type: ignore[union-attr]
                revenue_coverage=None if revenue is None or due == 0.0 else revenue_coverage(revenue, due),
            )
        )
    return tuple(books)


def _edges(prepared: Prepared) -> tuple[Edge, ...]:
    return tuple(
        Edge(
            key=edge.deal.key,
            payer=edge.deal.payer,
            payee=edge.deal.payee,
            kind=edge.deal.kind,
            status=edge.deal.status,
            cancelable=edge.deal.cancelable,
            amount_usd=edge.deal.amount_usd,
            supply_usd=edge.supply_usd,
            interest_usd=edge.interest_usd,
            maturing_usd=edge.maturing_usd,
            gpu_backed_usd=edge.gpu_backed_usd,
            contingent_usd=edge.backstop_usd,
            source=edge.deal.source,
            note=edge.deal.note,
        )
        for edge in prepared.edges
    )


def _stakes(book: Book) -> dict[str, float]:
    """Share of the issuer that each warrant buys, where the shares outstanding are on record."""
    found = {}
    for deal in book.deals.values():
        outstanding = book.players[deal.payer].shares_outstanding
        if deal.kind == "warrant" and deal.shares is not None and outstanding is not None:
            found[deal.key] = warrant_stake(deal.shares, outstanding.value)
    return found


def _scenario(prepared: Prepared, scenario: Scenario, base: Stressed) -> ScenarioAnswer:
    shocks = prepared.row(scenario)
    plain = stress(prepared.network, shocks, prepared.terms, alpha=1.0, beta=1.0)
    costly = stress(prepared.network, shocks, prepared.terms, alpha=prepared.recovery, beta=prepared.recovery)
    lost = np.maximum(base.means_usd - plain.means_usd, 0.0)[0]
    distress, rank = _distress(prepared, shocks, lost, base)
    return ScenarioAnswer(
        name=scenario.name,
        shocks=_named(scenario),
        means_lost_usd=_by_player(prepared, lost, CENT),
        cleared=(_cleared(prepared, "eisenberg-noe", plain), _cleared(prepared, "rogers-veraart", costly)),
        distress=_by_player(prepared, distress, 1e-9),
        debtrank=rank,
    )


def _named(scenario: Scenario) -> dict[str, float]:
    shocks = {f"revenue_miss.{key}": value for key, value in scenario.revenue_miss.items()}
    shocks |= {f"supplier_halt.{key}": value for key, value in scenario.supplier_halt.items()}
    for name in ("chip_price_fall", "refinancing_stop"):
        if value := getattr(scenario, name):
            shocks[name] = value
    return shocks


def _cleared(prepared: Prepared, method: str, found: Stressed) -> Cleared:
    unpaid = found.unpaid_usd[0]
    return Cleared(
        method=method,
        failures=_failures(prepared, found),
        credit_loss_usd=_by_player(prepared, found.credit_loss_usd[0], CENT),
        drawn_usd=_by_player(prepared, found.drawn_usd[0], CENT),
        unpaid_usd=float(unpaid.sum()),
        borne_usd={
            **_by_player(prepared, found.credit_loss_usd[0], CENT),
            **{f"backstop of {key}": usd for key, usd in _by_player(prepared, found.drawn_usd[0], CENT).items()},
        },
    )


def _failures(prepared: Prepared, found: Stressed) -> tuple[Failure, ...]:
    """Who does not pay in full in the first scenario, in the order of failing."""
    rounds, unpaid = found.failed_in_round[0], found.unpaid_usd[0]
    order = sorted(np.nonzero(rounds)[0].tolist(), key=lambda place: (rounds[place], -unpaid[place]))
    return tuple(
        Failure(player=prepared.players[place], round=int(rounds[place]), unpaid_usd=float(unpaid[place]))
        for place in order
    )


def _distress(prepared: Prepared, shocks: Shocks, lost: Floats, base: Stressed) -> tuple[Floats, float]:
    """DebtRank of means lost and dues added or taken by shocks, against what is left of the year without them."""
    network = prepared.network
    exposure = shocked_liabilities_usd(network, no_shocks(len(lost)), prepared.terms)[0]
    added = shocked_liabilities_usd(network, shocks, prepared.terms)[0].sum(axis=1) - exposure.sum(axis=1)
    worth = base.worth_usd[0]
    hit = np.maximum(lost + added, 0.0)
    first = np.clip(np.divide(hit, worth, out=np.where(hit > 0.0, 1.0, 0.0), where=worth > 0.0), 0.0, 1.0)
    claims = exposure.sum(axis=0)
    value = claims / claims.sum() if claims.any() else claims
    ranked = debtrank(impact_matrix(exposure, worth), first, value)
    return ranked.distress, float(ranked.value_lost_share)


def _by_player(prepared: Prepared, amounts: Floats, least: float) -> dict[str, float]:
    """Amounts by player, largest first; those up to ``least`` are left out."""
    rows = sorted(zip(prepared.players, amounts.tolist(), strict=True), key=lambda row: -row[1])
    return {key: amount for key, amount in rows if amount > least}


def _drawn(draws: Draws | None, prepared: Prepared, generator: np.random.Generator) -> DrawnAnswer | None:
    if draws is None:
        return None
    shocks = prepared.drawn(draws, generator)
    found = stress(prepared.network, shocks, prepared.terms, alpha=prepared.recovery, beta=prepared.recovery)
    failed, losses = found.failed_in_round > 0, found.credit_loss_usd
    losses = np.where(np.abs(losses) < CENT, 0.0, losses)
    chances = failed.mean(axis=0)
    return DrawnAnswer(
        count=draws.count,
        failures=Percentiles.of(failed.sum(axis=1)),
        unpaid_usd=Percentiles.of(found.unpaid_usd.sum(axis=1)),
        default_probability=_by_player(prepared, chances, 0.0),
        credit_loss_usd=_percentiles(prepared, losses),
    )


def _percentiles(prepared: Prepared, losses: Floats) -> Mapping[str, Percentiles]:
    largest = losses.max(axis=0)
    places = sorted(np.nonzero(largest > CENT)[0].tolist(), key=lambda place: -float(losses[:, place].mean()))
    return {prepared.players[place]: Percentiles.of(losses[:, place]) for place in places}
