"""Tables of contagion, in reading order: verdict, assumptions, players, scenarios, draws, breaking points, deals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.text import Text

from tenfold.planning.contagion.answer import BreakingPoint, Cleared, ContagionAnswer, DrawnAnswer, ScenarioAnswer
from tenfold.reports.sources import Cited, citations
from tenfold.reports.tables.grid import Grid, grid_table, lines
from tenfold.reports.wording import figure_range, figure_value, likely, number, number_between, share

LISTED = 6
"""Names in one cell at most."""


def contagion_tables(answer: ContagionAnswer, sources: Mapping[str, Cited]) -> Iterator[RenderableType]:
    """Give everything the answer says; ``sources`` are the catalog's, by key."""
    for part in _parts(answer, sources):
        yield part
        yield Text("")


def _parts(answer: ContagionAnswer, sources: Mapping[str, Cited]) -> Iterator[RenderableType]:
    yield Text(verdict(answer), style="bold")
    if answer.assumptions:
        yield _assumptions(answer)
    yield lines("Decided for you", answer.notes)
    yield grid_table(*players_grid(answer))
    if answer.scenarios:
        yield _scenarios(answer)
        yield _distress(answer)
    if answer.drawn is not None:
        yield grid_table(*drawn_grid(answer.drawn))
    if answer.breaking_points:
        yield _breaking(answer)
    if answer.circularity:
        yield _circularity(answer)
    yield _edges(answer)
    yield _left_out(answer)
    yield _sources(answer, sources)
    yield Text(footer(answer), style="dim")


def verdict(answer: ContagionAnswer) -> str:
    """Answer in one sentence: the smallest shock that breaks a second firm, or that none does."""
    found = [point for point in answer.breaking_points if point.second is not None]
    if not found:
        return f"{answer.title}: no single shock breaks a second firm in {answer.year}"
    point = min(found, key=lambda one: one.second or 0.0)
    return f"{answer.title}: {shock_text(point)} of {share(point.second or 0.0)} breaks {_names(point.broken)}"


def shock_text(point: BreakingPoint, names: Mapping[str, str] | None = None) -> str:
    """Name a shock: "a revenue miss at openai", with the player as ``names`` has it."""
    words = {
        "revenue_miss": "a revenue miss",
        "supplier_halt": "a halt",
        "chip_price_fall": "a fall of chip prices",
        "refinancing_stop": "a stop of refinancing",
    }
    player = (names or {}).get(point.player, point.player)
    where = f" at {player}" if player else " of everybody" if point.shock == "revenue_miss" else ""
    return words[point.shock] + where


