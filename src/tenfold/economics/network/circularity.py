"""Circularity: how much of a supplier's contracted sales comes back from money it put into its customers.

    share = Σ over cycles of the money that can go round / contracted sales

A cycle starts with money from the supplier (equity, a loan, a warrant) and goes on with payments for capacity or chips,
from customer to supplier, until it is back. What goes round is the least of its edges; cycles are taken from the
shortest, and each takes what it uses from its edges, so no dollar counts twice: a lower bound of the largest flow [Ford
and Fulkerson, Canadian Journal of Mathematics 8, 1956, doi:10.4153/CJM-1956-045-5]. Amounts are those of whole
contracts, which a payment once and a purchase over years share. Only what is paid or binding counts; what is announced,
reported or lapsed does not. Cycles with an edge of unknown amount are listed without one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tenfold.catalog import Deal
from tenfold.economics.network.due import BINDING, DEBT_KINDS

SALE_KINDS = ("take-or-pay", "lease", "purchase")
FINANCE_KINDS = ("equity", "warrant", *DEBT_KINDS)
FIRM = ("completed", *BINDING)
LONGEST_CYCLE = 5
"""Players in a cycle."""
Pairs = dict[tuple[str, str], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """Money of the first player that comes back to it."""

    players: tuple[str, ...]
    amount_usd: float | None
    """What can go round; None where an edge has no published amount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circularity:
    """Cycles of one supplier."""

    supplier: str
    sales_usd: float
    """Contracted and published."""
    circular_usd: float
    share: float
    """Of the sales; 0 where none are published."""
    cycles: tuple[Cycle, ...]


def circularity(deals: Iterable[Deal]) -> tuple[Circularity, ...]:
    """Cycles of every supplier that has any, the largest amount first. Raises nothing."""
    firm = [deal for deal in deals if deal.status in FIRM and not deal.part_of]
    found = [_of_supplier(supplier, firm) for supplier in sorted({deal.payee for deal in firm if _is_sale(deal)})]
    return tuple(sorted((one for one in found if one.cycles), key=lambda one: -one.circular_usd))


def _is_sale(deal: Deal) -> bool:
    return deal.kind in SALE_KINDS


def _financing(deal: Deal) -> tuple[str, str]:
    """Who gave money or value to whom; of a debt the lender, who is paid."""
    return (deal.payee, deal.payer) if deal.kind in DEBT_KINDS else (deal.payer, deal.payee)


def _of_supplier(supplier: str, firm: list[Deal]) -> Circularity:
    given, paid = Pairs(), Pairs()
    for deal in firm:
        if deal.kind in FINANCE_KINDS and _financing(deal)[0] == supplier:
            _add(given, _financing(deal), deal.amount_usd)
        if _is_sale(deal):
            _add(paid, (deal.payer, deal.payee), deal.amount_usd)
    sales = sum(amount for (_, payee), amount in paid.items() if payee == supplier)
    cycles = tuple(_unknown(supplier, given, paid))
    known = tuple(_taken(supplier, given, paid))
    total = sum(cycle.amount_usd or 0.0 for cycle in known)
    return Circularity(
        supplier=supplier,
        sales_usd=sales,
        circular_usd=total,
        share=total / sales if sales > 0.0 else 0.0,
        cycles=(*known, *cycles),
    )


def _add(pairs: Pairs, pair: tuple[str, str], amount: float | None) -> None:
    pairs[pair] = pairs.get(pair, 0.0) + (amount or 0.0)


def _taken(supplier: str, given: Pairs, paid: Pairs) -> Iterator[Cycle]:
    """Cycles with published amounts, shortest first, each taking its amount from its edges."""
    while cycle := next(_paths(supplier, _left(given), _left(paid)), None):
        edges = [(given, cycle[:2]), *((paid, pair) for pair in zip(cycle[1:], (*cycle[2:], supplier), strict=True))]
        amount = min(pairs[pair[0], pair[1]] for pairs, pair in edges)
        for pairs, pair in edges:
            pairs[pair[0], pair[1]] -= amount
        yield Cycle(players=cycle, amount_usd=amount)


def _unknown(supplier: str, given: Pairs, paid: Pairs) -> Iterator[Cycle]:
    """Cycles with an edge that nobody put an amount on."""
    for cycle in _paths(supplier, given, paid):
        pairs = zip(cycle[1:], (*cycle[2:], supplier), strict=True)
        if not given[cycle[0], cycle[1]] or any(not paid[pair] for pair in pairs):
            yield Cycle(players=cycle, amount_usd=None)


def _left(pairs: Pairs) -> Pairs:
    """Edges with something left on them; a cent is rounding."""
    return {pair: amount for pair, amount in pairs.items() if amount > 0.01}


def _paths(
    supplier: str, given: Mapping[tuple[str, str], float], paid: Mapping[tuple[str, str], float]
) -> Iterator[tuple[str, ...]]:
    """Simple cycles through the supplier, shortest first: one edge of money given, then payments."""
    following: dict[str, list[str]] = {}
    for payer, payee in sorted(paid):
        following.setdefault(payer, []).append(payee)
    queue: deque[tuple[str, ...]] = deque((supplier, customer) for _, customer in sorted(given))
    while queue:
        path = queue.popleft()
        for payee in following.get(path[-1], []):
            if payee == supplier:
                yield path
            elif payee not in path and len(path) < LONGEST_CYCLE:
                queue.append((*path, payee))
