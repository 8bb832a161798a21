"""Options that commands share, and what a shell completes them with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tenfold.catalog import Catalog


def keys_in(folder: str) -> Callable[[str], list[str]]:
    """Complete with the keys of the shipped catalog, which are the stems of its files; nothing is read."""

    def complete(incomplete: str) -> list[str]:
        import tenfold

        files = Path(tenfold.__file__).parent.joinpath("catalog", "data", folder).glob("*.toml")
        return sorted(path.stem for path in files if path.stem.startswith(incomplete))

    return complete


def one_of(*words: str) -> Callable[[str], list[str]]:
    """Complete with these words."""
    return lambda incomplete: [word for word in words if word.startswith(incomplete)]


JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
HtmlOption = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Also write a page with charts that opens offline.")
]
CatalogOption = Annotated[
    list[Path] | None,
    typer.Option("--catalog", metavar="DIR", help="Folder that adds to the catalog or overrides it; repeatable."),
]
QuestionOption = Annotated[
    Path | None,
    typer.Option("--question", metavar="FILE", help="Ask again what an answer's JSON holds, or a question as JSON."),
]
FullOption = Annotated[
    bool, typer.Option("--full", help="Print all of it: every section, assumptions, sources.", show_default=False)
]
SeedOption = Annotated[
    str | None,
    typer.Option("--seed", metavar="COUNT", help="Seed of the random draws.", show_default="the file's, or 0"),
]
OutFileOption = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write the file that the answer becomes.")
]
OutFolderOption = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Write the files that the answer becomes into this folder.")
]


def open_catalog(overlays: list[Path] | None) -> Catalog:
    """Open the catalog with overlays. Raises ``CatalogError`` with every problem of them."""
    from tenfold.catalog import load_catalog

    return load_catalog(overlays or ())