def _names(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more


def _usd(value: float) -> str:
    return number(value, "USD") if value else "–"


def _times(value: float) -> str:
    return f"{value:,.0f}×" if value >= 10 else f"{value:.2g}×"


def _amounts(amounts: Mapping[str, float]) -> str:
    rows = [f"{key} {number(value, 'USD')}" for key, value in amounts.items()]
    return "\n".join([*rows[:LISTED], *([f"{len(rows) - LISTED} more"] if len(rows) > LISTED else [])]) or "–"


def _assumptions(answer: ContagionAnswer) -> RenderableType:
    rows = [
        (named.name, figure_value(named), figure_range(named), named.figure.kind, named.figure.note)
        for named in answer.assumptions
    ]
    return grid_table("The answer assumes", ("input", "value", "P10–P90", "kind", "why"), rows, " rr  ")


def players_grid(answer: ContagionAnswer) -> Grid:
    """What each player has and owes in the year, the largest debtor first."""
    rows = [
        (
            player.name,
            "–" if player.revenue_usd is None else _usd(player.revenue_usd),
            _usd(player.cash_usd + player.income_usd),
            _usd(player.funding_usd),
            _usd(player.receipts_usd),
            _usd(player.due_usd),
            "–" if player.revenue_coverage is None else _times(player.revenue_coverage),
        )
        for player in sorted(answer.players, key=lambda one: -one.due_usd)
    ]
    headers = ("player", "revenue", "own means", "funding\nassumed", "to receive", "due", "revenue\nover due")
    title = f"Players in {answer.year} without a shock ({answer.currency})"
    return Grid(title, headers, tuple(rows), " rrrrrr")


def _scenarios(answer: ContagionAnswer) -> RenderableType:
    rows = [
        (scenario.name if first else "", cleared.method, _failures(cleared), _usd(cleared.unpaid_usd),
         _amounts(cleared.credit_loss_usd), _amounts(cleared.drawn_usd))
        for scenario in answer.scenarios
        for first, cleared in zip((True, False), scenario.cleared, strict=True)
    ]  # fmt: skip
    headers = ("scenario", "clearing", "fails (round)", "unpaid", "losses", "drawn on\nbackstops")
    return grid_table("Scenarios", headers, rows, "   r  ")


def _failures(cleared: Cleared) -> str:
    return ", ".join(f"{failure.player} ({failure.round})" for failure in cleared.failures) or "nobody"


def _distress(answer: ContagionAnswer) -> RenderableType:
    rows = [(scenario.name, share(scenario.debtrank), _shares(scenario)) for scenario in answer.scenarios]
    return grid_table("Stress short of default (DebtRank)", ("scenario", "claims\ndistressed", "players"), rows, " r ")


def _shares(scenario: ScenarioAnswer) -> str:
    return ", ".join(f"{key} {share(value)}" for key, value in list(scenario.distress.items())[:LISTED]) or "nobody"


def drawn_grid(drawn: DrawnAnswer, names: Mapping[str, str] | None = None) -> Grid:
    """How often each player fails and what it loses, players as ``names`` has them."""
    keys = dict.fromkeys([*drawn.default_probability, *drawn.credit_loss_usd])
    rows = []
    for key in keys:
        loss, chance = drawn.credit_loss_usd.get(key), drawn.default_probability.get(key)
        middle, ends = ("–", "–") if loss is None else (number(loss.p50, "USD"), number_between(loss, "USD"))
        rows.append(((names or {}).get(key, key), "–" if chance is None else likely(chance), middle, ends))
    title = f"{drawn.count:,} draws: {drawn.failures.p50:.0f} fail ({drawn.failures.p10:.0f}–{drawn.failures.p90:.0f})"
    return Grid(title, ("player", "fails in", "loss", "P10–P90"), tuple(rows), " rrr")


def _breaking(answer: ContagionAnswer) -> RenderableType:
    rows = [
        (
            shock_text(point),
            "–" if point.first is None else share(point.first),
            "never" if point.second is None else share(point.second),
            _names(point.broken),
        )
        for point in answer.breaking_points
    ]
    headers = ("shock", "breaks\none at", "breaks a\nsecond at", "who, in order")
    return grid_table("Smallest shock that breaks a second firm", headers, rows, " rr ")


def _circularity(answer: ContagionAnswer) -> RenderableType:
    rows = []
    for one in answer.circularity:
        cycles = [
            f"{' → '.join((*cycle.players, cycle.players[0]))}: "
            f"{'not published' if cycle.amount_usd is None else number(cycle.amount_usd, 'USD')}"
            for cycle in one.cycles
        ]
        more = [f"{len(cycles) - LISTED} more with --json"] if len(cycles) > LISTED else []
        part = share(one.share) if one.sales_usd else "–"
        yearly = answer.circular_over_revenue.get(one.supplier)
        year = share(yearly) if yearly else "–"
        rows.append((one.supplier, _usd(one.sales_usd), part, year, "\n".join([*cycles[:LISTED], *more])))
    headers = ("supplier", "contracted\nsales", "its own\nmoney", "over a year's\nrevenue", "cycles")
    return grid_table("Sales that a supplier financed itself", headers, rows, " rrr ")


def _edges(answer: ContagionAnswer) -> RenderableType:
    rows = [
        (
            f"{edge.payer} → {edge.payee}",
            edge.kind,
            _usd(edge.supply_usd + edge.interest_usd),
            _usd(edge.maturing_usd),
            _usd(edge.contingent_usd),
            edge.cancelable,
        )
        for edge in answer.edges
    ]
    headers = ("who pays whom", "kind", "due", "matures", "contingent", "cancelable")
    return grid_table(f"Deals in clearing, {answer.year}", headers, rows, "  rrr ")


def _left_out(answer: ContagionAnswer) -> RenderableType:
    counts = Counter(
        "counted in another deal" if one.reason.startswith("counted in") else one.reason for one in answer.left_out
    )
    rows = [(f"{count:,}", reason) for reason, count in counts.most_common()]
    return grid_table(f"Deals left out: {len(answer.left_out)}", ("deals", "why"), rows, "r ")


def _sources(answer: ContagionAnswer, sources: Mapping[str, Cited]) -> RenderableType:
    rows = [
        (citation.title, "\n".join(citation.links), citation.kinds, citation.as_of)
        for citation in citations(answer.figures, sources)
    ]
    return grid_table("Sources", ("source", "address", "kind", "as of"), rows)


def footer(answer: ContagionAnswer) -> str:
    """Say what made the answer, so that it can be made again."""
    changed = f", changed by overlays: {'; '.join(answer.catalog_overrides)}" if answer.catalog_overrides else ""
    return f"Tenfold {answer.tenfold_version}, catalog {answer.catalog_version}{changed}, seed {answer.seed}."
