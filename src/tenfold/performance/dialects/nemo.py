"""NeMo 2's recipes in Python: a function that makes ``run.Partial(…, model=, trainer=, data=)``, read only.

A module holds ``model()``, ``trainer(tensor_parallelism=…)`` and recipes that call both, as in NVIDIA/NeMo 2.x
``nemo/collections/llm/recipes``; a script of one's own starts from such a recipe and sets ``recipe.trainer.strategy.…``
and ``recipe.data.…``. Arguments that a recipe gives stand over the trainer's own defaults, and lines over both. The
model is made by code that is not read, so it has to be named. ``--set recipe=FUNCTION`` says which is meant.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from tenfold.performance.dialects.assigned import (
    UNKNOWN,
    Assigned,
    functions_of,
    literal,
    python_tree,
    usual_arguments,
)
from tenfold.performance.dialects.bridge_recipe import PRECISION_OF, RECIPE, chosen_recipe, tuning_said
from tenfold.performance.dialects.names import read_degrees
from tenfold.performance.dialects.recipe import Recipe
from tenfold.performance.dialects.settings import Settings
from tenfold.performance.dialects.shell import unknowns_in
from tenfold.performance.dialects.stated import NOTHING, Stated
from tenfold.performance.layout import ParallelLayout

REMEDY = "Give a module of recipes of NeMo 2, or a script that changes one"
STRATEGY = "trainer.strategy."
DEGREES: Mapping[str, str] = {
    "tp": f"{STRATEGY}tensor_model_parallel_size",
    "pp": f"{STRATEGY}pipeline_model_parallel_size",
    "cp": f"{STRATEGY}context_parallel_size",
    "ep": f"{STRATEGY}expert_model_parallel_size",
    "etp": f"{STRATEGY}expert_tensor_parallel_size",
    "micro_batch": "data.micro_batch_size",
}
CHUNKS, SEQUENCE_PARALLEL = f"{STRATEGY}virtual_pipeline_model_parallel_size", f"{STRATEGY}sequence_parallel"
NODES, PER_NODE = "trainer.num_nodes", "trainer.devices"
BATCH, LENGTH, PLUGINS = "data.global_batch_size", "data.seq_length", "trainer.plugins"
SCRIPT = "script"
"""Name of what a module does outside its functions."""
OF_TRAINER: Mapping[str, str] = {
    "tensor_parallelism": DEGREES["tp"],
    "pipeline_parallelism": DEGREES["pp"],
    "context_parallelism": DEGREES["cp"],
    "expert_parallelism": DEGREES["ep"],
    "virtual_pipeline_parallelism": CHUNKS,
    "sequence_parallelism": SEQUENCE_PARALLEL,
    "num_nodes": NODES,
    "num_gpus_per_node": PER_NODE,
}
"""Arguments of a trainer, by what they set."""
OF_DATA: Mapping[str, str] = {
    "micro_batch_size": DEGREES["micro_batch"],
    "global_batch_size": BATCH,
    "seq_length": LENGTH,
}


def read_nemo(text: str, file: str, stated: Stated = NOTHING) -> Recipe:
    """Read one recipe of a module, or a script that changes one.

    Raises ``InputError`` for what is no Python, and with every wrong value and every one that only running would tell.
    """
    found = _recipes(_with_script(python_tree(text, file, REMEDY)))
    chosen = chosen_recipe(found, file, stated.settings.get(RECIPE, ""))
    over = {name: value for name, value in stated.settings.items() if name != RECIPE}
    settings = Settings(file=file, values={**chosen.values, **over})
    for name in (DEGREES["tp"], DEGREES["pp"], DEGREES["micro_batch"]):
        if not (name == DEGREES["micro_batch"] and stated.micro_batch):
            settings.require_or(name, f"The recipe that it starts from says it: give --set {name}=…")
    tuning = tuning_said(settings)
    degrees = read_degrees(settings, DEGREES)
    degrees["micro_batch"] = stated.micro_batch or degrees["micro_batch"]
    chips = settings.optional(NODES), settings.optional(PER_NODE)
    recipe = Recipe(
        shape=None,
        tuning=tuning,
        sequence_length=settings.optional(LENGTH),
        global_batch=stated.global_batch or settings.optional(BATCH),
        precision=stated.precision or PRECISION_OF[settings.word(PLUGINS, "bf16_mixed", tuple(PRECISION_OF))],
        chips=chips[0] * chips[1] if chips[0] and chips[1] else None,
        layout=ParallelLayout(
            **degrees,
            vpp=settings.whole(CHUNKS, 1),
            zero=1,
            sequence_parallel=settings.flag(SEQUENCE_PARALLEL, False),
            data_overlap=True,
            tensor_overlap=False,
        ),
        software="nemo",
        assumed=("what the recipe leaves out is as such recipes start: optimizer states sharded, traffic overlapped",),
        not_understood=tuple(sorted(name for name in settings.values if name.startswith(STRATEGY)
                                    and name not in settings.asked)),
    )  # fmt: skip
    settings.finish()
    return recipe


def _with_script(tree: ast.Module) -> ast.Module:
    """The module, with what it does outside its functions as one more of them."""
    body: list[ast.stmt] = []
    for node in tree.body:
        guarded = isinstance(node, ast.If) and "__main__" in ast.dump(node.test)
        body += node.body if isinstance(node, ast.If) and guarded else [node]
    script = ast.parse(f"def {SCRIPT}(): pass")
    lines = [node for node in body if not isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    for node in script.body:
        if isinstance(node, ast.FunctionDef):
            node.body = lines or node.body
    return ast.Module(body=[*tree.body, *script.body], type_ignores=[])


def _recipes(tree: ast.Module) -> tuple[Assigned, ...]:
    """Functions that say degrees or a batch: what their calls give, and what their lines set over it."""
    named = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    found = []
    for each in functions_of(tree):
        if any(argument.arg.endswith("_parallelism") for argument in named[each.name].args.args):
            continue  # a trainer, which recipes call
        given = dict(_given(named[each.name], named))
        lines = {key: value for key, value in each.values.items() if value is not None}
        told = {key for key, value in lines.items() if not (key in given and unknowns_in(str(value)))}
        values = {**given, **{key: lines[key] for key in sorted(told)}}
        if values.keys() & {*DEGREES.values(), BATCH}:
            found.append(Assigned(name=each.name, values=values, called=each.called))
    return tuple(found)


def _given(
    recipe: ast.FunctionDef, named: Mapping[str, ast.FunctionDef], above: frozenset[str] = frozenset()
) -> Iterator[tuple[str, object]]:
    """What the calls in a recipe give: to its trainer, whose own defaults stand below, and to its data.

    A recipe that starts from another one of the module has what that one gives; a circle gives nothing.
    """
    known, within = dict(usual_arguments(recipe)), above | {recipe.name}
    for node in ast.walk(recipe):
        if not isinstance(node, ast.Call):
            continue
        called = named.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if called is not None and called.name not in within:
            yield from _settings_of(dict(usual_arguments(called)), OF_TRAINER)
            yield from _given(called, named, within)
        given = {argument.arg: literal(argument.value, known) for argument in node.keywords if argument.arg}
        if called is not None or isinstance(node.func, ast.Attribute):
            yield from _settings_of(given, OF_TRAINER)
        if any(argument.arg in OF_DATA for argument in node.keywords):
            yield from _settings_of(given, OF_DATA)
    yield from _precision_in(recipe)


def _settings_of(given: Mapping[str, object], names: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    for name, value in given.items():
        if name in names and value is not None and value is not UNKNOWN:
            yield names[name], value


def _precision_in(function: ast.FunctionDef) -> Iterator[tuple[str, object]]:
    """Name of a mixed precision that a function calls or hands on, or puts together with ``fp8=``."""
    for node in ast.walk(function):
        if isinstance(node, ast.keyword) and node.arg == "fp8" and literal(node.value, {}) not in (None, False):
            yield PLUGINS, "bf16_with_fp8_mixed"
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if name in PRECISION_OF:
            yield PLUGINS, name
