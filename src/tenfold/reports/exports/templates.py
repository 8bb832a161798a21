"""Text files from the templates of this room."""

from __future__ import annotations


def render(name: str, /, **values: object) -> str:
    """Fill a template. Values are shell-, Python- or YAML-quoted by the writers; nothing is HTML."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tenfold.reports", "templates/exports"),
        autoescape=False,  # noqa: S701  (shell and Python, not HTML)
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(name).render(**values)
