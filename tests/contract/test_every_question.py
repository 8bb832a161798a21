"""The contract that every question of the registry keeps; one that skips a part fails here by its name.

Each question is asked through its example, once by the command line, once again from its own answer, once from Python.
"""

from __future__ import annotations

import dataclasses
import html
import json
import re
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typed_commands import Answer, tenfold

import tenfold as public
from tenfold.catalog import Catalog, load_catalog
from tenfold.interfaces.cli.app import GROUPS, command_names
from tenfold.quantities import CatalogError, NamedFigure, Progress, value_at
from tenfold.quantities.documents import read_tree
from tenfold.quantities.fields import fields_of
from tenfold.reports.answers import answer_json, report_of, schema_of_answer, topics_of
from tenfold.reports.explain import explained
from tenfold.reports.report import Report
from tenfold.studies.ask import answer_record_of, answerer_of, read_question, record_of, source_of
from tenfold.studies.examples import example_of
from tenfold.studies.questions import QUESTIONS, address_of

NAMES = tuple(QUESTIONS)
CATALOG = load_catalog()
SEED = 7
KEYS = {"schema_version", "question_name", "question", "made", "verdict", "assumptions", "figures", "notes"}
FITS_OR_NOT = (0, 3)
every_question = pytest.mark.parametrize("name", NAMES)


@dataclass(frozen=True)
class Given:
    """An example answered by the command line."""

    said: Answer
    page: str

    @property
    def data(self) -> Any:
        assert self.said.code in FITS_OR_NOT, self.said.stderr
        return json.loads(self.said.stdout)


@cache
def given(name: str) -> Given:
    """Ask a question's example once, with a page beside it."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        said = tenfold(*name.split(), example_of(name), "--json", "--seed", str(SEED), "--html", page)
        assert said.code in FITS_OR_NOT, said.stderr
        return Given(said, page.read_text(encoding="utf-8"))


@cache
def answered(name: str) -> Any:
    """Ask it in Python."""
    return getattr(public, function_name(name))(example_of(name), catalog=CATALOG, seed=SEED)


@cache
def report(name: str) -> Report:
    return report_of(answered(name))


def function_name(name: str) -> str:
    return name.replace(" ", "_").replace("-", "_")


def test_the_registry_is_in_every_list() -> None:
    listed = tenfold("questions", "--json").data
    assert [each["name"] for each in listed] == list(NAMES)
    assert all(set(each) == {"name", "summary", "example"} and all(each.values()) for each in listed)
    assert set(NAMES) <= set(command_names())
    assert all(name.partition(" ")[0] in {*GROUPS, *command_names()} for name in command_names())


@every_question
def test_every_field_says_what_it_is(name: str) -> None:
    silent = [field.name for field in fields_of(record_of(name)) if not field.help]
    assert not silent


@every_question
def test_the_schema_describes_the_question_and_the_answer(name: str) -> None:
    schema = tenfold("schema", address_of(name)).data
    assert set(read_tree(example_of(name), "")) - {"seed", "question"} <= set(schema["properties"])
    assert set(schema["required"]) <= set(schema["properties"])
    answer = tenfold("schema", address_of(name), "--answer").data
    assert answer == json.loads(json.dumps(schema_of_answer(name)))
    assert set(answer["properties"]) >= KEYS
    assert set(given(name).data) == set(answer["properties"])


@every_question
def test_init_writes_a_file_that_reads_back_and_asks_the_same(name: str, tmp_path: Path) -> None:
    file = tmp_path / "asked.toml"
    assert tenfold("init", address_of(name), file).code == 0
    assert tenfold("init", address_of(name), file).code == 2
    again, example = (read_question(name, source_of(name, each), CATALOG).question for each in (file, example_of(name)))
    for field in fields_of(type(again)):
        kept, meant = field.value_in(again), field.value_in(example)
        assert kept == meant or file_names(kept) == file_names(meant), field.name
    assert read_tree(file, "")["question"] == address_of(name)


def file_names(paths: str | tuple[str, ...]) -> list[str]:
    """Names of a file of data, or of several."""
    return [Path(each).name for each in ([paths] if isinstance(paths, str) else paths)]


@every_question
def test_the_answer_says_what_was_asked_and_what_made_it(name: str) -> None:
    data = given(name).data
    assert set(data) >= KEYS
    assert data["question_name"] == name
    assert set(data["made"]) == {"tenfold", "catalog", "overrides", "seed"}
    assert (data["made"]["catalog"], data["made"]["seed"]) == (CATALOG.version, SEED)
    assert set(data["question"]) == {field.name for field in dataclasses.fields(record_of(name))}


@every_question
def test_it_can_be_asked_again_to_the_same_bytes(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the answer holds the very question that was asked, being asked that again is not worked out anew.

    Equal questions have equal answers: the command line and Python have each worked this one out, to the same bytes.
    """
    file = tmp_path / "answer.json"
    file.write_text(given(name).said.stdout, encoding="utf-8")

    def known(
        question: object, catalog: Catalog, *, seed: int, progress: Progress | None = None, **handed: object
    ) -> object:
        del progress, handed
        assert (question, catalog.version, seed) == (answered(name).question, CATALOG.version, SEED)
        return answered(name)

    if answered(name).question == read_question(name, source_of(name, example_of(name)), CATALOG).question:
        monkeypatch.setattr(answerer_of(name), "answer", known)
    again = tenfold(*name.split(), "--question", file, "--json")
    assert again.stdout == given(name).said.stdout
    assert again.code == given(name).said.code


