"""What a question states, put over the catalog: names become keys of players, and what is wrong is collected."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TypeVar

from tenfold.catalog import Deal, NameIndex, Player, contract_problems, normal
from tenfold.planning.contagion.question import Draws, Scenario, StatedDeal, StatedPlayer
from tenfold.quantities import UNREAD, YEAR_S, Figure, Problem, known, rows_in, shown

MONEY = ("revenue", "cash", "equity", "debt")
"""Figures of a player that a question may give in place of the catalog's."""
AS_ASKED = "as asked"
"""Source of what a question states without one."""
_KEYS: Mapping[str, str] = {"term_years": "term"}
"""Keys of a question where they are not those of a deal."""
Shock = TypeVar("Shock")


@dataclass(frozen=True, slots=True)
class Said:
    """The year, and what is wrong so far."""

    year: int
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, key: str, wrong: str, remedy: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(file="", key=key, wrong=wrong, remedy=remedy))

    def player(self, name: str, key: str, names: NameIndex) -> str | None:
        """Key of the player with this name; None, with the nearest name told, when nobody has it."""
        found = names.keys.get(normal(name))
        if found is None:
            self.problems.append(names.unknown(name, key=key))
        return found


def names_of(players: Mapping[str, Player]) -> NameIndex:
    """Names that players go by."""
    return NameIndex.of("player", "players", {key: (each.name, *each.aliases) for key, each in players.items()}, {})


def figure_said(value: float, unit: str, year: int, source: str = "") -> Figure:
    """A figure that a question gives: an assumption of its writer unless it names a source."""
    return Figure(
        value=value,
        unit=unit,
        kind="quote" if source else "assumption",
        source=source or AS_ASKED,
        as_of=datetime.date(year, 1, 1),
        note=AS_ASKED,
    )


def players_over(
    base: Mapping[str, Player], stated: Sequence[StatedPlayer], said: Said
) -> tuple[dict[str, Player], dict[str, StatedPlayer]]:
    """Players with those stated over them, and what is stated by key."""
    players, given, names = dict(base), dict[str, StatedPlayer](), names_of(base)
    for at, row in rows_in("players", stated):
        if not known(row.key):
            continue
        each = _readable(row)
        key = names.keys.get(normal(each.key), each.key)
        if key in given:
            said.wrong(f"{at}.key", f"{shown(each.key)} is given twice", "Keep one of them")
        old = players.get(key) or Player(key=key, name=each.name or key, kind="other")
        amounts = {name: getattr(each, f"{name}_usd") for name in MONEY}
        figures = {name: figure_said(usd, "USD", said.year, each.source)
                   for name, usd in amounts.items() if usd is not None}  # fmt: skip
        players[key] = replace(old, kind=each.kind or old.kind, **figures)  # type: ignore[arg-type]
        given[key] = each
    return players, given


def _readable(stated: StatedPlayer) -> StatedPlayer:
    """A player without what could not be read; money that could not be read is there, whatever it is."""
    unread = {each.name: 0.0 if each.name.endswith("_usd") else each.default
              for each in fields(stated) if not known(getattr(stated, each.name))}  # fmt: skip
    return replace(stated, **unread) if unread else stated  # type: ignore[arg-type]


def deals_over(base: Mapping[str, Deal], stated: Sequence[StatedDeal], names: NameIndex, said: Said) -> dict[str, Deal]:
    """Deals with those stated over them; those between unknown players are left out."""
    deals, here = dict(base), set[str]()
    for at, each in rows_in("edges", stated):
        if not known(each):
            continue
        if each.key in here:
            said.wrong(f"{at}.key", f"{shown(each.key)} is given twice", "Keep one of them")
        here.add(each.key)
        payer, payee = said.player(each.payer, f"{at}.from", names), said.player(each.payee, f"{at}.to", names)
        if payer is not None and payee is not None:
            deal = deals[each.key] = _deal(each, payer, payee, said.year)
            for key, wrong, remedy in contract_problems(deal):
                said.wrong(f"{at}.{_KEYS.get(key, key)}", wrong, remedy)
    return deals


def _deal(stated: StatedDeal, payer: str, payee: str, year: int) -> Deal:
    by_year = stated.schedule if isinstance(stated.schedule, Mapping) else {}
    return Deal(
        key=stated.key,
        payer=payer,
        payee=payee,
        kind=stated.kind,
        amount_usd=stated.amount_usd,
        signed=stated.signed or stated.starts or datetime.date(year, 1, 1),
        status=stated.status,
        source=stated.source or AS_ASKED,
        starts=stated.starts,
        ends=stated.ends,
        term_years=None if stated.term_s is None else stated.term_s / YEAR_S,
        cancelable=stated.cancelable,
        cancelable_from=stated.cancelable_from,
        schedule=stated.schedule if isinstance(stated.schedule, str) else "" if by_year else _usual_schedule(stated),
        due_by_year_usd={int(name): usd for name, usd in by_year.items()},
        rate_per_year=stated.rate_per_year,
        shares=stated.shares,
        figure_kind="quote" if stated.source else "assumption",
        note=stated.note or AS_ASKED,
    )


def _usual_schedule(stated: StatedDeal) -> str:
    """The same every day, where it is known from when to when."""
    ends = stated.ends is not None or stated.term_s is not None
    return "level" if stated.starts is not None and ends else ""


def scenarios_by_key(
    scenarios: Sequence[Scenario], players: Mapping[str, Player], names: NameIndex, said: Said
) -> tuple[Scenario, ...]:
    """Scenarios with shocks by keys of players."""
    found: dict[str, Scenario] = {}
    for at, each in rows_in("scenarios", scenarios):
        if each.name in found:
            said.wrong(f"{at}.name", f"{shown(each.name)} is given twice", "Give it another name")
        found[each.name] = replace(
            each,
            revenue_miss=_misses(each.revenue_miss, f"{at}.revenue_miss", players, names, said),
            supplier_halt=_by_key(each.supplier_halt, f"{at}.supplier_halt", names, said),
        )
    return tuple(found.values())


def draws_by_key(draws: Draws, players: Mapping[str, Player], names: NameIndex, said: Said) -> Draws:
    """Draws with shocks by keys of players."""
    return replace(
        draws,
        revenue_miss=_misses(draws.revenue_miss, "draws.revenue_miss", players, names, said),
        supplier_halt=_by_key(draws.supplier_halt, "draws.supplier_halt", names, said),
    )


def _by_key(shocks: Mapping[str, Shock], at: str, names: NameIndex, said: Said) -> dict[str, Shock]:
    """Shocks by key, in the order of keys, so that draws do not hang on the order of a file."""
    entries = shocks.items() if shocks is not UNREAD else ()
    keyed = [(said.player(name, f"{at}.{name}", names), shock) for name, shock in entries]
    return {key: shock for key, shock in sorted(keyed, key=lambda pair: pair[0] or "") if key is not None}


def _misses(
    shocks: Mapping[str, Shock], at: str, players: Mapping[str, Player], names: NameIndex, said: Said
) -> dict[str, Shock]:
    """Misses by key; only revenue on record can be missed."""
    found = _by_key(shocks, at, names, said)
    for key in found:
        if players[key].revenue is None:
            remedy = f"Write [[players]] with key = '{key}' and revenue"
            said.wrong(f"{at}.{key}", f"{key} has no revenue on record", remedy)
    return found
