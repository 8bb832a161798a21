"""Processor seconds of whole commands: ``uv run python benchmarks/start_up.py [--against COMMIT]``.

Every command runs five times in a process of its own; the median of its user and system seconds stands beside that of
``python -c "import numpy"``, and with ``--against`` beside that of the commit, checked out for the time being. Runs of
both take turns. Ratios travel between machines; seconds do not, nor between a machine that keeps compiled modules and
one that compiles them anew in every run, which the first line says.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = "llama3-405b.toml"
EVERY_CHIP = """
[goal]
kind = "train"
model = "llama-3.1-70b"
tokens = "2T"
sequence_length = 8192
global_batch = "1024 sequences"
precision = "bf16"
objective = "cheapest"

[means]
max_chips = 4096
supply = ["on-demand", "reserved-1y", "reserved-3y", "spot", "own"]
"""
"""No chips and no sites are named: every chip that can train, at every site."""
ESTIMATE = ("--model", "llama-3.1-8b", "--chip", "h100-sxm", "--chips", "64", "--global-batch", "512", "--json")
NUMPY = "import numpy"


def commands(tree: Path, goal: Path) -> Mapping[str, tuple[str, ...]]:
    """Arguments of the interpreter by what is printed for them."""
    tenfold = ("-m", "tenfold")
    return {
        NUMPY: ("-c", NUMPY),
        "--help": (*tenfold, "--help"),
        "catalog list chips": (*tenfold, "catalog", "list", "chips"),
        "estimate training": (*tenfold, "estimate", "training", *ESTIMATE),
        f"plan {EXAMPLE}": (*tenfold, "plan", str(tree / "examples" / EXAMPLE), "--json"),
        "plan with every chip": (*tenfold, "plan", str(goal), "--json"),
    }


def cpu_s(arguments: tuple[str, ...], tree: Path) -> float:
    """User and system seconds of one run of the interpreter on the sources of a tree."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(tree / "src")},
        cwd=tree,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


@contextmanager
def checked_out(commit: str) -> Iterator[Path]:
    """A work tree of the commit, which goes away afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        git = ("git", "-C", str(ROOT), "worktree")
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree), commit], check=True)
        try:
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def measure(trees: Mapping[str, Path], repeats: int) -> Iterator[tuple[str, dict[str, float]]]:
    """Median seconds of each command by tree."""
    with tempfile.TemporaryDirectory() as folder:
        goal = Path(folder) / "every-chip.toml"
        goal.write_text(EVERY_CHIP, encoding="utf-8")
        for command in commands(ROOT, goal):
            runs: dict[str, list[float]] = {name: [] for name in trees}
            for _ in range(repeats):
                for name, tree in trees.items():
                    runs[name].append(cpu_s(commands(tree, goal)[command], tree))
            yield command, {name: median(seconds) for name, seconds in runs.items()}


def report(trees: Mapping[str, Path], repeats: int) -> None:
    """Print one line for each command."""
    kept = "compiled anew in every run" if sys.flags.dont_write_bytecode else "kept compiled"
    print(f"CPU seconds, median of {repeats}; modules are {kept}")
    print(f"{'':24s}{'now':>8s}{'× numpy':>9s}" + "".join(f"{name:>12s}{'now ÷':>8s}" for name in [*trees][1:]))
    numpy_s = 0.0
    for command, seconds in measure(trees, repeats):
        now_s, *others_s = seconds.values()
        numpy_s = now_s if command == NUMPY else numpy_s
        against = "".join(f"{other_s:12.2f}{now_s / other_s:8.2f}" for other_s in others_s)
        print(f"{command:24s}{now_s:8.2f}{now_s / numpy_s:9.1f}{against}", flush=True)


def main() -> None:
    """Measure this tree, and the commit asked for beside it."""
    parser = argparse.ArgumentParser(description="Processor seconds of whole commands.")
    parser.add_argument("--against", metavar="COMMIT", help="a commit to measure in the same run")
    parser.add_argument("--repeats", type=int, default=5)
    asked = parser.parse_args()
    if asked.against is None:
        report({"now": ROOT}, asked.repeats)
        return
    with checked_out(asked.against) as tree:
        report({"now": ROOT, asked.against[:11]: tree}, asked.repeats)


if __name__ == "__main__":
    main()
