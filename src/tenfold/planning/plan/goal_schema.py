"""The goal file as pydantic reads it: which keys it has and what each may hold. Import late: pydantic loads slowly.

Only the structure is judged here; ``tenfold.planning.goal_file`` reads the quantities and looks up the names.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from tenfold.catalog.file_parts import Name, Quantity, Strict
from tenfold.planning.goal import SUPPLIES, Objective
from tenfold.workloads.precision import PRECISIONS

DEFAULT_CONFIDENCE = 0.8
DEFAULT_MAX_CHIPS = 65_536
DEFAULT_SUPPLY = ("on-demand", "reserved-1y", "own")


def _deadline(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, (str, datetime.date)):
        raise PydanticCustomError("deadline", "is no deadline", {"remedy": "Write '100 days' or '2027-06-30'"})
    return value


def _names(value: object) -> object:
    if not isinstance(value, list):
        raise PydanticCustomError("names", "is not a list", {"remedy": "Write a list, such as ['h100-sxm']"})
    if not value:
        raise PydanticCustomError("names", "is empty", {"remedy": "Name at least one, or leave the key out"})
    return value


def _listed(description: str, known: tuple[str, ...] = ()) -> dict[str, Any]:
    items: dict[str, Any] = {"type": "string"} | ({"enum": list(known)} if known else {})
    return {"type": "array", "items": items, "minItems": 1, "description": description}


Deadline = Annotated[
    Any,
    PlainValidator(_deadline),
    WithJsonSchema({"type": "string", "description": "Time from the start, such as '100 days', or a date"}),
]
Chips = Annotated[Any, PlainValidator(_names), WithJsonSchema(_listed("Chips by key or alias; all when absent"))]
Supplies = Annotated[Any, PlainValidator(_names), WithJsonSchema(_listed("Ways to get chips", SUPPLIES))]
Sites = Annotated[Any, PlainValidator(_names), WithJsonSchema(_listed("Sites by key or alias; all when absent"))]
PrecisionName = Annotated[str, Field(min_length=1, json_schema_extra={"enum": sorted(PRECISIONS)})]


class GoalTable(Strict):
    """``[goal]``: train this model on that many tokens by then."""

    kind: Literal["train"] = Field(description="What is planned")
    model: Name = Field(description="Model of the catalog, or the path of a HuggingFace config.json beside this file")
    tokens: Quantity = Field(description="Training tokens, such as '15.6T'")
    sequence_length: Quantity = Field(description="Tokens per sequence, such as 8192")
    global_batch: Quantity = Field(description="'16M tokens', '2048 sequences', or a number of sequences")
    precision: PrecisionName = "bf16"
    deadline: Deadline | None = None
    start: Deadline | None = Field(default=None, description="Day the chips are ordered; today when absent")
    objective: Objective = "cheapest"
    confidence: Quantity = Field(default=DEFAULT_CONFIDENCE, description="Share of outcomes that must fit")


class MeansTable(Strict):
    """``[means]``: what there is to reach it with; a key left out means no limit."""

    budget: Quantity | None = Field(default=None, description="Money that can be committed, such as '$250M'")
    chips: Chips | None = None
    max_chips: Quantity = Field(default=DEFAULT_MAX_CHIPS, description="Most chips to consider")
    supply: Supplies = Field(default=list(DEFAULT_SUPPLY))
    sites: Sites | None = None
    power: Quantity | None = Field(default=None, description="Power at each site, cooling included, such as '80 MW'")


class GoalDocument(Strict):
    """A goal file: what to reach and what there is to reach it with."""

    goal: GoalTable
    means: MeansTable = MeansTable()
    seed: int = Field(default=0, ge=0, description="Seed of the random draws")


def goal_json_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of a goal file."""
    schema = GoalDocument.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
