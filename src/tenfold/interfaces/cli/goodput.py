"""``tenfold goodput``: what failures do to a job."""

from __future__ import annotations

from typing import Annotated

import typer

from tenfold.interfaces.cli.options import CatalogOption, HtmlOption, JsonOption, keys_in, one_of, open_catalog

CATALOG = "the catalog's, with its range"
CHECKPOINTING = ("blocking", "asynchronous", "in-memory", "multi-tier")
RECOVERY = ("node-spares", "rack-spares", "reschedule", "elastic", "hot-standby")
DETECTION = ("heartbeat", "telemetry")


def goodput(
    context: typer.Context,
    chip: Annotated[
        str | None, typer.Option("--chip", help="Chip by key or alias.", autocompletion=keys_in("chips"))
    ] = None,
    chips: Annotated[int | None, typer.Option("--chips", help="How many chips.")] = None,
    model: Annotated[
        str,
        typer.Option(
            "--model",
            help="Model that sizes the checkpoint, or path of a HuggingFace config.json.",
            show_default="a usual size per chip",
            autocompletion=keys_in("models"),
        ),
    ] = "",
    failures_per_1000_node_days: Annotated[
        float | None,
        typer.Option(
            "--failures-per-1000-node-days",
            help="Failures of every cause; a node is eight chips.",
            show_default=CATALOG,
        ),
    ] = None,
    job_failures_per_1000_node_days: Annotated[
        float | None,
        typer.Option(
            "--job-failures-per-1000-node-days",
            help="Failures of the job itself (software, data, users), beside those of the hardware.",
            show_default="part of all failures",
        ),
    ] = None,
    checkpoint_interval: Annotated[
        str | None,
        typer.Option("--checkpoint-interval", help="Training between saves, such as 5min.", show_default="the best"),
    ] = None,
    restart: Annotated[
        str | None,
        typer.Option("--restart", help="From a failure to training again, such as 5min.", show_default=CATALOG),
    ] = None,
    write: Annotated[
        str | None,
        typer.Option("--write", help="Time one save takes to reach storage, such as 40s.", show_default="by size"),
    ] = None,
    checkpointing: Annotated[
        str,
        typer.Option(
            "--checkpointing",
            help=f"{', '.join(CHECKPOINTING)}.",
            show_default="blocking with --write, asynchronous without",
            autocompletion=one_of(*CHECKPOINTING),
        ),
    ] = "",
    recovery: Annotated[
        str, typer.Option("--recovery", help=f"{', '.join(RECOVERY)}.", autocompletion=one_of(*RECOVERY))
    ] = "node-spares",
    detection: Annotated[
        str, typer.Option("--detection", help=f"{', '.join(DETECTION)}.", autocompletion=one_of(*DETECTION))
    ] = "heartbeat",
    chips_per_replica: Annotated[
        int | None,
        typer.Option("--chips-per-replica", help="Chips of a data-parallel replica.", show_default="the catalog's"),
    ] = None,
    spares: Annotated[
        int | None,
        typer.Option(
            "--spares",
            help="Nodes that stand ready (racks with rack-spares); the job waits when all are under repair.",
            show_default="as many as are needed",
        ),
    ] = None,
    cluster_age: Annotated[
        str | None,
        typer.Option(
            "--cluster-age",
            help="Age of the cluster at the start, such as 0d: a young one has infant mortality and lemon nodes.",
            show_default="settled",
        ),
    ] = None,
    days: Annotated[float, typer.Option("--days", help="Days the run is to take.")] = 90.0,
    work_days: Annotated[
        float | None,
        typer.Option(
            "--work-days",
            help="Days of training it needs without failures.",
            show_default="what fits --days at the goodput expected",
        ),
    ] = None,
    replicas: Annotated[int, typer.Option("--replicas", help="Runs to simulate.")] = 2_000,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the random draws.")] = 0,
    as_json: JsonOption = False,
    html: HtmlOption = None,
    catalog: CatalogOption = None,
) -> None:
    """Goodput of a job: ETTR by three closed forms and by Monte Carlo, losses by cause, interval, spares, policies."""
    if context.invoked_subcommand is not None:
        return
    from tenfold.interfaces.cli.files import check_place, write_whole
    from tenfold.interfaces.cli.output import print_json, print_tables, progress_on
    from tenfold.interfaces.python.goodput import goodput as ask
    from tenfold.planning.goodput.asked import GoodputAsked

    asked = GoodputAsked(
        **_required(chip, chips),  # type: ignore[arg-type]
        model=model,
        failures_per_1000_node_days=failures_per_1000_node_days,
        job_failures_per_1000_node_days=job_failures_per_1000_node_days,
        checkpoint_interval_s=_seconds("checkpoint_interval", checkpoint_interval),
        restart_s=_seconds("restart", restart),
        write_s=_seconds("write", write),
        checkpointing=checkpointing,
        recovery=recovery,
        detection=detection,
        chips_per_replica=chips_per_replica,
        spares=spares,
        cluster_age_s=_seconds("cluster_age", cluster_age),
        days=days,
        work_days=work_days,
        replicas=replicas,
        seed=seed,
    )
    if html is not None:
        check_place(html, "--html")
    known = open_catalog(catalog)
    with progress_on("Simulating") as progress:
        report = ask(asked, catalog=known, progress=progress)
    if html is not None:
        from tenfold.reports.page import page_html
        from tenfold.reports.pages.goodput import goodput_page

        write_whole(html, page_html(goodput_page(report), known.sources), "--html")
    if as_json:
        print_json(report)
        return
    from tenfold.reports.tables.goodput import goodput_tables

    print_tables(goodput_tables(report))
    if html is not None:
        typer.echo(f"Page written to {html}", err=True)


def _required(chip: str | None, chips: int | None) -> dict[str, str | int]:
    """Say what is missing, all at once; the group cannot require it, since its own commands need none of it."""
    from tenfold.quantities import InputError, Problem

    given = {"chip": (chip, "--chip h100-sxm"), "chips": (chips, "--chips 1024")}
    problems = [
        Problem(file="", key=name, wrong="is missing", remedy=f"Give it, such as {example}")
        for name, (value, example) in given.items()
        if value is None
    ]
    if problems:
        raise InputError(problems)
    return {name: value for name, (value, _) in given.items() if value is not None}


def _seconds(name: str, text: str | None) -> float | None:
    from tenfold.quantities import parse_quantity

    return None if text is None else parse_quantity(text, "s", file="", key=name)
