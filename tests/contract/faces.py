"""An import contract: a room is entered through a face, never through one of its modules.

A face is a package (its ``__init__``), or a module that the stub of its package offers whole
(``from . import deepspeed``). Modules of the same room may import one another.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from grimp import ImportGraph
from importlinter import Contract, ContractCheck
from importlinter.application import output

import tenfold

SOURCE = Path(tenfold.__file__).parent.parent


class EnteredThroughFaces(Contract):
    """Every import that crosses rooms ends at a face."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """List the imports that pass a face by."""
        past = [
            (importer, imported)
            for importer in sorted(graph.modules)
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if _crosses(importer, imported) and not (graph.find_children(imported) or _is_offered(imported))
        ]
        return ContractCheck(kept=not past, metadata={"past": past})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Say which import goes past which face."""
        for importer, imported in check.metadata["past"]:
            output.print_error(f"{importer} imports {imported}: import it from {imported.rpartition('.')[0]}")


def _crosses(importer: str, imported: str) -> bool:
    there = imported.split(".")
    return there[0] == "tenfold" and len(there) > 2 and importer.split(".")[1:2] != there[1:2]


@cache
def _offered_by(package: str) -> frozenset[str]:
    stub = SOURCE.joinpath(*package.split("."), "__init__.pyi")
    face = stub if stub.exists() else stub.with_suffix(".py")
    imports = (node for node in ast.walk(ast.parse(face.read_text())) if isinstance(node, ast.ImportFrom))
    return frozenset(alias.asname or alias.name for node in imports for alias in node.names)


def _is_offered(module: str) -> bool:
    package, _, name = module.rpartition(".")
    return name in _offered_by(package)
