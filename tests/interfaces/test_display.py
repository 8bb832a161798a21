"""Answers in a notebook, in a terminal, and as tables for other tools; and the notebook of the docs."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rich.console import Console

import tenfold
from tenfold.interfaces.display import MOST_BYTES
from tenfold.quantities import InputError

NOTEBOOK = Path(__file__).parents[2] / "docs" / "tutorials" / "notebook.ipynb"


@pytest.fixture(scope="module")
def answer() -> Any:
    return tenfold.tco(chip="h100-sxm", site="us-texas")


def test_a_notebook_shows_an_answer_without_scripts(answer: Any) -> None:
    shown = answer._repr_html_()
    assert "An hour used" in shown
    assert "<script" not in shown
    assert len(shown.encode()) <= MOST_BYTES


def test_names_in_an_answer_are_escaped() -> None:
    hostile = "<script>alert(1)</script>"
    shown = tenfold.contagion(title=hostile, draws={"count": 10})._repr_html_()  # type: ignore[attr-defined]
    assert hostile not in shown
    assert "&lt;script&gt;" in shown


def test_rich_prints_an_answer_as_the_command_does(answer: Any) -> None:
    out = StringIO()
    Console(file=out, width=110).print(answer)
    assert "for an hour that is used" in out.getvalue()


def test_a_table_is_read_by_arrow_and_written(answer: Any, tmp_path: Path) -> None:
    table = answer.table("figures")
    assert len(table) == len(answer.figures)
    assert table.rows()[0]["name"] == answer.figures[0].name
    assert table.__arrow_c_stream__() is not None
    table.to_parquet(tmp_path / "figures.parquet")
    with duckdb.connect() as connection:
        found = connection.execute("SELECT name FROM read_parquet(?)", [str(tmp_path / "figures.parquet")]).fetchall()
    assert [name for (name,) in found] == [named.name for named in answer.figures]
    with pytest.raises(InputError, match="Use one of"):
        answer.table("nonesuch")


def test_the_notebook_runs() -> None:
    names: dict[str, Any] = {}
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    assert names["answer"].figures
