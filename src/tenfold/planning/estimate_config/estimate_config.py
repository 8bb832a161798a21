"""The configuration of another tool, read into a question of Tenfold's own and estimated as it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tenfold.catalog import Catalog, ModelRecord, software_named
from tenfold.performance.dialects import READERS, Recipe, Stated, batch_on, chunked, format_of, layout_on, settings_in
from tenfold.performance.layout import Layout, in_terms
from tenfold.performance.training import (
    MOST_UNEVEN,
    REJECTIONS,
    CalibratedSetup,
    estimate_layout,
    rejections,
    setup_training,
    skeleton_of,
)
from tenfold.planning.estimate import EstimateTrainingQuestion
from tenfold.planning.estimate.answer import Shortage
from tenfold.planning.estimate.asked import setups_asked
from tenfold.planning.estimate.cluster import SEQUENCE, Cluster
from tenfold.planning.estimate.estimate import estimate_answer
from tenfold.planning.estimate.nearest import lacking
from tenfold.planning.estimate_config.answer import EstimateConfigAnswer
from tenfold.planning.estimate_config.question import EstimateConfigQuestion
from tenfold.quantities import InputError, Place, Problem, Progress, Whole, read_text, shown
from tenfold.workloads import find_model, format_problems, model_on_hub, parameter_counts, unmeasured_parts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What a configuration says, with what was asked beside it."""

    recipe: Recipe
    format: str
    layout: Layout
    model: ModelRecord
    question: EstimateTrainingQuestion
    """The same in Tenfold's own terms."""


