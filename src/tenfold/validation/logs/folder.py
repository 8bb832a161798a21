"""Measured runs from whatever there is: a CSV of runs, a log, or a folder of logs with a verdict for each file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tenfold.catalog import Catalog
from tenfold.quantities import InputError, Problem, file_name, require_regular
from tenfold.validation.logs.failure_rows import header_of
from tenfold.validation.logs.formats import format_of
from tenfold.validation.logs.lines import log_error
from tenfold.validation.logs.read import RUN_READERS, read_runs_of_logs
from tenfold.validation.logs.reading import SOURCE_GROUP
from tenfold.validation.training.runs import NEEDED_COLUMNS, MeasuredRun, read_runs

MOST_FILES = 10_000
LARGEST_FILE = 2_000_000_000
REMEDY = "Name a CSV of runs, a log, or a folder of logs"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileVerdict:
    """What came of one file."""

    file: str
    format: str
    """Empty where no known kind of log shows."""
    runs: int
    refused: str
    """Why it was not read; empty where it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRuns:
    """Runs, and where they are from."""

    runs: tuple[MeasuredRun, ...]
    files: tuple[FileVerdict, ...]


def stated_in(pairs: Sequence[str]) -> Mapping[str, str]:
    """Columns that logs do not say, given as ``COLUMN=VALUE``. Raises ``InputError`` for what is none."""
    split = [pair.partition("=") for pair in pairs]
    bad = [name for name, sign, _ in split if not sign or not name.strip()]
    if bad:
        remedy = "Write COLUMN=VALUE, such as chip=h100-sxm or seq=8192"
        raise InputError(
            Problem(file="", key="set", wrong=f"'{name[:40]}' has no value", remedy=remedy) for name in bad
        )
    return {name.strip(): value for name, _, value in split}


def runs_in(path: Path, catalog: Catalog, stated: Mapping[str, str]) -> FoundRuns:
    """Runs at a path. Raises ``InputError`` for a file that cannot be read, and for a folder that holds none."""
    if not path.is_dir():
        require_regular(path, LARGEST_FILE, REMEDY)
        runs, form = _runs_of(path, catalog, stated)
        return FoundRuns(runs=runs, files=(FileVerdict(file=str(path), format=form, runs=len(runs), refused=""),))
    found = tuple(_tried(path, catalog, stated))
    runs = tuple(run for each, _ in found for run in each)
    files = tuple(verdict for _, verdict in found)
    if not runs:
        why = files[0].refused if files else "it is empty"
        raise log_error(file_name(path), None, f"no file of the folder is a run: {why}", REMEDY)
    return FoundRuns(runs=runs, files=files)


def _tried(
    folder: Path, catalog: Catalog, stated: Mapping[str, str]
) -> Iterator[tuple[tuple[MeasuredRun, ...], FileVerdict]]:
    """Every file of a folder, those below it too, in order; what is hidden is passed over."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    if len(paths) > MOST_FILES:
        raise log_error(file_name(folder), None, f"it holds more than {MOST_FILES:,} files", "Name a folder of logs")
    for path in paths:
        name = path.relative_to(folder).as_posix()
        try:
            runs, form = _runs_of(path, catalog, stated)
            yield runs, FileVerdict(file=name, format=form, runs=len(runs), refused="")
        except InputError as trouble:
            why = "; ".join(dict.fromkeys(f"{problem.wrong}. {problem.remedy}" for problem in trouble.problems[:3]))
            yield (), FileVerdict(file=name, format=_form(path), runs=0, refused=why)


def _form(path: Path) -> str:
    try:
        return format_of(path)
    except InputError:
        return ""


def _runs_of(path: Path, catalog: Catalog, stated: Mapping[str, str]) -> tuple[tuple[MeasuredRun, ...], str]:
    """Runs of one file and what it is. Raises ``InputError`` for one that is neither a table nor a training log."""
    columns = {name.strip().strip('"') for name in header_of(path)[:20_000].split(",")}
    if columns >= set(NEEDED_COLUMNS):
        return tuple(read_runs(path)), "csv"
    form = format_of(path)
    if form not in RUN_READERS:
        raise log_error(file_name(path), None, f"a log of {form} holds no training run", REMEDY)
    found = read_runs_of_logs([path], [form], catalog, stated, source=f"{SOURCE_GROUP}/{path.stem}")
    return tuple(each.run for each in found), form
