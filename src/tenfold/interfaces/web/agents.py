"""``tenfold mcp``: every question, explaining and searching the catalog as tools for agents, over stdio.

Tools are made from the registry and the records; they are done by the same bounded workers as the page's requests. A
result holds printed numbers with their units and ranges, what was assumed, and the sources; ``explain`` gives the rest.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tenfold.interfaces.web.problems import TOO_MUCH_WORK, problem_data
from tenfold.interfaces.web.work import Done, Job
from tenfold.quantities import VERSION, InputError, Problem, document_schema
from tenfold.studies import (
    QUESTIONS,
    BusyError,
    Lane,
    Limits,
    TooMuchWorkError,
    WorkFault,
    address_of,
    record_of,
)

INSTRUCTIONS = (
    "Tenfold plans AI compute. Ask a question with its record; values are text with units ('60 days', '$5M') or plain. "
    "Every number has P10, P50 and P90; follow any with explain, by its path."
)
TEXT = {"type": "string"}
MOST_ROWS = 40
"""Rows of a table, and sources, that a result holds."""


def tools() -> list[dict[str, Any]]:
    """Name, description and schema of every tool."""
    asked = [
        {"name": tool_name(name), "description": f"{each.summary} {(record_of(name).__doc__ or '').strip()}",
         "schema": document_schema(record_of(name))}
        for name, each in QUESTIONS.items()
    ]  # fmt: skip
    about = {"question": {**TEXT, "enum": [tool_name(name) for name in QUESTIONS]}, "record": {"type": "object"}}
    number = {**TEXT, "description": "Path of a number; without it, what can be followed"}
    return [
        *asked,
        {"name": "explain", "description": "Follow a number of an answer to its terms, figures and sources.",
         "schema": _object({**about, "number": number}, ["question", "record"])},
        {"name": "catalog_search", "description": "Find chips, models, systems, sites, software, players by words.",
         "schema": _object({"text": TEXT}, ["text"])},
        {"name": "catalog_show", "description": "One thing of the catalog with every figure and its source.",
         "schema": _object({"name": TEXT}, ["name"])},
    ]  # fmt: skip


def _object(properties: Mapping[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "required": required, "additionalProperties": False}


def tool_name(name: str) -> str:
    """Name of the tool that asks a question."""
    return address_of(name).replace("-", "_")


_NAMES = {tool_name(name): name for name in QUESTIONS}


def job_of(tool: str, given: Mapping[str, Any], overlays: tuple[Path, ...]) -> Job:
    """Job of a call. Raises ``InputError`` for an unknown tool or a record that is none."""
    if tool in _NAMES:
        return Job(do="report", name=_NAMES[tool], tree=given, overlays=overlays)
    if tool == "explain" and given.get("question") in _NAMES and isinstance(given.get("record"), dict):
        name, also = _NAMES[given["question"]], {"number": given.get("number", "")}
        return Job(do="explain", name=name, tree=given["record"], overlays=overlays, also=also)
    if tool in ("catalog_search", "catalog_show"):
        return Job(do=tool, overlays=overlays, also={"text": str(given.get("text", given.get("name", "")))})
    raise InputError(Problem(file=tool, key="", wrong="is no tool, or lacks its arguments", remedy="List the tools"))


def result_of(done: Done) -> Any:  # noqa: ANN401  (any JSON value)
    """What an agent is given of a result: of a report what is read first, of anything else all."""
    found = json.loads(done.text)
    if not isinstance(found, dict) or "sections" not in found:
        return found
    return {
        "verdict": found["verdict"],
        "fits": found["fits"],
        "numbers": [
            {"name": card["name"], "p50": card["value"], "p10": card["low"], "p90": card["high"], "path": card["path"]}
            for card in found["cards"]
        ],
        "sections": [_section(each) for each in found["sections"] if each["pairs"] or each["tables"]],
        "notes": found["notes"],
        "assumptions": [_figure(each) for each in found["assumptions"]],
        "sources": [_figure(each) for each in found["figures"][:MOST_ROWS]],
        "made": found["made"],
    }


def _section(section: Mapping[str, Any]) -> dict[str, Any]:
    tables = [
        {"title": each["title"], "headers": each["headers"], "rows": each["rows"][:MOST_ROWS]}
        for each in section["tables"]
    ]
    return {"title": section["title"], "pairs": dict(section["pairs"]), "tables": tables}


def _figure(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("name", "value", "range", "kind", "title", "links", "as_of")}


async def call(lane: Lane, tool: str, given: Mapping[str, Any], overlays: tuple[Path, ...]) -> tuple[Any, bool]:
    """Do a call within bounds: what it gives, and whether it went wrong."""
    try:
        done: Done = await lane.run(job_of(tool, given, overlays))
        return result_of(done), done.status != 200
    except InputError as trouble:
        return {"detail": str(trouble)}, True
    except (TooMuchWorkError, BusyError) as trouble:
        return problem_data(TOO_MUCH_WORK, f"{trouble}; sweep it with the command: tenfold sweep"), True
    except WorkFault as fault:
        return {"detail": str(fault).splitlines()[0]}, True


def serve(overlays: tuple[Path, ...] = (), limits: Limits | None = None) -> None:
    """Serve over stdio until the agent closes it. Raises ``InputError`` without the extra ``agents``."""
    try:
        import mcp.types as types
        from mcp.server.lowlevel import Server
        from mcp.server.stdio import stdio_server
    except ImportError:
        wrong, remedy = "the extra 'agents' is not installed", "Install it: pip install 'tenfold[agents]'"
        raise InputError(Problem(file="mcp", key="", wrong=wrong, remedy=remedy)) from None
    preload = ("tenfold.interfaces.web.warm",)
    lane = Lane("tenfold.interfaces.web.work:do", workers=2, limits=limits or Limits(), waiting=50, preload=preload)

    async def listed(_: Any, __: Any) -> Any:  # noqa: ANN401  (types of an extra)
        made = [
            types.Tool(name=each["name"], description=each["description"], input_schema=each["schema"])
            for each in tools()
        ]
        return types.ListToolsResult(tools=made)

    async def called(_: Any, params: Any) -> Any:  # noqa: ANN401
        found, wrong = await call(lane, params.name, params.arguments or {}, overlays)
        text = json.dumps(found, ensure_ascii=False, indent=1)
        return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=wrong)

    async def run() -> None:
        server: Any = Server(
            "tenfold", version=VERSION, instructions=INSTRUCTIONS, on_list_tools=listed, on_call_tool=called
        )
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())

    try:
        asyncio.run(run())
    finally:
        lane.close()
