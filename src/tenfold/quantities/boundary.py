"""The boundary: what every reader of a file asks for, and what bounds it. It knows no format but JSON, TOML and YAML.

A file is read when it is a regular one, within its size, and text; a number when it is finite and written in ASCII
digits; a tree when it is no deeper and no larger than one that a person wrote, references followed. Whatever is beyond
a bound is refused with an ``InputError`` that names the file and says what to do. Nothing here is specific to a reader.
"""

from __future__ import annotations

import csv
import errno
import json
import math
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli

from tenfold.quantities.errors import InputError, Problem, shown

LARGEST_FILE_BYTES = 64_000_000
"""Of a file that is read whole."""
LARGEST_LOG_BYTES = 2_000_000_000
"""Of a file that is read line by line."""
LONGEST_LINE = 1_000_000
"""Characters of a line that are looked at; no line of a log that is read here comes near."""
LONGEST_CELL = 100_000
"""Characters of a cell of a table."""
MOST_DIGITS = 18
"""Digits of a whole number; more is no count of anything."""
DEEPEST = 24
"""Tables and lists within each other."""
MOST_NODES = 2_000_000
"""Values of a tree, references followed each time they are used."""
MOST_BITS = 1023
"""Of a whole number in a tree; beyond them no float holds it."""

_WHOLE = re.compile(rf"[+-]?[0-9]{{1,{MOST_DIGITS}}}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,3})?")
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e0fff]"
)


def whole_of(text: str) -> int | None:
    """Whole number that a text is, in at most ``MOST_DIGITS`` ASCII digits; None for anything else."""
    stripped = text.strip()
    return int(stripped) if _WHOLE.fullmatch(stripped) else None


def finite_of(text: str) -> float | None:
    """Finite number that a text is, in ASCII digits; None for anything else, infinity and NaN among them."""
    stripped = text.strip()
    value = float(stripped) if _NUMBER.fullmatch(stripped) else math.nan
    return value if math.isfinite(value) else None


def visible(text: str) -> str:
    """Show a text on one line: what a terminal would act on, or nobody would see, is escaped."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], text)


def cell_text(text: str) -> str:
    """Text of a cell that no table program takes for a formula: an apostrophe goes before what begins like one."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def text_of_cell(cell: str) -> str:
    """Text that ``cell_text`` wrote."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def file_name(path: Path) -> str:
    """Show a path in a message."""
    return visible(str(path))


@dataclass(slots=True)
class Expansion:
    """Counts what references become, and stops before it is built."""

    file: str
    most: int
    what: str
    """What is expanded: aliases, variables, node lists."""
    used: int = 0

    def add(self, size: int) -> None:
        """Count so much more. Raises ``InputError`` beyond the most."""
        self.used += size
        if self.used > self.most:
            wrong = f"its {self.what} expand to more than {self.most:,}"
            raise InputError(Problem(file=self.file, key="", wrong=wrong, remedy="Write out what is meant"))


def _refusal(path: Path, wrong: str, remedy: str) -> InputError:
    return InputError(Problem(file=file_name(path), key="", wrong=wrong, remedy=remedy))


def is_there(path: Path) -> bool:
    """Whether anything is at a path; nothing is at one that no system can name."""
    try:
        return "\0" not in str(path) and path.exists()
    except (OSError, ValueError):
        return False


def require_regular(path: Path, most_bytes: int, remedy: str) -> int:
    """Bytes of a file. Raises ``InputError`` for what is missing, no regular file, too large, or out of reach."""
    try:
        status = path.stat() if "\0" not in str(path) else None
    except (FileNotFoundError, NotADirectoryError, ValueError):
        status = None
    except OSError as trouble:
        remedy = "Name it shorter" if trouble.errno == errno.ENAMETOOLONG else "Check the file"
        raise _refusal(path, f"cannot be read ({_reason(trouble)})", remedy) from None
    if status is None or stat.S_ISDIR(status.st_mode):
        raise _refusal(path, "no such file", remedy)
    if not stat.S_ISREG(status.st_mode):
        raise _refusal(path, "is no regular file", "Copy it into a file")
    if status.st_size > most_bytes:
        raise _refusal(path, f"is larger than {most_bytes:,} bytes", "Split it")
    return status.st_size


def _reason(trouble: OSError) -> str:
    return trouble.strerror or os.strerror(trouble.errno or 0)


def read_text(path: Path, remedy: str) -> str:
    """Text of a regular UTF-8 file. Raises ``InputError`` naming what stands in the way."""
    require_regular(path, LARGEST_FILE_BYTES, remedy)
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refusal(path, "is not UTF-8 text", "Save it as UTF-8") from None
    except OSError as trouble:
        raise _refusal(path, f"cannot be read ({_reason(trouble)})", "Check the file") from None


def text_lines(path: Path, remedy: str) -> Iterator[tuple[int, str]]:
    """Lines of a regular file with their numbers, from 1, one at a time; each keeps its line break.

    Bytes that are not UTF-8 are replaced, since logs hold the output of many programs. Of a line that is longer than
    ``LONGEST_LINE`` the rest is passed over. Raises ``InputError`` for a file that cannot be read.
    """
    require_regular(path, LARGEST_LOG_BYTES, remedy)
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline=None) as file:
            number = 0
            while text := file.readline(LONGEST_LINE):
                number += 1
                ended = text.endswith("\n")
                while not ended and (rest := file.readline(LONGEST_LINE)):
                    ended = rest.endswith("\n")
                    text = text if not ended else f"{text}\n"
                yield number, text
    except OSError as trouble:
        raise _refusal(path, f"cannot be read ({_reason(trouble)})", remedy) from None


def json_tree(text: str, file: str, remedy: str) -> Any:  # noqa: ANN401  (any JSON value)
    """Value of a JSON text. Raises ``InputError`` for what is none, too deep, or holds numbers beyond reckoning."""
    return _tree(json.loads, "JSON", text, file, remedy)


def toml_tree(text: str, file: str, remedy: str) -> dict[str, Any]:
    """Table of a TOML text. Raises ``InputError`` as ``json_tree`` does."""
    found: dict[str, Any] = _tree(tomli.loads, "TOML", text, file, remedy)
    return found


def _tree(parse: Callable[[str], Any], form: str, text: str, file: str, remedy: str) -> Any:  # noqa: ANN401
    try:
        tree = parse(text)
    except RecursionError:
        raise InputError(
            Problem(file=file, key="", wrong="values are nested too deep", remedy="Nest them less")
        ) from None
    except (ValueError, OverflowError) as trouble:
        wrong = f"is no {form}: {_one_line(trouble)}"
        raise InputError(Problem(file=file, key="", wrong=wrong, remedy=remedy)) from None
    require_bounded(tree, file)
    return tree


def yaml_tree(text: str, file: str, remedy: str) -> Any:  # noqa: ANN401  (any YAML value)
    """Value of a YAML text, made of plain values only. Raises ``InputError`` as ``json_tree`` does.

    An alias is the value it names, and counts as often as it is used: a short text may stand for more than fits.
    """
    try:
        import yaml
    except ModuleNotFoundError:
        wrong = "YAML cannot be read"
        raise InputError(Problem(file=file, key="", wrong=wrong, remedy="Type: uv add pyyaml")) from None
    try:
        tree = yaml.load(text, Loader=_yaml_loader())  # noqa: S506  (a safe loader)
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError, TypeError, AttributeError, KeyError) as trouble:
        wrong = f"is no YAML ({_one_line(trouble)})"
        raise InputError(Problem(file=file, key="", wrong=wrong, remedy=remedy)) from None
    require_bounded(tree, file)
    return tree


def _yaml_loader() -> Any:  # noqa: ANN401  (a class of an optional package)
    """The safe loader; written in C where that was built, since the other takes minutes for a large file."""
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def csv_rows(
    lines: Iterable[str], file: str, delimiter: str = ",", *, strict: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """Rows of a CSV with the number of the line each ends on. Raises ``InputError`` for a cell without end.

    ``lines`` keep their breaks. ``strict`` refuses text after a closing quote.
    """
    reader = csv.reader(lines, delimiter=delimiter, strict=strict)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as trouble:
            wrong = f"is no CSV: {_one_line(trouble)}"
            place = f"{file} line {reader.line_num}"
            remedy = f"Quote cells with commas, and write at most {LONGEST_CELL:,} characters in each"
            raise InputError(Problem(file=place, key="", wrong=wrong, remedy=remedy)) from None
        yield reader.line_num, cells


def cells_by_column(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Cells of a row by their column; those that it leaves out at its end are empty."""
    return dict(zip(header, [*cells, *[""] * (len(header) - len(cells))], strict=False))


