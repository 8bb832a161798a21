"""Studies on disk: an index in DuckDB, and the outcomes of a study as Parquet parts in a folder of its own.

A part is written under another name, brought to the disk and renamed, so it is there whole or not at all; its name is
the hash of the cells in it. Whoever works on a study holds its lock, which the system lets go when the process dies.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenfold.catalog.store import Store, data_folder, reading, writing
from tenfold.quantities import InputError, Problem, shown
from tenfold.studies.cells import Outcome, Study, study_of

if TYPE_CHECKING:
    pass
from tenfold.studies.parquet import COLUMNS, bring_to_disk, duckdb_in_memory, quoted, write_parquet

STUDIES = Store(
    name="store of studies",
    file_name="studies.duckdb",
    version=1,
    renew="run its sweeps again",
    tables="""
CREATE TABLE studies (id VARCHAR PRIMARY KEY, name VARCHAR, cells BIGINT, made TIMESTAMP, definition VARCHAR)
""",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A study as it is kept."""

    key: str
    study: Study
    cells: int
    made: str


def folder_of(key: str) -> Path:
    """Folder of a study's parts."""
    return data_folder() / "studies" / key


def keep_study(study: Study, cells: int) -> str:
    """Write a study into the index, once; gives its key."""
    key = study.key
    with writing(STUDIES) as connection:
        connection.execute(
            "INSERT OR IGNORE INTO studies VALUES (?, ?, ?, now()::TIMESTAMP, ?)",
            [key, study.name, cells, json.dumps(study.data, sort_keys=True)],
        )
    return key


def kept_studies() -> tuple[Kept, ...]:
    """Every study, the youngest first."""
    with reading(STUDIES) as connection:
        rows = [] if connection is None else connection.execute(
            "SELECT id, cells, strftime(made, '%Y-%m-%d %H:%M'), definition FROM studies ORDER BY made DESC, id"
        ).fetchall()  # fmt: skip
    return tuple(
        Kept(key=key, study=study_of(json.loads(said)), cells=cells, made=made) for key, cells, made, said in rows
    )


def kept_study(key: str) -> Kept:
    """One study by its key, or by a beginning that only it has. Raises ``InputError``."""
    every = kept_studies()
    found = [each for each in every if key and each.key.startswith(key)]
    exact = [each for each in found if each.key == key]
    if len(exact or found) == 1:
        return (exact or found)[0]
    wrong = f"{len(found)} studies begin with {shown(key)}" if found else f"there is no study {shown(key)}"
    raise InputError(Problem(file="ID", key="", wrong=wrong, remedy="See: tenfold studies list"))


def delete_study(key: str) -> None:
    """Take a study away, its parts too."""
    with lock_of(key):
        shutil.rmtree(folder_of(key) / "parts", ignore_errors=True)
    with writing(STUDIES) as connection:
        connection.execute("DELETE FROM studies WHERE id = ?", [key])
    shutil.rmtree(folder_of(key), ignore_errors=True)


@contextmanager
def lock_of(key: str) -> Iterator[None]:
    """Be the one process that works on a study. Raises ``InputError`` where another does."""
    folder = folder_of(key)
    with _disk_troubles(folder):
        (folder / "parts").mkdir(parents=True, exist_ok=True)
        held = (folder / "lock").open("a+")
    try:
        import fcntl

        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        pass  # a system without these locks: parts of two workers are whole all the same
    except OSError:
        held.close()
        wrong, remedy = f"study {key} is being worked on by another process", f"Follow it: tenfold studies show {key}"
        raise InputError(Problem(file=str(folder), key="", wrong=wrong, remedy=remedy)) from None
    with held:
        for left in (folder / "parts").glob(".*.tmp"):
            left.unlink(missing_ok=True)
        yield


def is_worked_on(key: str) -> bool:
    """Tell whether a process works on a study now."""
    if not (folder_of(key) / "lock").exists():
        return False
    try:
        with lock_of(key):
            return False
    except InputError:
        return True


