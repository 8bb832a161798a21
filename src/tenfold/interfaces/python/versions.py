"""The version of the installed package."""

from __future__ import annotations


def tenfold_version() -> str:
    """Version of Tenfold, such as "0.1.0"."""
    from importlib.metadata import version

    return version("tenfold")
