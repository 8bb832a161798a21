"""Kills and other faults of every command that writes: ``uv run python benchmarks/kills.py --kills 50 --only NAME``.

A command is run in a fork of this process, which has Tenfold in memory, and killed (SIGKILL) at a random moment of
its usual time. What was there before must be there whole, or what the command writes, whole; asked again, the command
must do all of it, byte for byte as if nobody had killed it. ``--disk FOLDER`` names a small file system that is filled
up first. 1 when anything was lost. ``tests/interfaces/test_kills.py`` is the short form.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

EXAMPLES = Path(__file__).parents[1] / "examples"
PRICES = "date,provider,region,chip,count,term,kind,usd_per_chip_hour,source\n"
BEFORE = f"{PRICES}2026-03-01,a,,h100-sxm,8,spot,listing,2.0,first\n"
LATER = PRICES + "".join(f"2026-04-01,p{n},,b200,8,on-demand,listing,{3 + n / 1e3},later\n" for n in range(40))


@dataclass(frozen=True, slots=True)
class Writes:
    """A command that writes, and what shows that all of it was written."""

    name: str
    arguments: Sequence[str]
    """``{out}`` stands for a folder of the case, ``{examples}`` for the examples."""
    before: Sequence[str] = ()
    """Command that puts into the store what must not be lost; empty for one that writes files."""


ADD = ("prices", "import")
COMMANDS = (
    Writes("prices import", (*ADD, "{out}/later.csv"), (*ADD, "{out}/before.csv")),
    Writes("sweep", ("sweep", "{examples}/tco.toml", "--over", "mfu=0.3,0.4,0.5", "--workers", "1"),
           ("sweep", "{examples}/tco.toml", "--over", "chips=64,128", "--workers", "1")),
    Writes("--html", ("tco", "--question", "{examples}/tco.toml", "--html", "{out}/page.html")),
    Writes("measurements read", ("measurements", "read", "{examples}/tracked/run.log", "--model", "llama-3.1-8b",
                                 "--chip", "h100-sxm", "--chips", "64", "--set", "seq=8192",
                                 "--out", "{out}/runs.csv")),
    Writes("init", ("init", "tco", "{out}/mine.toml", "--force")),
    Writes("schema", ("schema", "--out", "{out}")),
    Writes("goodput fit", ("goodput", "fit", "--question", "{examples}/goodput-fit.toml", "--out", "{out}/overlay")),
)  # fmt: skip


@dataclass(slots=True)
class Tally:
    """What came of a command's kills."""

    kills: int = 0
    too_late: int = 0
    """Kills after the command had ended by itself."""
    lost: list[str] = field(default_factory=list)


def forked(arguments: Sequence[str], home: Path, said: Path, after_s: float | None = None) -> tuple[int, float]:
    """Run a command in a fork; kill it after some seconds. Its exit status (-9 when killed) and its time."""
    began = time.perf_counter()
    child = os.fork()
    if child == 0:
        _act(arguments, home, said)
    if after_s is not None:
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), time.perf_counter() - began


def _act(arguments: Sequence[str], home: Path, said: Path) -> None:
    """Be the command line, with output in a file; never returns."""
    code = 70
    try:
        os.environ["TENFOLD_HOME"] = str(home)
        place = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(place, 1)
        os.dup2(place, 2)
        from tenfold.interfaces.cli.app import app

        app(list(arguments))
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        sys.stdout.flush()
        os._exit(code)


