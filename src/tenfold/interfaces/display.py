"""Answers in a notebook or a terminal, and their parts as tables for other tools.

Answers stay plain records: what shows them is given to their class here, when one is first answered in Python.
``_repr_html_`` holds no script and at most 20 KB; a table speaks Arrow's C stream, as pandas, polars and DuckDB do.
"""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Iterator, Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

from tenfold.quantities import InputError, Problem, leaves_of, shown, to_data
from tenfold.studies import ask_about as ask_plainly

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST_BYTES = 20_000
MOST_ROWS = 10
_STYLE = "border-collapse:collapse;font-variant-numeric:tabular-nums"


def ask_about(name: str, question: object = None, **more: Any) -> Any:  # noqa: ANN401  (the answer of the question)
    """Ask, and give the answer's class what shows it."""
    answer = ask_plainly(name, question, **more)
    kind = type(answer)
    if not hasattr(kind, "_repr_html_"):
        for method, function in (("_repr_html_", html_of), ("__rich_console__", rich_of), ("table", table_of)):
            setattr(kind, method, function)
    return answer


def html_of(answer: object) -> str:
    """Verdict, key numbers and the first table of an answer."""
    from tenfold.reports import report_of

    report = report_of(answer)
    parts = [f"<div><p><strong>{_safe(report.verdict)}</strong></p>"]
    cards = [(each.name, each.value, f"{each.low} to {each.high}" if each.low else "") for each in report.cards]
    parts.append(_table(("", "P50", "P10 to P90"), cards))
    tables = [table for section in report.sections for table in section.tables]
    if tables:
        parts.append(_table(tables[0].headers, tables[0].rows[:MOST_ROWS]))
    assumed = ", ".join(each.name for each in report.assumptions[:12])
    parts.append(f"<p><small>{len(report.assumptions)} assumptions: {_safe(assumed)}</small></p></div>")
    while len("".join(parts).encode()) > MOST_BYTES and len(parts) > 2:
        del parts[-2]
    return "".join(parts)


def _safe(text: str) -> str:
    return html.escape(text)


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{_safe(each)}</th>" for each in headers)
    lines = ("".join(f"<td>{_safe(cell)}</td>" for cell in row) for row in rows)
    return f'<table style="{_STYLE}"><tr>{head}</tr>{"".join(f"<tr>{line}</tr>" for line in lines)}</table>'


def rich_of(answer: object, console: object, options: object) -> Iterator[Any]:
    """Tables for ``rich.print``, as the command prints them."""
    from tenfold.reports import report_of, terminal

    del console, options
    yield from terminal(report_of(answer), {})


def table_of(answer: object, name: str) -> AnswerTable:
    """Give a part of an answer that is a list of records, such as "designs" of a plan, as a table.

    Raises ``InputError`` naming the parts there are.
    """
    known = _lists(answer)
    if name not in known:
        wrong, remedy = f"no table {shown(name)} in this answer", f"Use one of {', '.join(known) or 'none'}"
        raise InputError(Problem(file="", key="name", wrong=wrong, remedy=remedy))
    return AnswerTable([dict(leaves_of(to_data(row))) for row in known[name]])


def _lists(answer: object) -> Mapping[str, Sequence[object]]:
    """Parts of an answer that are lists of records; ``designs`` are the best and its alternatives."""
    found: dict[str, Sequence[object]] = {}
    for field in dataclasses.fields(answer):  # type: ignore[arg-type]
        value = getattr(answer, field.name)
        if isinstance(value, tuple) and value and all(dataclasses.is_dataclass(each) for each in value):
            found[field.name] = value
    best = getattr(answer, "best", None)
    if "alternatives" in found or dataclasses.is_dataclass(best):
        others = found.get("alternatives", ())
        found["designs"] = [*([best] if dataclasses.is_dataclass(best) else []), *others]
    return found


class AnswerTable:
    """Rows of an answer in columns named by path, with their units in the names."""

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self.columns = tuple(dict.fromkeys(name for row in rows for name in row))
        self._rows = [tuple(row.get(name) for name in self.columns) for row in rows]
        self._connection: DuckDBPyConnection | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"AnswerTable({len(self)} rows; {', '.join(self.columns[:8])}{', …' if len(self.columns) > 8 else ''})"

    def _repr_html_(self) -> str:
        return _table(self.columns, [[str(cell) for cell in row] for row in self._rows[:MOST_ROWS]])[:MOST_BYTES]

    def rows(self) -> list[dict[str, Any]]:
        """Rows as tables of Python."""
        return [dict(zip(self.columns, row, strict=True)) for row in self._rows]

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Give the rows as an Arrow C stream."""
        del requested_schema
        return self._relation().__arrow_c_stream__()

    def to_pandas(self) -> Any:  # noqa: ANN401  (a type of a library that is not ours)
        """Give the rows as a pandas DataFrame; pandas has to be installed."""
        return self._relation().df()

    def to_polars(self) -> Any:  # noqa: ANN401
        """Give the rows as a polars DataFrame; polars has to be installed."""
        from importlib import import_module

        return import_module("polars").DataFrame(self)

    def to_parquet(self, path: str | PathLike[str]) -> None:
        """Write the rows as a Parquet file."""
        self._relation().write_parquet(str(path))

    def _relation(self) -> Any:  # noqa: ANN401
        import duckdb

        connection = duckdb.connect()
        kinds = ", ".join(f"{_quoted(name)} {self._kind(at)}" for at, name in enumerate(self.columns))
        connection.execute(f"CREATE TABLE rows ({kinds})")
        if self._rows:
            marks = ", ".join("?" for _ in self.columns)
            connection.executemany(f"INSERT INTO rows VALUES ({marks})", self._cast())  # noqa: S608
        self._connection = connection
        return connection.table("rows")

    def _cast(self) -> list[tuple[Any, ...]]:
        texts = {at for at in range(len(self.columns)) if self._kind(at) == "VARCHAR"}
        return [
            tuple(str(cell) if at in texts and cell is not None else cell for at, cell in enumerate(row))
            for row in self._rows
        ]

    def _kind(self, at: int) -> str:
        cells = [row[at] for row in self._rows if row[at] is not None]
        if cells and all(isinstance(cell, bool) for cell in cells):
            return "BOOLEAN"
        if cells and all(isinstance(cell, int) and not isinstance(cell, bool) for cell in cells):
            return "BIGINT"
        if cells and all(isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in cells):
            return "DOUBLE"
        return "VARCHAR"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