def csv_table(path: Path, remedy: str) -> tuple[tuple[str, ...], Iterator[tuple[int, dict[str, str]]]]:
    """Header of a CSV file, and its rows by column with the line each ends on; cells that a row leaves out are empty.

    Raises ``InputError`` for a file that cannot be read, and while rows are taken for a cell without end.
    """
    rows = csv_rows(read_text(path, remedy).splitlines(keepends=True), file_name(path))
    header = next(rows, (1, list[str]()))[1]

    def named() -> Iterator[tuple[int, dict[str, str]]]:
        for line, cells in rows:
            if cells:
                yield line, cells_by_column(header, cells)

    return tuple(header), named()


def require_bounded(tree: object, file: str) -> None:
    """Raise ``InputError`` for a tree deeper than ``DEEPEST``, of more than ``MOST_NODES``, or with endless numbers.

    Sizes are added up from the leaves, each list or table once, so that shared ones cost nothing to count.
    """
    sizes: dict[int, int] = {}
    if _size(tree, DEEPEST, sizes, file) > MOST_NODES:
        wrong = f"it stands for more than {MOST_NODES:,} values"
        raise InputError(Problem(file=file, key="", wrong=wrong, remedy="Write out what is meant"))


def _size(tree: object, depth: int, sizes: dict[int, int], file: str) -> int:
    if not isinstance(tree, (dict, list)):
        if isinstance(tree, int) and tree.bit_length() > MOST_BITS:
            wrong = "a number has more digits than any count"
            raise InputError(Problem(file=file, key="", wrong=wrong, remedy="Check the number"))
        return 1
    if depth < 0:
        wrong = f"tables are nested more than {DEEPEST} deep"
        raise InputError(Problem(file=file, key="", wrong=wrong, remedy="Nest them less"))
    known = sizes.get(id(tree))
    if known is None:
        below = tree.values() if isinstance(tree, dict) else tree
        known = 1 + sum(_size(each, depth - 1, sizes, file) for each in below)
        sizes[id(tree)] = known
    return known


def _one_line(trouble: BaseException) -> str:
    return shown(" ".join(str(trouble).split()))[1:-1].rstrip(".")
