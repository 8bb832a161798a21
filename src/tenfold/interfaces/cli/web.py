"""``tenfold web``: every question in a browser, and over HTTP."""

from __future__ import annotations

from typing import Annotated

import typer

from tenfold.interfaces.cli.options import CatalogOption


def web(
    port: Annotated[int, typer.Option("--port", metavar="COUNT", help="Port; 0 takes any that is free.")] = 8010,
    host: Annotated[
        str, typer.Option("--host", metavar="NAME", help="Address to listen at; any but this machine's lets others in.")
    ] = "127.0.0.1",
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page.")] = True,
    token: Annotated[
        str,
        typer.Option("--token", metavar="TEXT", help="Token to ask for; a new one when left out.", show_default=False),
    ] = "",
    catalog: CatalogOption = None,
) -> None:
    """Serve every question as a page and an API at this machine; prints the address with its token."""
    from tenfold.interfaces.cli.options import open_catalog
    from tenfold.interfaces.web.serve import serve

    overlays = tuple(catalog or ())
    if overlays:
        open_catalog(list(overlays))
    serve(
        host=host,
        port=port,
        token=token,
        overlays=tuple(folder.resolve() for folder in overlays),
        said=lambda address: typer.echo(f"Tenfold is at {address}"),
        browser=browser,
    )
