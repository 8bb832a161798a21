"""The report of the race: who has what when, what binds whom, what cases change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from tenfold.race import CaseAnswer, Fan, RaceAnswer
from tenfold.reports import wording
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.charts import Axis, Line, columns, heat, lines
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.race_cases import cases, each_case
from tenfold.reports.race_numbers import BASE, CHANCES, EXIT, NUMBERS, named, shown, spread_of
from tenfold.reports.report import Report, Section, Table

LEAST_ERROR = 1e-6
"""Errors below it are rounding."""
LARGEST = 6
"""Players and users that are drawn; tables have all."""
TOPICS: Topics = {
    "cases.*.end.*": Topic(unit="", words="a number of the world in the last quarter, over the draws"),
    "cases.*.against_base.*": Topic(unit="", words="the last quarter of the case less that of the base, draw by draw"),
    "cases.*.against_base_by_year.*": Topic(unit="", words="the same at the end of each year and of the last quarter"),
    "cases.*.world.*": Topic(unit="", words="a number of the world quarter by quarter, over the draws"),
    "cases.*.players.*": Topic(
        unit="", words="an owner of chips at the end of each year and of the last quarter, over the draws"
    ),
    "cases.*.users.*": Topic(
        unit="", words="who trains models, at the end of each year and of the last quarter, over the draws"
    ),
    "cases.*.trajectories.*": Topic(unit="", words="a number of the world in each quarter, draw by draw"),
    "cases.*.chances.*": Topic(unit="share", words="share of draws in which it happens"),
    "cases.*.exit_quarter": Topic(
        unit="", words="quarters after which all fleets earn less to the end than they cost at the prices paid for them"
    ),
    "ten_times.*": Topic(unit="", words="what ten times the compute changes"),
}


def verdict(answer: RaceAnswer) -> str:
    """Answer in one sentence."""
    base, last = answer.cases[BASE], answer.quarters[-1]
    largest = max(base.players, key=lambda player: base.players[player].h100e.p50[-1])
    total, five = base.end["h100e"], base.end["cr5"]
    low, middle, high = (shown(value, "count") for value in (total.p10, total.p50, total.p90))
    return (
        f"{answer.title}: {middle} H100e in {last} ({low}–{high}), "
        f"{wording.share(five.p50)} with the five largest, {largest} first"
    )


def report(answer: RaceAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold race",
        question=f"Who has which compute when, from {answer.start.isoformat()} on?",
        verdict=verdict(answer),
        good=True,
        made=answer.made,
        cards=tuple(_cards(answer.cases[BASE])),
        sections=tuple(_sections(answer)),
        notes=(*answer.notes, _surfaces(answer)),
        assumptions=answer.assumptions,
        figures=answer.figures,
    )


def _surfaces(answer: RaceAnswer) -> str:
    said = (
        f"{wording.label(name)} {wording.share(error) if error >= LEAST_ERROR else 'none'}"
        for name, error in answer.surfaces.items()
    )
    return f"What other rooms decide comes through fitted surfaces; their largest error: {', '.join(said)}"


def _cards(base: CaseAnswer) -> Iterator[Card]:
    for number in ("h100e", "cr5", "china_lag_months", "us_run_flop"):
        unit, path = NUMBERS[number][1], f"cases.{BASE}.end.{number}"
        yield spread_card(named(number, base), base.end[number], partial(shown, unit=unit), path)


def _sections(answer: RaceAnswer) -> Iterator[Section]:
    base = answer.cases[BASE]
    yield _world(answer, base)
    yield _fleets(answer, base)
    yield _when(base)
    yield _models(answer, base)
    yield _binding(answer, base)
    yield _chances(answer)
    if len(answer.cases) > 1:
        yield cases(answer)
        yield each_case(answer)
    yield _drivers(base)
    yield _ten_times(answer)


def _fan(name: str, fan: Fan) -> Line:
    steps = [float(place) for place in range(len(fan.p50))]
    return Line(name=name, x=steps, y=fan.p50, low=fan.p10, high=fan.p90)


def _world(answer: RaceAnswer, base: CaseAnswer) -> Section:
    quarters = Axis(name="quarter", steps=answer.quarters)
    charts = tuple(
        lines(
            f"world-{number}",
            NUMBERS[number][0],
            [_fan(NUMBERS[number][0], base.world[number])],
            x=quarters,
            y=Axis(name=NUMBERS[number][0], unit=NUMBERS[number][1], log=number in ("h100e", "capex_usd", "power_w")),
        )
        for number in ("h100e", "power_w", "capex_usd", "rental_usd_per_hour", "utilisation", "cr5")
    )
    rows = tuple((named(number, base), spread_of(value, NUMBERS[number][1])) for number, value in base.end.items())
    table = Table(title=f"In {answer.quarters[-1]}", headers=("number", "P50 (P10 – P90)"), rows=rows, numeric=" r")
    return Section(title="The world", lead="Base case, over all draws.", tables=(table,), charts=charts, first=True)


def _largest(base: CaseAnswer) -> list[str]:
    return sorted(base.players, key=lambda player: -base.players[player].h100e.p50[-1])


def _fleets(answer: RaceAnswer, base: CaseAnswer) -> Section:
    years, ordered = Axis(name="end of", steps=answer.years), _largest(base)
    fans = [_fan(player, base.players[player].h100e) for player in ordered[:LARGEST]]
    shares = {
        year: {player: base.players[player].share.p50[place] for player in ordered}
        for place, year in enumerate(answer.years)
    }
    charts = (
        lines("fleets", "H100e of the largest players", fans, x=years, y=Axis(name="H100e", unit="count", log=True)),
        columns("shares", "Shares of all H100e, medians", shares, "share", note="Medians need not add up to 100 %."),
    )
    rows = tuple(
        (player, _triple(each.h100e, "count"), _last(each.power_w, "W"), _last(each.share, "share"),
         _last(each.spending_usd, "USD"), wording.share(each.failure))
        for player, each in ((player, base.players[player]) for player in ordered)
    )  # fmt: skip
    headers = ("player", "H100e", "power", "share", "chips bought", "fails in")
    table = Table(title=f"At the end of {answer.years[-1]}", headers=headers, rows=rows, numeric=" rrrrr")
    return Section(title="Fleets", tables=(table,), charts=charts)


def _triple(fan: Fan, unit: str) -> str:
    return f"{shown(fan.p50[-1], unit)} ({shown(fan.p10[-1], unit)} – {shown(fan.p90[-1], unit)})"


def _last(fan: Fan, unit: str) -> str:
    return shown(fan.p50[-1], unit)


def _when(base: CaseAnswer) -> Section:
    sizes = list(next(iter(base.players.values())).reaches)
    rows = tuple(
        (player, *(
            "–" if reach.chance == 0 else f"{reach.middle or 'later'} ({wording.share(reach.chance)})"
            for reach in base.players[player].reaches.values()))
        for player in _largest(base)
    )  # fmt: skip
    headers = ("player", *(wording.label(size).replace("h100e", "H100e").replace("gw", "GW") for size in sizes))
    table = Table(headers=headers, rows=rows, numeric=" " + "r" * len(sizes))
    lead = "Quarter by which half of the draws have reached it, and the share of draws that do at all."
    return Section(title="Who reaches what when", lead=lead, tables=(table,))


def _models(answer: RaceAnswer, base: CaseAnswer) -> Section:
    years = Axis(name="end of", steps=answer.years)
    ordered = sorted(base.users, key=lambda user: -base.users[user].run_flop.p50[-1])
    runs = [_fan(user, base.users[user].run_flop) for user in ordered[:LARGEST]]
    lags = [_fan(user, base.users[user].lag_months) for user in ordered]
    charts = (
        lines("runs", "Largest runs", runs, x=years, y=Axis(name="FLOP", unit="FLOP", log=True)),
        lines("lags", "Months behind the leader", lags, x=years, y=Axis(name="months")),
    )
    rows = tuple(
        (user, _last(each.h100e, "count"), _last(each.run_flop, "FLOP"), _last(each.index, "1"),
         _triple(each.lag_months, "1"), _last(each.rounds_per_year, "1"))
        for user, each in ((user, base.users[user]) for user in ordered)
    )  # fmt: skip
    headers = ("user", "H100e", "largest run", "index", "months behind", "such runs a year")
    table = Table(title=f"At the end of {answer.years[-1]}", headers=headers, rows=rows, numeric=" rrrrr")
    lead = "Who trains, on shares of the fleets of owners; ten times the effective compute is always as many points."
    return Section(title="Runs and capability", lead=lead, tables=(table,), charts=charts)


def _binding(answer: RaceAnswer, base: CaseAnswer) -> Section:
    """What binds each player most often in each quarter."""
    most = {
        player: [_most(each.binding, place) for place in range(len(answer.quarters))]
        for player, each in base.players.items()
    }
    chart = heat("binding", "What binds whom most often", most, answer.quarters)
    picked = range(0, len(answer.quarters), max(len(answer.quarters) // 8, 1))
    rows = tuple((player, *(cells[place] for place in picked)) for player, cells in most.items())
    table = Table(headers=("player", *(answer.quarters[place] for place in picked)), rows=rows)
    lead = "The constraint that leaves a player least of what it wants, in most draws; none where nothing does."
    return Section(title="What binds", lead=lead, tables=(table,), charts=(chart,), full=True)


def _most(binding: Mapping[str, Sequence[float]], place: int) -> str:
    return max(binding, key=lambda what: binding[what][place])


def _chances(answer: RaceAnswer) -> Section:
    base = answer.cases[BASE]
    pairs = tuple((words, wording.share(base.chances[name])) for name, words in CHANCES.items())
    left, quarters = spread_of(base.exit_quarter, "1"), len(answer.quarters)
    return Section(
        title="Chances",
        lead="Base case: shares of draws in which something happens within the quarters.",
        pairs=(*pairs, (f"{EXIT}, of {quarters}", left)),
    )


def _drivers(base: CaseAnswer) -> Section:
    rows = tuple((NUMBERS[each.result][0], each.parameter, f"{each.rank_correlation:+.2f}") for each in base.drivers)
    table = Table(headers=("result", "parameter", "rank correlation"), rows=rows, numeric="  r")
    return Section(title="What moves the answer", lead="Parameters, by rank correlation over draws.", tables=(table,))


def _ten_times(answer: RaceAnswer) -> Section:
    ten = answer.ten_times
    pairs = (
        ("Ten times the effective compute", f"{spread_of(ten.points, '1')} points"),
        *(
            (f"The largest run so far on {int(size):,} H100e", f"{months:.2g} months")
            for size, months in ten.months.items()
        ),
        *((f"Failures a day on {int(size):,}", f"{count:.1f}") for size, count in ten.failures_per_day.items()),
        ("Tasks done where a model does half", f"{wording.share(ten.success['10x'])} with ten times the compute"),
    )
    lead = "Whether ten times the compute is another kind of thing: what only the larger can do."
    return Section(title="Ten times", lead=lead, pairs=pairs, notes=ten.only_larger)