@every_question
def test_python_gives_the_same_answer(name: str) -> None:
    assert function_name(name) in dir(public)
    assert {record_of(name).__name__, answer_record_of(name).__name__} <= set(dir(public))
    assert answer_json(answered(name)) == given(name).said.stdout


@every_question
def test_every_figure_is_found_by_its_name(name: str) -> None:
    answer, question = answered(name), given(name).data["question"]
    for named in named_figures(answer):
        if named.name.startswith("question/"):
            assert value_at(question, named.name.partition("/")[2])
            continue
        try:
            found = CATALOG.figure_of(named.name)
        except CatalogError as trouble:
            pytest.fail(f"{named.name}: {trouble}")
        assert (found.value, found.unit) == (named.figure.value, named.figure.unit), named.name


def named_figures(value: object) -> list[NamedFigure]:
    """Every named figure anywhere inside an answer."""
    if isinstance(value, NamedFigure):
        return [value]
    if dataclasses.is_dataclass(value):
        return [named for field in dataclasses.fields(value) for named in named_figures(getattr(value, field.name))]
    if isinstance(value, dict):
        return [named for each in value.values() for named in named_figures(each)]
    if isinstance(value, (tuple, list)):
        return [named for each in value for named in named_figures(each)]
    return []


@every_question
def test_assumptions_are_figures_that_somebody_assumed(name: str) -> None:
    answer = answered(name)
    assert all(named.figure.kind in ("assumption", "estimate") for named in answer.assumptions)
    assert {named.name for named in answer.assumptions} <= {named.name for named in answer.figures}


def words(text: str) -> str:
    """Text without what a page or a terminal puts between its words, and without what a page runs or is drawn with."""
    seen = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]*>", "", seen)))


@every_question
def test_terminal_and_page_say_the_same(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from io import StringIO

    from rich.console import Console

    from tenfold.reports.terminal import terminal

    out = StringIO()
    console = Console(file=out, width=400, highlight=False)
    for part in terminal(report(name), CATALOG.sources, full=True):
        console.print(part)
    said = given(name).data["verdict"]
    assert said == report(name).verdict
    for shown in (words(out.getvalue()), words(given(name).page)):
        assert words(said) in shown
        assert all(words(named.name) in shown for named in report(name).assumptions)
        assert all(words(note) in shown for note in report(name).notes)


class Loads(HTMLParser):
    """Every tag that loads something."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"link", "img", "iframe", "object", "embed", "base", "form"} or "src" in dict(attrs):
            self.found.append(tag)


@every_question
def test_the_page_loads_nothing_and_holds_every_chart(name: str) -> None:
    page = given(name).page
    loads = Loads()
    loads.feed(page)
    assert loads.found == []
    held = re.search(r'id="chart-data">(.*?)</script>', page, re.DOTALL)
    assert held is not None
    assert set(json.loads(held[1])) == {chart.key for section in report(name).sections for chart in section.charts}
    for section in report(name).sections:
        for table in section.tables:
            assert {len(row) for row in table.rows} <= {len(table.headers)}


@every_question
def test_terms_add_up_to_their_headline(name: str) -> None:
    data = given(name).data
    headlines = [terms for section in report(name).sections for terms in section.terms]
    for terms in headlines:
        value, _, _ = value_at(data, terms.headline)
        assert sum(terms.values.values()) == pytest.approx(float(value), rel=1e-9, abs=1e-12), terms.title
        followed = explained(data, terms.headline, topics_of(name), CATALOG.sources)
        assert followed["adds_up"], terms.headline
        own = [each.values for each in headlines if each.headline == terms.headline]
        assert any(
            followed["terms"] == pytest.approx(dict(each)) for each in own if len(each) == len(followed["terms"])
        )


@every_question
def test_explain_follows_every_number_that_is_printed_first(name: str, tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_text(given(name).said.stdout, encoding="utf-8")
    paths = [card.path for card in report(name).cards]
    assert paths
    assert all(paths), [card.name for card in report(name).cards if not card.path]
    for path in {*paths, *(terms.headline for section in report(name).sections for terms in section.terms)}:
        followed = tenfold("explain", file, path, "--json")
        assert followed.code == 0, (path, followed.stderr)
        assert followed.data["number"] == path


@every_question
def test_ctrl_c_leaves_nothing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(answerer_of(name), "answer", interrupted)
    stopped = tenfold(*name.split(), example_of(name).resolve(), "--html", "page.html", "--json")
    assert (stopped.code, stopped.stdout) == (130, "")
    assert stopped.stderr.splitlines() == ["interrupted; nothing was written"]
    assert not list(tmp_path.iterdir())


@every_question
def test_a_wrong_key_and_a_wrong_seed_are_said_together(name: str, tmp_path: Path) -> None:
    file = tmp_path / "asked.toml"
    text = example_of(name).read_text(encoding="utf-8")
    file.write_text(f"zzz = 1\n{text}", encoding="utf-8")
    refused = tenfold(*name.split(), file, "--seed", "-1")
    assert (refused.code, refused.stdout) == (2, "")
    assert "zzz: unknown key" in refused.stderr
    assert "--seed: '-1' is too small" in refused.stderr
