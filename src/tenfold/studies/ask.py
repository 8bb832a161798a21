"""Asking by name: a file, a table, a record or single values become the record of a question, and then its answer.

Whatever way a question comes in, it passes the same boundary: ``documents`` reads it against its record, then the
question's own ``contradictions`` are looked for, and every problem is raised together.
"""

from __future__ import annotations

import dataclasses
import difflib
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenfold.quantities import (
    Field,
    InputError,
    Many,
    Place,
    Problem,
    Progress,
    Tree,
    Whole,
    fields_of,
    read_in_part,
    read_record,
    read_tree,
    shown,
    to_data,
)
from tenfold.studies.output import Output
from tenfold.studies.questions import NAME_OF_ADDRESS, QUESTIONS, address_of, question_for

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

SEED = Whole(least=0, most=2**63 - 1)
QUESTION_ENDINGS = (".toml", ".json")
"""A file that ends so is a question; any other is the data that one is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question ready to be answered."""

    name: str
    question: Any
    """Its record."""
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What somebody said: a table of raw values, and where it stands."""

    tree: Tree
    file: str = ""
    folder: Path = Path()


def record_of(name: str) -> type:
    """Give the record of a question."""
    found: type = getattr(_module(name, "question"), f"{_camel(name)}Question")
    return found


def answer_record_of(name: str) -> type:
    """Give the record of a question's answer."""
    found: type = getattr(_module(name, "answer"), f"{_camel(name)}Answer")
    return found


def answerer_of(name: str) -> Any:  # noqa: ANN401  (a module with ``answer``, and perhaps ``files``)
    """Give the module that answers a question, which is called as its package is."""
    return _module(name, QUESTIONS[name].module.rpartition(".")[2])


def _module(name: str, part: str) -> Any:  # noqa: ANN401
    return import_module(f"{QUESTIONS[name].module}.{part}")


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.replace("-", " ").split())


def output_of(name: str) -> Output | None:
    """Say what an answer becomes; None for a question whose answer becomes no file."""
    module = _module(name, "answer")
    if hasattr(module, "file"):
        return Output(
            folder=False,
            texts=lambda answer: {"": module.file(answer)},
            joined=None,
            asks=getattr(module, "FILE_ASKS", {}),
            suffix=getattr(module, "FILE_SUFFIX", ""),
        )
    if hasattr(module, "files"):
        return Output(folder=True, texts=module.files, joined=getattr(module, "joined", None))
    return None


def name_of(answer: object) -> str:
    """Name of the question that an answer answers. Raises ``TypeError`` for what is no answer."""
    home = type(answer).__module__
    for name, question in QUESTIONS.items():
        if home.startswith(f"{question.module}.") and isinstance(answer, answer_record_of(name)):
            return name
    raise TypeError(f"{type(answer).__name__} answers no question")


def known_name(text: str, *, file: str = "", key: str = "") -> str:
    """Name of a question as a person writes it, with spaces or hyphens. Raises ``InputError`` with the nearest."""
    name = NAME_OF_ADDRESS.get(address_of(text))
    if name is not None:
        return name
    close = difflib.get_close_matches(address_of(text), NAME_OF_ADDRESS, n=1)
    hint = f": did you mean '{close[0]}'?" if close else ""
    remedy = "" if close else f"Use one of {', '.join(NAME_OF_ADDRESS)}"
    raise InputError(Problem(file=file, key=key, wrong=f"no question is called {shown(text)}{hint}", remedy=remedy))


def argument_of(name: str) -> Field | None:
    """Give the field that an argument is for which is no question's file: data, or a name; None where there is none."""
    return next((field for field in fields_of(record_of(name)) if field.argument), None)


def source_of(name: str, *arguments: str | Path) -> Source:
    """Say what arguments say: a question in TOML or JSON, an answer's JSON (its question), data, or a name.

    Raises ``InputError`` for a file that cannot be read, and for several where one was expected.
    """
    field = argument_of(name)
    if field is not None and (
        _are_data(name, field, arguments) or not any(Path(each).suffix in QUESTION_ENDINGS for each in arguments)
    ):
        said = [str(each) for each in arguments]
        return Source(tree={field.key: said if isinstance(field.shape, Many) or len(said) > 1 else said[0]})
    if len(arguments) > 1:
        listed, remedy = ", ".join(str(each) for each in arguments), "Give one question, or only data"
        raise InputError(Problem(file="", key="", wrong=f"more than one question in {listed}", remedy=remedy))
    return _asked_in(name, Path(arguments[0]))


def _are_data(name: str, field: Field, arguments: tuple[str | Path, ...]) -> bool:
    """Tell several questions of another kind, which this one is about, from several of its own."""
    if len(arguments) < 2 or not field.data or not isinstance(field.shape, Many):
        return False
    return not any(_asks(name, Path(each)) for each in arguments)


def _asks(name: str, path: Path) -> bool:
    if path.suffix not in QUESTION_ENDINGS or not path.exists():
        return path.suffix in QUESTION_ENDINGS
    tree = read_tree(path, "")
    said = tree.get("question")
    return address_of(said) == address_of(name) if isinstance(said, str) else _says_what_is_asked(name, tree)


