"""``tenfold catalog``: what is known, and where each figure is from."""

from __future__ import annotations

from typing import Annotated

import typer

from tenfold.interfaces.cli.options import CatalogOption, JsonOption, one_of, open_catalog

KINDS = (
    "chips",
    "systems",
    "fabrics",
    "models",
    "sites",
    "links",
    "software",
    "engines",
    "prices",
    "assumptions",
    "calibrations",
    "hazards",
    "players",
    "deals",
    "export_rules",
    "technologies",
    "services",
)


def list_things(
    kind: Annotated[
        str, typer.Argument(metavar="[KIND]", help=f"One of {', '.join(KINDS)}.", autocompletion=one_of(*KINDS))
    ] = "",
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """List what is known of a kind; without a kind, how much there is of each."""
    from tenfold.interfaces.cli.output import print_json, print_tables
    from tenfold.reports import kind_named, list_of

    known = open_catalog(catalog)
    listed = list_of(known, kind_named(kind) if kind else "", KINDS)
    if as_json:
        print_json(listed.data)
        return
    from tenfold.reports import grid_table

    print_tables([grid_table(listed.title, listed.table)])
    for override in known.overrides:
        typer.echo(f"note: {override}", err=True)


def show_thing(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Key, alias or name; kind/key where two share it.")],
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Show one thing with each figure's value, kind, source, date, second source and conflicts."""
    from tenfold.interfaces.cli.output import print_json, print_tables
    from tenfold.reports import thing_tables, things_called

    known = open_catalog(catalog)
    things = things_called(known, key)
    if as_json:
        print_json(things)
        return
    print_tables(part for thing in things for part in thing_tables(thing))


def list_sources(as_json: JsonOption = False, catalog: CatalogOption = None) -> None:
    """List the documents that figures are from."""
    from tenfold.interfaces.cli.output import print_json, print_tables
    from tenfold.reports import Table, grid_table

    sources = sorted(open_catalog(catalog).sources.values(), key=lambda source: source.key)
    if as_json:
        print_json({source.key: source for source in sources})
        return
    rows = tuple((source.key, source.title, source.date.isoformat(), source.url) for source in sources)
    table = Table(headers=("key", "title", "date", "address"), rows=rows)
    print_tables([grid_table(f"{len(rows):,} sources", table)])
