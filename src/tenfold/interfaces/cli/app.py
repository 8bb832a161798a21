"""The commands of ``tenfold``, joined."""

from __future__ import annotations

from typing import Annotated

import typer

from tenfold.interfaces.cli import (
    calibrate,
    calibrate_prices,
    catalog,
    config,
    contagion,
    estimate,
    explain,
    export,
    goodput,
    goodput_fit,
    init,
    measurements,
    multisite,
    plan,
    prices,
    procure,
    rent_or_own,
    rental,
    schema,
    search,
    tco,
    validate,
)
from tenfold.interfaces.cli.failures import CatchingGroup

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def group(text: str) -> typer.Typer:
    """Make a group of commands that prints its help plainly, which is what starts fast."""
    return typer.Typer(help=text, no_args_is_help=True, rich_markup_mode=None, context_settings=SETTINGS)


def _version(asked: bool) -> None:
    if asked:
        from tenfold.quantities import tenfold_version

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
price_lists = group("Keep prices, and look at them over time.")
catalogs = group("Look at what is known, and where it is from.")

goodputs = typer.Typer(
    help="What failures do to a job, and how often things fail.",
    rich_markup_mode=None,
    context_settings=SETTINGS,
)
goodputs.callback(invoke_without_command=True)(goodput.goodput)

app.command("plan", short_help="Plan a goal: chips, layout, supply, site; when and how much.")(plan.plan)
app.command("multisite", short_help="Plan one run over several sites.")(multisite.multisite)
app.command("rent-or-own", short_help="Compare renting, reserving, spot, colocation and owning.")(
    rent_or_own.rent_or_own
)
app.command("procure", short_help="Plan purchases and rent by quarter under risk.")(procure.procure)
app.command("export", short_help="Write a plan as files that another tool launches.")(export.export)
app.command("init", short_help="Write a goal file to start from.")(init.init)
app.command("explain", short_help="Follow a number of a plan to its terms and sources.")(explain.explain)
app.command("rental", short_help="Judge a GPU cloud: break-even price, returns, covenants, books.")(rental.rental)
app.command("tco", short_help="Say what a chip costs its owner, by line.")(tco.tco)
app.command("schema", short_help="Print the JSON schema of a file Tenfold reads.")(schema.schema)
app.command("contagion", short_help="Clear who owes whom in a year under shocks.")(contagion.contagion)
estimates.command("training", short_help="Estimate one training step on a cluster.")(estimate.estimate_training)
estimates.command("config", short_help="Estimate the configuration of another tool.")(config.estimate_config)
searches.command("training", short_help="Search every layout of a training cluster.")(search.search_training)
validations.command("training", short_help="Compare predictions with measured runs.")(validate.validate_training)
calibrations.command("training", short_help="Fit constants to measured runs.")(calibrate.calibrate_training)
calibrations.command("prices", short_help="Fit price paths to the price history.")(calibrate_prices.calibrate_prices)
measured.command("read", short_help="Read logs as runs to calibrate on, or as figures of fabrics.")(
    measurements.read_measurements
)
goodputs.command("fit", short_help="Fit failure rates to logs of jobs or failures.")(goodput_fit.fit_failures)
catalogs.command("list", short_help="List what is known of a kind.")(catalog.list_things)
catalogs.command("show", short_help="Show one thing with every figure and its source.")(catalog.show_thing)
catalogs.command("sources", short_help="List the documents that figures are from.")(catalog.list_sources)
price_lists.command("import", short_help="Add price lists to the price store.")(prices.import_prices)
price_lists.command("show", short_help="Show what renting a chip cost by month.")(prices.show_prices)
for name, commands in (
    ("estimate", estimates),
    ("search", searches),
    ("catalog", catalogs),
    ("validate", validations),
    ("calibrate", calibrations),
    ("measurements", measured),
    ("goodput", goodputs),
    ("prices", price_lists),
):
    app.add_typer(commands, name=name)
