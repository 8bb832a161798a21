"""The routes: the API under ``/api/v1``, and the pages that ask it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import tomli
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from tenfold.interfaces.web.forms import form_of, numbers_of, units_data
from tenfold.interfaces.web.guard import Guard
from tenfold.interfaces.web.lanes import Lanes, Settings, body_of, refusal
from tenfold.interfaces.web.library import library_routes, start_working, stop_working
from tenfold.interfaces.web.openapi import openapi_data
from tenfold.interfaces.web.pages import page_routes
from tenfold.interfaces.web.problems import BUSY, MALFORMED, NOT_FOUND, WRONG_METHOD
from tenfold.quantities import VERSION, document_schema, to_data
from tenfold.studies import NAME_OF_ADDRESS, QUESTIONS, address_of, example_files, record_of

MOST_COMPARED = 4


class Malformed(Exception):  # noqa: N818  (becomes a reply)
    """A body that is no JSON object."""


async def tree_of(request: Request) -> dict[str, Any]:
    """Read the JSON object that was sent. Raises ``Malformed``."""
    try:
        found = json.loads(await request.body() or b"{}", parse_constant=_no_constant)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as trouble:
        raise Malformed(f"Send a JSON object: {str(trouble)[:200]}") from None
    if not isinstance(found, dict):
        raise Malformed("Send a JSON object: the question's record")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _is_asked(sent: object) -> bool:
    return isinstance(sent, dict) and isinstance(sent.get("tree"), dict) and _is_texts(sent.get("changes") or {})


def _is_texts(changes: object) -> bool:
    return isinstance(changes, dict) and all(isinstance(each, str) for each in changes.values())


def _places(seen: object) -> frozenset[int] | None:
    """Sections that a preview is wanted of, None for all. Raises ``Malformed``."""
    if seen is None:
        return None
    if not isinstance(seen, list) or not all(isinstance(each, int) for each in seen):
        raise Malformed("Send the places of sections in seen, counted from 0")
    return frozenset(seen)


def known_name(address: str) -> str:
    """Name of a question by its address or its name. Raises the reply that there is none."""
    name = NAME_OF_ADDRESS.get(address_of(address))
    if name is None:
        raise HTTPException(404)
    return name


def question_data(name: str) -> dict[str, Any]:
    """What is known of a question: its line, its form, the file to start from."""
    text, _ = example_files(name)
    return {
        "name": name,
        "address": address_of(name),
        "summary": QUESTIONS[name].summary,
        "schema": document_schema(record_of(name)),
        "form": form_of(record_of(name)),
        "example": {"toml": text, "tree": to_data(tomli.loads(text))},
        "units": units_data(),
        "numbers": numbers_of(record_of(name), tomli.loads(text)),
        "tenfold": VERSION,
    }


def make_app(settings: Settings) -> Guard:
    """Make the application behind its door."""
    lanes = Lanes(settings)

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        starting = asyncio.create_task(lanes.start())
        yield
        await starting
        stop_working()
        await asyncio.to_thread(lanes.close)

    app = FastAPI(title="Tenfold", docs_url=None, redoc_url=None, openapi_url=None, lifespan=running)
    _known_routes(app)
    _many_routes(app, lanes)
    _question_routes(app, lanes)
    library_routes(app, lanes.catalog)
    page_routes(app, lambda name: {**question_data(name), "catalog": lanes.catalog().version})
    app.add_exception_handler(HTTPException, _http_problem)
    app.add_exception_handler(Malformed, lambda _, trouble: refusal(MALFORMED, str(trouble)))
    return Guard(app, settings.door)


def _http_problem(_: Request, trouble: Exception) -> Response:
    status = trouble.status_code if isinstance(trouble, HTTPException) else 500
    return (
        refusal(WRONG_METHOD, "Use the method that openapi.json names")
        if status == 405
        else refusal(NOT_FOUND, "See /api/v1/questions, or the page at /")
    )


def _known_routes(app: FastAPI) -> None:
    @app.get("/api/v1/questions")
    def questions() -> Response:
        return JSONResponse(
            [{"name": name, "address": address_of(name), "summary": each.summary, "example": each.example}
             for name, each in QUESTIONS.items()]
        )  # fmt: skip

    @app.get("/api/v1/openapi.json")
    def openapi() -> Response:
        return JSONResponse(openapi_data())

    @app.get("/api/v1/questions/{address}")
    def question(address: str) -> Response:
        return JSONResponse(question_data(known_name(address)))


def _many_routes(app: FastAPI, lanes: Lanes) -> None:
    @app.post("/api/v1/compare")
    async def compare(request: Request) -> Response:
        sent = await tree_of(request)
        asked = sent.get("asked")
        if not isinstance(asked, list) or not 1 < len(asked) <= MOST_COMPARED or not all(map(_is_asked, asked)):
            raise Malformed("Send {name, asked: two to four of {tree, seed, changes}}")
        return await lanes.run(request, "compare", known_name(str(sent.get("name", ""))), {}, asked=asked)

    @app.post("/api/v1/studies")
    async def study(request: Request) -> Response:
        sent = await tree_of(request)
        if not _is_asked(sent):
            raise Malformed("Send {name, tree: the question's record, seed, changes, over: texts, sample: text}")
        name = known_name(str(sent.get("name", "")))
        also = {"over": sent.get("over", []), "sample": sent.get("sample", "")}
        reply = await lanes.run(
            request, "study", name, sent["tree"], seed=sent.get("seed"), changes=sent.get("changes"), **also
        )
        if reply.status_code == 200 and not start_working(json.loads(body_of(reply))["study"]):
            return refusal(BUSY, "Studies are being worked on; resume this one from its page")
        return reply


def _question_routes(app: FastAPI, lanes: Lanes) -> None:
    @app.post("/api/v1/questions/{address}")
    async def answer(address: str, request: Request) -> Response:
        return await lanes.run(request, "answer", known_name(address), await tree_of(request))

    @app.post("/api/v1/questions/{address}/{what}")
    async def about(address: str, what: str, request: Request) -> Response:
        name = known_name(address)
        if what not in ("report", "preview", "form", "explain", "movers", "export"):
            raise HTTPException(404)
        sent = await tree_of(request)
        tree, changes = sent.get("tree", {}), sent.get("changes") or {}
        if not isinstance(tree, dict) or not _is_texts(changes):
            raise Malformed("Send {tree: the question's record, seed, changes: texts by the name of a figure}")
        also: dict[str, Any] = {key: request.query_params.get(key, "") for key in ("number", "as")}
        also |= {"toml": sent.get("toml"), "seen": _places(sent.get("seen"))}
        return await lanes.run(request, what, name, tree, seed=sent.get("seed"), changes=changes, **also)