def written_in(folder: Path) -> Mapping[str, str]:
    """Digest of every file that a command wrote; parts of a write that was killed are none."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.endswith(".part"))
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


class Case:
    """A fresh place for a command: its folder, its home, what was there before."""

    def __init__(self, command: Writes, root: Path) -> None:
        """Make the place, and put into it what must not be lost."""
        self.command = command
        self.out, self.home, self.said = root / "out", root / "home", root / "said"
        shutil.rmtree(root, ignore_errors=True)
        self.out.mkdir(parents=True)
        (self.out / "before.csv").write_text(BEFORE)
        (self.out / "later.csv").write_text(LATER)
        prepared = root.with_name("prepared")
        if command.before and not prepared.exists():
            self.run(command.before)
            shutil.copytree(self.home, prepared)
        elif command.before:
            shutil.copytree(prepared, self.home)

    def run(self, arguments: Sequence[str], after_s: float | None = None) -> tuple[int, float]:
        """Run a command here."""
        filled = [each.format(out=self.out, examples=EXAMPLES) for each in arguments]
        return forked(filled, self.home, self.said, after_s)

    def shown(self) -> str:
        """Rows of every table of the stores, counted in a fork."""
        if not self.command.before:
            return ""
        child = os.fork()
        if child == 0:
            try:
                self.said.write_text(_rows_of(self.home))
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        return self.said.read_text()


def _rows_of(home: Path) -> str:
    """Name and rows of every table in every store of a home."""
    import duckdb

    found = []
    for path in sorted(home.glob("*.duckdb")):
        with duckdb.connect(str(path), read_only=True) as store:
            for (table,) in store.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall():
                (rows,) = store.execute(f'SELECT count(*) FROM "{table}"').fetchone() or (0,)
                found.append(f"{path.name} {table} {rows}")
    return "; ".join(found)


def tried(command: Writes, kills: int, rng: random.Random, root: Path) -> Tally:
    """Kill a command so many times, each in a fresh place."""
    reference = Case(command, root)
    held = reference.shown()
    code, usual_s = reference.run(command.arguments)
    tally = Tally()
    if code:
        tally.lost.append(f"does not work at all: {reference.said.read_text()[:200]}")
    whole, shown = written_in(reference.out), reference.shown()
    for _ in range(0 if code else kills):
        case = Case(command, root)
        moment = rng.random() * usual_s
        ended, _ = case.run(command.arguments, moment)
        tally.kills += 1
        tally.too_late += ended == 0
        said = wrong_after(case, whole, shown, held)
        if said:
            tally.lost.append(f"killed after {moment:.3f} of {usual_s:.3f} s: {said}")
    return tally


def wrong_after(case: Case, whole: Mapping[str, str], shown: str, held: str) -> str:
    """Say what is lost after a kill; empty for nothing."""
    half = [name for name, digest in written_in(case.out).items() if whole.get(name) != digest]
    if half:
        return f"{', '.join(half)} is half written"
    now = case.shown()
    if now not in (held, shown) and case.command.name == "prices import":
        return f"the store shows neither what was nor what is to be: {now[:200]}"
    code, _ = case.run(case.command.arguments)
    if code:
        return f"asked again it ends with {code}: {case.said.read_text()[:300]}"
    if written_in(case.out) != whole:
        return "asked again it writes something else"
    after = case.shown()
    return "" if after == shown else f"the store shows {after[:200]}"


def filled_up(command: Writes, disk: Path) -> str:
    """Run a command on a full file system; say what is wrong with how it ends, empty for nothing."""
    case = Case(command, disk / "case")
    filler = disk / "filler"
    try:
        with filler.open("wb") as file:
            while True:
                file.write(b"\0" * 4096)
                file.flush()
    except OSError:
        pass
    try:
        code, _ = forked(
            [each.format(out=case.out, examples=EXAMPLES) for each in command.arguments], case.home, Path("/dev/null")
        )
    finally:
        filler.unlink()
    half = [path.name for path in case.out.rglob("*") if path.is_file() and path.stat().st_size == 0]
    again, _ = case.run(command.arguments)
    if half or again:
        return f"ended with {code}, left {half or 'nothing'}, and then with {again}"
    return "" if code == 2 else f"ended with {code}"


def warm() -> None:
    """Have in memory what every fork needs."""
    import tenfold.catalog
    import tenfold.interfaces.cli.app
    import tenfold.reports
    import tenfold.studies

    assert tenfold.studies.QUESTIONS, "the registry"


def report(name: str, act: Callable[[], Tally]) -> bool:
    """Print what came of a command; whether nothing was lost."""
    tally = act()
    print(f"{name:16} {tally.kills:4} kills, {tally.too_late} after its end, {len(tally.lost)} lost", flush=True)
    for said in tally.lost[:3]:
        print(f"    {said}", flush=True)
    return not tally.lost


def main() -> int:
    """Kill every command that writes, and fill the disk under it where one is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50, help="of each command")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="part of the names of commands")
    parser.add_argument("--disk", type=Path, help="a small file system of its own")
    chosen = parser.parse_args()
    warm()
    held = True
    with tempfile.TemporaryDirectory(prefix="tenfold-kills-") as folder:
        for command in COMMANDS:
            if chosen.only not in command.name:
                continue
            shutil.rmtree(Path(folder) / "prepared", ignore_errors=True)
            rng = random.Random(f"{chosen.seed}/{command.name}")
            held &= report(command.name, lambda: tried(command, chosen.kills, rng, Path(folder) / "case"))  # noqa: B023
            if chosen.disk is not None:
                said = filled_up(command, chosen.disk)
                held &= not said
                print(f"{'':16} full disk: {said or 'said in one line, nothing half'}", flush=True)
    return int(not held)


if __name__ == "__main__":
    sys.exit(main())
