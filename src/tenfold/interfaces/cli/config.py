"""``tenfold estimate config``: the configuration of another tool, estimated as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.interfaces.cli.options import (
    CatalogOption,
    ChipOption,
    JsonOption,
    SoftwareOption,
    keys_in,
    one_of,
    open_catalog,
)

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tenfold.catalog import Catalog, ModelRecord
    from tenfold.interfaces.old_python.estimate import TrainingAnswer
    from tenfold.interfaces.old_python.nearest import Shortage
    from tenfold.performance.training.layout import Layout
    from tenfold.performance.training.recipes import Recipe
    from tenfold.performance.training.setup import CalibratedSetup
    from tenfold.quantities import InputError

FORMATS = ("megatron", "maxtext", "deepspeed")
LARGEST_FILE_BYTES = 4_000_000
IN_FILE = "the file's"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigAnswer:
    """What a configuration says, and what it would do."""

    file: str
    format: str
    assumed: tuple[str, ...]
    """What was taken for granted where the file says nothing."""
    not_understood: tuple[str, ...]
    """Settings of the file that were left out of account."""
    estimate: TrainingAnswer


def estimate_config(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Megatron arguments, MaxText YAML or DeepSpeed JSON.")],
    chip: ChipOption,
    chips: Annotated[int | None, typer.Option("--chips", help="How many chips.", show_default=IN_FILE)] = None,
    kind: Annotated[
        str,
        typer.Option("--format", help=", ".join(FORMATS), show_default="by suffix", autocompletion=one_of(*FORMATS)),
    ] = "",
    model: Annotated[
        str,
        typer.Option("--model", help="Model of the catalog.", show_default=IN_FILE, autocompletion=keys_in("models")),
    ] = "",
    seq: Annotated[int | None, typer.Option("--seq", help="Tokens per sequence.", show_default=IN_FILE)] = None,
    software: SoftwareOption = "",
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Estimate one training step of another tool's configuration: time, throughput, utilisation and memory."""
    from tenfold.interfaces.cli.output import print_json, print_tables

    answer = answer_config(
        file, open_catalog(catalog), chip=chip, chips=chips, kind=kind, model=model, seq=seq, software=software
    )
    if as_json:
        print_json(answer)
    else:
        print_tables(_tables(answer))


def answer_config(
    file: Path,
    catalog: Catalog,
    *,
    chip: str,
    chips: int | None,
    kind: str,
    model: str,
    seq: int | None,
    software: str,
) -> ConfigAnswer:
    """Read a configuration and estimate it on the chips. Raises ``InputError`` for all that is wrong or missing."""
    from tenfold.interfaces.old_python.estimate import ask, training_answer
    from tenfold.performance.training.estimate import estimate_layout
    from tenfold.performance.training.recipes import READERS, layout_on
    from tenfold.performance.training.recipes.recipe import batch_on
    from tenfold.performance.training.setup import setup_training

    form = format_of(file, kind)
    recipe = READERS[form](read_text(file), str(file))
    record = _model(catalog, model, recipe, file)
    count = chips if chips is not None else recipe.chips
    length = seq if seq is not None else recipe.sequence_length
    if count is None or length is None:
        raise _wanting(file, "--chips" if count is None else "--seq")
    layout = layout_on(recipe, _sane(count, "--chips"), str(file))
    batch = batch_on(recipe, layout)
    if batch is None:
        raise _wanting(file, "train_batch_size in the file")
    if model:  # names and numbers, checked as those of ``tenfold estimate training``
        ask(catalog, model=model, chip=chip, chips=count, global_batch=batch, sequence_length=length, software=software)
    setup = setup_training(
        catalog,
        chip=chip,
        model=record,
        precision=recipe.precision,
        sequence_length=_sane(length, "--seq"),
        global_batch=batch,
        software=software,
    )
    _require_possible(setup, layout, file)
    found = estimate_layout(setup.setup, layout)
    estimate = training_answer(
        catalog,
        setup,
        layout,
        found,
        model=record.key,
        precision=recipe.precision,
        chosen=(),
        short=_shortage(setup, float(found.memory.total)),
    )
    return ConfigAnswer(
        file=str(file), format=form, assumed=recipe.assumed, not_understood=recipe.not_understood, estimate=estimate
    )


