"""Each way to answer on one's own as figures: what serves, what is run before, who is needed, how long it takes."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.catalog import Catalog, assumption_named
from tenfold.planning.build_or_buy.question import BuildOrBuyQuestion, Pretrained, Served, Tuned
from tenfold.planning.build_or_buy.served import Serving, cheapest_serving
from tenfold.planning.build_or_buy.trained import Run, run_of
from tenfold.planning.supply.offers import newest
from tenfold.quantities import NamedFigure, Progress, Ranged, stated_at

API, TUNE, SERVE, PRETRAIN = "api", "tune", "serve", "pretrain"
OWN_WAYS = (SERVE, TUNE, PRETRAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWay:
    """A way on chips of one's own."""

    way: str
    serving: Serving
    run: Run | None
    """Before it serves; none for a model whose weights are there."""
    lora: bool

    @property
    def what(self) -> str:
        """The model and what it runs on."""
        return f"{self.serving.model} on {self.serving.found.chip}"


def own_ways(
    question: BuildOrBuyQuestion, catalog: Catalog, peak: float, seed: int, progress: Progress | None
) -> tuple[tuple[OwnWay, ...], dict[str, str]]:
    """Price what is asked for; what cannot be is refused with its reason."""
    found, refused = list[OwnWay](), dict[str, str]()
    for place, way in enumerate(OWN_WAYS):
        asked = getattr(question, way)
        if asked is not None:
            made = _way(question, catalog, way, asked, peak, seed)
            if isinstance(made, OwnWay):
                found.append(made)
            else:
                refused[way] = made
        if progress is not None:
            progress((place + 1) / len(OWN_WAYS))
    return tuple(found), refused


def _way(
    question: BuildOrBuyQuestion,
    catalog: Catalog,
    way: str,
    asked: Served | Tuned | Pretrained,
    peak: float,
    seed: int,
) -> OwnWay | str:
    serving = cheapest_serving(question, catalog, asked.model, asked.precision, peak)
    if isinstance(serving, str):
        return serving
    run = None if isinstance(asked, Served) else run_of(question, catalog, asked, seed)
    if isinstance(run, str):
        return run
    return OwnWay(way=way, serving=serving, run=run, lora=isinstance(asked, Tuned) and asked.method == "lora")


def said_or_assumed(catalog: Catalog, stated: Ranged | None, path: str, unit: str, assumption: str) -> NamedFigure:
    """What the question states at a path of its JSON, or the assumption in its place."""
    if stated is None:
        return assumption_named(catalog, assumption)
    return stated_at(path, stated.figure(unit, newest(catalog)))


def people_of(question: BuildOrBuyQuestion, catalog: Catalog, way: str) -> NamedFigure:
    """Engineers of a way, beside those of serving where it is tuned or trained."""
    asked = getattr(question, way)
    return said_or_assumed(catalog, asked and asked.people, f"{way}.people", "1", f"services.{way}_people")


def weeks_of(question: BuildOrBuyQuestion, catalog: Catalog, way: str) -> NamedFigure:
    """Weeks until a way answers."""
    asked = getattr(question, way)
    return said_or_assumed(catalog, asked and asked.weeks, f"{way}.weeks", "1", f"services.{way}_weeks")
