"""The commands of ``tenfold``, joined."""

from __future__ import annotations

from typing import Annotated

import typer

from tenfold.interfaces.cli import (
    calibrate,
    catalog,
    config,
    estimate,
    explain,
    export,
    init,
    measurements,
    plan,
    procure,
    schema,
    search,
    validate,
)
from tenfold.interfaces.cli.failures import CatchingGroup

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def group(text: str) -> typer.Typer:
    """Make a group of commands that prints its help plainly, which is what starts fast."""
    return typer.Typer(help=text, no_args_is_help=True, rich_markup_mode=None, context_settings=SETTINGS)


def _version(asked: bool) -> None:
    if asked:
        from tenfold.interfaces.python.versions import tenfold_version

        typer.echo(f"tenfold {tenfold_version()}")
        raise typer.Exit


app = typer.Typer(
    cls=CatchingGroup,
    help="Plans AI compute, from the chip's roofline to the balance sheet.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=SETTINGS,
)


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Plans AI compute, from the chip's roofline to the balance sheet."""


estimates = group("Estimate one cluster: time, throughput, memory.")
searches = group("Search every layout of a cluster.")
validations = group("Compare predictions with measured runs.")
calibrations = group("Fit constants to measured runs.")
measured = group("Read logs as measurements.")
catalogs = group("Look at what is known, and where it is from.")

app.command("plan", short_help="Plan a goal: chips, layout, supply, site; when and how much.")(plan.plan)
app.command("procure", short_help="Plan purchases and rent by quarter under risk.")(procure.procure)
app.command("export", short_help="Write a plan as files that another tool launches.")(export.export)
app.command("init", short_help="Write a goal file to start from.")(init.init)
app.command("explain", short_help="Follow a number of a plan to its terms and sources.")(explain.explain)
app.command("schema", short_help="Print the JSON schema of a file Tenfold reads.")(schema.schema)
estimates.command("training", short_help="Estimate one training step on a cluster.")(estimate.estimate_training)
estimates.command("config", short_help="Estimate the configuration of another tool.")(config.estimate_config)
searches.command("training", short_help="Search every layout of a training cluster.")(search.search_training)
validations.command("training", short_help="Compare predictions with measured runs.")(validate.validate_training)
calibrations.command("training", short_help="Fit constants to measured runs.")(calibrate.calibrate_training)
measured.command("read", short_help="Read logs as runs to calibrate on, or as figures of fabrics.")(
    measurements.read_measurements
)
catalogs.command("list", short_help="List what is known of a kind.")(catalog.list_things)
catalogs.command("show", short_help="Show one thing with every figure and its source.")(catalog.show_thing)
catalogs.command("sources", short_help="List the documents that figures are from.")(catalog.list_sources)
for name, commands in (
    ("estimate", estimates),
    ("search", searches),
    ("catalog", catalogs),
    ("validate", validations),
    ("calibrate", calibrations),
    ("measurements", measured),
):
    app.add_typer(commands, name=name)
