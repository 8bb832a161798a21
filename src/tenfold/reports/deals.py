"""Deals of a financing network as sections: who pays whom, what goes round, what is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from tenfold.economics.network import Circularity, Cycle
from tenfold.planning.contagion import ContagionAnswer, Edge
from tenfold.reports import wording
from tenfold.reports.charts import Flow, sankey
from tenfold.reports.report import Section, Table

FLOWS_DRAWN = 24
CYCLES_DRAWN = 12
Names = Mapping[str, str]
"""Names of players by key."""


def usd(value: float) -> str:
    """Print dollars."""
    return wording.number(value, "USD")


def some(value: float) -> str:
    """Print dollars; a dash for none."""
    return usd(value) if value else "–"


def known(value: float | None) -> str:
    """Print dollars that may not be on record."""
    return "not published" if value is None else usd(value)


def who_pays_whom(answer: ContagionAnswer, names: Names) -> Section:
    """What falls due by deal."""
    flows = sorted(_due(answer, names), key=lambda flow: -flow.value)
    rest = len(flows) - FLOWS_DRAWN
    note = "As wide as what is due, coloured by the kind of deal; a player marked ↩ is the one drawn before."
    note += f" The {FLOWS_DRAWN} largest; {rest} more in the table below." if rest > 0 else ""
    title = f"Due in {answer.year}, {answer.currency}"
    chart = sankey("flows", title, flows[:FLOWS_DRAWN], "USD", note=note)
    backstops = tuple(edge for edge in answer.edges if edge.contingent_usd > 0)
    tables = [_edges_table(answer, tuple(edge for edge in answer.edges if edge not in backstops), names)]
    if backstops:
        tables.append(_backstops(answer, backstops, names))
    return Section(title="Who pays whom", charts=(chart,) if flows else (), tables=tuple(tables), full=True)


def _due(answer: ContagionAnswer, names: Names) -> Iterator[Flow]:
    """What falls due by deal; principal that matures apart from payments."""
    for edge in answer.edges:
        ends = {"source": names.get(edge.payer, edge.payer), "target": names.get(edge.payee, edge.payee)}
        for kind, value in ((edge.kind, edge.supply_usd + edge.interest_usd), ("principal", edge.maturing_usd)):
            if value > 0:
                yield Flow(**ends, value=value, text=f"{kind}, {edge.status}", kind=kind.replace("-", " "))


def _edges_table(answer: ContagionAnswer, edges: tuple[Edge, ...], names: Names) -> Table:
    rows = tuple(
        (
            _who(edge, names),
            f"{edge.kind}, {edge.status}; cancelable: {edge.cancelable}",
            known(edge.amount_usd),
            some(edge.supply_usd + edge.interest_usd),
            some(edge.maturing_usd),
            edge.note or "–",
        )
        for edge in edges
    )
    headers = ("who pays whom", "kind", "contract", "due", "matures", "note")
    title = f"Deals in clearing: whole contract, and due in {answer.year} ({answer.currency})"
    return Table(title=title, headers=headers, rows=rows, numeric="  rrr ")


def _backstops(answer: ContagionAnswer, edges: tuple[Edge, ...], names: Names) -> Table:
    rows = tuple((_who(edge, names), edge.kind, usd(edge.contingent_usd), edge.note or "–") for edge in edges)
    return Table(
        title=f"Contingent: paid only when buyers fail ({answer.currency})",
        headers=("who pays whom", "kind", f"at most in {answer.year}", "note"),
        rows=rows,
        numeric="  r ",
    )


def _who(edge: Edge, names: Names) -> str:
    return f"{names.get(edge.payer, edge.payer)} → {names.get(edge.payee, edge.payee)}"


def circles(answer: ContagionAnswer, names: Names) -> Section:
    """Sales that a supplier financed itself."""
    cycles = sorted(
        (cycle for one in answer.circularity for cycle in one.cycles if cycle.amount_usd),
        key=lambda cycle: -(cycle.amount_usd or 0.0),
    )
    flows = [flow for cycle in cycles[:CYCLES_DRAWN] for flow in _legs(cycle, names)]
    rest = len(cycles) - CYCLES_DRAWN
    note = "A circle begins at the supplier and ends at its second mark ↩, where the money comes back as sales."
    note += f" The {CYCLES_DRAWN} largest; {rest} more in the table." if rest > 0 else ""
    title = "Money that can go round, whole contracts, US dollars, nominal"
    chart = sankey("circles", title, flows, "USD", note=note)
    tables = [_suppliers(answer, names), _cycles(answer.circularity, names)]
    if answer.warrant_stakes:
        tables.append(_warrants(answer))
    return Section(title="Circularity", charts=(chart,) if flows else (), tables=tuple(tables), full=True)


def _legs(cycle: Cycle, names: Names) -> Iterator[Flow]:
    players = [names.get(key, key) for key in cycle.players]
    for source, target in zip(players, [*players[1:], players[0]], strict=True):
        yield Flow(source=source, target=target, value=cycle.amount_usd or 0.0, text=_circle(cycle, names))


def _circle(cycle: Cycle, names: Names) -> str:
    return " → ".join(names.get(key, key) for key in (*cycle.players, cycle.players[0]))


def _suppliers(answer: ContagionAnswer, names: Names) -> Table:
    rows = []
    for one in answer.circularity:
        yearly = answer.circular_over_revenue.get(one.supplier)
        rows.append(
            (
                names.get(one.supplier, one.supplier),
                some(one.sales_usd),
                some(one.circular_usd),
                wording.share(one.share) if one.sales_usd else "–",
                wording.share(yearly) if yearly else "–",
            )
        )
    headers = ("supplier", "contracted sales", "financed by itself", "share", "over a year's revenue")
    title = "Sales that a supplier financed itself, US dollars, nominal"
    return Table(title=title, headers=headers, rows=tuple(rows), numeric=" rrrr")


def _cycles(found: tuple[Circularity, ...], names: Names) -> Table:
    rows = tuple((_circle(cycle, names), known(cycle.amount_usd)) for one in found for cycle in one.cycles)
    return Table(title="By cycle, US dollars, nominal", headers=("cycle", "amount"), rows=rows, numeric=" r")


def _warrants(answer: ContagionAnswer) -> Table:
    rows = tuple((key, wording.share(stake)) for key, stake in answer.warrant_stakes.items())
    return Table(title="Warrants", headers=("deal", "share of the issuer"), rows=rows, numeric=" r")


def left_out(answer: ContagionAnswer) -> Section:
    """Deals on record that clearing leaves out."""
    counts = Counter(one.reason for one in answer.left_out)
    ordered = sorted(answer.left_out, key=lambda one: (-counts[one.reason], one.reason, one.key))
    table = Table(headers=("deal", "why"), rows=tuple((one.key, one.reason) for one in ordered))
    lead = "On record, and not in clearing: what nobody owes, what binds nobody, what has no amount or no schedule."
    return Section(title="Deals left out", lead=lead, tables=(table,) if ordered else (), full=True)
