"""The configuration of another tool, read into a question of Tenfold's own and estimated as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tenfold.catalog import Catalog, ModelRecord
from tenfold.performance.dialects import FORMAT_OF_SUFFIX, READERS, Recipe, batch_on, layout_on
from tenfold.performance.layout import Layout, in_terms
from tenfold.performance.training import (
    REJECTIONS,
    CalibratedSetup,
    estimate_layout,
    rejections,
    setup_training,
    skeleton_of,
)
from tenfold.planning.estimate import EstimateTrainingQuestion
from tenfold.planning.estimate.answer import Shortage
from tenfold.planning.estimate.estimate import estimate_answer
from tenfold.planning.estimate.nearest import lacking
from tenfold.planning.estimate.question import SEQUENCE
from tenfold.planning.estimate_config.answer import EstimateConfigAnswer
from tenfold.planning.estimate_config.question import EstimateConfigQuestion
from tenfold.quantities import InputError, Place, Problem, Progress, Whole, read_text
from tenfold.workloads import find_model

USUAL_FORMAT = "megatron"


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
    setup = setup_training(
        catalog,
        chip=question.chip,
        model=read.model,
        precision=read.recipe.precision,
        sequence_length=read.question.sequence_length or 0,
        global_batch=read.question.global_batch,
        software=question.software or "",
    )
    _require_possible(setup, read.layout, question.file)
    found = estimate_layout(setup.setup, read.layout)
    short, made = _shortage(setup, float(found.memory.total)), catalog.made(seed)
    estimate = estimate_answer(read.question, made, setup, read.layout, found, short)
    return EstimateConfigAnswer(
        question=question,
        made=made,
        file=question.file,
        format=read.format,
        assumed=read.recipe.assumed,
        not_understood=read.recipe.not_understood,
        estimate=estimate,
        notes=estimate.notes,
        assumptions=estimate.assumptions,
        figures=estimate.figures,
    )


def _read(question: EstimateConfigQuestion, catalog: Catalog) -> _Read:
    """Read the file. Raises ``InputError`` for what is wrong with it, and for what it lacks."""
    form = question.format or FORMAT_OF_SUFFIX.get(Path(question.file).suffix.lower(), USUAL_FORMAT)
    recipe = READERS[form](read_text(Path(question.file), "Give a configuration file"), question.file)
    model = _model(catalog, question, recipe)
    chips = _wanted(question, "--chips", question.chips or recipe.chips, Whole())
    length = _wanted(question, "--seq", question.sequence_length or recipe.sequence_length, SEQUENCE)
    layout = layout_on(recipe, chips, question.file)
    batch = _wanted(question, "train_batch_size in the file", batch_on(recipe, layout), Whole())
    asked = EstimateTrainingQuestion(
        model=model.key,
        chip=question.chip,
        chips=chips,
        global_batch=batch,
        sequence_length=length,
        precision=recipe.precision,
        software=question.software,
        layout=in_terms(layout).wish,
    )
    return _Read(recipe=recipe, format=form, layout=layout, model=model, question=asked)


def _model(catalog: Catalog, question: EstimateConfigQuestion, recipe: Recipe) -> ModelRecord:
    if question.model is not None:
        return find_model(catalog, question.model)
    if recipe.shape is None:
        raise _wanting(question, "--model")
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
    rejected = rejections(skeleton_of(layout), setup.setup.shape, setup.setup.job)
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
