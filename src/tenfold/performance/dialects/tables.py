"""A YAML mapping of names, and values of nested tables by their dotted names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tenfold.quantities import InputError, Problem, yaml_tree


def dotted(tree: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Values of a tree of tables by their dotted names; an empty table is there too."""
    for name, value in tree.items():
        if isinstance(value, Mapping) and value:
            yield from dotted(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def yaml_mapping(text: str, file: str, remedy: str) -> dict[str, object]:
    """A file of names and values. Raises ``InputError`` with this remedy for what is none."""
    tree = yaml_tree(text, file, remedy)
    if not isinstance(tree, dict) or not all(isinstance(key, str) for key in tree):
        raise InputError(Problem(file=file, key="", wrong="is no YAML mapping of names to values", remedy=remedy))
    return tree