def answer(
    question: EstimateConfigQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> EstimateConfigAnswer:
    """Read a configuration and estimate it on the chips.

    Raises ``InputError`` for all that is wrong with it or missing, ``MissingFigureError`` for a figure nobody recorded.
    """
    del progress  # answered in no time
    read = _read(question, catalog)
    setup = _with_kept_bytes(
        setup_training(
            catalog,
            chip=question.chip,
            model=read.model,
            precision=read.recipe.precision,
            sequence_length=read.question.cluster.sequence_length or 0,
            global_batch=read.question.cluster.global_batch,
            software=read.question.cluster.software or "",
            tuning=read.recipe.tuning,
        ),
        read.recipe,
    )
    _require_possible(setup, read.layout, question.file)
    found = estimate_layout(setup.setup, read.layout)
    short, made = _shortage(setup, float(found.memory.total)), catalog.made(seed)
    setups = setups_asked(catalog, read.question.cluster, read.question.layout.given, read.model)
    cases = tuple(replace(case, setup=_with_kept_bytes(case.setup, read.recipe)) for case in setups.cases)
    estimate = estimate_answer(read.question, made, replace(setups, cases=cases), read.layout, short)
    return EstimateConfigAnswer(
        question=question,
        made=made,
        file=question.file,
        format=read.format,
        parameters=parameter_counts(read.model),
        assumed=(*read.recipe.assumed, *unmeasured_parts(read.model)),
        not_understood=read.recipe.not_understood,
        estimate=estimate,
        notes=estimate.notes,
        assumptions=estimate.assumptions,
        figures=estimate.figures,
    )


def _with_kept_bytes(setup: CalibratedSetup, recipe: Recipe) -> CalibratedSetup:
    """The setup with the bytes per parameter that the file says are kept, where it does."""
    said = {
        "gradient_bytes": recipe.gradient_bytes,
        "gradient_copy_bytes": None if recipe.gradient_bytes is None else 0.0,
        "optimizer_bytes": recipe.optimizer_bytes,
    }
    kept = {name: value for name, value in said.items() if value is not None}
    kernels = replace(setup.setup.kernels, **kept)
    return replace(setup, setup=replace(setup.setup, kernels=kernels)) if kept else setup


def _read(question: EstimateConfigQuestion, catalog: Catalog) -> _Read:
    """Read the file. Raises ``InputError`` for what is wrong with it, and for what it lacks."""
    text = read_text(Path(question.file), "Give a configuration file")
    form = question.format or format_of(question.file, text)
    stated = Stated(
        settings=settings_in(question.stated),
        micro_batch=question.micro_batch,
        global_batch=question.global_batch,
        precision=question.precision,
        model=question.model is not None,
    )
    recipe = READERS[form](text, question.file, stated)
    if question.recompute is not None:
        recipe = replace(recipe, layout=replace(recipe.layout, recompute=question.recompute))
    model = _model(catalog, question, recipe)
    recipe = chunked(recipe, round(float(model.shape.layers)))
    chips = _wanted(question, "--chips", question.chips or recipe.chips, Whole())
    length = _wanted(question, "--seq", question.sequence_length or recipe.sequence_length, SEQUENCE)
    layout = layout_on(recipe, chips, question.file)
    batch = _wanted(question, "--global-batch", batch_on(recipe, layout), Whole())
    cluster = Cluster(
        model=model.key,
        chip=question.chip,
        chips=chips,
        global_batch=batch,
        sequence_length=length,
        precision=recipe.precision,
        software=question.software or _software(catalog, recipe),
        tuning=recipe.tuning,
    )
    if problems := tuple(format_problems(recipe.tuning, recipe.precision, "precision")):
        raise InputError(replace(problem, file=question.file) for problem in problems)
    asked = EstimateTrainingQuestion(
        cluster=cluster,
        layout=in_terms(layout).wish,
    )
    return _Read(recipe=recipe, format=form, layout=layout, model=model, question=asked)


def _named(catalog: Catalog, question: EstimateConfigQuestion, recipe: Recipe) -> ModelRecord:
    """The model that the file names. Raises ``InputError`` where it names none, or one that is not in the catalog."""
    if not recipe.model:
        raise _wanting(question, "--model")
    found = model_on_hub(catalog, recipe.model)
    if found is None:
        wrong = f"names the model {shown(recipe.model)}, which the catalog does not have"
        remedy = "Give --model, a key of tenfold catalog list models or the path of its config.json"
        raise InputError(Problem(file=question.file, key="", wrong=wrong, remedy=remedy))
    return found


def _software(catalog: Catalog, recipe: Recipe) -> str | None:
    """The latest stack that the file's tool goes by: a configuration of one is not timed as another."""
    found = software_named(recipe.software, None, catalog.software.values()) if recipe.software else None
    return None if found is None else found.key


def _model(catalog: Catalog, question: EstimateConfigQuestion, recipe: Recipe) -> ModelRecord:
    if question.model is not None:
        return find_model(catalog, question.model)
    if recipe.shape is None:
        return _named(catalog, question, recipe)
    name = Path(question.file).name
    return ModelRecord(
        key=name, name=name, family="", shape=recipe.shape, parameters=None, active_parameters=None, source=""
    )


def _wanted(question: EstimateConfigQuestion, what: str, value: int | None, within: Whole) -> int:
    """Give a number that is there. Raises ``InputError`` that says what to give where it is not, or its ends."""
    if value is None:
        raise _wanting(question, what)
    return within.read(value, Place(file=question.file, key=what))


def _wanting(question: EstimateConfigQuestion, what: str) -> InputError:
    wrong = "the configuration does not say all that an estimate needs"
    return InputError(Problem(file=question.file, key="", wrong=wrong, remedy=f"Give {what}"))


def _require_possible(setup: CalibratedSetup, layout: Layout, file: str) -> None:
    """Raise ``InputError`` for degrees that the model, the batch or the sequence do not divide over."""
    rejected = rejections(skeleton_of(layout), setup.setup.shape, setup.setup.job, MOST_UNEVEN)
    problems = [
        Problem(file=file, key="", wrong=REJECTIONS[reason], remedy="Change the degrees, the batch or --chips")
        for reason, rejects in rejected.items()
        if bool(np.all(rejects))
    ]
    if problems:
        raise InputError(problems)


def _shortage(setup: CalibratedSetup, need_bytes: float) -> Shortage | None:
    if need_bytes <= float(setup.setup.hardware.hbm_bytes):
        return None
    nearest = "what `tenfold search training` finds for the same model and chips"
    return Shortage(short=lacking(setup, need_bytes), nearest=nearest)
