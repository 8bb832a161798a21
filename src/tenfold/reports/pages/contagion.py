"""The page of ``tenfold contagion``: who pays whom, who loses, who fails in which order, what breaks a second firm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from tenfold.economics.network import Circularity, Cycle
from tenfold.planning.contagion.answer import Cleared, ContagionAnswer, DrawnAnswer, Edge, ScenarioAnswer
from tenfold.reports import wording
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.charts import Chart, Flow, sankey, spans, stacked
from tenfold.reports.page import Page, PageTable, Section, page_table
from tenfold.reports.tables.contagion import drawn_grid, footer, players_grid, shock_text, verdict

FLOWS_DRAWN = 24
CYCLES_DRAWN = 12

Names = Mapping[str, str]
"""Names of players by key."""


def contagion_page(answer: ContagionAnswer) -> Page:
    """Turn the answer into a page."""
    names = {player.key: player.name for player in answer.players}
    return Page(
        title="Tenfold contagion",
        question=f"Who cannot pay whom in {answer.year}, when somebody misses?",
        verdict=verdict(answer),
        good=all(point.second is None for point in answer.breaking_points),
        cards=_cards(answer),
        sections=tuple(_sections(answer, names)),
        figures=(*answer.figures, *answer.assumptions),
        footer=footer(answer),
    )


def _cards(answer: ContagionAnswer) -> tuple[Card, ...]:
    plain = (
        Card(name="Players", value=f"{len(answer.players):,}"),
        Card(name="Deals in clearing", value=f"{len(answer.edges):,}"),
        Card(name="Deals left out", value=f"{len(answer.left_out):,}"),
    )
    if answer.drawn is None:
        return plain
    count = f"{answer.drawn.count:,} draws"
    return (
        spread_card(f"Players that fail, {count}", answer.drawn.failures, lambda value: f"{value:.0f}"),
        spread_card(f"Unpaid in {answer.year}, USD, {count}", answer.drawn.unpaid_usd, _usd),
        *plain,
    )


def _usd(value: float) -> str:
    return wording.number(value, "USD")


def _sections(answer: ContagionAnswer, names: Names) -> Iterator[Section]:
    yield _decided(answer)
    yield _flows(answer, names)
    grid = players_grid(answer)
    yield Section(title=grid.title, tables=(page_table(grid, ""),))
    if answer.drawn is not None:
        yield _losses(answer, answer.drawn, names)
    if answer.scenarios:
        yield _order(answer, names)
        yield _beside(answer, names)
    if answer.breaking_points:
        yield _reverse(answer, names)
    if answer.circularity:
        yield _circles(answer, names)
    yield _left_out(answer)


def _decided(answer: ContagionAnswer) -> Section:
    """Notes, and the estimates that stand beside the assumptions."""
    rows = tuple(
        (named.name, wording.figure_value(named), wording.figure_range(named), named.figure.note)
        for named in answer.assumptions
        if named.figure.kind != "assumption"
    )
    table = PageTable(
        title="Estimates the answer rests on",
        headers=("input", "value", "P10–P90", "why"),
        rows=rows,
        numeric=" rr ",
    )
    lead = " ".join(f"{note}." for note in answer.notes)
    return Section(title="Decided for you", lead=lead, tables=(table,) if rows else ())


def _flows(answer: ContagionAnswer, names: Names) -> Section:
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
    return Section(title="Who pays whom", charts=(chart,) if flows else (), tables=tuple(tables))


def _due(answer: ContagionAnswer, names: Names) -> Iterator[Flow]:
    """What falls due by deal; principal that matures apart from payments."""
    for edge in answer.edges:
        ends = {"source": names.get(edge.payer, edge.payer), "target": names.get(edge.payee, edge.payee)}
        for kind, value in ((edge.kind, edge.supply_usd + edge.interest_usd), ("principal", edge.maturing_usd)):
            if value > 0:
                yield Flow(**ends, value=value, text=f"{kind}, {edge.status}", kind=kind.replace("-", " "))


def _edges_table(answer: ContagionAnswer, edges: tuple[Edge, ...], names: Names) -> PageTable:
    rows = tuple(
        (
            _who(edge, names),
            f"{edge.kind}, {edge.status}; cancelable: {edge.cancelable}",
            _known(edge.amount_usd),
            _some(edge.supply_usd + edge.interest_usd),
            _some(edge.maturing_usd),
            edge.note or "–",
        )
        for edge in edges
    )
    headers = ("who pays whom", "kind", "contract", "due", "matures", "note")
    title = f"Deals in clearing: whole contract, and due in {answer.year} ({answer.currency})"
    return PageTable(title=title, headers=headers, rows=rows, numeric="  rrr ")


def _backstops(answer: ContagionAnswer, edges: tuple[Edge, ...], names: Names) -> PageTable:
    rows = tuple((_who(edge, names), edge.kind, _usd(edge.contingent_usd), edge.note or "–") for edge in edges)
    return PageTable(
        title=f"Contingent: paid only when buyers fail ({answer.currency})",
        headers=("who pays whom", "kind", f"at most in {answer.year}", "note"),
        rows=rows,
        numeric="  r ",
    )


def _who(edge: Edge, names: Names) -> str:
    return f"{names.get(edge.payer, edge.payer)} → {names.get(edge.payee, edge.payee)}"


def _known(value: float | None) -> str:
    return "not published" if value is None else _usd(value)


def _some(value: float) -> str:
    return _usd(value) if value else "–"


def _losses(answer: ContagionAnswer, drawn: DrawnAnswer, names: Names) -> Section:
    losses = {
        names.get(key, key): {"P10": loss.p10, "P50": loss.p50, "P90": loss.p90}
        for key, loss in sorted(drawn.credit_loss_usd.items(), key=lambda item: -item[1].p50)
    }
    title = f"What players do not receive in {answer.year}, {answer.currency}"
    charts = (spans("losses", title, losses, "USD", name="player"),) if losses else ()
    lead = "Random scenarios, cleared with the costs of default: a question, not a forecast."
    grid = drawn_grid(drawn, names)
    table = page_table(grid, f"{grid.title}; losses in {answer.currency}")
    return Section(title="Losses by player", lead=lead, charts=charts, tables=(table,))


def _order(answer: ContagionAnswer, names: Names) -> Section:
    rows = tuple(row for scenario in answer.scenarios for cleared in scenario.cleared
                 for row in _failure_rows(scenario, cleared, names))  # fmt: skip
    table = PageTable(
        headers=("scenario", "clearing", "round", "fails", f"unpaid, {answer.currency}"), rows=rows, numeric="  r r"
    )
    lead = (
        "A player of round 1 fails though all others pay; one of a later round because others did not. "
        "Eisenberg and Noe clear without costs of default, Rogers and Veraart with them."
    )
    return Section(title="Order of failure", lead=lead, tables=(table,))


def _failure_rows(scenario: ScenarioAnswer, cleared: Cleared, names: Names) -> Iterator[tuple[str, ...]]:
    if not cleared.failures:
        yield (scenario.name, cleared.method, "–", "nobody", "–")
    for failure in cleared.failures:
        who = names.get(failure.player, failure.player)
        yield (scenario.name, cleared.method, f"{failure.round}", who, _usd(failure.unpaid_usd))


def _beside(answer: ContagionAnswer, names: Names) -> Section:
    """Clearing, which counts defaults, and DebtRank, which counts stress short of them."""
    charts: list[Chart] = []
    lost = {scenario.name: _lost(scenario, names) for scenario in answer.scenarios}
    if any(sum(parts.values()) for parts in lost.values()):
        title = f"Clearing: who bears what is not paid, {answer.currency}"
        note = f"By {answer.scenarios[0].cleared[-1].method}."
        charts.append(stacked("borne", title, lost, "USD", column_name="scenario", note=note))
    ranks = {scenario.name: {"claims distressed": scenario.debtrank} for scenario in answer.scenarios}
    note = "Share of all claims, beyond the shock itself."
    charts.append(spans("debtrank", "DebtRank: claims distressed", ranks, "share", name="scenario", note=note))
    tables = tuple(_stress_table(scenario, answer.currency, names) for scenario in answer.scenarios)
    lead = "Clearing counts what is not paid; DebtRank also counts worth that is lost without a default."
    return Section(title="Clearing and DebtRank", lead=lead, charts=tuple(charts), tables=tables)


def _lost(scenario: ScenarioAnswer, names: Names) -> Mapping[str, float]:
    """Losses and what is drawn on backstops, which add up to what is unpaid."""
    cleared = scenario.cleared[-1]
    losses = {names.get(key, key): value for key, value in cleared.credit_loss_usd.items()}
    return losses | {f"backstop of {names.get(key, key)}": value for key, value in cleared.drawn_usd.items()}


def _stress_table(scenario: ScenarioAnswer, currency: str, names: Names) -> PageTable:
    losses = [cleared.credit_loss_usd for cleared in scenario.cleared]
    touched = dict.fromkeys(key for column in (scenario.distress, scenario.means_lost_usd, *losses) for key in column)
    rows = tuple(
        (
            names.get(key, key),
            _some(scenario.means_lost_usd.get(key, 0.0)),
            *(_some(loss.get(key, 0.0)) for loss in losses),
            wording.share(scenario.distress.get(key, 0.0)),
        )
        for key in touched
    )
    methods = (f"loss, {cleared.method}" for cleared in scenario.cleared)
    headers = ("player", "means lost to the shock", *methods, "DebtRank")
    return PageTable(title=f"{scenario.name}, {currency}", headers=headers, rows=rows, numeric=" " + "r" * len(headers))


def _reverse(answer: ContagionAnswer, names: Names) -> Section:
    marks = {}
    for point in answer.breaking_points:
        ends = {"breaks one at": point.first, "breaks a second at": point.second}
        known = {name: value for name, value in ends.items() if value is not None}
        if known:
            marks[shock_text(point, names)] = known
    title, colours = "Smallest shock that breaks one firm, and a second", ("var(--c2)", "var(--c4)")
    charts = (spans("reverse", title, marks, "share", colours=colours, name="shock"),) if marks else ()
    rows = tuple(
        (
            shock_text(point, names),
            "never" if point.first is None else wording.share(point.first),
            "never" if point.second is None else wording.share(point.second),
            ", ".join(names.get(key, key) for key in point.broken) or "–",
        )
        for point in answer.breaking_points
    )
    headers = ("shock", "breaks one at", "breaks a second at", "who, in order")
    table = PageTable(headers=headers, rows=rows, numeric=" rr ")
    lead = "Shares of what the shock takes; a shock that breaks nobody even in full is in the table only."
    return Section(title="Reverse stress", lead=lead, charts=charts, tables=(table,))


def _circles(answer: ContagionAnswer, names: Names) -> Section:
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
    return Section(title="Circularity", charts=(chart,) if flows else (), tables=tuple(tables))


def _legs(cycle: Cycle, names: Names) -> Iterator[Flow]:
    players = [names.get(key, key) for key in cycle.players]
    for source, target in zip(players, [*players[1:], players[0]], strict=True):
        yield Flow(source=source, target=target, value=cycle.amount_usd or 0.0, text=_circle(cycle, names))


def _circle(cycle: Cycle, names: Names) -> str:
    return " → ".join(names.get(key, key) for key in (*cycle.players, cycle.players[0]))


def _suppliers(answer: ContagionAnswer, names: Names) -> PageTable:
    rows = []
    for one in answer.circularity:
        yearly = answer.circular_over_revenue.get(one.supplier)
        rows.append(
            (
                names.get(one.supplier, one.supplier),
                _some(one.sales_usd),
                _some(one.circular_usd),
                wording.share(one.share) if one.sales_usd else "–",
                wording.share(yearly) if yearly else "–",
            )
        )
    headers = ("supplier", "contracted sales", "financed by itself", "share", "over a year's revenue")
    title = "Sales that a supplier financed itself, US dollars, nominal"
    return PageTable(title=title, headers=headers, rows=tuple(rows), numeric=" rrrr")


def _cycles(circles: tuple[Circularity, ...], names: Names) -> PageTable:
    rows = tuple((_circle(cycle, names), _known(cycle.amount_usd)) for one in circles for cycle in one.cycles)
    return PageTable(title="By cycle, US dollars, nominal", headers=("cycle", "amount"), rows=rows, numeric=" r")


def _warrants(answer: ContagionAnswer) -> PageTable:
    rows = tuple((key, wording.share(stake)) for key, stake in answer.warrant_stakes.items())
    return PageTable(title="Warrants", headers=("deal", "share of the issuer"), rows=rows, numeric=" r")


def _left_out(answer: ContagionAnswer) -> Section:
    counts = Counter(one.reason for one in answer.left_out)
    ordered = sorted(answer.left_out, key=lambda one: (-counts[one.reason], one.reason, one.key))
    table = PageTable(headers=("deal", "why"), rows=tuple((one.key, one.reason) for one in ordered))
    lead = "On record, and not in clearing: what nobody owes, what binds nobody, what has no amount or no schedule."
    return Section(title="Deals left out", lead=lead, tables=(table,) if ordered else ())
