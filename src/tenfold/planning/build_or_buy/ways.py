"""Each way to answer on one's own: what serves, and what is run before."""

from __future__ import annotations

from tenfold.catalog import Catalog
from tenfold.planning.build_or_buy.own import OWN_WAYS, OwnWay
from tenfold.planning.build_or_buy.question import BuildOrBuyQuestion, Pretrained, Served, Tuned
from tenfold.planning.build_or_buy.served import cheapest_serving
from tenfold.planning.build_or_buy.trained import run_asked
from tenfold.planning.run_asked import CheapestRun
from tenfold.quantities import Progress


def own_ways(
    question: BuildOrBuyQuestion,
    catalog: Catalog,
    peak: float,
    seed: int,
    cheapest_run: CheapestRun,
    progress: Progress | None,
) -> tuple[tuple[OwnWay, ...], dict[str, str]]:
    """Price what is asked for; what cannot be is refused with its reason."""
    found, refused = list[OwnWay](), dict[str, str]()
    for place, way in enumerate(OWN_WAYS):
        asked = getattr(question, way)
        if asked is not None:
            made = _way(question, catalog, way, asked, peak, seed, cheapest_run)
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
    cheapest_run: CheapestRun,
) -> OwnWay | str:
    serving = cheapest_serving(question, catalog, asked.model, asked.precision, peak)
    if isinstance(serving, str):
        return serving
    run = None if isinstance(asked, Served) else cheapest_run(run_asked(question, catalog, asked), catalog, seed)
    if isinstance(run, str):
        return run
    return OwnWay(way=way, serving=serving, run=run, lora=isinstance(asked, Tuned) and asked.method == "lora")
