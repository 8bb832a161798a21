"""``tenfold mcp``: every question as a tool for agents."""

from __future__ import annotations

from tenfold.interfaces.cli.options import CatalogOption


def mcp(catalog: CatalogOption = None) -> None:
    """Serve every question, explain and the catalog as tools over stdio (Model Context Protocol)."""
    from tenfold.interfaces.cli.options import open_catalog
    from tenfold.interfaces.web.agents import serve

    open_catalog(catalog)
    serve(tuple(folder.resolve() for folder in catalog or ()))