@contextmanager
def _disk_troubles(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as trouble:
        wrong = f"cannot be written ({trouble.strerror or trouble})"
        remedy = "Make room or allow it, or name another folder with TENFOLD_HOME; what is stored is whole"
        raise InputError(Problem(file=str(place), key="", wrong=wrong, remedy=remedy)) from None


def keep_part(key: str, outcomes: Sequence[Outcome]) -> None:
    """Keep a batch of outcomes as one part. Raises ``InputError`` when it cannot be written; then nothing of it is."""
    places = [each.place for each in outcomes]
    name = hashlib.sha256(json.dumps(places).encode()).hexdigest()[:16]
    folder = folder_of(key) / "parts"
    with _disk_troubles(folder):
        write_parquet(folder / f"{min(places):07d}-{name}.parquet", outcomes, {})


REPORT = "report.json"


def keep_report(key: str, text: str) -> None:
    """Keep what a page draws of a study's only answer, whole or not at all. Raises ``InputError``."""
    place = folder_of(key) / REPORT
    with _disk_troubles(place):
        temporary = place.with_name(f".{REPORT}.{os.getpid()}.tmp")
        temporary.write_text(text, encoding="utf-8")
        bring_to_disk(temporary)
        temporary.replace(place)


def kept_report(key: str) -> str:
    """What a page draws of a study's only answer; empty where none is kept."""
    place = folder_of(key) / REPORT
    return place.read_text(encoding="utf-8") if place.is_file() else ""


def _parts(key: str) -> list[str]:
    return sorted(path.as_posix() for path in (folder_of(key) / "parts").glob("*.parquet"))


def rows_of(key: str, columns: str = "place, fits, wrong", where: str = "true") -> list[tuple[Any, ...]]:
    """Columns of the outcomes that are kept, each cell once, in the order of the cells."""
    parts = _parts(key)
    if not parts:
        return []
    with duckdb_in_memory() as connection:
        return connection.execute(
            f"SELECT {columns} FROM (SELECT DISTINCT ON (place) * FROM read_parquet(?, union_by_name=true)) "  # noqa: S608
            f"WHERE {where} ORDER BY place",
            [parts],
        ).fetchall()


def best_of(key: str, column: str, count: int, *, least: bool = True) -> list[tuple[Any, ...]]:
    """The cells whose number is least, or greatest: place and number, each cell once."""
    parts = _parts(key)
    if not parts:
        return []
    order, name = "ASC" if least else "DESC", quoted(column)
    with duckdb_in_memory() as connection:
        found: list[tuple[Any, ...]] = connection.execute(
            f"SELECT place, {name} FROM read_parquet(?, union_by_name=true) WHERE {name} IS NOT NULL "  # noqa: S608
            f"ORDER BY {name} {order}, place LIMIT ?",
            [parts, 2 * count],  # a cell that was worked out twice stands in two parts
        ).fetchall()
    return list(dict.fromkeys(found))[:count]


def done_places(key: str) -> dict[int, bool]:
    """Cells that have an outcome, and whether it is an answer."""
    return {place: not wrong for place, wrong in rows_of(key, "place, wrong")}


def columns_of(key: str) -> list[str]:
    """Names of the columns of numbers."""
    parts = _parts(key)
    if not parts:
        return []
    with duckdb_in_memory() as connection:
        found = connection.execute("DESCRIBE SELECT * FROM read_parquet(?, union_by_name=true)", [parts]).fetchall()
    fixed = {each.split()[0] for each in COLUMNS.split(", ")}
    return [name for name, *_ in found if name not in fixed]


def outcomes_of(key: str) -> list[Outcome]:
    """Every outcome, in the order of the cells."""
    names = columns_of(key)
    chosen = ", ".join(["place", "key", "fits", "wrong", "answer", *map(quoted, names)])
    return [
        Outcome(
            place=place, key=said, fits=fits, wrong=wrong, answer=answer,
            numbers=tuple((name, value) for name, value in zip(names, numbers, strict=True) if value is not None),
        )
        for place, said, fits, wrong, answer, *numbers in rows_of(key, chosen)
    ]  # fmt: skip


def join_parts(key: str) -> None:
    """Make one part of all, so that reading stays quick; the old ones go when the new one stands."""
    old = [Path(each) for each in _parts(key)]
    if len(old) > 1:
        with _disk_troubles(folder_of(key)):
            keep_part(key, outcomes_of(key))
            now = {Path(each) for each in _parts(key)} - set(old)
            for part in old:
                if now:
                    part.unlink(missing_ok=True)


def export_study(key: str, place: Path) -> None:
    """Write a study into one file: Parquet with its definition, CSV or JSON by the ending. Raises ``InputError``."""
    kept = kept_study(key)
    values = [json.dumps(dict(cell.values), ensure_ascii=False, sort_keys=True) for cell in kept.study.cells()]
    if place.suffix == ".parquet":
        with _disk_troubles(place):
            definition = {**kept.study.data, "folder": ""}
            write_parquet(place, outcomes_of(kept.key), {"tenfold_study": json.dumps(definition, sort_keys=True)})
        return
    from tenfold.studies.tables import write_table

    with _disk_troubles(place):
        write_table(place, outcomes_of(kept.key), values)


def import_study(place: Path) -> str:
    """Read a study that was exported as Parquet; gives its key. Raises ``InputError`` for a file that is none."""
    wrong = Problem(
        file=str(place),
        key="",
        wrong="is no exported study",
        remedy="Write one: tenfold studies export ID FILE.parquet",
    )
    if not place.is_file():
        raise InputError(Problem(file=str(place), key="", wrong="no such file", remedy=wrong.remedy))
    import duckdb

    try:
        with duckdb_in_memory() as connection:
            said = connection.execute(
                "SELECT value FROM parquet_kv_metadata(?) WHERE key = 'tenfold_study'", [str(place)]
            ).fetchone()
        study = study_of(json.loads(said[0])) if said else None
    except (OSError, duckdb.Error, ValueError, KeyError, TypeError):
        study = None
    if study is None:
        raise InputError(wrong)
    key = keep_study(study, sum(1 for _ in study.cells()))
    with lock_of(key), _disk_troubles(folder_of(key)):
        shutil.copyfile(place, temporary := folder_of(key) / "parts" / f".import.{os.getpid()}.tmp")
        bring_to_disk(temporary)
        digest = hashlib.sha256(place.read_bytes()).hexdigest()[:16]
        temporary.replace(folder_of(key) / "parts" / f"0000000-{digest}.parquet")
    return key
