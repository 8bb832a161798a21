"""The same bytes whatever surrounds a run: ``uv run python benchmarks/matrix.py --only NAME``.

Commands are asked under other locales, time zones, seeds of hashes, numbers of threads, folders, without a network, and
with every Python of ``PYTHONS`` that is on the machine; what they print must be what they print plainly. Then the
home is read-only, missing, or holds an empty, damaged or newer store: an answer, or exit code 2 with a word. Prints
what was run; 1 when anything differs.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
PYTHONS = ("3.11", "3.12", "3.13")
COMMANDS: Mapping[str, Sequence[str]] = {
    "tco": ("tco", "--question", str(EXAMPLES / "tco.toml"), "--json"),
    "config": ("estimate", "config", "--question", str(EXAMPLES / "estimate-config.toml"), "--json"),
    "fit": ("goodput", "fit", "--question", str(EXAMPLES / "goodput-fit.toml"), "--json"),
    "screen": ("quote", "--question", str(EXAMPLES / "quote.toml")),
    "rental": ("rental", "--question", str(EXAMPLES / "rental-h100.toml"), "--json"),
}


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a run."""

    name: str
    variables: Mapping[str, str] = field(default_factory=dict)
    before: Sequence[str] = ()
    """Command that the run is given to."""
    folder: str = ""


AROUND = (
    Around("locale C", {"LC_ALL": "C", "LANG": "C"}),
    Around("locale tr_TR", {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"}),
    Around("ASCII output", {"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "0", "LC_ALL": "POSIX"}),
    Around("Kiritimati", {"TZ": "Pacific/Kiritimati"}),
    Around("Kathmandu", {"TZ": "Asia/Kathmandu"}),
    Around("hash seed 0", {"PYTHONHASHSEED": "0"}),
    Around("hash seed 4711", {"PYTHONHASHSEED": "4711"}),
    Around("one thread", {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}),
    Around("four threads", {"OMP_NUM_THREADS": "4", "OPENBLAS_NUM_THREADS": "4"}),
    Around("without asserts", {"PYTHONOPTIMIZE": "1"}),
    Around("another folder", folder="/"),
    Around("no network", before=("unshare", "-n")),
)


def asked(command: Sequence[str], home: Path, around: Around, python: Sequence[str] = ()) -> tuple[int, str, str]:
    """Exit code, digest of standard output, and what was said beside it."""
    variables = {**os.environ, "COLUMNS": "100", "TENFOLD_HOME": str(home), **around.variables}
    runs = (*around.before, *(python or (sys.executable, "-m", "tenfold.interfaces.cli")), *command)
    done = subprocess.run(runs, env=variables, cwd=around.folder or ROOT, capture_output=True, check=False)
    return done.returncode, hashlib.sha256(done.stdout).hexdigest(), done.stderr.decode(errors="replace")


def surroundings() -> Iterator[tuple[Around, Sequence[str]]]:
    """Every surrounding that can be had here, and the Python to run with; what cannot is said."""
    for around in AROUND:
        if around.before and subprocess.run((*around.before, "true"), check=False, capture_output=True).returncode:
            print(f"{around.name:16} not permitted here")
            continue
        yield around, ()
    for version in PYTHONS:
        found = subprocess.run(("uv", "python", "find", version), check=False, capture_output=True, text=True)
        there = version if not found.returncode else ""
        if not there:
            print(f"Python {version:9} not on this machine")
            continue
        uv = ("uv", "run", "-q", "--isolated", "--no-dev", "--python", there, "python", "-m", "tenfold.interfaces.cli")
        yield Around(f"Python {version}"), uv


def same_bytes(only: str, folder: Path) -> bool:
    """Whether all commands print the same under every surrounding."""
    plain = {name: asked(command, folder / "home", Around("plain")) for name, command in COMMANDS.items()}
    held = all(code == 0 for code, _, _ in plain.values())
    for around, python in surroundings():
        if only not in around.name:
            continue
        found = {name: asked(command, folder / "home", around, python) for name, command in COMMANDS.items()}
        other = [name for name in COMMANDS if found[name][:2] != plain[name][:2]]
        held &= not other
        said = "".join(found[name][2][:200] for name in other)
        print(f"{around.name:16} {len(COMMANDS)} commands, {len(other)} other {other or ''} {said}", flush=True)
    return held


def homes(folder: Path) -> Iterator[tuple[str, Path]]:
    """Homes that are not as they should be."""
    good = folder / "good"
    prices = folder / "prices.csv"
    prices.write_text(
        "date,provider,region,chip,count,term,kind,usd_per_chip_hour,source\n2026-03-01,a,,b200,8,spot,listing,2,x\n"
    )
    asked(("prices", "import", str(prices)), good, Around("plain"))
    (store,) = good.glob("*.duckdb")
    for name, content in (("empty", b""), ("damaged", b"no store at all" * 1000), ("cut", store.read_bytes()[:5000])):
        place = folder / name
        place.mkdir()
        (place / store.name).write_bytes(content)
        yield f"{name} store", place
    newer = shutil.copytree(good, folder / "newer")
    import duckdb

    with duckdb.connect(str(newer / store.name)) as connection:
        connection.execute("UPDATE schema_version SET version = 99")
    yield "newer store", newer
    yield "missing home", folder / "not" / "there"
    yield "home is a file", prices
    yield "home in /proc", Path("/proc/tenfold")


def faulty_homes(only: str, folder: Path) -> bool:
    """Whether every command ends with an answer or with a word under every faulty home, and leaves the store."""
    held = True
    show, add = ("prices", "show", "--chip", "b200", "--json"), ("prices", "import", str(folder / "prices.csv"))
    for name, home in homes(folder):
        if only not in name:
            continue
        ends = []
        for command in (show, add, COMMANDS["tco"]):
            code, _, said = asked(command, home, Around("plain"))
            right = code in (0, 2) and "Traceback" not in said and (code == 0 or bool(said.strip()))
            held &= right
            ends.append(f"{command[0]} {command[1] if command[0] == 'prices' else ''}: {code}{'' if right else said}")
        print(f"{name:16} {'; '.join(ends)}", flush=True)
    return held


def main() -> int:
    """Run the matrix."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="part of the names of surroundings")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tenfold-matrix-") as folder:
        (Path(folder) / "faults").mkdir()
        same = same_bytes(chosen.only, Path(folder))
        return int(not (faulty_homes(chosen.only, Path(folder) / "faults") and same))


if __name__ == "__main__":
    sys.exit(main())
