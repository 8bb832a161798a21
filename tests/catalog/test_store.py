"""The store: whole or not at all, whoever writes, whatever happens; what is wrong is said with its remedy."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import reduce
from pathlib import Path

import duckdb
import pytest
from store_writers import NOTES, add_batches, add_one, die_while_making, hold, started

from tenfold.catalog.store import Store, data_folder, patience, reading, writing
from tenfold.quantities import InputError

KILLS, A_BATCH = 10, 50


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TENFOLD_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def add(*texts: str, store: Store = NOTES) -> None:
    with writing(store) as connection:
        connection.executemany("INSERT INTO notes VALUES (?)", [[text] for text in texts])


def notes(store: Store = NOTES) -> list[str]:
    with reading(store) as connection:
        if connection is None:
            return []
        return [row[0] for row in connection.execute("SELECT text FROM notes ORDER BY text").fetchall()]


def refused(act: Callable[[], object]) -> str:
    """What is said, in one line, of a store that cannot be used."""
    with pytest.raises(InputError) as trouble:
        act()
    (problem,) = trouble.value.problems
    assert problem.file == str(NOTES.path)
    assert problem.remedy
    return str(problem)


def test_the_home_is_the_variable_or_the_place_of_the_system(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert data_folder() == home
    monkeypatch.delenv("TENFOLD_HOME")
    assert data_folder().name == "tenfold"


def test_what_is_written_is_read_and_reading_writes_nothing(home: Path) -> None:
    assert notes() == []
    assert not home.exists()
    add("a", "b")
    add("c")
    assert notes() == ["a", "b", "c"]
    assert [path.name for path in home.iterdir()] == ["notes.duckdb"]


def test_a_block_that_fails_leaves_the_store_as_it_was() -> None:
    add("a")

    def fail() -> None:
        with writing(NOTES) as connection:
            connection.execute("INSERT INTO notes VALUES ('half')")
            raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"):
        fail()
    assert notes() == ["a"]


def test_wrong_sql_is_a_fault_of_the_code_and_not_of_the_file() -> None:
    with pytest.raises(duckdb.CatalogException), writing(NOTES) as connection:
        connection.execute("SELECT * FROM nonesuch")


def test_duckdb_is_imported_when_a_store_is_opened() -> None:
    program = "import sys, tenfold.catalog.store; sys.exit('duckdb' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


# what a kill may leave


def test_a_store_left_empty_holds_nothing_and_is_made_anew(home: Path) -> None:
    home.mkdir()
    NOTES.path.touch()
    assert notes() == []
    assert NOTES.path.stat().st_size == 0
    add("a")
    assert notes() == ["a"]


def test_a_store_without_tables_holds_nothing_and_gets_them(home: Path) -> None:
    home.mkdir()
    duckdb.connect(str(NOTES.path)).close()
    assert notes() == []
    add("a")
    assert notes() == ["a"]


@pytest.mark.parametrize("gone", [True, False])
def test_an_empty_store_whose_log_holds_changes_is_not_made_anew(gone: bool) -> None:
    add("a")
    NOTES.log_path.write_bytes(b"changes")
    if gone:
        NOTES.path.unlink()
    else:
        NOTES.path.write_bytes(b"")
    for act in (notes, lambda: add("b")):
        assert "damaged" in refused(act)
    assert NOTES.log_path.read_bytes() == b"changes"


def test_a_process_killed_while_it_makes_a_store_is_in_nobodys_way(home: Path) -> None:
    with started(die_while_making) as other:
        pass
    assert other.process.exitcode == -signal.SIGKILL
    assert {path.name for path in home.iterdir()} == {"notes.duckdb.making", "notes.duckdb.new"}
    assert notes() == []
    add("a")
    assert notes() == ["a"]
    assert [path.name for path in home.iterdir()] == ["notes.duckdb"]


def test_a_writer_killed_at_any_moment_leaves_whole_writes_and_loses_none() -> None:
    """Each kill falls at a moment drawn from the time that some writes take, and is followed by a look."""
    draw = random.Random(11)
    kept = 0
    for _ in range(KILLS):
        with started(add_batches, A_BATCH) as other:
            assert [other.line.recv(), other.line.recv()] == [0, 1]
            time.sleep(draw.random() * 0.1)
            other.process.kill()
            done = max(other.all_said(), default=1)
        found, over = divmod(len(notes()), A_BATCH)
        assert over == 0
        assert kept + done <= found <= kept + done + 1
        kept = found
    assert kept >= KILLS


# others


def test_a_store_that_another_process_writes_is_waited_for() -> None:
    with started(hold, 0.4) as other:
        assert other.line.recv() == other.process.pid
        add("a")
        assert notes() == ["a"]


def test_who_holds_a_store_for_longer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PATIENCE_S", 0.1)
    with started(hold, 60.0) as other:
        holder = other.line.recv()
        for act in (notes, lambda: add("b")):
            line = refused(act)
            assert f"held by another process (PID {holder})" in line
            assert "Wait until" in line
        other.process.kill()
    add("a")


def test_processes_that_make_one_store_at_once_lose_nothing() -> None:
    with ExitStack() as stack:
        others = [stack.enter_context(started(add_one, str(number))) for number in range(6)]
    assert [other.process.exitcode for other in others] == [0] * len(others)
    assert notes() == [str(number) for number in range(len(others))]


def test_threads_write_one_after_the_other_and_read_meanwhile() -> None:
    add("0")
    read: list[int] = []
    acts: list[Callable[[], None]] = [lambda: add("more"), lambda: read.append(len(notes()))] * 6
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(notes()) == 7
    assert len(read) == 6


# files that are no store, or not ours


def of_a_newer_duckdb(content: bytes) -> bytes:
    """Raise the storage version in a file's first block, with the checksum that belongs to it."""
    block = bytearray(content[:4096])
    block[12:20] = (100_000).to_bytes(8, "little")
    words = (int.from_bytes(block[at : at + 8], "little") for at in range(8, 4096, 8))
    sums = (word * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF for word in words)
    block[:8] = reduce(lambda one, other: one ^ other, sums, 5381).to_bytes(8, "little")
    return bytes(block) + content[4096:]


