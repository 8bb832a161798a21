"""The race: the world of a start runs on, in the base and in every case, draw by draw in pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from tenfold.catalog import Catalog
from tenfold.quantities import NamedFigure, Progress, assumptions_of
from tenfold.race.answer import CaseAnswer, RaceAnswer
from tenfold.race.casting import BASE, events_of, slug, stated_world
from tenfold.race.findings import case_answer, quarter_names
from tenfold.race.luck import drawn_parameters
from tenfold.race.opening import opening
from tenfold.race.question import Case, RaceQuestion
from tenfold.race.recording import WORLD, told_quarters
from tenfold.race.remarks import remarks
from tenfold.race.runs import run_case
from tenfold.race.ten_times import ten_times
from tenfold.race.world import World

NOTES = (
    "Owners hold chips, users train on shares of them; chips of owners that nobody observes are shares of a group's",
    "Draws are paired: what chance decides in draw 1 is the same in every case",
    "Cases are questions, not forecasts: nobody has published how likely they are",
    "The hindcast of the same kernel: tenfold race backtest",
)


def answer(question: RaceQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None) -> RaceAnswer:
    """Simulate the base and every case. ``progress`` is told the share done.

    Raises ``MissingFigureError`` where a player lacks a figure it needs.
    """
    rows = tuple(catalog.observations.values())
    world = stated_world(opening(catalog, question.start), question.players)
    parameters = drawn_parameters(world.parameters, question.draws, seed)
    names = quarter_names(question.start, question.quarters)
    worlds: list[Case | None] = [None, *question.cases]
    base, found = None, dict[str, CaseAnswer]()
    for place, case in enumerate(worlds):
        events = events_of(case, world, question.quarters, rows, catalog)

        def tell(share: float, place: int = place) -> None:
            if progress is not None:
                progress((place + share) / len(worlds))

        kept = run_case(world, events, parameters, quarters=question.quarters, seed=seed, tell=tell)
        name = "Base" if case is None else case.name
        told = case_answer(name, world, kept, names, base, parameters)
        paths = dict(zip(WORLD, kept.world, strict=True)) if question.trajectories else {}
        found[BASE if case is None else slug(name)] = replace(told, trajectories=paths)
        base = kept if case is None else base
    figures = _figures(world)
    return RaceAnswer(
        question=question,
        made=catalog.made(seed),
        title=question.title,
        start=question.start,
        currency="US dollars, nominal",
        quarters=names,
        years=tuple(names[place] for place in told_quarters(question.quarters)),
        cases=found,
        ten_times=ten_times(catalog, world),
        surfaces={"owners_hour": world.hour.largest_error, "efficiency_of_training": world.surface.largest_error},
        notes=(*remarks(question, world, found, partial(catalog.key_of, "players")), *NOTES),
        assumptions=assumptions_of(figures),
        figures=figures,
    )


def _figures(world: World) -> tuple[NamedFigure, ...]:
    """Everything under the answer, each once."""
    named: Mapping[str, NamedFigure] = {each.name: each for each in (*world.parameters.values(), *world.figures)}
    return tuple(named.values())
