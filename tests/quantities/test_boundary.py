"""The boundary that every reader passes: files, numbers, trees, what is shown and written."""

from __future__ import annotations

import math
import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tenfold
from tenfold.quantities import (
    Expansion,
    InputError,
    cell_text,
    csv_rows,
    finite_of,
    json_tree,
    parse_date,
    read_text,
    text_lines,
    text_of_cell,
    toml_tree,
    toml_value,
    visible,
    whole_of,
    yaml_tree,
)

SOURCES = Path(tenfold.__file__).parent


def refused(read: Any, *arguments: Any) -> str:
    with pytest.raises(InputError) as caught:
        list(read(*arguments)) if read is text_lines else read(*arguments)
    return str(caught.value)


@pytest.mark.parametrize("text", ["", "²", "٣", "1_000", "9" * 19, "1.0", "0x10", "+-1", "one"])
def test_no_whole_number(text: str) -> None:
    assert whole_of(text) is None


@pytest.mark.parametrize("text", ["", "nan", "inf", "-Infinity", "²", "٣.5", "1_0", "1e999", "9" * 401, "1e", "."])
def test_no_finite_number(text: str) -> None:
    assert finite_of(text) is None


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_that_python_writes_is_read(value: float) -> None:
    assert finite_of(repr(value)) == value


@given(st.text(max_size=60))
def test_what_is_shown_holds_nothing_that_a_terminal_acts_on(text: str) -> None:
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e]", visible(text))
    assert visible("plain words, 3 µs") == "plain words, 3 µs"


@given(st.text(max_size=60))
def test_any_text_is_written_as_toml_that_reads_back(text: str) -> None:
    whole = text.encode("utf-8", errors="replace").decode()
    assert tomllib.loads(f"a = {toml_value(text)}")["a"] == whole


@given(st.text(max_size=20).filter(lambda text: text[:1] not in ("\t", "\r", "'")))
def test_no_cell_is_a_formula_and_each_reads_back(text: str) -> None:
    assert not cell_text(text).startswith(("=", "+", "-", "@"))
    assert text_of_cell(cell_text(text)) == text


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    assert "no regular file" in refused(read_text, tmp_path / "pipe", "x")
    assert "no regular file" in refused(text_lines, tmp_path / "pipe", "x")
    assert "no such file" in refused(read_text, tmp_path, "x")
    assert "no such file" in refused(read_text, tmp_path / "a\0b", "x")
    assert "too long" in refused(read_text, tmp_path / ("x" * 5000), "x")
    assert "UTF-8" in refused(read_text, tmp_path / "bytes", "x")


def test_a_line_is_cut_and_its_rest_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("x" * 2_500_000 + "\nnext\n")
    lines = list(text_lines(path, ""))
    assert [(number, len(text)) for number, text in lines] == [(1, 1_000_001), (2, 5)]


BOMB = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))


def test_trees_are_bounded() -> None:
    deep = "[" * 2000 + "]" * 2000
    assert "deep" in refused(json_tree, deep, "f", "x")
    assert "deep" in refused(json_tree, '{"a": ' * 30 + "1" + "}" * 30, "f", "x")
    assert "no JSON" in refused(json_tree, '{"a": ' + "9" * 5000 + "}", "f", "x")
    assert "no TOML" in refused(toml_tree, "a = ", "f", "x")
    pytest.importorskip("yaml")
    assert "stands for more" in refused(yaml_tree, "a0: &a0 [x]\n" + BOMB.replace("*a0", "*a0"), "f", "x")
    assert "no YAML" in refused(yaml_tree, "a: !!python/object/apply:os.system [true]", "f", "x")
    assert "deep" in refused(yaml_tree, "&a [*a]", "f", "x")


def test_what_references_become_is_counted_before_it_is_made() -> None:
    bound = Expansion(file="f", most=10, what="variables")
    bound.add(10)
    assert "variables expand to more than 10" in refused(bound.add, 1)


def test_a_cell_beyond_reason_is_refused() -> None:
    with pytest.raises(InputError, match="line 2"):
        list(csv_rows(["a,b\n", "1," + "x" * 200_000 + "\n"], "f"))


@pytest.mark.parametrize("text", ["0000", "0000Q1", "10000", "2026-13", "2026-02-30", "9999-99"])
@pytest.mark.parametrize("end", [True, False])
def test_days_beyond_the_calendar_are_refused(text: str, end: bool) -> None:
    assert "is not a date" in refused(lambda: parse_date(text, end=end))


OWN = re.compile(
    r"\.(?:open|read_text|read_bytes)\(|\bjson\.loads?\(|\btoml(?:lib|i)\.loads?\(|\byaml\.(?:safe_)?load\(|csv\.reader\(|DictReader\("
)
READS_ITS_OWN = {
    "quantities/boundary.py": "the boundary itself",
    "quantities/sobol.py": "a table that is shipped",
    "catalog/csv_rows.py": "rows of a catalog's folder, with its own bound and words",
    "catalog/reading.py": "files of a catalog's folder, with its own bound and words",
    "catalog/prices/files/formats.py": "the first line of a price list, after require_regular",
    "catalog/prices/files/names.py": "a table that is shipped",
    "catalog/store/making.py": "a lock",
    "interfaces/cli/files.py": "what is written",
    "interfaces/web/agents.py": "what a worker answered",
    "interfaces/web/app.py": "a request, bounded by the door; examples that are shipped",
    "interfaces/web/exports.py": "what is written",
    "interfaces/web/library.py": "a page that is shipped, and records as plain data",
    "interfaces/web/pages.py": "pages and presets that are shipped",
    "interfaces/web/serve.py": "a browser is opened",
    "interfaces/web/work.py": "a request, bounded by the door",
    "fleet/traces/parquet.py": "what was written a line before",
    "studies/cells.py": "records as plain data",
    "studies/parquet.py": "what is written",
    "studies/kept.py": "what studies wrote, whose digest is checked",
    "studies/tables.py": "what studies wrote",
    "studies/varying.py": "a value that was typed",
    "reports/frame.py": "templates that are shipped",
    "studies/examples.py": "examples that are shipped",
    "validation/failures/overlay.py": "a text that the boundary read",
}
"""Files of the package that open or parse something, and why they need no boundary."""


def test_readers_ask_the_boundary() -> None:
    found = {
        path.relative_to(SOURCES).as_posix()
        for path in SOURCES.rglob("*.py")
        if OWN.search(path.read_text(encoding="utf-8"))
    }
    assert found == set(READS_ITS_OWN)


def test_shares_of_nothing() -> None:
    assert finite_of("1e-320") == pytest.approx(0.0, abs=1e-300)
    assert math.isfinite(finite_of("1" * 300) or 0.0)
