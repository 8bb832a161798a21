"""What somebody asks of a layout, some of it left to be chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, make_dataclass
from typing import TYPE_CHECKING, Annotated, Any

from tenfold.performance.layout.axis import NamedAxis, Term
from tenfold.performance.layout.layout import ASKED
from tenfold.quantities import Problem
from tenfold.workloads import find_model

if TYPE_CHECKING:
    from tenfold.catalog import Catalog


def _wish(each: NamedAxis) -> tuple[str, Any, Any]:
    kind: Any = Annotated[type(each.default) | None, each.axis.terms.asks]
    text = f"{each.help.removesuffix('.')}; {each.axis.left_out}."
    return each.name, kind, field(default=None, metadata={"help": text})


# A field for each axis that may be given: their types are known when this runs, not before.
_Wishes: Any = make_dataclass(
    "_Wishes", [_wish(each) for each in ASKED.values()], frozen=True, slots=True, kw_only=True
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutWish(_Wishes):  # type: ignore[misc]
    """What is given of a layout: a field for each axis that may be given, None where it is not.

    What is left out is chosen to be fastest, or is as the software does it.
    """

    @property
    def given(self) -> Mapping[str, Term]:
        """Wishes that are given, by name."""
        found = ((name, getattr(self, name)) for name in ASKED)
        return {name: value for name, value in found if value is not None}

    @property
    def free(self) -> tuple[str, ...]:
        """Names of what is left to be chosen."""
        return tuple(name for name, each in ASKED.items() if each.searched and name not in self.given)


def expert_problems(wish: LayoutWish, model: str, catalog: Catalog) -> Iterator[Problem]:
    """Find expert parallelism that is asked of a model without experts."""
    asked = [name for name, each in ASKED.items() if each.axis.of_experts and wish.given.get(name, 1) != 1]
    if asked and not float(find_model(catalog, model).shape.moe_layers) > 0:
        for name in asked:
            remedy = f"Leave --{name} out, or use --{name} 1"
            yield Problem(file="", key=name, wrong="the model has no experts", remedy=remedy)