def format_of(file: Path, kind: str) -> str:
    """The format asked for, or that of the suffix."""
    from tenfold.performance.training.recipes import FORMAT_OF_SUFFIX
    from tenfold.quantities import InputError, Problem, shown

    if kind and kind not in FORMATS:
        wrong, remedy = f"unknown format {shown(kind)}", f"Use one of {', '.join(FORMATS)}"
        raise InputError(Problem(file="--format", key="", wrong=wrong, remedy=remedy))
    return kind or FORMAT_OF_SUFFIX.get(file.suffix.lower(), "megatron")


def read_text(file: Path) -> str:
    """Text of a file. Raises ``InputError`` when it is missing, too large or no text."""
    from tenfold.quantities import InputError, Problem

    def refuse(wrong: str) -> InputError:
        return InputError(Problem(file=str(file), key="", wrong=wrong, remedy="Give a configuration file"))

    if not file.is_file():
        raise refuse("no such file")
    if file.stat().st_size > LARGEST_FILE_BYTES:
        raise refuse("is too large for a configuration")
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise refuse("is no text") from None


def _model(catalog: Catalog, name: str, recipe: Recipe, file: Path) -> ModelRecord:
    from tenfold.catalog import ModelRecord
    from tenfold.workloads.model_names import find_model

    if name:
        return find_model(catalog, name)
    if recipe.shape is None:
        raise _wanting(file, "--model")
    return ModelRecord(
        key=file.name,
        name=file.name,
        family="",
        shape=recipe.shape,
        parameters=None,
        active_parameters=None,
        source="",
    )


def _wanting(file: Path, what: str) -> InputError:
    from tenfold.quantities import InputError, Problem

    wrong = "the configuration does not say all that an estimate needs"
    return InputError(Problem(file=str(file), key="", wrong=wrong, remedy=f"Give {what}"))


def _sane(value: int, option: str) -> int:
    from tenfold.quantities import InputError, count_problems

    problems = count_problems(option.removeprefix("--"), value)
    if problems:
        raise InputError(problems)
    return value


def _require_possible(setup: CalibratedSetup, layout: Layout, file: Path) -> None:
    """Raise ``InputError`` for degrees that the model, the batch or the sequence do not divide over."""
    import numpy as np

    from tenfold.performance.training.skeletons import Skeletons, rejections
    from tenfold.performance.training.space import REJECTIONS
    from tenfold.quantities import InputError, Problem

    part = {
        "tensor": layout.tensor_parallel,
        "pipeline": layout.pipeline_parallel,
        "context": layout.context_parallel,
        "expert": layout.expert_parallel,
        "data": layout.data_parallel,
        "virtual": layout.virtual_stages,
        "schedule": layout.schedule,
        "micro_batch": layout.micro_batch,
    }
    skeleton = Skeletons(**{name: np.array([round(float(value))], dtype=np.int64) for name, value in part.items()})
    rejected = rejections(skeleton, setup.setup.shape, setup.setup.job)
    problems = [
        Problem(file=str(file), key="", wrong=REJECTIONS[reason], remedy="Change the degrees, the batch or --chips")
        for reason, rejects in rejected.items()
        if bool(rejects[0])
    ]
    if problems:
        raise InputError(problems)


def _shortage(setup: CalibratedSetup, need_bytes: float) -> Shortage | None:
    from tenfold.interfaces.old_python.nearest import Shortage, lacking

    if need_bytes <= float(setup.setup.hardware.hbm_bytes):
        return None
    nearest = "what `tenfold search training` finds for the same model and chips"
    return Shortage(short=lacking(setup, need_bytes), nearest=nearest)


def _tables(answer: ConfigAnswer) -> Iterator[RenderableType]:
    from rich.text import Text

    from tenfold.interfaces.cli.training_tables import estimate_tables
    from tenfold.reports.tables import lines

    yield from estimate_tables(answer.estimate)
    for title, said in (("Assumed", answer.assumed), ("Not understood, left out of account", answer.not_understood)):
        if said:
            yield Text("")
            yield lines(title, said)
