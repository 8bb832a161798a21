"""Studies under trouble and load: ``uv run python benchmarks/studies.py [PART ...]``.

kills       a sweep of 2,000 cells, ended by SIGKILL at random moments and resumed, against an undisturbed one
efficiency  tasks of one second on two processes: ideal time over time taken
overhead    what keeping costs a cell: a sweep of cells that do nothing
query       over a million results that are kept
ray         the same cells on Ray and in processes
ray-kills   a sweep on Ray whose worker is killed, and one whose driver is, resumed: the same bytes as undisturbed
"""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tenfold.studies import Outcome, in_processes, on_ray
from tenfold.studies.kept import done_places, folder_of, keep_part, lock_of

ROOT = Path(__file__).resolve().parent.parent
KILLS = 50
SWEEP = [
    sys.executable, "-m", "tenfold", "sweep", str(ROOT / "examples/tco.toml"), "--over", "chips=64:65536:100:log",
    "--over", "days=10:100:20", "--json",
]  # fmt: skip


def second(_: object) -> int:
    """A task of one second of work by the clock."""
    time.sleep(1.0)
    return 0


def kills(count: int = KILLS) -> None:
    """Kill a sweep at random moments; every cell once, the same bytes, at most a batch redone."""
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        homes = [Path(folder) / name for name in ("calm", "killed")]
        calm = run(SWEEP, homes[0])
        struck, redone = 0, []
        while struck < count:
            process = subprocess.Popen(SWEEP, env=home(homes[1]), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(rng.uniform(0.3, 2.2))
            if process.poll() is not None:
                run([sys.executable, "-m", "tenfold", "studies", "delete", calm["study"]], homes[1], parse=False)
                continue
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            struck += 1
            redone.append(kept_cells(homes[1], calm["study"]))
        last = run(SWEEP, homes[1])
        files = [Path(folder) / f"{each.name}.parquet" for each in homes]
        for each, file in zip(homes, files, strict=True):
            run([sys.executable, "-m", "tenfold", "studies", "export", calm["study"], str(file)], each, parse=False)
        same = files[0].read_bytes() == files[1].read_bytes()
        twice = sum(1 for before, after in itertools.pairwise(redone) if 0 < after < before)
        print(f"kills: {struck}, done {last['done']} of {last['cells']}, bytes equal {same}, kept cells lost {twice}")


def kept_cells(place: Path, study: str) -> int:
    """Cells that are kept, in a home."""
    os.environ["TENFOLD_HOME"] = str(place)
    return len(done_places(study))


def home(place: Path) -> dict[str, str]:
    """Environment of a home."""
    return {**os.environ, "TENFOLD_HOME": str(place)}


def run(command: list[str], place: Path, parse: bool = True) -> dict[str, Any]:
    """Run a command to its end."""
    done = subprocess.run(command, env=home(place), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout) if parse else {}


def efficiency(tasks: int = 16, workers: int = 2) -> None:
    """Ideal time over time taken, with the start of the processes and without."""
    began, ends = time.perf_counter(), list[float]()
    for _ in in_processes(workers)("studies:second", range(tasks)):
        ends.append(time.perf_counter() - began)
    start, ideal = ends[0] - 1.0, tasks / workers
    print(f"efficiency: {len(ends)} tasks of 1 s on {workers} processes in {ends[-1]:.2f} s: {ideal / ends[-1]:.0%}; "
          f"{ideal / (ends[-1] - start):.0%} without the start, {start:.2f} s")  # fmt: skip


def outcome(place: int, numbers: int = 20) -> Outcome:
    """An outcome of about the size of one of tco."""
    values = tuple((f"number_{at}", place * 1.5 + at) for at in range(numbers))
    return Outcome(place=place, key=f"{place:024d}", answer="{}", fits=True, numbers=values)


def overhead(cells: int = 2_048, batch: int = 64) -> None:
    """Time to keep a cell."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TENFOLD_HOME"] = folder
        with lock_of("made"):
            began, spent = time.perf_counter(), time.process_time()
            for start in range(0, cells, batch):
                keep_part("made", [outcome(place) for place in range(start, start + batch)])
            took, spent = time.perf_counter() - began, time.process_time() - spent
        print(f"overhead: {1e3 * took / cells:.2f} ms a cell, {1e3 * spent / cells:.2f} ms of CPU, "
              f"{cells} cells in batches of {batch}")  # fmt: skip


def query(results: int = 1_000_000) -> None:
    """Time to find the best of a million."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        os.environ["TENFOLD_HOME"] = folder
        (folder_of("made") / "parts").mkdir(parents=True)
        place = folder_of("made") / "parts" / "0000000-made.parquet"
        duckdb.sql(
            f"COPY (SELECT i AS place, i::VARCHAR AS key, true AS fits, '' AS wrong, '{{}}' AS answer, "
            f"random() AS cost, random() AS finish FROM range({results}) t(i)) TO '{place}' (FORMAT parquet)"
        )
        from tenfold.studies.kept import best_of

        began = time.perf_counter()
        found = best_of("made", "cost", 20)
        print(f"query: best {len(found)} of {results:,} in {time.perf_counter() - began:.3f} s")


def ray(tasks: int = 24) -> None:
    """The same tasks on Ray, once it has started, and in processes."""
    import ray as cluster

    took = {}
    os.environ["RAY_ENABLE_UV_RUN_RUNTIME_ENV"] = "0"
    cluster.init(
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        runtime_env={"env_vars": {"PYTHONPATH": str(ROOT / "benchmarks")}},
    )
    executors: dict[str, Callable[..., object]] = {"ray": on_ray("local"), "processes": in_processes(2)}
    list(on_ray("local")("studies:second", range(2)))
    for name, executor in executors.items():
        began = time.perf_counter()
        list(executor("studies:second", range(tasks)))  # type: ignore[call-overload]
        took[name] = time.perf_counter() - began
    print(f"ray: {took['ray']:.2f} s, processes {took['processes']:.2f} s: {took['ray'] / took['processes'] - 1:+.0%}")


def ray_kills() -> None:
    """Kill a worker of Ray and a driver; each sweep ends, or is resumed, with the bytes of one in this process."""
    on_a_cluster = [*SWEEP, "--ray", "local"]
    with tempfile.TemporaryDirectory() as folder:
        calm, worker, driver = (Path(folder) / name for name in ("calm", "worker", "driver"))
        study = run(SWEEP, calm)["study"]
        for place in (worker, driver):
            process = subprocess.Popen(on_a_cluster, env=home(place), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            while process.poll() is None and not (kept_cells(place, study) and (found := working("ray::_chunk"))):
                time.sleep(0.02)
            os.kill(process.pid if place is driver else found[0], signal.SIGKILL)
            process.communicate()
            kept = kept_cells(place, study)
            print(f"ray-kills: {place.name} killed, the sweep ends with {process.returncode}, {kept} cells kept")
        run(on_a_cluster, driver)
        files = [Path(folder) / f"{each.name}.parquet" for each in (calm, worker, driver)]
        for each, file in zip((calm, worker, driver), files, strict=True):
            run([sys.executable, "-m", "tenfold", "studies", "export", study, str(file)], each, parse=False)
        print(f"ray-kills: bytes equal {len({file.read_bytes() for file in files}) == 1}")


def working(named: str) -> list[int]:
    """Processes that call themselves so."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if each.read_text().startswith(named):
                found.append(int(each.parent.name))
        except OSError:
            continue
    return found


PARTS: dict[str, Callable[[], None]] = {
    "efficiency": efficiency, "overhead": overhead, "query": query, "ray": ray, "kills": kills, "ray-kills": ray_kills,
}  # fmt: skip

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()
