"""A command for any question, made from its record: options, help, completion, and the one ending all of them share.

The command of a question takes the file of the question (TOML or JSON) or of its data, an option for each single field,
which stands over the file, and what every question has: ``--question --json --html --full --seed --catalog``.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.interfaces.cli.options import (
    CatalogOption,
    FullOption,
    HtmlOption,
    JsonOption,
    OutOption,
    QuestionOption,
    SeedOption,
    keys_in,
    one_of,
    open_catalog,
)
from tenfold.studies.questions import QUESTIONS

if TYPE_CHECKING:
    from tenfold.catalog import Catalog
    from tenfold.quantities.fields import Field

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

    file: Path | None = None
    question: Path | None = None
    as_json: bool = False
    html: Path | None = None
    full: bool = False
    seed: int | None = None
    catalog: list[Path] | None = None
    out: Path | None = None


def command_of(name: str) -> Callable[..., None]:
    """Make the function behind the command of a question, with a signature that typer reads."""
    from tenfold.studies.ask import data_field, files_of, record_of

    record = record_of(name)
    options = {field.name: field for field in _single_fields(record)}
    data = data_field(name)
    writes = files_of(name) is not None

    def run(**said: Any) -> None:  # noqa: ANN401  (values as typer gives them)
        given = {field.key: said.pop(key) for key, field in options.items()}
        answer_question(name, {key: value for key, value in given.items() if value is not None}, Shared(**said))

    parameters = [_parameter("file", _file_argument(data), None)]
    parameters += [_parameter(key, _option(field), None) for key, field in options.items()]
    parameters += [_parameter(key, hint, default) for key, (hint, default) in _COMMON.items()]
    parameters += [_parameter("out", OutOption, None)] if writes else []
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__doc__ = f"{QUESTIONS[name].summary}\n\n{inspect.cleandoc(record.__doc__ or '')}"
    return run


def _parameter(name: str, hint: Any, default: object) -> inspect.Parameter:  # noqa: ANN401
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint)


def _single_fields(record: type) -> list[Field]:
    """Fields that an option can hold: single values and lists of them, but for the file of data."""
    from tenfold.quantities.asking import DataFile
    from tenfold.quantities.fields import Many, One, fields_of

    single = [field for field in fields_of(record)
              if isinstance(field.shape.each if isinstance(field.shape, Many) else field.shape, One)]  # fmt: skip
    return [field for field in single if not isinstance(getattr(field.shape, "asks", None), DataFile)]


def _file_argument(data: Field | None) -> Any:  # noqa: ANN401  (a typing form)
    holds = "The question as TOML or JSON" + (f"; or its data: {data.help}" if data is not None else "")
    return Annotated[Path | None, typer.Argument(metavar="FILE", help=f"{holds.rstrip('.')}.", show_default=False)]


def _option(field: Field) -> Any:  # noqa: ANN401  (a typing form)
    from tenfold.quantities.asking import Named, Switch
    from tenfold.quantities.fields import Many, One

    inner = field.shape.each if isinstance(field.shape, Many) else field.shape
    asks = inner.asks if isinstance(inner, One) else None
    words = asks.words() if asks is not None else ()
    usual = _printed(field)
    help_text = " ".join(part for part in (field.help, f"One of {', '.join(words)}." if words else "", usual) if part)
    if isinstance(asks, Switch):
        names = f"{field.option}/--no-{field.option.removeprefix('--')}"
        return Annotated[bool | None, typer.Option(names, help=help_text, show_default=False)]
    folder = getattr(asks, "folder", "") if isinstance(asks, Named) or hasattr(asks, "folder") else ""
    complete = keys_in(folder) if folder else one_of(*words) if words else None
    kind: Any = list[str] | None if isinstance(field.shape, Many) else str | None
    metavar = _metavar(asks)
    return Annotated[
        kind,
        typer.Option(field.option, help=help_text, show_default=False, autocompletion=complete, metavar=metavar),
    ]


def _metavar(asks: object) -> str:
    """Say what kind of value an option takes."""
    from tenfold.quantities.asking import Amount, DataFile, Day, Whole

    if isinstance(asks, Amount):
        return asks.unit.upper() if asks.unit not in ("1", "") else "NUMBER"
    kinds: Mapping[type, str] = {Whole: "COUNT", Day: "DATE", DataFile: "FILE"}
    return next((word for kind, word in kinds.items() if isinstance(asks, kind)), "NAME")


def _printed(field: Field) -> str:
    """Say a field's default; what stands for None is said by the field's own help."""
    from tenfold.quantities import format_quantity
    from tenfold.quantities.asking import Amount
    from tenfold.quantities.fields import One

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
    from tenfold.interfaces.cli.files import check_place
    from tenfold.interfaces.cli.output import progress_on
    from tenfold.studies.ask import Source, ask, read_question, source_of

    for place, option in ((shared.html, "--html"), (shared.out, "--out")):
        if place is not None:
            check_place(place, option)
    catalog = open_catalog(shared.catalog)
    file = shared.question or shared.file
    source = Source(tree={}) if file is None else source_of(name, file)
    if shared.question is not None and shared.file is not None:
        source = dataclasses.replace(source, tree={**source.tree, **source_of(name, shared.file).tree})
    asked = read_question(name, source, catalog, given=given, seed=shared.seed)
    with progress_on("Answering") as progress:
        answer = ask(asked, catalog, progress=progress)
    show_answer(name, answer, catalog, shared)
    if not getattr(answer, "fits", True):
        raise typer.Exit(NOTHING_FITS)


def show_answer(name: str, answer: object, catalog: Catalog, shared: Shared) -> None:
    """Write the files that were asked for, then print JSON or the report."""
    from tenfold.interfaces.cli.files import write_answer_files, write_whole
    from tenfold.interfaces.cli.output import print_tables, print_text
    from tenfold.reports.answers import answer_json, report_of
    from tenfold.studies.ask import files_of

    written = []
    if shared.html is not None:
        from tenfold.reports.page import report_html

        write_whole(shared.html, report_html(report_of(answer), catalog.sources), "--html")
        written.append(f"Page written to {shared.html}")
    make_files = files_of(name)
    if shared.out is not None and make_files is not None:
        written += [f"Wrote {path}" for path in write_answer_files(shared.out, make_files(answer), "--out")]
    if shared.as_json:
        print_text(answer_json(answer))
    else:
        from tenfold.reports.terminal import terminal

        print_tables(terminal(report_of(answer), catalog.sources, full=shared.full))
    for line in written:
        typer.echo(line, err=True)
