"""``tenfold measure``: time one's own chip, then ask what that changes, and write the overlay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.interfaces.cli.command import Shared, answer_question
from tenfold.interfaces.cli.options import CatalogOption, FullOption, HtmlOption, JsonOption, keys_in, open_catalog

if TYPE_CHECKING:
    from tenfold.catalog import Catalog
    from tenfold.validation.chip import Measured

INTERRUPTED = 130
"""Exit code of a shell for what Ctrl-C ends."""


def measure(
    out: Annotated[
        Path,
        typer.Option("--out", metavar="DIR", help="Folder of the measurements, which becomes an overlay."),
    ],
    chip: Annotated[
        str,
        typer.Option("--chip", help="Chip of the catalog that this is.", show_default="by the device's name",
                     autocompletion=keys_in("chips")),
    ] = "",
    quick: Annotated[
        bool, typer.Option("--quick", help="Under five minutes; up to half an hour without.", show_default=False)
    ] = False,
    system: Annotated[
        str,
        typer.Option("--system", help="How the chips are built together.", show_default="the chip's",
                     autocompletion=keys_in("systems")),
    ] = "",
    as_json: JsonOption = False,
    html: HtmlOption = None,
    full: FullOption = False,
    catalog: CatalogOption = None,
) -> None:  # fmt: skip
    """Measure the chip of this machine: products, attention, streams, copies, collectives, a training step.

    Needs PyTorch (the extra `measure`). What is finished is kept in DIR, and a later call goes on from there. The
    overlay is then used with --catalog DIR.
    """
    from tenfold.interfaces.cli.files import check_folder, make_folder, write_whole
    from tenfold.interfaces.cli.output import progress_on
    from tenfold.validation import chip as measured_chip

    check_folder(out, "--out")
    known = open_catalog(catalog)
    place = out / measured_chip.MEASUREMENTS_FILE
    before = measured_chip.read_measured(place) if place.exists() else None
    make_folder(out, "--out")

    def keep(measured: Measured) -> None:
        if not measured.timed:
            _check_begun(measured, known, chip)
        write_whole(place, measured_chip.measured_text(measured), "--out")

    effort = measured_chip.QUICK if quick else measured_chip.THOROUGH
    try:
        with progress_on("Measuring") as progress:
            found = measured_chip.measure(effort, keep, before=before, progress=progress)
    except KeyboardInterrupt:
        typer.echo(f"interrupted; what was measured is kept in {place}, and the same command goes on from it", err=True)
        raise typer.Exit(INTERRUPTED) from None
    given = {"chip": _chip_of(found, known, chip), **({"system": system} if system else {})}
    shared = Shared(arguments=[str(place)], as_json=as_json, html=html, full=full, catalog=catalog, out=out)
    answer_question("calibrate chip", given, shared)


def _check_begun(measured: Measured, catalog: Catalog, chip: str) -> None:
    """Raise ``InputError``, before minutes are spent, where the chip is unknown or others work on it."""
    from tenfold.quantities import InputError
    from tenfold.validation.chip import refusals

    problems = list(refusals(measured, catalog.chip(_chip_of(measured, catalog, chip)), ""))
    if problems:
        raise InputError(problems)


def _chip_of(measured: Measured, catalog: Catalog, chip: str) -> str:
    """Key of the chip that is named, else of what the device's name means. Raises ``InputError`` for neither."""
    from tenfold.quantities import InputError, Problem

    if chip:
        return catalog.chip(chip).key
    try:
        return catalog.chip(measured.machine.device).key
    except InputError as trouble:
        wrong = f"the device says it is '{measured.machine.device}', which names no chip of the catalog"
        remedy = "Name one: --chip KEY, of `tenfold catalog list chips`, or of a folder given with --catalog"
        raise InputError(Problem(file="", key="chip", wrong=wrong, remedy=remedy)) from trouble
