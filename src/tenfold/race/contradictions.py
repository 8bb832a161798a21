"""What cannot be about a race: unknown players, overlapping bans, shares above 1, quarters out of range."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from tenfold.catalog import Catalog
from tenfold.quantities import InputError, Problem, known, rows_in, shown
from tenfold.race.casting import BASE, boundaries, slug
from tenfold.race.question import Case, ExportBan, RaceQuestion
from tenfold.race.reader import owners_in
from tenfold.race.series import covered_until, quarter_end, quarters_between
from tenfold.race.world import COUNTRY_OF_FAMILY, FAMILIES


def contradictions(question: RaceQuestion, catalog: Catalog) -> Iterator[Problem]:
    """Say everything that is wrong between fields, or against the catalog."""
    owners = owners_in(catalog)
    seen, stated_of = {BASE: "the base"}, set[str]()
    if known(question.start) and question.start > quarter_end(covered_until(catalog.observations.values()), 1):
        last = covered_until(catalog.observations.values()).isoformat()
        yield _problem("start", f"{question.start.isoformat()} lies too far after {last}, where observations end",
                       "Write an earlier day, or add observations/ to your overlay")  # fmt: skip
    for at, stated in rows_in("players", question.players):
        if known(stated.player) and stated.player not in owners:
            yield _problem(
                f"{at}.player", f"'{stated.player}' owns no chips in the race", f"Known: {', '.join(owners)}"
            )
        if known(stated.player) and stated.player in stated_of:
            yield _problem(f"{at}.player", f"'{stated.player}' is stated twice", "Write one table for each player")
        stated_of |= {stated.player} if known(stated.player) else set()
        if known(stated.regions) and sum(stated.regions.values()) > 1.0 + 1e-9:
            total = sum(stated.regions.values())
            yield _problem(f"{at}.regions", f"the shares add up to {total:g}, above 1", "Lower one of them")
    for at, case in rows_in("cases", question.cases):
        yield from _named(case, seen, at)
        yield from _of_case(case, question, catalog, owners, at)


def _named(case: Case, seen: dict[str, str], at: str) -> Iterator[Problem]:
    """A name whose key is another's, or none; ``seen`` are the names before by their keys."""
    if not known(case.name):
        return
    key, other = slug(case.name), seen.get(slug(case.name))
    if not key:
        yield _problem(f"{at}.name", f"{shown(case.name)} has no letter and no digit", "Write a name with one")
    elif other is not None:
        yield _problem(f"{at}.name", f"{shown(case.name)} is called '{key}', as {other} is", "Give each its own name")
    seen.setdefault(key, shown(case.name))


def _problem(key: str, wrong: str, remedy: str) -> Problem:
    return Problem(file="", key=key, wrong=wrong, remedy=remedy)


def _of_case(
    case: Case, question: RaceQuestion, catalog: Catalog, owners: tuple[str, ...], at: str
) -> Iterator[Problem]:
    yield from _quarters(case, question, at)
    yield from _overlaps(case, at)
    yield from _taken_twice(case, at)
    countries = sorted({catalog.player(owner).country for owner in owners})
    for place, ban in rows_in(f"{at}.export_bans", case.export_bans):
        families = ban.families if known(ban.families) else ()
        makers = {COUNTRY_OF_FAMILY[family] for family in families}
        abroad = ", ".join(country for country in countries if country not in makers)
        if known(ban.country) and ban.country not in countries:
            wrong = f"no player of the race is of {shown(ban.country)}"
            yield _problem(f"{place}.country", wrong, f"Known: {abroad}")
        yield from _of_its_own(ban, families, abroad, place)
    for player in case.strategies if known(case.strategies) else ():
        if player not in owners:
            yield _problem(f"{at}.strategies.{player}", f"'{player}' owns no chips in the race",
                           f"Known: {', '.join(owners)}")  # fmt: skip
    for place, merger in rows_in(f"{at}.mergers", case.mergers):
        if known(merger.buyer, merger.bought):
            yield from _merger(merger.buyer, merger.bought, catalog, owners, place)
    if known(case.maturity) and known(case.custom_silicon) and case.custom_silicon and "custom" in case.maturity:
        yield _problem(f"{at}.custom_silicon", "the maturity of custom silicon is given too", "Keep one of them")


