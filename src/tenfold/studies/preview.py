"""A preview of an answer: few draws, and what a question keeps for that, where its package has a ``preview``."""

from __future__ import annotations

from collections.abc import MutableMapping
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from tenfold.studies.ask import Asked, answerer_of, ask
from tenfold.studies.questions import QUESTIONS

if TYPE_CHECKING:
    from tenfold.catalog import Catalog


def preview(asked: Asked, catalog: Catalog, kept: MutableMapping[Any, Any]) -> Any:  # noqa: ANN401  (its answer)
    """Answer at once, roughly. ``kept`` is what earlier previews of this question left.

    A ``preview`` is handed the ``outline`` of the module that answers, for what nothing that is kept stands for.
    """
    own = _own(asked.name)
    if own is not None:
        outline = answerer_of(asked.name).outline
        return own.preview(asked.question, catalog, seed=asked.seed, kept=kept, outline=outline)
    from tenfold.quantities import few_draws  # loads numpy, which a server does not wait for

    with few_draws():
        return ask(asked, catalog)


def keep(name: str, answer: object, kept: MutableMapping[Any, Any]) -> None:
    """Keep of a whole answer what previews after it use."""
    own = _own(name)
    if own is not None:
        own.keep(answer, kept)


def keeps_answers(name: str) -> bool:
    """Whether previews of a question have use for a whole answer."""
    return _own(name) is not None


def _own(name: str) -> Any:  # noqa: ANN401  (a module with ``preview`` and ``keep``)
    place = f"{QUESTIONS[name].module}.preview"
    return None if find_spec(place) is None else import_module(place)
