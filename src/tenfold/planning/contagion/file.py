"""The contagion file: TOML that a person writes, read into a ``Question`` with every problem shown at once."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from tenfold.catalog import Catalog, Deal, Player
from tenfold.catalog.deals import contract_problems
from tenfold.catalog.names import NameIndex
from tenfold.catalog.reading import read_toml
from tenfold.planning.contagion.question import ASSUMPTIONS, Draws, GivenMoney, Question, Scenario
from tenfold.planning.contagion.reader import ContagionReader, Tree
from tenfold.planning.contagion.template import DEFAULT_QUESTION
from tenfold.quantities import YEAR_S, Figure, Fixed, InputError, NamedFigure, Problem, parse_quantity, shown

MONEY = ("revenue", "cash", "equity", "debt")
"""Figures of a player that a file may give in place of the catalog's."""
FACTORS = ("cash_cover", "loan_to_value_limit")
"""Assumptions that may be above 1."""


def read_contagion(path: Path | str | None, catalog: Catalog) -> Question:
    """Read a contagion file, or the default question where ``path`` is None.

    Raises one ``InputError`` with a ``Problem`` for everything that is wrong with the file.
    """
    import tomllib

    from tenfold.catalog.structure import read_structure
    from tenfold.planning.contagion.schema import ContagionDocument

    file, problems = str(path or "the default question"), list[Problem]()
    if path is not None and ("\0" in file or not Path(path).is_file()):
        remedy = "Name a contagion file, or none for the deals of the catalog"
        raise InputError(Problem(file=shown(file)[1:-1], key="", wrong="no such file", remedy=remedy))
    tree = tomllib.loads(DEFAULT_QUESTION) if path is None else read_toml(Path(path), file, problems)
    if problems:
        raise InputError(problems)
    read_structure(ContagionDocument, tree, lambda _: file, problems)
    base = catalog.players if tree.get("network") == "default" else {}
    reader = ContagionReader(file, tree, NameIndex("player", "players", {}), problems)
    players, given = _players(reader, base)
    reader.index = NameIndex.of("player", "players", players.values(), {})
    deals = _deals(reader, catalog.deals if base else {})
    question = Question(
        title=str(tree.get("title", "")) or "Financing network",
        year=tree["year"] if isinstance(tree.get("year"), int) else 2000,
        seed=tree["seed"] if isinstance(tree.get("seed"), int) else 0,
        assumptions=_assumptions(reader, catalog),
        players=players,
        given=given,
        deals=deals,
        scenarios=tuple(_scenarios(reader, players)),
        draws=_draws(reader, players),
    )
    if not deals:
        reader.say("edges", "there is no edge", "Write [[edges]], or network = 'default'")
    if reader.problems:
        raise InputError(dict.fromkeys(reader.problems))
    return question


def _players(reader: ContagionReader, base: Mapping[str, Player]) -> tuple[dict[str, Player], dict[str, GivenMoney]]:
    """Players of the catalog with those of the file over them, and what the file says of costs and funding."""
    players, given = dict(base), {}
    known = NameIndex.of("player", "players", base.values(), {})
    for place, table in reader.tables("players"):
        name = table.get("key")
        if not isinstance(name, str):
            continue
        key = known.key(name) if _has(known, name) else name
        if key in given:
            reader.say(f"{place}.key", f"'{name}' is given twice", "Keep one of them")
        old = players.get(key) or Player(key=key, name=str(table.get("name") or name), kind="other", file=reader.file)
        amounts = {part: reader.dollars(f"{place}.{part}", table.get(part)) for part in MONEY}
        figures = {
            part: _figure(reader, amount, "USD", str(table.get("source", "")))
            for part, amount in amounts.items()
            if amount is not None
        }
        kind = table.get("kind")
        players[key] = replace(old, **figures, kind=kind if isinstance(kind, str) else old.kind)  # type: ignore[arg-type]
        given[key] = GivenMoney(
            revenue_usd=amounts["revenue"],
            costs_usd=reader.dollars(f"{place}.costs", table.get("costs")),
            funding_usd=reader.dollars(f"{place}.funding", table.get("funding")),
        )
    return players, given


def _has(index: NameIndex, name: str) -> bool:
    from tenfold.catalog.names import normal

    return normal(name) in index.keys


def _figure(reader: ContagionReader, value: float, unit: str, source: str = "") -> Figure:
    """A figure that the file gives: an assumption of its writer unless it names a source."""
    year = reader.tree.get("year")
    day = datetime.date(year if isinstance(year, int) and 1 <= year <= 9999 else 2000, 1, 1)
    return Figure(
        value=value,
        unit=unit,
        kind="quote" if source else "assumption",
        source=source or Path(reader.file).name,
        as_of=day,
        note=f"given in {Path(reader.file).name}",
    )


def _assumptions(reader: ContagionReader, catalog: Catalog) -> dict[str, NamedFigure]:
    found = {}
    for key in ASSUMPTIONS:
        name = f"assumptions/contagion.{key}"
        value = reader.share(key, reader.tree.get(key), most=10.0 if key in FACTORS else 1.0)
        if key == "loan_to_value" and value == 0.0:
            reader.say(key, "debt cannot be none of the chips' value", "Write a share such as '85 %'")
        figure = catalog.assumption(f"contagion.{key}", "1") if value is None else _figure(reader, value, "1")
        found[key] = NamedFigure(name=name, figure=figure)
    return found


