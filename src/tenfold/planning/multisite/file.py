"""The file of ``tenfold multisite``: TOML read into a ``MultisiteRun`` with every problem shown at once."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from tenfold.catalog import Catalog, Location
from tenfold.catalog.reading import read_toml
from tenfold.planning.goal_values import one_of, sane_value
from tenfold.planning.multisite.goal import MOST_SITES, SYNC_STEPS, Campus, Fibre, MultisiteRun
from tenfold.planning.multisite.topology import connected_parts
from tenfold.quantities import Figure, InputError, Problem, format_quantity, parse_date, parse_quantity, shown
from tenfold.sites import ALGORITHMS, Stage, from_ready, great_circle_km, ready_date, stated_stages
from tenfold.workloads.batch import global_batch_sequences
from tenfold.workloads.precision import PRECISIONS

Value = TypeVar("Value")
LONGEST_FIBRE_KM = 40_100.0


@dataclass(slots=True)
class _Reader:
    """Reads values and collects what is wrong with them."""

    file: str
    catalog: Catalog
    problems: list[Problem]
    notes: list[str] = field(default_factory=list)

    def read(self, key: str, parse: Callable[[], Value], default: Value) -> Value:
        """Parse a value; the default, with problems added, when it is wrong."""
        try:
            return parse()
        except InputError as trouble:
            for problem in trouble.problems:
                place = replace(problem, file=self.file, key=problem.key or key)
                if place.key not in {known.key for known in self.problems}:
                    self.problems.append(place)
            return default

    def say(self, key: str, wrong: str, remedy: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(file=self.file, key=key, wrong=wrong, remedy=remedy))


def read_multisite(path: Path | str, catalog: Catalog) -> MultisiteRun:
    """Read the file. Raises one ``InputError`` with a ``Problem`` for everything that is wrong with it."""
    reader, tree = _open(Path(path), catalog)
    if reader.problems:
        raise InputError(dict.fromkeys(reader.problems))
    table = tree["run"]
    start = reader.read("run.start", lambda: parse_date(table["start"]), datetime.date(2000, 1, 1))
    campuses = tuple(_campus(reader, name, each, start) for name, each in tree["sites"].items())
    if len(campuses) > MOST_SITES:
        reader.say(
            "sites", f"{len(campuses)} sites are too many", f"Name at most {MOST_SITES}; join those that are near"
        )
    found = [_fibre(reader, place, each, campuses) for place, each in enumerate(tree.get("links", []))]
    fibres = tuple(each for each in found if each is not None)
    if len(found) == len(fibres):
        _check_connected(reader, campuses, fibres)
    run = _run(reader, table, start, campuses, fibres, tree.get("seed", 0))
    if reader.problems:
        raise InputError(dict.fromkeys(reader.problems))
    return replace(run, notes=tuple(reader.notes))


def _open(path: Path, catalog: Catalog) -> tuple[_Reader, Mapping[str, Any]]:
    from tenfold.catalog.structure import read_structure
    from tenfold.planning.multisite.schema import MultisiteDocument

    file, problems = str(path), list[Problem]()
    if "\0" in file or not path.is_file():
        remedy = "See examples/multisite-40km.toml"
        raise InputError(Problem(file=shown(file)[1:-1], key="", wrong="no such file", remedy=remedy))
    tree = read_toml(path, file, problems)
    if not problems:
        read_structure(MultisiteDocument, tree, lambda _: file, problems)
    return _Reader(file=file, catalog=catalog, problems=problems), tree


def _run(
    reader: _Reader,
    table: Mapping[str, Any],
    start: datetime.date,
    campuses: tuple[Campus, ...],
    fibres: tuple[Fibre, ...],
    seed: int,
) -> MultisiteRun:
    length = int(_sane(reader, table["sequence_length"], "sequence_length", "run.sequence_length", 8192))
    tokens = _sane(reader, table["tokens"], "tokens", "run.tokens", 1e12)
    batch = reader.read("run.global_batch", lambda: _batch(reader, table["global_batch"], length), 1)
    named = table.get("algorithms") or list(ALGORITHMS)
    algorithms = [
        reader.read("run.algorithms", lambda name=name: one_of(name, tuple(ALGORITHMS), "algorithm"), "")  # type: ignore[misc]
        for name in named
    ]
    if batch * length > tokens and not reader.problems:
        reader.say(
            "run.global_batch", "one batch holds more tokens than the run", "Write a smaller batch or more tokens"
        )
    return MultisiteRun(
        model=reader.read("run.model", lambda: reader.catalog.model(table["model"]).key, ""),
        tokens=tokens,
        sequence_length=length,
        global_batch=batch,
        precision=reader.read(
            "run.precision", lambda: one_of(table.get("precision", "bf16"), tuple(PRECISIONS), "precision"), "bf16"
        ),
        start=start,
        objective=table.get("objective", "fastest"),
        supply=table.get("supply", "on-demand"),
        algorithms=tuple(dict.fromkeys(algorithms)),
        sync_steps=tuple(sorted(dict.fromkeys(table.get("sync_steps") or SYNC_STEPS))),
        campuses=campuses,
        fibres=fibres,
        seed=seed,
    )


def _sane(reader: _Reader, raw: Any, name: str, key: str, default: float) -> float:  # noqa: ANN401  (any TOML value)
    return reader.read(key, lambda: sane_value(raw, name, file=reader.file, key=key), default)


def _batch(reader: _Reader, raw: str | int | float, length: int) -> int:
    count, note = global_batch_sequences(raw, length, file=reader.file, key="run.global_batch")
    if note:
        reader.notes.append(note)
    return count


def _campus(reader: _Reader, name: str, table: Mapping[str, Any], start: datetime.date) -> Campus:
    key = f"sites.{name}"
    catalog = reader.catalog
    site = reader.read(f"{key}.site", lambda: catalog.site(table["site"]).key, "")
    chips = int(_sane(reader, table["chips"], "max_chips", f"{key}.chips", 1))
    chip = reader.read(f"{key}.chip", lambda: catalog.chip(table["chip"]).key, "")
    _check_nodes(reader, f"{key}.chips", chip, chips)
    place = catalog.sites[site].location if site else None
    latitude, longitude = _place(reader, key, table, place)
    return Campus(
        name=name,
        site=site,
        chip=chip,
        chips=chips,
        stages=from_ready(
            _stages(reader, key, table, start) or (stated_stages(catalog.sites[site], start) if site else ()),
            start,
            _ready(reader, key, table, site, start),
        ),
        latitude=latitude,
        longitude=longitude,
        price=_price(reader, f"{key}.price", table.get("price"), start),
        cooling=_cooling(reader, f"{key}.cooling", table.get("cooling"), site),
    )


def _ready(reader: _Reader, key: str, table: Mapping[str, Any], site: str, start: datetime.date) -> datetime.date:
    """Day the campus is connected and built: as the file or the catalog's site has it; the start where neither says."""
    waits = {}
    for name, attribute in (("queue", "queue"), ("build", "build_time")):
        known = getattr(reader.catalog.sites[site], attribute) if site else None
        raw = table.get(name)
        waits[name] = (
            (0.0 if known is None else known.value) if raw is None else _sane(reader, raw, "wait", f"{key}.{name}", 0.0)
        )
    return ready_date(start, waits["queue"], waits["build"])


