"""A command for any question, made from its record: options, help, completion, and the one ending all of them share.

The command of a question takes the file of the question (TOML or JSON) or of its data, an option for each single field,
which stands over the file, and what every question has: ``--question --json --html --full --seed --catalog``.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.interfaces.cli.options import (
    CatalogOption,
    FullOption,
    HtmlOption,
    JsonOption,
    OutFileOption,
    OutFolderOption,
    QuestionOption,
    SeedOption,
    keys_in,
    one_of,
    open_catalog,
)
from tenfold.studies import QUESTIONS

if TYPE_CHECKING:
    from tenfold.catalog import Catalog
    from tenfold.quantities import Asks, Field
    from tenfold.studies import Source

WROTE: Mapping[str, str] = {"--out": "Wrote", "--html": "Page written to"}
NOTHING_FITS = 3
"""Exit code of an answer that says that nothing fits."""
_COMMON: Mapping[str, tuple[Any, Any]] = {
    "question": (QuestionOption, None),
    "as_json": (JsonOption, False),
    "html": (HtmlOption, None),
    "full": (FullOption, False),
    "seed": (SeedOption, None),
    "catalog": (CatalogOption, None),
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What every question may be given beside itself."""

    arguments: Sequence[str] = ()
    """A file of a question, or what the question is about."""
    question: Path | None = None
    as_json: bool = False
    html: Path | None = None
    full: bool = False
    seed: int | None = None
    catalog: list[Path] | None = None
    out: Path | None = None


def command_of(name: str) -> Callable[..., None]:
    """Make the function behind the command of a question, with a signature that typer reads."""
    from tenfold.studies import argument_of, output_of, record_of

    record = record_of(name)
    options = {field.name: field for field in _single_fields(record, argument_of(name))}
    output = output_of(name)

    def run(**said: Any) -> None:  # noqa: ANN401  (values as typer gives them)
        given = {field.key: said.pop(key) for key, field in options.items()}
        bare = said.pop("argument")
        shared = Shared(arguments=[bare] if isinstance(bare, str) else bare or (), **said)
        answer_question(name, {key: value for key, value in given.items() if value is not None}, shared)

    parameters = [_parameter("argument", _argument(argument_of(name)), None)]
    parameters += [_parameter(key, _option(field), None) for key, field in options.items()]
    parameters += [_parameter(key, hint, default) for key, (hint, default) in _COMMON.items()]
    parameters += [_parameter("out", OutFolderOption if output.folder else OutFileOption, None)] if output else []
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__doc__ = f"{QUESTIONS[name].summary}\n\n{inspect.cleandoc(record.__doc__ or '')}"
    return run


def _parameter(name: str, hint: Any, default: object) -> inspect.Parameter:  # noqa: ANN401
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint)


def _single_fields(record: type, bare: Field | None) -> list[Field]:
    """Fields that an option can hold: single values and lists of them, but for data that has to stand bare."""
    from tenfold.quantities import fields_of

    return [
        field
        for field in fields_of(record)
        if field.each is not None and not (field == bare and field.data and field.required)
    ]


def _argument(field: Field | None) -> Any:  # noqa: ANN401  (a typing form)
    """What stands bare: the file of a question, or the field that is said so."""
    from tenfold.quantities import Many

    kind: Any = list[str] | None if field is not None and isinstance(field.shape, Many) else str | None
    holds, complete, metavar = "The question as TOML or JSON", None, "FILE"
    if field is not None:
        holds, complete = f"{field.help.rstrip('.')}; or the question as TOML or JSON", _completion(field.each)
        metavar = field.key.upper() if complete else "FILE..." if kind != str | None else "FILE"
    return Annotated[
        kind, typer.Argument(metavar=metavar, help=f"{holds}.", show_default=False, autocompletion=complete)
    ]


def _completion(asks: Asks | None) -> Callable[[str], list[str]] | None:
    """Complete with keys of the catalog or with words; None where neither is known, and the shell completes files."""
    folder, words = getattr(asks, "folder", ""), asks.words() if asks is not None else ()
    return keys_in(folder) if folder else one_of(*words) if words else None


