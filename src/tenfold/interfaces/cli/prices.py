"""``tenfold prices``: price lists into the store, and what a chip cost over time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenfold.interfaces.cli.options import CatalogOption, HtmlOption, JsonOption, keys_in, one_of, open_catalog


def import_prices(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="SkyPilot, gpuhunt or plain price lists.")],
    date: Annotated[str, typer.Option("--date", help="Day the prices held, where a file does not say.")] = "",
    provider: Annotated[str, typer.Option("--provider", help="Whose prices they are, where a file does not say.")] = "",
    source: Annotated[str, typer.Option("--source", help="What to cite.", show_default="the file's name")] = "",
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Add price lists to the price store: all of them or none, no price twice."""
    from tenfold.interfaces.cli.output import print_json, print_tables
    from tenfold.interfaces.old_python.prices import import_prices as add

    done = add(files, date=date, provider=provider, source=source, catalog=open_catalog(catalog))
    if as_json:
        print_json({"files": done})
        return
    from tenfold.reports.tables.prices import import_tables

    print_tables(import_tables(done))


def show_prices(
    chip: Annotated[str, typer.Argument(metavar="CHIP", help="Chip by key or alias.", autocompletion=keys_in("chips"))],
    chart: Annotated[bool, typer.Option("--chart", help="Draw the months as bars.")] = False,
    term: Annotated[
        str,
        typer.Option(
            "--term",
            help="on-demand, spot, reserved-1y or reserved-3y.",
            show_default="all",
            autocompletion=one_of("on-demand", "spot", "reserved-1y", "reserved-3y"),
        ),
    ] = "",
    since: Annotated[str, typer.Option("--since", help="First month, such as 2024-01.", show_default="all")] = "",
    as_json: JsonOption = False,
    html: HtmlOption = None,
    catalog: CatalogOption = None,
) -> None:
    """Show what renting a chip cost by month: shipped prices and imported ones, told apart."""
    from tenfold.interfaces.cli.files import check_place, write_whole
    from tenfold.interfaces.cli.output import print_json, print_tables
    from tenfold.interfaces.old_python.prices import show_prices as ask

    if html is not None:
        check_place(html, "--html")
    known = open_catalog(catalog)
    series = ask(chip, term=term, since=since, catalog=known)
    if html is not None:
        from tenfold.reports.page import page_html
        from tenfold.reports.pages.prices import prices_page

        write_whole(html, page_html(prices_page(series), known.sources), "--html")
    if as_json:
        print_json(series)
        return
    from tenfold.reports.tables.prices import price_chart, price_tables

    print_tables(price_chart(series) if chart else price_tables(series))
    if html is not None:
        typer.echo(f"Page written to {html}", err=True)
