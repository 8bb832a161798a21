"""The code before and the code now: which commit is compared with, its files, and its answers."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grid import Question

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
MAIN = ("main", "origin/main")
TAKEN = ("src", "CHANGELOG.md")
FAILED = 1
"""Exit code of an exception that nobody meant."""


class NothingToCompareError(Exception):
    """There is no code before; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one code answered to one question."""

    code: int
    data: object
    """The JSON it printed; None where it printed none."""
    said: str
    """Last line of standard error."""

    @property
    def failed(self) -> bool:
        """True where the code neither answered nor refused, but broke."""
        return self.code == FAILED

    @property
    def was_not_understood(self) -> bool:
        """True where the code has no such command or option: it was not asked, and so refused nothing."""
        return self.data is None and self.said.startswith(("Error: ", "Usage: "))


def git(*words: str) -> bytes:
    """Output of a git command on this repository. Raises ``NothingToCompareError`` with what git said."""
    try:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=True).stdout
    except FileNotFoundError:
        raise NothingToCompareError("there is no git here") from None
    except subprocess.CalledProcessError as failed:
        raise NothingToCompareError(failed.stderr.decode().strip() or f"git {' '.join(words)} failed") from None


def resolved(name: str) -> str:
    """Commit of a name; empty where there is none."""
    try:
        return git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").decode().strip()
    except NothingToCompareError:
        return ""


def named(name: str) -> str:
    """The commit of a name. Raises ``NothingToCompareError`` where there is none."""
    found = resolved(name)
    if not found:
        raise NothingToCompareError(f"no commit is called {name!r}")
    return found


def base() -> str:
    """The commit to compare with.

    On a branch where it left main; on main the commit before, or the last one where something is not committed yet.
    Raises ``NothingToCompareError`` where the repository does not reach that far back.
    """
    git("rev-parse", "--git-dir")
    head = resolved("HEAD")
    for name in MAIN:
        left = _left(name) if resolved(name) else head
        if left != head:
            return left
    if git("status", "--porcelain", "--untracked-files=no", "--", *TAKEN):
        return head
    if before := resolved("HEAD~1"):
        return before
    shallow = git("rev-parse", "--is-shallow-repository").strip() == b"true"
    raise NothingToCompareError("the clone is shallow, fetch more of it" if shallow else "there is no commit before")


def _left(name: str) -> str:
    """Where HEAD left a branch; HEAD itself where the repository does not reach back to there."""
    try:
        return git("merge-base", "HEAD", name).decode().strip()
    except NothingToCompareError:
        return resolved("HEAD")


def take_out(commit: str, folder: Path) -> None:
    """Put the code of a commit into a folder."""
    with tarfile.open(fileobj=io.BytesIO(git("archive", commit, *TAKEN))) as files:
        files.extractall(folder, filter="data")


def answers(root: Path, questions: Sequence[Question]) -> list[Answer]:
    """Ask the code below ``root``, in a process of its own. The files that questions name are those of today."""
    source = root / "src"
    done = subprocess.run(
        [sys.executable, "-P", HERE / "ask.py"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(source), "TENFOLD_HOME": str(root / "no-home")},
        input=json.dumps(questions),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the code in {source} does not start: {done.stderr}")
    where, *lines = (json.loads(line) for line in done.stdout.splitlines())
    if where != str(source.resolve()):
        raise RuntimeError(f"the code of {where} answered for {source}")
    return [_answer(line["code"], line["printed"], line["said"]) for line in lines]


def _answer(code: int, printed: str, said: str) -> Answer:
    try:
        return Answer(code=code, data=json.loads(printed), said=said)
    except ValueError:
        return Answer(code=code, data=None, said=said)