def _of_its_own(ban: ExportBan, families: Sequence[str], abroad: str, at: str) -> Iterator[Problem]:
    """Chips that do not reach the players of their makers' own country: no export rule says that."""
    own = [family for family in families if COUNTRY_OF_FAMILY[family] == ban.country]
    if own and known(ban.country):
        yield _problem(
            f"{at}.country",
            f"{' and '.join(own)} are made by firms of {ban.country} itself; a rule on exports does not bar them there",
            f"Name a country that they are exported to ({abroad}), or use interruptions for chips that nobody gets",
        )


def _merger(buyer: str, bought: str, catalog: Catalog, owners: tuple[str, ...], at: str) -> Iterator[Problem]:
    names = []
    for key, name in (("buyer", buyer), ("bought", bought)):
        if name in FAMILIES:
            names.append(name)
            continue
        try:
            names.append(catalog.key_of("players", name))
        except InputError as trouble:
            yield _problem(f"{at}.{key}", trouble.problems[0].wrong, trouble.problems[0].remedy)
            continue
        if names[-1] not in owners:
            yield _problem(f"{at}.{key}", f"'{name}' owns no chips in the race", f"Known: {', '.join(owners)}")
    if len(names) == 2 and names[0] == names[1]:
        yield _problem(f"{at}.bought", f"'{bought}' takes over itself", "Name another")
    if len(names) == 2 and (names[0] in FAMILIES) != (names[1] in FAMILIES):
        yield _problem(f"{at}.bought", "a player and a maker of chips do not merge", "Name two of a kind")


def _taken_twice(case: Case, at: str) -> Iterator[Problem]:
    """Who is taken over and then bought again, or buys; supply that stops twice in one quarter."""
    gone: dict[str, str] = {}
    rows = [(place, each) for place, each in rows_in(f"{at}.mergers", case.mergers) if known(each)]
    for place, merger in sorted(rows, key=lambda row: row[1].begins):
        for key, name in (("buyer", merger.buyer), ("bought", merger.bought)):
            if name in gone:
                yield _problem(f"{place}.{key}", f"'{name}' is taken over in {gone[name]}", "Name who is left")
        gone.setdefault(merger.bought, place)
    stops = [(place, each) for place, each in rows_in(f"{at}.interruptions", case.interruptions) if known(each)]
    for before, (place, stop) in enumerate(stops):
        for other_place, other in stops[:before]:
            apart = quarters_between(other.begins, stop.begins)
            if stop.of == other.of and -stop.quarters < apart < other.quarters:
                yield _problem(f"{place}.from", f"overlaps with {other_place}", "End one before the other begins")


def _quarters(case: Case, question: RaceQuestion, at: str) -> Iterator[Problem]:
    """Days outside the quarters that are simulated."""
    if not known(question.start, question.quarters):
        return
    inside = boundaries(question)
    days = [(f"{at}.loosened", case.loosened)]
    for name in ("export_bans", "interruptions", "leaps", "mergers"):
        days += [(f"{place}.from", each.begins) for place, each in rows_in(f"{at}.{name}", getattr(case, name))]
    for name in ("demand", "refinancing_stop", "power", "talent", "second_foundry"):
        change = getattr(case, name)
        if change is not None and known(change):
            days.append((f"{at}.{name}.from", change.begins))
    for key, day in days:
        if day is not None and known(day) and not inside(day):
            wrong = (
                f"{day.isoformat()} lies outside the {question.quarters} quarters after {question.start.isoformat()}"
            )
            yield _problem(key, wrong, "Write a day within them, or change start or quarters")


def _overlaps(case: Case, at: str) -> Iterator[Problem]:
    """Bans of one country on one family that hold at the same time, and ones that end before they begin."""
    bans: list[tuple[str, ExportBan, datetime.date, datetime.date]] = []
    for place, ban in rows_in(f"{at}.export_bans", case.export_bans):
        if not known(ban):
            continue
        ends = ban.ends or datetime.date.max
        if ends <= ban.begins:
            yield _problem(f"{place}.until", f"{ends.isoformat()} is not after its beginning", "Write a later day")
        for other_place, other, begins, until in bans:
            same = ban.country == other.country and set(ban.families) & set(other.families)
            if same and ban.begins < until and begins < ends:
                yield _problem(f"{place}.from", f"overlaps with {other_place}", "End one before the other begins")
        bans.append((place, ban, ban.begins, ends))
