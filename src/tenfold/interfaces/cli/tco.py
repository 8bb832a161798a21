"""``tenfold tco``: what a chip costs its owner."""

from __future__ import annotations

from typing import Annotated

import typer

from tenfold.interfaces.cli.options import (
    CatalogOption,
    ChipOption,
    HtmlOption,
    JsonOption,
    PrecisionOption,
    keys_in,
    open_catalog,
)


def tco(
    chip: ChipOption,
    site: Annotated[str, typer.Option("--site", help="Site by key or alias.", autocompletion=keys_in("sites"))],
    chips: Annotated[
        int, typer.Option("--chips", help="Chips of the cluster, which sizes its network, and of a run.")
    ] = 1024,
    days: Annotated[float | None, typer.Option("--days", help="Days of a run.")] = None,
    debt_share: Annotated[float, typer.Option("--debt-share", help="Share of the purchase that is borrowed.")] = 0.0,
    precision: PrecisionOption = "bf16",
    mfu: Annotated[float | None, typer.Option("--mfu", help="For the cost of a useful FLOP.")] = None,
    goodput: Annotated[float, typer.Option("--goodput", help="Share of time that is useful, with --mfu.")] = 1.0,
    tokens_per_s_per_chip: Annotated[
        float | None, typer.Option("--tokens-per-s-per-chip", help="For the cost of a million tokens.")
    ] = None,
    installation: Annotated[float, typer.Option("--installation", help="USD a chip.")] = 0.0,
    water_price: Annotated[float, typer.Option("--water-price", help="USD per cubic metre.")] = 0.0,
    software_per_year: Annotated[float, typer.Option("--software-per-year", help="USD a chip.")] = 0.0,
    taxes_per_year: Annotated[float, typer.Option("--taxes-per-year", help="On property and the like, USD.")] = 0.0,
    decommissioning: Annotated[float, typer.Option("--decommissioning", help="USD a chip.")] = 0.0,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the random draws.")] = 0,
    as_json: JsonOption = False,
    html: HtmlOption = None,
    catalog: CatalogOption = None,
) -> None:
    """Say what a chip costs over its life at a site: by line, per hour, FLOP, run, million tokens and megawatt."""
    from tenfold.interfaces.cli.files import check_place, write_whole
    from tenfold.interfaces.cli.output import print_json, print_tables
    from tenfold.interfaces.python.tco import tco as ask
    from tenfold.planning.tco import TcoAsked

    if html is not None:
        check_place(html, "--html")
    known = open_catalog(catalog)
    asked = TcoAsked(
        chip=chip,
        site=site,
        chips=chips,
        days=days,
        debt_share=debt_share,
        precision=precision,
        mfu=mfu,
        goodput=goodput,
        tokens_per_s_per_chip=tokens_per_s_per_chip,
        installation_usd=installation,
        water_usd_per_m3=water_price,
        software_usd_per_year=software_per_year,
        taxes_usd_per_year=taxes_per_year,
        decommissioning_usd=decommissioning,
        seed=seed,
    )
    answer = ask(asked, catalog=known)
    if html is not None:
        from tenfold.reports.page import page_html
        from tenfold.reports.pages.tco import tco_page

        write_whole(html, page_html(tco_page(answer), known.sources), "--html")
    if as_json:
        print_json(answer)
        return
    from tenfold.reports.tables.tco import tco_tables

    print_tables(tco_tables(answer))
    if html is not None:
        typer.echo(f"Page written to {html}", err=True)
