"""The routes: the API under ``/api/v1``, and the pages that ask it."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from tenfold.interfaces.web.forms import form_of, numbers_of, units_data
from tenfold.interfaces.web.guard import Door, Guard
from tenfold.interfaces.web.library import library_routes, start_working, stop_working
from tenfold.interfaces.web.openapi import openapi_data
from tenfold.interfaces.web.pages import page_routes
from tenfold.interfaces.web.problems import (
    BUSY,
    FAULT,
    MALFORMED,
    MEDIA_TYPE,
    NOT_FOUND,
    TOO_MUCH_WORK,
    WRONG_METHOD,
    Kind,
    problem_data,
    problem_text,
)
from tenfold.interfaces.web.work import Done, Job, catalog_of
from tenfold.quantities import VERSION, document_schema, to_data
from tenfold.studies import (
    NAME_OF_ADDRESS,
    QUESTIONS,
    BusyError,
    Lane,
    Limits,
    TooMuchWorkError,
    WorkFault,
    address_of,
    example_files,
    record_of,
)

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

WORK = "tenfold.interfaces.web.work:do"
PRELOAD = ("tenfold.interfaces.web.warm",)
MOST_COMPARED = 4
PACKED_ABOVE = 4096
"""Bytes of a reply above which it is sent packed, to who takes that."""
WAITING = 200
"""Jobs that may wait in a lane."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a server runs."""

    door: Door
    overlays: tuple[Path, ...] = ()
    limits: Limits = field(default_factory=Limits)
    workers: int = 2


class Lanes:
    """Previews in a worker of their own, which is not ended for what is stale; everything else in others."""

    def __init__(self, settings: Settings) -> None:
        self._overlays = settings.overlays
        made = {"limits": settings.limits, "waiting": WAITING, "preload": PRELOAD}
        self._full = Lane(WORK, workers=settings.workers, **made)  # type: ignore[arg-type]
        self._preview = Lane(WORK, workers=1, ends_stale=False, **made)  # type: ignore[arg-type]

    async def run(
        self,
        request: Request,
        do: str,
        name: str,
        tree: Mapping[str, Any],
        *,
        seed: Any = None,  # noqa: ANN401  (any JSON value, which reading judges)
        changes: Mapping[str, str] | None = None,
        **also: object,
    ) -> Response:
        """Do a job for a request, as long as its client waits."""
        job = Job(do=do, name=name, tree=tree, overlays=self._overlays, seed=seed, changes=changes or {}, also=also)
        lane = self._preview if do in ("preview", "form") else self._full
        work = asyncio.ensure_future(lane.run(job))
        gone = asyncio.ensure_future(_gone(request))
        try:
            await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
            return _reply(await work, request) if work.done() else Response(status_code=204)
        except BusyError:
            return refusal(BUSY, "Ask again in a while")
        except TooMuchWorkError as trouble:
            return refusal(TOO_MUCH_WORK, f"The question {trouble}: ask it as a study, POST /api/v1/studies")
        except WorkFault as fault:
            return refusal(FAULT, str(fault).splitlines()[0])
        finally:
            for task in (work, gone):
                task.cancel()

    def catalog(self) -> Catalog:
        """The catalog that is asked about, without what workers load of it."""
        return catalog_of(self._overlays)

    async def start(self) -> None:
        """Make the workers in the background."""
        await asyncio.gather(*(asyncio.to_thread(lane.start) for lane in (self._preview, self._full)))

    def close(self) -> None:
        """End every worker."""
        self._preview.close()
        self._full.close()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _reply(done: Done, request: Request) -> Response:
    headers = {"content-disposition": f'attachment; filename="{done.name}"'} if done.name else {}
    body = done.text.encode() if isinstance(done.text, str) else done.text
    if len(body) > PACKED_ABOVE and "gzip" in request.headers.get("accept-encoding", ""):
        headers |= {"content-encoding": "gzip", "vary": "accept-encoding"}
        body = gzip.compress(body, 1, mtime=0)
    return Response(body, status_code=done.status, media_type=done.media, headers=headers)


def _body(reply: Response) -> bytes:
    body = bytes(reply.body)
    return gzip.decompress(body) if reply.headers.get("content-encoding") == "gzip" else body


def refusal(kind: Kind, detail: str) -> Response:
    """Make the reply that says what is wrong."""
    headers = {"retry-after": "2"} if kind is BUSY else {}
    body = problem_text(problem_data(kind, detail))
    return Response(body, status_code=kind.status, media_type=MEDIA_TYPE, headers=headers)


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
        if reply.status_code == 200 and not start_working(json.loads(_body(reply))["study"]):
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
        also = {key: request.query_params.get(key, "") for key in ("number", "as")} | {"toml": sent.get("toml")}
        return await lanes.run(request, what, name, tree, seed=sent.get("seed"), changes=changes, **also)