def _deals(reader: ContagionReader, base: Mapping[str, Deal]) -> dict[str, Deal]:
    deals, here = dict(base), set[str]()
    for place, table in reader.tables("edges"):
        if reader.known_wrong(place):
            continue
        deal = _deal(reader, place, table)
        if deal.key in here:
            reader.say(f"{place}.key", f"'{deal.key}' is given twice", "Keep one of them")
        here.add(deal.key)
        if not reader.known_wrong(place):
            for key, wrong, remedy in contract_problems(deal):
                reader.say(f"{place}.{key}", wrong, remedy)
        deals[deal.key] = deal
    return deals


def _deal(reader: ContagionReader, place: str, table: Tree) -> Deal:
    """Make the deal of one table; problems are told by the reader."""
    schedule, years = _schedule(reader, f"{place}.schedule", table.get("schedule", _usual_schedule(table)))
    starts = reader.date(f"{place}.starts", table.get("starts"))
    year = reader.tree.get("year")
    day = datetime.date(year if isinstance(year, int) and 1 <= year <= 9999 else 2000, 1, 1)
    term = reader.read(f"{place}.term", table.get("term"), lambda raw: parse_quantity(raw, "s", negative=True) / YEAR_S)
    return Deal(
        key=table["key"],
        payer=reader.player(f"{place}.from", table["from"]) or "",
        payee=reader.player(f"{place}.to", table["to"]) or "?",
        kind=table["kind"],
        amount_usd=reader.dollars(f"{place}.amount", table.get("amount")),
        signed=reader.date(f"{place}.signed", table.get("signed")) or starts or day,
        status=table.get("status", "in-force"),
        source=table.get("source", "") or Path(reader.file).name,
        starts=starts,
        ends=reader.date(f"{place}.ends", table.get("ends"), end=True),
        term_years=term,
        cancelable=table.get("cancelable", "unknown"),
        cancelable_from=reader.date(f"{place}.cancelable_from", table.get("cancelable_from")),
        schedule=schedule,
        due_by_year_usd=years,
        rate_per_year=reader.share(f"{place}.rate", table.get("rate")),
        shares=reader.read(f"{place}.shares", table.get("shares"), lambda raw: parse_quantity(raw, "1")),
        figure_kind="quote" if table.get("source") else "assumption",
        note=table.get("note", "") or f"given in {Path(reader.file).name}",
        file=reader.file,
    )


def _usual_schedule(table: Tree) -> str:
    """The same every day, where it is known from when to when."""
    return "level" if "starts" in table and ("ends" in table or "term" in table) else ""


def _schedule(reader: ContagionReader, key: str, raw: object) -> tuple[str, dict[int, float]]:
    if not isinstance(raw, dict):
        return str(raw), {}
    years = {}
    for name, amount in raw.items():
        value = reader.dollars(f"{key}.{name}", amount)
        if not (name.isdecimal() and len(name) == 4):
            reader.say(f"{key}.{name}", f"{shown(name)} is no year", "Write a year such as 2027")
        elif value is not None:
            years[int(name)] = value
    return "", years


def _scenarios(reader: ContagionReader, players: Mapping[str, Player]) -> Iterator[Scenario]:
    names = set[str]()
    for place, table in reader.tables("scenarios"):
        name = str(table.get("name", ""))
        if name in names:
            reader.say(f"{place}.name", f"{shown(name)} is given twice", "Give it another name")
        names.add(name)
        miss, halt = (
            {
                player: value
                for player, key, raw in _by_player(reader, place, table, part, players)
                if (value := reader.share(key, raw)) is not None
            }
            for part in ("revenue_miss", "supplier_halt")
        )
        yield Scenario(
            name=name,
            revenue_miss=miss,
            supplier_halt=halt,
            chip_price_fall=reader.share(f"{place}.chip_price_fall", table.get("chip_price_fall")) or 0.0,
            refinancing_stop=reader.share(f"{place}.refinancing_stop", table.get("refinancing_stop")) or 0.0,
        )


def _draws(reader: ContagionReader, players: Mapping[str, Player]) -> Draws | None:
    table = reader.tree.get("draws")
    if not isinstance(table, dict):
        return None
    miss, halt = (
        {
            player: found
            for player, key, raw in _by_player(reader, "draws", table, part, players)
            if (found := reader.distribution(key, raw)) is not None
        }
        for part in ("revenue_miss", "supplier_halt")
    )
    count = table.get("count", 10_000)
    return Draws(
        count=count if isinstance(count, int) else 1,
        revenue_miss=miss,
        supplier_halt=halt,
        chip_price_fall=reader.distribution("draws.chip_price_fall", table.get("chip_price_fall")) or Fixed(0.0),
        refinancing_stop=reader.distribution("draws.refinancing_stop", table.get("refinancing_stop")) or Fixed(0.0),
    )


def _by_player(
    reader: ContagionReader, place: str, table: Tree, part: str, players: Mapping[str, Player]
) -> Iterator[tuple[str, str, object]]:
    """Player, dotted key and raw value of each entry of a table by player; a miss needs revenue on record."""
    entries = table.get(part, {})
    for name, raw in entries.items() if isinstance(entries, dict) else ():
        key = f"{place}.{part}.{name}"
        player = reader.player(key, name)
        if player is None:
            continue
        if part == "revenue_miss" and players[player].revenue is None:
            reader.say(
                key, f"{player} has no revenue on record", f"Write [[players]] with key = '{player}' and revenue"
            )
            continue
        yield player, key, raw
