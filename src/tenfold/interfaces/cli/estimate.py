"""``tenfold estimate training``: one model on one cluster."""

from __future__ import annotations

from typing import Annotated, Any

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
    one_of,
    open_catalog,
)

CHOSEN = "chosen: the fastest that fits"


def _degree(name: str, text: str) -> Any:  # noqa: ANN401  (as typer declares its options)
    return typer.Option(name, help=text, show_default=CHOSEN)


def estimate_training(
    model: ModelOption,
    chip: ChipOption,
    chips: ChipsOption,
    global_batch: GlobalBatchOption,
    seq: SeqOption = None,
    precision: PrecisionOption = "bf16",
    software: SoftwareOption = "",
    tp: Annotated[int | None, _degree("--tp", "Tensor-parallel degree.")] = None,
    pp: Annotated[int | None, _degree("--pp", "Pipeline stages.")] = None,
    vpp: Annotated[int | None, _degree("--vpp", "Chunks of layers per pipeline stage.")] = None,
    cp: Annotated[int | None, _degree("--cp", "Context-parallel degree.")] = None,
    ep: Annotated[int | None, _degree("--ep", "Expert-parallel degree.")] = None,
    micro_batch: Annotated[int | None, _degree("--micro-batch", "Sequences a replica runs through at once.")] = None,
    zero: Annotated[int | None, _degree("--zero", "ZeRO stage: 0, 1, 2 or 3 (FSDP).")] = None,
    recompute: Annotated[
        str | None,
        typer.Option(
            "--recompute",
            help="none, selective, full, or full:0.5 for half of the layers.",
            show_default=CHOSEN,
            autocompletion=one_of("none", "selective", "full"),
        ),
    ] = None,
    schedule: Annotated[
        str | None,
        typer.Option(
            "--schedule",
            help="1f1b (interleaved with --vpp above 1), zero-bubble or dualpipe.",
            show_default=CHOSEN,
            autocompletion=one_of("1f1b", "zero-bubble", "dualpipe"),
        ),
    ] = None,
    sequence_parallel: Annotated[
        bool | None, typer.Option("--sequence-parallel/--no-sequence-parallel", show_default="what the software does")
    ] = None,
    tensor_overlap: Annotated[
        bool | None, typer.Option("--tensor-overlap/--no-tensor-overlap", show_default="what the software does")
    ] = None,
    data_overlap: Annotated[
        bool | None, typer.Option("--data-overlap/--no-data-overlap", show_default="what the software does")
    ] = None,
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Estimate one training step: time, throughput, utilisation and memory; what is not given is chosen."""
    from tenfold.interfaces.cli.output import print_json, print_tables
    from tenfold.interfaces.old_python.estimate import estimate_training as ask
    from tenfold.interfaces.old_python.layouts import LayoutWish

    wish = LayoutWish(
        tp=tp,
        pp=pp,
        vpp=vpp,
        cp=cp,
        ep=ep,
        zero=zero,
        sequence_parallel=sequence_parallel,
        recompute=recompute,
        micro_batch=micro_batch,
        schedule=schedule,
        tensor_overlap=tensor_overlap,
        data_overlap=data_overlap,
    )
    answer = ask(
        model=model,
        chip=chip,
        chips=chips,
        global_batch=global_batch,
        sequence_length=seq,
        precision=precision,
        software=software,
        layout=wish,
        catalog=open_catalog(catalog),
    )
    if as_json:
        print_json(answer)
        return
    from tenfold.interfaces.cli.training_tables import estimate_tables

    print_tables(estimate_tables(answer))