def _cooling(reader: _Reader, key: str, name: str | None, site: str) -> str:
    """Name of a cooling that the catalog's site has a PUE for; empty for the site's own."""
    if name is None or not site:
        return ""
    known = tuple(reader.catalog.sites[site].cooling_pue)
    if not known:
        reader.say(key, f"{site} has no alternatives of cooling", f"Add cooling.pue.'{name}' to sites/{site}.toml")
        return ""
    return reader.read(key, lambda: one_of(name, known, "cooling"), "")


def _check_nodes(reader: _Reader, key: str, chip: str, chips: int) -> None:
    """Chips come in whole nodes."""
    system = reader.read(key.replace("chips", "chip"), lambda: reader.catalog.system_of(chip), None) if chip else None
    if system is not None and chips % system.chips_per_node:
        node, below = system.chips_per_node, chips - chips % system.chips_per_node
        remedy = f"Write {below:,} or {below + node:,}" if below else f"Write {node} or a multiple"
        reader.say(key, f"{chips:,} chips do not fill nodes of {node}", remedy)


def _place(
    reader: _Reader, key: str, table: Mapping[str, Any], known: Location | None
) -> tuple[float | None, float | None]:
    """Give the location of the file, or that of the catalog's site."""
    latitude, longitude = table.get("latitude"), table.get("longitude")
    if (latitude is None) != (longitude is None):
        missing = "longitude" if longitude is None else "latitude"
        reader.say(f"{key}.{missing}", "is missing", "Give both, or neither for the place of the site")
        return None, None
    if latitude is not None and longitude is not None:
        if abs(latitude) > 90:
            reader.say(f"{key}.latitude", f"{shown(latitude)} is beyond the poles", "Write degrees from -90 to 90")
        return float(latitude), float(longitude)
    return (None, None) if known is None else (known.latitude, known.longitude)


