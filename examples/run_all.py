"""Run every example: files that ask, Python files, and the commands and code that the pages show.

    uv run python examples/run_all.py

Pages are run in an empty folder with a copy of the examples. In a page,

* a block ``console`` is run line by line where a line begins with ``$ tenfold`` (``> FILE`` keeps the output);
* a block ``python`` is executed, all blocks of a page in one namespace;
* a block ``toml file=PATH``, ``csv file=PATH`` or ``json file=PATH`` is written to that path first.

Anything else (``sh``, ``text``) is only read. Stops at the first error with the page and the line.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import runpy
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^```(\w+)?(?: file=(\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILES = ("toml", "csv", "json")


class ExampleError(Exception):
    """An example that failed, with where it stands."""


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    language: str
    file: str
    text: str
    line: int


def blocks_of(page: Path) -> Iterator[Block]:
    """Give the fenced blocks of a page in order."""
    text = page.read_text(encoding="utf-8")
    for match in FENCE.finditer(text):
        yield Block(match[1] or "", match[2] or "", match[3], text.count("\n", 0, match.start()) + 1)


def commands_in(block: Block) -> Iterator[tuple[int, str]]:
    """Give the tenfold commands of a console block with their lines; a backslash continues a command."""
    text = block.text.replace("\\\n", " ")
    for offset, line in enumerate(text.splitlines(), start=1):
        command = line.removeprefix("$ ").removeprefix("uv run ")
        if line.startswith("$ ") and command.startswith("tenfold "):
            yield block.line + offset, command


def run_command(command: str) -> None:
    """Run one command line in this process. Raises ``ExampleError`` when it does not exit with 0."""
    from typer.testing import CliRunner

    from tenfold.interfaces.cli.app import app

    words = shlex.split(command, comments=True)[1:]
    target = Path(words[words.index(">") + 1]) if ">" in words else None
    arguments = words[: words.index(">")] if target else words
    result = CliRunner().invoke(app, arguments)
    if result.exit_code != 0:
        trouble = "" if isinstance(result.exception, SystemExit) else repr(result.exception)
        raise ExampleError(f"exit {result.exit_code}\n{result.stderr}{trouble}")
    if target is not None:
        target.write_text(result.stdout, encoding="utf-8")


def run_page(page: Path) -> int:
    """Run the blocks of a page; gives how many were run."""
    names: dict[str, object] = {"__name__": "__main__"}
    count = 0
    for block in blocks_of(page):
        place = f"{page.relative_to(ROOT)}:{block.line}"
        try:
            if block.file and block.language in FILES:
                Path(block.file).parent.mkdir(parents=True, exist_ok=True)
                Path(block.file).write_text(block.text, encoding="utf-8")
            elif block.language == "python":
                with contextlib.redirect_stdout(io.StringIO()):
                    exec(compile(block.text, place, "exec"), names)  # noqa: S102
            elif block.language == "console":
                for _, command in commands_in(block):
                    run_command(command)
            else:
                continue
        except Exception as trouble:
            raise ExampleError(f"{place}: {type(trouble).__name__}: {trouble}") from trouble
        count += 1
    return count


def run_question(file: Path) -> int:
    """Ask what a file asks."""
    import tomllib

    from tenfold.studies.ask import named_in

    name = named_in(tomllib.loads(file.read_text(encoding="utf-8")), str(file))
    run_command(f"tenfold {name} {shlex.quote(str(file))} --json")
    return 1


def run_script(script: Path) -> int:
    """Execute a Python example."""
    with contextlib.redirect_stdout(io.StringIO()):
        runpy.run_path(str(script), run_name="__main__")
    return 1


def examples() -> Iterator[tuple[Path, Callable[[Path], int]]]:
    """Everything to run: files of commands, scripts, pages."""
    for file in sorted(ROOT.glob("examples/**/*.toml")):
        yield file, run_question
    for script in sorted(ROOT.glob("examples/*.py")):
        if script != Path(__file__).resolve():
            yield script, run_script
    for page in (ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))):
        yield page, run_page


def main() -> int:
    """Run everything, each page in a folder of its own; gives the exit code."""
    for path, run in examples():
        started = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(ROOT / "examples", Path(folder) / "examples")
            os.environ["TENFOLD_HOME"] = str(Path(folder) / "home")
            back = Path.cwd()
            os.chdir(folder)
            try:
                count = run(path)
            except Exception as trouble:
                sys.stderr.write(f"FAILED {path.relative_to(ROOT)}: {trouble}\n")
                return 1
            finally:
                os.chdir(back)
        if count:
            sys.stdout.write(f"{path.relative_to(ROOT)}: {count} run in {time.perf_counter() - started:.1f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