def _asked_in(name: str, path: Path) -> Source:
    tree = read_tree(path, f"Write one with: tenfold init {address_of(name)}")
    field = argument_of(name)
    if field is not None and field.data and tree and not _says_what_is_asked(name, tree):
        return Source(tree={field.key: path})
    if isinstance(tree.get("question"), dict):  # an answer
        seed = tree["made"].get("seed", 0) if isinstance(tree.get("made"), dict) else 0
        return Source(tree={**tree["question"], "seed": seed}, file=str(path))
    return Source(tree=tree, file=str(path), folder=path.parent)


def _says_what_is_asked(name: str, tree: Tree) -> bool:
    """Tell a question, or an answer, from data that is JSON or TOML too: it has a key of the question."""
    return any(key in tree for field in fields_of(record_of(name)) for key in (field.key, field.name, "question"))


def named_in(tree: Mapping[str, Any], file: str) -> str:
    """Name of the question that a file asks: that of its ``question`` key, or a plan for a goal, by its kind.

    Raises ``InputError`` where the file does not say.
    """
    said = tree.get("question_name", tree.get("question"))
    if isinstance(said, str):
        return known_name(said, file=file, key="question")
    if "goal" in tree:
        return question_for("plan", tree, file)
    listed = ", ".join(NAME_OF_ADDRESS)
    raise InputError(Problem(file=file, key="question", wrong="is missing", remedy=f"Write question = one of {listed}"))


def read_question(
    name: str,
    source: Source,
    catalog: Catalog,
    *,
    given: Mapping[str, Any] | None = None,
    seed: int | str | None = None,
) -> Asked:
    """Read what was said into the record of a question.

    A file whose kind another question answers is read as that one's. ``given`` are values that stand over those of the
    source, by key; ``seed`` stands over the file's. Raises one ``InputError`` with every problem of the source, of what
    was given, and between fields.
    """
    name = question_for(name, source.tree, source.file)
    tree = {key: value for key, value in source.tree.items() if key not in ("seed", "question")}
    place = Place(file=source.file, folder=source.folder, names=catalog)
    question, problems = _question(name, tree, place, catalog, given or {})
    problems = [*_wrong_name(name, source), *problems]
    chosen = 0
    try:
        raw = source.tree.get("seed", 0) if seed is None else seed
        chosen = SEED.read(raw, Place(key="seed") if seed is not None else place.at("seed"))
    except InputError as trouble:
        problems += trouble.problems
    if problems:
        raise InputError(dict.fromkeys(problems))
    return Asked(name=name, question=question, seed=chosen)


def _wrong_name(name: str, source: Source) -> list[Problem]:
    said = source.tree.get("question")
    if not isinstance(said, str) or address_of(question_for(said, source.tree)) == address_of(name):
        return []
    try:
        asked = known_name(said, file=source.file, key="question")
    except InputError as trouble:
        return list(trouble.problems)
    wrong = f"this file asks {asked}, not {name}"
    remedy = f"Run: tenfold {asked} {source.file}"
    return [Problem(file=source.file, key="question", wrong=wrong, remedy=remedy)]


def _question(
    name: str, tree: Tree, place: Place, catalog: Catalog, given: Mapping[str, Any]
) -> tuple[Any, list[Problem]]:
    """Record of a question, and what is wrong with it: with its values, and between those that could be read."""
    record, look = record_of(name), _judge_of(name)
    question: Any
    try:
        question, wrong = read_record(record, tree, place, given), list[Problem]()
    except InputError as trouble:
        question, wrong = read_in_part(record, {**tree, **given}, place), list(trouble.problems)
    between = [] if look is None else look(question, catalog)
    keys = {problem.key for problem in wrong}
    return question, [
        *wrong,
        *(replace(each, file=each.file or place.file) for each in between if each.key not in keys),
    ]


def _judge_of(name: str) -> Callable[[Any, Catalog], Iterable[Problem]] | None:
    """Give what says what cannot be between fields: of the question's module, or of one for it alone."""
    alone = find_spec(f"{QUESTIONS[name].module}.contradictions") is not None
    return getattr(_module(name, "contradictions" if alone else "question"), "contradictions", None)


def ask(asked: Asked, catalog: Catalog, *, progress: Progress | None = None) -> Any:  # noqa: ANN401  (its answer)
    """Answer a question that was read."""
    handed = {name: _function(place) for name, place in QUESTIONS[asked.name].handed.items()}
    return answerer_of(asked.name).answer(asked.question, catalog, seed=asked.seed, progress=progress, **handed)


def _function(place: str) -> Any:  # noqa: ANN401
    module, _, name = place.rpartition(".")
    return getattr(import_module(module), name)


def ask_about(
    name: str,
    question: object = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **given: object,
) -> Any:  # noqa: ANN401  (the answer of the question)
    """Ask in Python: a record, a table, the path of a file (or several of data), or values by the names of the fields.

    Raises ``InputError`` with every problem, ``MissingFigureError`` for a figure nobody recorded.
    """
    from tenfold.catalog import load_catalog

    known = catalog or load_catalog()
    plain = {key: to_data(value) for key, value in given.items()}
    return ask(read_question(name, _said(name, question), known, given=plain, seed=seed), known, progress=progress)


def _said(name: str, question: object) -> Source:
    if question is None:
        return Source(tree={})
    if isinstance(question, Mapping):
        return Source(tree=dict(question))
    if dataclasses.is_dataclass(question) and not isinstance(question, type):
        return Source(tree=typing.cast("Tree", to_data(question)))
    if isinstance(question, (list, tuple)):
        return source_of(name, *question)
    return source_of(name, typing.cast("str | Path", question))
