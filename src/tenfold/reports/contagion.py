"""The report of who cannot pay whom: players, scenarios, draws, what breaks a second firm, the deals behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tenfold.planning.contagion import BreakingPoint, Cleared, ContagionAnswer, DrawnAnswer, ScenarioAnswer
from tenfold.reports import wording
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.charts import Chart, spans, stacked
from tenfold.reports.deals import Names, circles, left_out, some, usd, who_pays_whom
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Report, Section, Table, Terms

LISTED = 6
"""Names in one cell at most."""
SHOCKS: Mapping[str, str] = {
    "revenue_miss": "a revenue miss",
    "supplier_halt": "a halt",
    "chip_price_fall": "a fall of chip prices",
    "refinancing_stop": "a stop of refinancing",
}
TOPICS: Topics = {
    "scenarios.*.cleared.*.unpaid_usd": Topic(
        unit="USD", words="what players do not pay: losses of others and what backstops pay",
        terms="scenarios.*.cleared.*.borne_usd",
    ),
    "scenarios.*.cleared.*.borne_usd": Topic(unit="USD", words="losses by player, and what backstops pay"),
    "scenarios.*.debtrank": Topic(unit="share", words="claims distressed beyond the shock itself, of all claims"),
    "drawn.failures": Topic(unit="", words="players that fail in a random scenario, cleared with costs of default"),
    "drawn.unpaid_usd": Topic(unit="USD", words="what is not paid in a random scenario, cleared with costs of default"),
    "drawn.credit_loss_usd": Topic(unit="USD", words="what a player does not receive in a random scenario"),
    "breaking_points.0.second": Topic(unit="share", words="the smallest single shock that breaks a second firm"),
    "breaking_points.*": Topic(unit="share", words="size of the shock at which the first and the second firm fail"),
    "players.*": Topic(unit="USD", words="books of the year without a shock"),
}  # fmt: skip


def verdict(answer: ContagionAnswer) -> str:
    """Answer in one sentence: the smallest shock that breaks a second firm, or that none does."""
    said, due = _broken(answer), answer.due
    if not due.thin:
        return said
    most = f"{usd(due.fullest_usd)} in {due.fullest_year}"
    return f"{said}. That is no sign of safety: {usd(due.usd)} is signed for {answer.year}, {most}"


def _broken(answer: ContagionAnswer) -> str:
    calm = tuple(each.player for each in answer.fails_without_shock)
    if calm:
        return f"{answer.title}: {_listed(calm)} cannot pay in {answer.year} though nothing happens"
    found = [point for point in answer.breaking_points if point.second is not None]
    if not found:
        return f"{answer.title}: no single shock breaks a second firm in {answer.year}"
    point = min(found, key=lambda one: one.second or 0.0)
    size = f" of {wording.share(point.second)}" if point.second else ", however small,"
    return f"{answer.title}: {shock_text(point)}{size} breaks {_listed(point.broken)}"


def _level(answer: ContagionAnswer, level: float | None, firms: int) -> str:
    """Size of a shock that breaks so many firms; some fail without one, some at any."""
    if level is None:
        return "never"
    if level > 0.0:
        return wording.share(level)
    return "fails without" if len(answer.fails_without_shock) >= firms else "any"


def shock_text(point: BreakingPoint, names: Names | None = None) -> str:
    """Name a shock: "a revenue miss at openai", with the player as ``names`` has it."""
    player = (names or {}).get(point.player, point.player)
    where = f" at {player}" if player else " of everybody" if point.shock == "revenue_miss" else ""
    return SHOCKS[point.shock] + where


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more


def report(answer: ContagionAnswer) -> Report:
    """Turn the answer into a report."""
    names = {player.key: player.name for player in answer.players}
    return Report(
        title="Tenfold contagion",
        question=f"Who cannot pay whom in {answer.year}, when somebody misses?",
        verdict=verdict(answer),
        good=not (answer.fails_without_shock or answer.due.thin)
        and all(point.second is None for point in answer.breaking_points),
        made=answer.made,
        cards=_cards(answer),
        sections=tuple(_sections(answer, names)),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
    )


def _cards(answer: ContagionAnswer) -> tuple[Card, ...]:
    if not answer.breaking_points and answer.drawn is None:
        return ()
    first = answer.breaking_points[:1]
    breaks = tuple(
        Card(
            name="Smallest shock that breaks a second firm",
            value="none" if point.second is None else _level(answer, point.second, 2),
            path="breaking_points.0.second",
        )
        for point in first
    )
    if answer.drawn is None:
        return breaks
    count = f"{answer.drawn.count:,} draws"
    failing = spread_card(f"Players that fail, {count}", answer.drawn.failures, lambda value: f"{value:.0f}",
                          "drawn.failures")  # fmt: skip
    unpaid = spread_card(f"Unpaid in {answer.year}, USD, {count}", answer.drawn.unpaid_usd, usd, "drawn.unpaid_usd")
    return (failing, unpaid, *breaks)


def _sections(answer: ContagionAnswer, names: Names) -> Iterator[Section]:
    if answer.stated:
        yield _stated(answer)
    if answer.fails_without_shock:
        yield _calm(answer, names)
    yield _players(answer)
    if answer.scenarios:
        yield _scenarios(answer, names)
        yield _borne(answer, names)
        yield _stress(answer, names)
    if answer.drawn is not None:
        yield _losses(answer, answer.drawn, names)
    if answer.breaking_points:
        yield _reverse(answer, names)
    yield who_pays_whom(answer, names)
    if answer.circularity:
        yield circles(answer, names)
    yield left_out(answer)


def _stated(answer: ContagionAnswer) -> Section:
    rows = tuple(
        (named.name.removeprefix("question/"), wording.figure_value(named), named.figure.source)
        for named in answer.stated
    )
    table = Table(headers=("input", "value", "source"), rows=rows, numeric=" r ")
    return Section(title="As you said", lead="In place of the catalog, or beside it.", tables=(table,))


def _calm(answer: ContagionAnswer, names: Names) -> Section:
    """Who fails though nothing happens."""
    rows = tuple((names.get(each.player, each.player), usd(each.unpaid_usd)) for each in answer.fails_without_shock)
    table = Table(headers=("player", "unpaid"), rows=rows, numeric=" r")
    lead = "Means and receipts do not cover what is due even if everybody else pays; shocks come on top."
    return Section(title="Fails without a shock", lead=lead, tables=(table,))


def _players(answer: ContagionAnswer) -> Section:
    """What each player has and owes in the year, the largest debtor first."""
    rows = tuple(
        (
            player.name,
            "–" if player.revenue_usd is None else some(player.revenue_usd),
            some(player.cash_usd + player.income_usd),
            some(player.funding_usd),
            some(player.receipts_usd),
            some(player.due_usd),
            "–" if player.revenue_coverage is None else _times(player.revenue_coverage),
        )
        for player in sorted(answer.players, key=lambda one: -one.due_usd)
    )
    headers = ("player", "revenue", "own means", "funding assumed", "to receive", "due", "revenue over due")
    table = Table(headers=headers, rows=rows, numeric=" rrrrrr")
    return Section(title=f"Players in {answer.year} without a shock ({answer.currency})", tables=(table,))


def _times(value: float) -> str:
    return f"{value:,.0f}×" if value >= 10 else f"{value:.2g}×"


def _scenarios(answer: ContagionAnswer, names: Names) -> Section:
    rows = tuple(row for scenario in answer.scenarios for cleared in scenario.cleared
                 for row in _failure_rows(scenario, cleared, names))  # fmt: skip
    headers = ("scenario", "clearing", "round", "fails", f"unpaid, {answer.currency}")
    lead = (
        "A player of round 1 fails though all others pay; one of a later round because others did not. "
        "Eisenberg and Noe clear without costs of default, Rogers and Veraart with them."
    )
    table = Table(headers=headers, rows=rows, numeric="  r r")
    return Section(title="Order of failure", lead=lead, tables=(table,))


def _failure_rows(scenario: ScenarioAnswer, cleared: Cleared, names: Names) -> Iterator[tuple[str, ...]]:
    if not cleared.failures:
        yield (scenario.name, cleared.method, "–", "nobody", "–")
    for failure in cleared.failures:
        who = names.get(failure.player, failure.player)
        yield (scenario.name, cleared.method, f"{failure.round}", who, usd(failure.unpaid_usd))


def _borne(answer: ContagionAnswer, names: Names) -> Section:
    """Who bears what is not paid, cleared with costs of default; scenarios in which all is paid have no terms."""
    terms = tuple(
        Terms(title=f"{scenario.name}, {cleared.method}", values=cleared.borne_usd, unit="USD",
              headline=f"scenarios.{place}.cleared.{way}.unpaid_usd")
        for place, scenario in enumerate(answer.scenarios)
        for way, cleared in [*enumerate(scenario.cleared)][-1:]
        if cleared.borne_usd
    )  # fmt: skip
    lost = {scenario.name: _by_name(scenario.cleared[-1].borne_usd, names) for scenario in answer.scenarios}
    charts: tuple[Chart, ...] = ()
    if terms:
        note = f"By {answer.scenarios[0].cleared[-1].method}."
        charts = (stacked("borne", "Who bears what is not paid", lost, "USD", column_name="scenario", note=note),)
    lead = "" if terms else "Nothing is left unpaid."
    return Section(title=f"Who bears what is not paid ({answer.currency})", lead=lead, terms=terms, charts=charts)


def _by_name(borne: Mapping[str, float], names: Names) -> Mapping[str, float]:
    backstop = "backstop of "
    return {
        backstop * key.startswith(backstop) + names.get(bare := key.removeprefix(backstop), bare): value
        for key, value in borne.items()
    }


def _stress(answer: ContagionAnswer, names: Names) -> Section:
    """DebtRank, which counts stress short of default, beside clearing."""
    ranks = {scenario.name: {"claims distressed": scenario.debtrank} for scenario in answer.scenarios}
    note = "Share of all claims, beyond the shock itself."
    chart = spans("debtrank", "DebtRank: claims distressed", ranks, "share", name="scenario", note=note)
    tables = tuple(_stress_table(scenario, answer.currency, names) for scenario in answer.scenarios)
    lead = "Clearing counts what is not paid; DebtRank also counts worth that is lost without a default."
    return Section(title="Clearing and DebtRank", lead=lead, charts=(chart,), tables=tables, full=True)


def _stress_table(scenario: ScenarioAnswer, currency: str, names: Names) -> Table:
    losses = [cleared.credit_loss_usd for cleared in scenario.cleared]
    touched = dict.fromkeys(key for column in (scenario.distress, scenario.means_lost_usd, *losses) for key in column)
    rows = tuple(
        (
            names.get(key, key),
            some(scenario.means_lost_usd.get(key, 0.0)),
            *(some(loss.get(key, 0.0)) for loss in losses),
            wording.share(scenario.distress.get(key, 0.0)),
        )
        for key in touched
    )
    methods = (f"loss, {cleared.method}" for cleared in scenario.cleared)
    headers = ("player", "means lost to the shock", *methods, "DebtRank")
    title = f"{scenario.name}, {currency}: {wording.share(scenario.debtrank)} of claims distressed"
    return Table(title=title, headers=headers, rows=rows, numeric=" " + "r" * len(headers))


def _losses(answer: ContagionAnswer, drawn: DrawnAnswer, names: Names) -> Section:
    losses = {
        names.get(key, key): {"P10": loss.p10, "P50": loss.p50, "P90": loss.p90}
        for key, loss in sorted(drawn.credit_loss_usd.items(), key=lambda item: -item[1].p50)
    }
    title = f"What players do not receive in {answer.year}, {answer.currency}"
    charts = (spans("losses", title, losses, "USD", name="player"),) if losses else ()
    lead = "Random scenarios, cleared with the costs of default: a question, not a forecast."
    return Section(title="Losses by player", lead=lead, charts=charts, tables=(_drawn_table(answer, drawn, names),))


def _drawn_table(answer: ContagionAnswer, drawn: DrawnAnswer, names: Names) -> Table:
    """How often each player fails and what it loses."""
    rows = []
    for key in dict.fromkeys([*drawn.default_probability, *drawn.credit_loss_usd]):
        loss, chance = drawn.credit_loss_usd.get(key), drawn.default_probability.get(key)
        middle, ends = ("–", "–") if loss is None else (usd(loss.p50), wording.number_between(loss, "USD"))
        rows.append((names.get(key, key), "–" if chance is None else wording.likely(chance), middle, ends))
    failing = f"{drawn.failures.p50:.0f} fail ({drawn.failures.p10:.0f}–{drawn.failures.p90:.0f})"
    title = f"{drawn.count:,} draws: {failing}; losses in {answer.currency}"
    return Table(title=title, headers=("player", "fails in", "loss", "P10–P90"), rows=tuple(rows), numeric=" rrr")


def _reverse(answer: ContagionAnswer, names: Names) -> Section:
    marks = {}
    for point in answer.breaking_points:
        ends = {"breaks one at": point.first, "breaks a second at": point.second}
        found = {name: value for name, value in ends.items() if value is not None}
        if found:
            marks[shock_text(point, names)] = found
    title, colours = "Smallest shock that breaks one firm, and a second", ("var(--c2)", "var(--c4)")
    charts = (spans("reverse", title, marks, "share", colours=colours, name="shock"),) if marks else ()
    rows = tuple(
        (
            shock_text(point, names),
            _level(answer, point.first, 1),
            _level(answer, point.second, 2),
            _listed(tuple(names.get(key, key) for key in point.broken)) or "–",
        )
        for point in answer.breaking_points
    )
    headers = ("shock", "breaks one at", "breaks a second at", "who, in order")
    table = Table(headers=headers, rows=rows, numeric=" rr ")
    lead = "Smallest shock that breaks a second firm, as a share; one that breaks nobody is in the table only."
    return Section(title="Reverse stress", lead=lead, charts=charts, tables=(table,))