def _stages(reader: _Reader, key: str, table: Mapping[str, Any], start: datetime.date) -> tuple[Stage, ...]:
    """Power by date as the file has it; ``power`` holds from the start."""
    found = []
    if "power" in table:
        found.append(Stage(date=start, power_w=_sane(reader, table["power"], "power", f"{key}.power", 1.0)))
    for place, stage in enumerate(table.get("stages", [])):
        where = f"{key}.stages.{place}"
        date = reader.read(f"{where}.date", lambda stage=stage: parse_date(stage["date"]), start)  # type: ignore[misc]
        found.append(Stage(date=date, power_w=_sane(reader, stage["power"], "power", f"{where}.power", 1.0)))
    if len({stage.date for stage in found}) < len(found):
        reader.say(f"{key}.stages", "two stages have the same date", "Keep one of them")
    return tuple(sorted(found, key=lambda stage: stage.date))


def _price(reader: _Reader, key: str, raw: str | float | None, start: datetime.date) -> Figure | None:
    if raw is None:
        return None
    value = reader.read(key, lambda: parse_quantity(raw, "USD/h", file=reader.file, key=key), 0.0)
    return Figure(value=value, unit="USD/h", kind="quote", source=reader.file, as_of=start, note="of the file")


def _fibre(reader: _Reader, number: int, table: Mapping[str, Any], campuses: tuple[Campus, ...]) -> Fibre | None:
    key, names = f"links.{number}", [campus.name for campus in campuses]
    unknown = [name for name in table["between"] if name not in names]
    for name in unknown:
        reader.read(f"{key}.between", lambda name=name: one_of(name, names, "site"), "")  # type: ignore[misc]
    first, second = (names.index(name) if name in names else 0 for name in table["between"])
    if first == second and not unknown:
        reader.say(f"{key}.between", "a link between a site and itself", "Name two sites")
    kind = reader.read(
        f"{key}.kind", lambda: reader.catalog.link(table.get("kind", "long-haul-fibre")).key, "long-haul-fibre"
    )
    link = reader.catalog.links[kind]
    raw = table.get("bandwidth")
    bandwidth = link.bytes_per_s_per_pair_one_way if raw is None else _positive(reader, f"{key}.bandwidth", raw, "B/s")
    cost = table.get("cost")
    length = _length_km(reader, key, table, campuses[first], campuses[second], link.route_factor)
    if unknown or first == second:
        return None
    return Fibre(
        first=first,
        second=second,
        kind=kind,
        distance_km=length,
        bytes_per_s=bandwidth,
        cost_usd_per_hour=0.0
        if cost is None
        else reader.read(
            f"{key}.cost", lambda: parse_quantity(cost, "USD/h", file=reader.file, key=f"{key}.cost"), 0.0
        ),
    )


def _positive(reader: _Reader, key: str, raw: str | float, unit: str) -> float:
    """Read a quantity above zero."""
    value = reader.read(key, lambda: parse_quantity(raw, unit, file=reader.file, key=key), 1.0)
    if value <= 0:
        reader.say(key, f"{shown(raw)} is not above zero", f"Write a value in {unit}")
    return value


def _length_km(
    reader: _Reader, key: str, table: Mapping[str, Any], first: Campus, second: Campus, route_factor: float
) -> float:
    """Give the length of the fibre: as written, or the great circle times the route factor of its class."""
    raw = table.get("distance")
    if raw is not None:
        length = reader.read(key, lambda: parse_quantity(raw, "m", file=reader.file, key=f"{key}.distance"), 0.0) / 1e3
        if length > LONGEST_FIBRE_KM:
            reader.say(f"{key}.distance", f"{shown(raw)} is more than once around the earth", "Write it like '40 km'")
        return length
    if first.latitude is None or first.longitude is None or second.latitude is None or second.longitude is None:
        reader.say(f"{key}.distance", "is missing", "Write it like '40 km', or give both sites a location")
        return 0.0
    straight = float(great_circle_km(first.latitude, first.longitude, second.latitude, second.longitude))
    if straight == 0.0 and first.name != second.name:
        reader.say(f"{key}.distance", "is missing, and both sites lie at one point", "Write it like '40 km'")
    long = format_quantity(straight * route_factor * 1e3, "m")
    reader.notes.append(f"{key}: fibre of {long}, {route_factor:g} times the great circle")
    return straight * route_factor


def _check_connected(reader: _Reader, campuses: tuple[Campus, ...], fibres: tuple[Fibre, ...]) -> None:
    """Every site must be reached from the first."""
    parts = connected_parts(len(campuses), [(each.first, each.second) for each in fibres])
    if len(parts) > 1:
        apart = " | ".join(", ".join(campuses[place].name for place in part) for part in parts)
        reader.say("links", f"sites are not connected: {apart}", "Add a [[links]] table between the parts")
