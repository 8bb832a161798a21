"""The work of a goal: its tokens however they were said, the job of a step, what a checkpoint holds."""

from __future__ import annotations

from dataclasses import replace

from tenfold.catalog import ModelRecord, TransformerShape
from tenfold.planning.plan.goal import Objective, TrainGoal, sequences_per_step
from tenfold.workloads import (
    TUNINGS,
    TrainingJob,
    adapter_parameters,
    model_flops_per_token,
    total_parameters,
)


def job_of(goal: TrainGoal) -> TrainingJob:
    """One step's work, as far as model FLOPs ask."""
    return TrainingJob(
        sequence_length=float(goal.sequence_length),
        global_batch=float(sequences_per_step(goal)),
        frozen_weights=TUNINGS[goal.tuning].frozen_weights,
    )


def saved_parameters(goal: TrainGoal, shape: TransformerShape) -> float:
    """Weights that a checkpoint holds: all, or those of the adapters."""
    return float(total_parameters(shape) if goal.lora_rank is None else adapter_parameters(shape, goal.lora_rank))


def settled(goal: TrainGoal, objective: Objective, model: ModelRecord) -> TrainGoal:
    """The goal with its tokens and its objective, however they were said."""
    tokens = goal.tokens
    if goal.flops is not None:
        tokens = goal.flops / float(model_flops_per_token(model.shape, job_of(goal)))
    elif goal.tokens_per_parameter is not None:
        tokens = goal.tokens_per_parameter * float(total_parameters(model.shape))
    return replace(goal, tokens=tokens, objective=objective)
