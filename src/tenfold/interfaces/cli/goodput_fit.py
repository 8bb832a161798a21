"""``tenfold goodput fit``: failure rates of one's own machines, from logs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.interfaces.cli.options import CatalogOption, JsonOption, keys_in, open_catalog

if TYPE_CHECKING:
    from tenfold.catalog import Catalog
    from tenfold.validation.failures.rates import FailureFit


def fit_failures(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Output of sacct -P, or CSVs of failures.")],
    chip: Annotated[
        str, typer.Option("--chip", help="Chip of the nodes, by key or alias.", autocompletion=keys_in("chips"))
    ] = "",
    chips_per_node: Annotated[
        float | None, typer.Option("--chips-per-node", help="Chips of a node.", show_default="the chip's system, or 8")
    ] = None,
    nodes: Annotated[
        float | None, typer.Option("--nodes", help="Nodes watched, for a CSV.", show_default="the column's")
    ] = None,
    days: Annotated[
        float | None, typer.Option("--days", help="Days watched, for a CSV.", show_default="the column's")
    ] = None,
    causes: Annotated[
        list[str] | None,
        typer.Option("--cause", help="Count this cause; repeatable.", show_default="node failures, or all of a CSV"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write the rate as an overlay of the catalog.")
    ] = None,
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Fit failure rates to logs of jobs or failures, with intervals, lemon nodes and downtimes."""
    from tenfold.interfaces.cli.output import print_json, print_tables
    from tenfold.interfaces.old_python.failure_rates import fit_failure_rates

    known = open_catalog(catalog)
    family = _family(known, chip, out)
    fit = fit_failure_rates(
        files, chip=chip, chips_per_node=chips_per_node, nodes=nodes, days=days, causes=causes or (), catalog=known
    )
    written = _write_overlay(fit, family, out) if out is not None else []
    if as_json:
        print_json({"fit": fit, "written": written})
    else:
        from tenfold.interfaces.cli.failure_tables import failure_tables

        print_tables(failure_tables(fit))
    for place in written:
        typer.echo(f"Rate written to {place}", err=True)


def _family(catalog: Catalog, chip: str, out: Path | None) -> str:
    """Family the rate belongs to; empty without a chip, which an overlay needs."""
    from tenfold.quantities import InputError, Problem

    if chip:
        return catalog.chip(chip).family
    if out is None:
        return ""
    wrong = "logs do not say which chip the nodes have"
    raise InputError(Problem(file="", key="chip", wrong=wrong, remedy="Give --chip, such as --chip h100-sxm"))


def _write_overlay(fit: FailureFit, family: str, out: Path) -> list[str]:
    """Write the rate and its source into a folder, which is made when it is not there."""
    import datetime

    from tenfold.interfaces.cli.files import make_folder, write_whole
    from tenfold.validation import failure_overlay as overlay

    folder = overlay.overlay_folder(out)
    rates = folder / overlay.RATES_FILE
    today = datetime.date.today()  # noqa: DTZ011  (the user's own calendar day is meant)
    texts = overlay.failure_overlay(fit, family, fit.as_of or today, _text_of(rates))
    for name, text in texts.items():
        make_folder((folder / name).parent)
        write_whole(folder / name, text, "--out")
    return [str(folder / name) for name in texts]


def _text_of(place: Path) -> str:
    """Text of a file; empty where there is none. Raises ``InputError`` for a file that is no text."""
    from tenfold.quantities import InputError, Problem

    try:
        return place.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as trouble:
        wrong = f"cannot be read ({trouble})"
        raise InputError(Problem(file=str(place), key="", wrong=wrong, remedy="Name another folder")) from None
