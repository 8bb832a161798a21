"""``tenfold measurements read``: logs as measurements to validate with and to calibrate on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.interfaces.cli.options import CatalogOption, JsonOption, keys_in, one_of, open_catalog

if TYPE_CHECKING:
    from tenfold.catalog import Catalog, System
    from tenfold.validation.logs import CollectiveTests, LogFormat, ReadRun

FORMATS = ("auto", "megatron", "mllog", "nccl")


def read_measurements(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Logs of Megatron-LM, MLPerf or nccl-tests.")],
    chip: Annotated[
        str, typer.Option("--chip", help="Chip it ran on, by key or alias.", autocompletion=keys_in("chips"))
    ] = "",
    chips: Annotated[
        int, typer.Option("--chips", help="How many chips; ranks of a test.", show_default="the log's")
    ] = 0,
    model: Annotated[str, typer.Option("--model", help="Model of the catalog.", autocompletion=keys_in("models"))] = "",
    stated: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="COLUMN=VALUE", help="What a log does not say, such as seq=8192; repeatable."),
    ] = None,
    source: Annotated[str, typer.Option("--source", help="Source the runs count as.")] = "own-logs",
    system: Annotated[
        str,
        typer.Option(
            "--system", help="System of a test.", show_default="the chip's", autocompletion=keys_in("systems")
        ),
    ] = "",
    nodes: Annotated[int, typer.Option("--nodes", help="Hosts of a test.", show_default="the log's")] = 0,
    collective: Annotated[
        str, typer.Option("--collective", help="Collective of a test.", show_default="the log's")
    ] = "",
    kind: Annotated[
        str, typer.Option("--format", help=f"One of {', '.join(FORMATS)}.", autocompletion=one_of(*FORMATS))
    ] = "auto",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="RUNS.csv|DIR", help="Add the runs to a CSV; write the figures as an overlay."),
    ] = None,
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Read logs as measurements: training runs for `validate` and `calibrate`, or figures of fabrics."""
    from tenfold.validation import logs

    known = open_catalog(catalog)
    formats = _formats(files, kind)
    if formats[0] in logs.RUN_READERS:
        columns = _columns(stated, {"chip": chip, "n_chips": str(chips) if chips else "", "model": model})
        found = logs.read_runs_of_logs(files, formats, known, columns, source=source)
        _show_runs(found, out, as_json)
    else:
        place = _system(known, chip, system, out)
        tests = logs.read_collective_tests(
            files, known, place, collective=collective, ranks=max(chips, 0), nodes=max(nodes, 0)
        )
        _show_tests(tests, out, as_json)


def _formats(files: Sequence[Path], kind: str) -> tuple[LogFormat, ...]:
    from tenfold.quantities import InputError, Problem, shown
    from tenfold.validation import logs

    if kind == "auto":
        return logs.formats_of(files)
    for name in logs.FORMATS:
        if name == kind:
            return (name,) * len(files)  # type: ignore[return-value]
    remedy = f"Give one of {', '.join(FORMATS)}"
    raise InputError(Problem(file="", key="format", wrong=f"unknown format {shown(kind)}", remedy=remedy))


def _columns(stated: Sequence[str] | None, options: Mapping[str, str]) -> dict[str, str]:
    """Columns stated by ``--set`` and by options of their own."""
    from tenfold.quantities import InputError, Problem, shown

    pairs = [text.partition("=") for text in stated or ()]
    bad = [
        Problem(file="", key="set", wrong=f"{shown(name)} has no value", remedy="Write COLUMN=VALUE, such as seq=8192")
        for name, mark, _ in pairs
        if not mark
    ]
    if bad:
        raise InputError(bad)
    return {name.strip(): value for name, _, value in pairs} | {name: text for name, text in options.items() if text}


def _system(catalog: Catalog, chip: str, system: str, out: Path | None) -> System | None:
    """The system a test ran on; None when neither it nor its chip is named and no overlay is asked for."""
    from tenfold.quantities import InputError, Problem

    if system:
        return catalog.system(system)
    if chip:
        return catalog.system_of(chip)
    if out is None:
        return None
    wrong = "a test does not say which chip it ran on"
    raise InputError(Problem(file="", key="chip", wrong=wrong, remedy="Give --chip or --system to write an overlay"))


def _show_runs(found: Sequence[ReadRun], out: Path | None, as_json: bool) -> None:
    from tenfold.interfaces.cli.files import check_place, write_whole
    from tenfold.interfaces.cli.output import print_json, print_tables
    from tenfold.validation import logs

    said = ""
    if out is not None:
        check_place(out, "--out")
        text, replaced = logs.merged_csv(out, [each.run for each in found])
        write_whole(out, text, "--out")
        again = f", {replaced} in place of earlier readings" if replaced else ""
        said = f"{len(found)} run{'s' if len(found) > 1 else ''} written to {out}{again}"
    if as_json:
        print_json({"runs": list(found), "written": None if out is None else str(out)})
    else:
        from tenfold.reports import run_tables

        print_tables(run_tables(found))
    if said:
        typer.echo(said, err=True)


def _show_tests(tests: CollectiveTests, out: Path | None, as_json: bool) -> None:
    from tenfold.interfaces.cli.output import print_json, print_tables

    written = _write_overlay(tests, out) if out is not None else []
    if as_json:
        print_json({"tests": tests, "written": written})
    else:
        from tenfold.reports import test_tables

        print_tables(test_tables(tests))
    for place in written:
        typer.echo(f"Figures written to {place}", err=True)


def _write_overlay(tests: CollectiveTests, out: Path) -> list[str]:
    """Write the fabrics and their source into a folder, which is made when it is not there."""
    import datetime

    from tenfold.interfaces.cli.files import make_folder, write_whole
    from tenfold.validation import logs

    today = datetime.date.today()  # noqa: DTZ011  (the user's own calendar day is meant)
    texts = {logs.SOURCES_FILE: logs.sources_toml(today)}
    texts |= {f"fabrics/{each.fabric}.toml": logs.fabric_toml(each, today) for each in tests.figures}
    for name in texts:
        _check_own(out / name)
    for name, text in texts.items():
        make_folder((out / name).parent, "--out")
        write_whole(out / name, text, "--out")
    return [str(out / name) for name in texts]


def _check_own(place: Path) -> None:
    """Refuse to write over a file that holds more than measured figures of an earlier reading."""
    import tomllib

    from tenfold.quantities import InputError, Problem

    try:
        there = tomllib.loads(place.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    except (OSError, ValueError):
        there = {"": ""}
    if not there.keys() <= {"latency", "efficiency", "own-nccl-tests"}:
        wrong = "the file holds more than measured figures, which would be lost"
        raise InputError(Problem(file=str(place), key="", wrong=wrong, remedy="Name another folder with --out"))
