"""``tenfold search training``: every layout of a model on a cluster."""

from __future__ import annotations

from typing import Annotated

import typer

from tenfold.interfaces.cli.options import (
    CatalogOption,
    ChipOption,
    ChipsOption,
    GlobalBatchOption,
    JsonOption,
    ModelOption,
    PrecisionOption,
    SeqOption,
    SoftwareOption,
    open_catalog,
)


def search_training(
    model: ModelOption,
    chip: ChipOption,
    chips: ChipsOption,
    global_batch: GlobalBatchOption,
    seq: SeqOption = None,
    precision: PrecisionOption = "bf16",
    software: SoftwareOption = "",
    top: Annotated[int, typer.Option("--top", help="How many of the fastest layouts to list.")] = 10,
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Search every layout: reject by divisibility and memory, time the rest, list the fastest and the Pareto front."""
    from tenfold.interfaces.cli.output import print_json, print_tables, progress_on
    from tenfold.interfaces.old_python.search import search_training as ask

    known = open_catalog(catalog)
    with progress_on("Searching") as progress:
        answer = ask(
            model=model,
            chip=chip,
            chips=chips,
            global_batch=global_batch,
            sequence_length=seq,
            precision=precision,
            software=software,
            top=top,
            catalog=known,
            progress=progress,
        )
    if as_json:
        print_json(answer)
        return
    from tenfold.interfaces.cli.training_tables import search_tables

    print_tables(search_tables(answer))
