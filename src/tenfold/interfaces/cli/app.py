"""The commands of ``tenfold``, joined."""

from __future__ import annotations

from typing import Annotated

import typer

from tenfold.interfaces.cli import calibrate, catalog, estimate, explain, init, plan, schema, search, validate
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
catalogs = group("Look at what is known: chips, systems, models, prices, sites, and where each figure is from.")

app.command("plan")(plan.plan)
app.command("init")(init.init)
app.command("explain")(explain.explain)
app.command("schema")(schema.schema)
estimates.command("training")(estimate.estimate_training)
searches.command("training")(search.search_training)
validations.command("training")(validate.validate_training)
calibrations.command("training")(calibrate.calibrate_training)
catalogs.command("list")(catalog.list_things)
catalogs.command("show")(catalog.show_thing)
catalogs.command("sources")(catalog.list_sources)
for name, commands in (
    ("estimate", estimates),
    ("search", searches),
    ("catalog", catalogs),
    ("validate", validations),
    ("calibrate", calibrations),
):
    app.add_typer(commands, name=name)