def _option(field: Field) -> Any:  # noqa: ANN401  (a typing form)
    from tenfold.quantities import Many, Switch

    asks = field.each
    words = asks.words() if asks is not None and not getattr(asks, "folder", "") else ()
    usual = _printed(field)
    help_text = " ".join(part for part in (field.help, f"One of {', '.join(words)}." if words else "", usual) if part)
    if isinstance(asks, Switch):
        names = f"{field.option}/--no-{field.option.removeprefix('--')}"
        return Annotated[bool | None, typer.Option(names, help=help_text, show_default=False)]
    kind: Any = list[str] | None if isinstance(field.shape, Many) else str | None
    how: Mapping[str, Any] = {"autocompletion": _completion(asks), "metavar": _metavar(asks)}
    return Annotated[kind, typer.Option(field.option, help=help_text, show_default=False, **how)]


def _metavar(asks: object) -> str:
    """Say what kind of value an option takes."""
    from tenfold.quantities import Amount, Day, Whole

    kinds: Mapping[type, str] = {Whole: "COUNT", Day: "DATE"}
    word = next((word for kind, word in kinds.items() if isinstance(asks, kind)), "")
    unit = getattr(asks, "unit", "")
    return word or (unit.upper() if unit not in ("1", "") else "NUMBER" if isinstance(asks, Amount) else "NAME")


def _printed(field: Field) -> str:
    """Say a field's default; what stands for None is said by the field's own help."""
    from tenfold.quantities import Amount, One, format_quantity

    if field.required or field.default in (None, "", ()):
        return ""
    if isinstance(field.default, tuple):
        return f"Default {', '.join(str(each) for each in field.default)}."
    if isinstance(field.shape, One) and isinstance(field.shape.asks, Amount):
        return f"Default {format_quantity(field.default, field.shape.asks.unit)}."
    return f"Default {field.default}."


def answer_question(name: str, given: Mapping[str, Any], shared: Shared) -> None:
    """Read a question, answer it and show the answer: the ending that every question has.

    Exits with 3 where the answer says that nothing fits.
    """
    from tenfold.interfaces.cli.files import check_folder, check_place, check_suffix
    from tenfold.interfaces.cli.output import progress_on
    from tenfold.studies import ask, output_of, read_question

    output = output_of(name)
    if shared.html is not None:
        check_place(shared.html, "--html")
    if shared.out is not None and output is not None:
        (check_folder if output.folder else check_place)(shared.out, "--out")
        check_suffix(shared.out, output.suffix, "--out")
        given = {**given, **output.asks}
    catalog = open_catalog(shared.catalog)
    asked = read_question(name, _source(name, shared), catalog, given=given, seed=shared.seed)
    with progress_on("Answering") as progress:
        answer = ask(asked, catalog, progress=progress)
    show_answer(asked.name, answer, catalog, shared)
    if not getattr(answer, "fits", True):
        raise typer.Exit(NOTHING_FITS)


def _source(name: str, shared: Shared) -> Source:
    """What ``--question`` says, and the arguments over it."""
    from tenfold.studies import Source, source_of

    asked = Source(tree={}) if shared.question is None else source_of(name, shared.question)
    if not shared.arguments:
        return asked
    said = source_of(name, *shared.arguments)
    return said if shared.question is None else dataclasses.replace(asked, tree={**asked.tree, **said.tree})


def show_answer(name: str, answer: object, catalog: Catalog, shared: Shared) -> None:
    """Write the files that were asked for, then print JSON or the report."""
    from tenfold.interfaces.cli.files import make_folder, write_whole
    from tenfold.interfaces.cli.output import print_tables, print_text
    from tenfold.reports import answer_json, report_of

    files = _files(name, answer, catalog, shared)
    for path, (text, option) in files.items():
        if option == "--out":
            make_folder(path.parent, option)
        write_whole(path, text, option)
    if shared.as_json:
        print_text(answer_json(answer))
    else:
        from tenfold.reports import terminal

        print_tables(terminal(report_of(answer), catalog.sources, full=shared.full))
    for path, (_, option) in files.items():
        typer.echo(f"{WROTE[option]} {path}", err=True)


def _files(name: str, answer: object, catalog: Catalog, shared: Shared) -> Mapping[Path, tuple[str | bytes, str]]:
    """What to write and the option that asked for each; all are made before one is written."""
    from tenfold.interfaces.cli.files import output_texts
    from tenfold.reports import report_of
    from tenfold.studies import output_of

    found: dict[Path, tuple[str | bytes, str]] = {}
    output = output_of(name)
    if shared.out is not None and output is not None:
        texts = output_texts(shared.out, output.texts(answer), output.joined)
        found |= {path: (text, "--out") for path, text in texts.items()}
    if shared.html is not None:
        from tenfold.reports import report_html

        found[shared.html] = report_html(report_of(answer), catalog.sources), "--html"
    return found