def of_sqlite(_: bytes) -> bytes:
    file = NOTES.path.with_name("other.sqlite")
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE notes (text)")
    connection.close()
    content = file.read_bytes()
    file.unlink()
    return content


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "text": lambda _: b"not a database",
    "cut in the header": lambda content: content[:5000],
    "cut in half": lambda content: content[: len(content) // 2],
    "a bit of the header": lambda content: content[:20] + bytes([content[20] ^ 1]) + content[21:],
    "nothing but zeros": lambda content: bytes(len(content)),
    "another database": of_sqlite,
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_damaged_store_is_named_and_left_as_it_is(how: str, home: Path) -> None:
    add(*(str(number) for number in range(1000)))
    broken = BROKEN[how](NOTES.path.read_bytes())
    NOTES.path.write_bytes(broken)
    for act in (notes, lambda: add("b")):
        line = refused(act)
        assert "damaged" in line
        assert "Wait" not in line
        assert line.endswith("and write its notes again")
    assert NOTES.path.read_bytes() == broken
    assert [path.name for path in home.iterdir()] == ["notes.duckdb"]


def test_damage_that_is_met_only_while_reading_is_named_too() -> None:
    with writing(NOTES) as connection:
        connection.execute("INSERT INTO notes SELECT md5(range::VARCHAR) FROM range(30_000)")
    content = bytearray(NOTES.path.read_bytes())
    for at in range(3 * 4096 + 5000, len(content), 100_000):
        content[at] ^= 0xFF
    NOTES.path.write_bytes(content)

    def read_and_add() -> None:
        with writing(NOTES) as connection:
            connection.execute("INSERT INTO notes SELECT text || '!' FROM notes")

    for act in (notes, read_and_add):
        assert "damaged" in refused(act)
    assert NOTES.path.read_bytes() == content


def test_a_file_of_a_newer_duckdb_is_said_to_be_one() -> None:
    add("a")
    newer = of_a_newer_duckdb(NOTES.path.read_bytes())
    NOTES.path.write_bytes(newer)
    for act in (notes, lambda: add("b")):
        line = refused(act)
        assert "another version of DuckDB" in line
        assert "damaged" not in line
    assert NOTES.path.read_bytes() == newer


@pytest.mark.parametrize(
    ("version", "words"), [(4, "version 4, newer than the 3 that"), (2, "version 2, older than the 3 that")]
)
def test_tables_of_another_version_are_refused_by_it(version: int, words: str) -> None:
    add("a", store=replace(NOTES, version=version))
    for act in (notes, lambda: add("b")):
        assert words in refused(act)
    assert notes(replace(NOTES, version=version)) == ["a"]


def test_a_file_of_other_tables_is_no_store(home: Path) -> None:
    home.mkdir()
    with duckdb.connect(str(NOTES.path)) as connection:
        connection.execute("CREATE TABLE mine (x INTEGER)")
    for act in (notes, lambda: add("b")):
        assert "is no notebook" in refused(act)


def test_a_folder_or_a_file_in_the_wrong_place_is_one_clear_line(home: Path) -> None:
    NOTES.path.mkdir(parents=True)
    for act in (notes, lambda: add("b")):
        assert "Is a directory" in refused(act)
    NOTES.path.rmdir()
    home.rmdir()
    home.write_text("a file")
    for act in (notes, lambda: add("b")):
        assert "TENFOLD_HOME" in refused(act)


# disks: a small one of our own, where the system lets us mount it

ACTS = """
import os, subprocess
from store_writers import NOTES
from tenfold.catalog.store import reading, writing
from tenfold.quantities import InputError
def add(text, times=1):
    with writing(NOTES) as connection:
        connection.execute("INSERT INTO notes SELECT md5(range::VARCHAR) || ? FROM range(?)", [text, times])
def count():
    with reading(NOTES) as connection:
        return 0 if connection is None else connection.execute("SELECT count(*) FROM notes").fetchone()[0]
def attempt(act, *args):
    try: print("done", act(*args))
    except InputError as trouble: print(len(trouble.problems), trouble)
def seal(how): subprocess.run(["mount", "-o", f"remount,{how}", NOTES.path.parent], check=True)
def fill():
    big = os.open(NOTES.path.with_name("big"), os.O_CREAT | os.O_WRONLY)
    try:
        while True: os.write(big, bytes(1000))
    except OSError: os.close(big)
def empty(): NOTES.path.with_name("big").unlink()
"""


def on_a_small_disk(home: Path, program: str) -> list[str]:
    """Run a program whose home is a disk of 4 MB of its own; the lines it printed."""
    home.mkdir()
    mounted = ["unshare", "-rm", "sh", "-c", 'mount -t tmpfs -o size=4m none "$0" && exec "$@"', str(home)]
    if shutil.which("unshare") is None or subprocess.run([*mounted, "true"], capture_output=True).returncode:
        pytest.skip("no disk may be mounted here")
    run = [*mounted, sys.executable, "-c", ACTS + textwrap.dedent(program)]
    beside = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run(run, capture_output=True, text=True, timeout=60, env=beside)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_full_disk_is_one_clear_line_and_loses_nothing(home: Path) -> None:
    program = """
        fill(); attempt(add, "new"); empty()
        add("first", 10)
        fill(); attempt(add, "one more"); attempt(count); empty()
        add("another")
        attempt(add, "too much", 1_000_000)
        attempt(count)
    """
    unmade, unwritten, before, too_much, after = on_a_small_disk(home, program)
    for line in (unmade, unwritten, too_much):
        assert line.startswith("1 ")
        assert "the disk is full, and nothing was stored in the notebook. Make room" in line
    assert (before, after) == ("done 10", "done 11")


def test_a_home_that_may_only_be_read_is_read_and_says_so_when_written(home: Path) -> None:
    program = """
        seal("ro"); attempt(count); attempt(add, "a")
        seal("rw"); add("a")
        seal("ro"); attempt(count); attempt(add, "a")
    """
    none, unmade, read, unwritten = on_a_small_disk(home, program)
    assert (none, read) == ("done 0", "done 1")
    for line in (unmade, unwritten):
        assert line.startswith("1 ")
        assert "Read-only file system. Allow it to be read and written, or name another folder" in line
