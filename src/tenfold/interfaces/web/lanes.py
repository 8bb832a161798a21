"""Workers that the page asks: previews in one of their own, everything else in others; and what goes back from them."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import Request, Response

from tenfold.interfaces.web.guard import Door
from tenfold.interfaces.web.problems import BUSY, FAULT, MEDIA_TYPE, TOO_MUCH_WORK, Kind, problem_data, problem_text
from tenfold.interfaces.web.work import Done, Job, catalog_of
from tenfold.studies import BusyError, Lane, Limits, TooMuchWorkError, WorkFault

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

WORK = "tenfold.interfaces.web.work:do"
PRELOAD = ("tenfold.interfaces.web.warm",)
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
        self._preparing: asyncio.Task[None] | None = None
        self._next: Job | None = None

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
            if not work.done():
                return Response(status_code=204)
            self._prepare(job, done := await work)
            return _reply(done, request)
        except BusyError:
            return refusal(BUSY, "Ask again in a while")
        except TooMuchWorkError as trouble:
            return refusal(TOO_MUCH_WORK, f"The question {trouble}: ask it as a study, POST /api/v1/studies")
        except WorkFault as fault:
            return refusal(FAULT, str(fault).splitlines()[0])
        finally:
            for task in (work, gone):
                task.cancel()

    def _prepare(self, job: Job, done: Done) -> None:
        """Hand a whole answer to the worker of previews, before somebody moves an input; only the newest counts."""
        if not done.answer:
            return
        self._next = replace(job, do="prepare", also={"answer": done.answer})
        if self._preparing is None or self._preparing.done():
            self._preparing = asyncio.ensure_future(self._prepare_next())

    async def _prepare_next(self) -> None:
        while (job := self._next) is not None:
            self._next = None
            with contextlib.suppress(BusyError, TooMuchWorkError, WorkFault):  # previews then work it out themselves
                await self._preview.run(job)

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


def body_of(reply: Response) -> bytes:
    """What a reply holds, unpacked."""
    body = bytes(reply.body)
    return gzip.decompress(body) if reply.headers.get("content-encoding") == "gzip" else body


def refusal(kind: Kind, detail: str) -> Response:
    """Make the reply that says what is wrong."""
    headers = {"retry-after": "2"} if kind is BUSY else {}
    body = problem_text(problem_data(kind, detail))
    return Response(body, status_code=kind.status, media_type=MEDIA_TYPE, headers=headers)
