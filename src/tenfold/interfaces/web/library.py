"""What stands beside the questions: the catalog, studies that are kept, how accurate predictions are, and comparing."""

from __future__ import annotations

import asyncio
import importlib.resources
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from tenfold.interfaces.web.pages import page, presets, rail, title_of
from tenfold.interfaces.web.prose import html_of
from tenfold.quantities import CatalogError, InputError, to_data
from tenfold.studies import (
    NAME_OF_ADDRESS,
    address_of,
    best_of,
    columns_of,
    delete_study,
    done_places,
    is_worked_on,
    kept_report,
    kept_studies,
    kept_study,
    rows_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenfold.catalog import Catalog

MOST_RUNNING = 2
"""Studies that this server works on at once."""
MOST_LINES = 600
"""Cells that parallel coordinates draw."""
MOST_WAITING = 20
"""Studies that wait for one of those to end."""
_WORKING: dict[str, subprocess.Popen[bytes]] = {}
_WAITING: list[str] = []


def library_routes(app: FastAPI, catalog: Callable[[], Catalog]) -> None:
    """Add the pages and what they ask."""
    _catalog_routes(app, catalog)
    _study_pages(app)
    _study_data_routes(app)
    _study_work_routes(app)

    @app.get("/api/v1/places")
    def places() -> Response:
        return JSONResponse(_places(catalog()))

    @app.get("/compare")
    def compare() -> Response:
        return page("compare.html.j2", title="Compare", kind="compare", here="/compare")

    @app.get("/accuracy")
    def accuracy() -> Response:
        text = html_of(accuracy_text())
        return page("accuracy.html.j2", title="Accuracy", kind="accuracy", here="/accuracy", text=text)


def accuracy_text() -> str:
    """The page of errors that ``truth/show.py`` writes: it ships with the package, or stands in the checkout."""
    shipped = importlib.resources.files("tenfold").joinpath("accuracy.md")
    beside = Path(__file__).parents[4] / "docs" / "explanation" / "accuracy.md"
    return shipped.read_text(encoding="utf-8") if shipped.is_file() else beside.read_text(encoding="utf-8")


def _places(catalog: Catalog) -> list[dict[str, str]]:
    """Everything that can be found: pages, presets, things of the catalog, studies."""
    found = [
        {"title": item["title"], "words": item["words"] or group, "address": item["address"]}
        for group, items in rail()
        for item in items
    ]
    found += [
        {"title": each["title"], "words": each["words"], "address": f"/ask/{each['address']}?preset={key}"}
        for key, each in presets().items()
    ]
    found += [{"title": key, "words": f"study of {name}", "address": f"/studies/{key}"} for key, name in _kept_names()]
    for kind in ("chips", "models", "systems", "sites", "software", "players"):
        found += [
            {"title": key, "words": kind.removesuffix("s"), "address": f"/catalog/{kind}/{key}"}
            for key in getattr(catalog, kind)
        ]
    return found


def _kept_names() -> list[tuple[str, str]]:
    try:
        return [(kept.key, kept.study.name) for kept in kept_studies()]
    except InputError:
        return []


def _things(known: Catalog, name: str) -> Any:  # noqa: ANN401  (plain data of any record)
    """Things that a name may mean, as plain data. Raises ``HTTPException`` where there are none."""
    from tenfold.reports import things_called

    try:
        return json.loads(json.dumps(to_data(things_called(known, name)), default=str))
    except CatalogError:
        raise HTTPException(404) from None


def _catalog_routes(app: FastAPI, catalog: Callable[[], Catalog]) -> None:
    @app.get("/api/v1/catalog/{folder}/names")
    def names(folder: str) -> Response:
        from tenfold.reports import LISTS

        known = catalog()
        if folder not in LISTS or not hasattr(known, folder):
            raise HTTPException(404)
        return JSONResponse(sorted(getattr(known, folder)))

    @app.get("/api/v1/catalog/{name:path}")
    def thing(name: str) -> Response:
        return JSONResponse(_things(catalog(), name))

    @app.get("/catalog")
    def listed(kind: str = "chips") -> Response:
        from tenfold.reports import LISTS, list_of

        if kind not in LISTS:
            raise HTTPException(404)
        kinds = tuple(LISTS)
        listing = list_of(catalog(), kind, kinds)
        return page(
            "catalog.html.j2", title="Catalog", kind="catalog", here="/catalog", kinds=kinds, chosen=kind,
            listing=listing, linked=kind not in ("prices", "assumptions", "calibrations"),
        )  # fmt: skip

    @app.get("/catalog/{kind}/{key:path}")
    def shown(kind: str, key: str) -> Response:
        things = _things(catalog(), f"{kind}/{key}")
        return page("thing.html.j2", title=key, kind="thing", here="/catalog", things=things, key=key, of=kind)


def _study_data(key: str) -> dict[str, Any]:
    """A study as its page draws it."""
    kept = kept_study(key)
    done = done_places(kept.key)
    names, cells = columns_of(kept.key), list(kept.study.cells())
    good = sum(done.values())
    shown = names[:60]
    quoted = [f'"{name}"' for name in shown if '"' not in name]
    rows = rows_of(kept.key, ", ".join(["place", "fits", "wrong", *quoted]))[:MOST_LINES]
    return {
        "study": kept.key,
        "name": kept.study.name,
        "title": title_of(kept.study.name),
        "address": address_of(kept.study.name),
        "made": kept.made,
        "catalog": kept.study.catalog,
        "cells": kept.cells,
        "done": good,
        "failed": len(done) - good,
        "working": kept.key in _WAITING or is_worked_on(kept.key),
        "drawn": bool(kept_report(kept.key)),
        "paths": [each.path for each in kept.study.varied],
        "numbers": shown,
        "rows": [
            {"cell": place, "fits": fits, "wrong": wrong, "values": to_data(dict(cells[place].values)),
             "numbers": list(numbers)}
            for place, fits, wrong, *numbers in rows
        ],
    }  # fmt: skip


def _study_pages(app: FastAPI) -> None:
    @app.get("/studies")
    def studies() -> Response:
        rows = [
            {
                "key": kept.key,
                "name": kept.study.name,
                "made": kept.made,
                "cells": kept.cells,
                "done": len(done_places(kept.key)),
            }
            for kept in kept_studies()
        ]
        return page("studies.html.j2", title="Studies", kind="studies", here="/studies", rows=rows)

    @app.get("/studies/{key}")
    def study(key: str) -> Response:
        found = _found(key)
        return page(
            "study.html.j2", title=f"Study {found['study']}", kind="study", here="/studies", data=found, study=found
        )


def _study_data_routes(app: FastAPI) -> None:
    @app.get("/api/v1/studies")
    def listed() -> Response:
        return JSONResponse([
            {"study": kept.key, "question": kept.study.name, "made": kept.made, "cells": kept.cells}
            for kept in kept_studies()
        ])  # fmt: skip

    @app.get("/api/v1/studies/{key}")
    async def stands(key: str) -> Response:
        _start_waiting()
        return JSONResponse(await asyncio.to_thread(_found, key))

    @app.get("/api/v1/studies/{key}/report")
    def report(key: str) -> Response:
        text = kept_report(_found(key)["study"])
        if not text:
            raise HTTPException(404)
        return Response(text, media_type="application/json")

    @app.get("/api/v1/studies/{key}/best")
    def best(key: str, number: str, least: bool = True) -> Response:
        found = _found(key)
        if number not in found["numbers"]:
            raise HTTPException(404)
        return JSONResponse(best_of(found["study"], number, 20, least=least))


def _study_work_routes(app: FastAPI) -> None:
    @app.post("/api/v1/studies/{key}/resume")
    async def resume(key: str) -> Response:
        found = await asyncio.to_thread(_found, key)
        start_working(found["study"])
        return JSONResponse({"study": found["study"]}, status_code=202)

    @app.delete("/api/v1/studies/{key}")
    async def delete(key: str) -> Response:
        found = await asyncio.to_thread(_found, key)
        if found["study"] in _WAITING:
            _WAITING.remove(found["study"])
        process = _WORKING.pop(found["study"], None)
        if process is not None:
            process.kill()
            process.wait(5)
        await asyncio.to_thread(delete_study, found["study"])
        return Response(status_code=204)


def _found(key: str) -> dict[str, Any]:
    try:
        return _study_data(key)
    except InputError:
        raise HTTPException(404) from None


def start_working(key: str) -> bool:
    """Work on a study in a process of its own as soon as one may; False where as many wait as may."""
    if key not in _WORKING and key not in _WAITING:
        if len(_WAITING) >= MOST_WAITING:
            return False
        _WAITING.append(key)
    _start_waiting()
    return True


def _start_waiting() -> None:
    """Start what waits, as far as there is room beside what still runs."""
    for done in [each for each, process in _WORKING.items() if process.poll() is not None]:
        del _WORKING[done]
    while _WAITING and len(_WORKING) < MOST_RUNNING:
        key = _WAITING.pop(0)
        alone = kept_study(key).cells == 1
        work = ["tenfold.interfaces.web.long", key] if alone else ["tenfold", "studies", "resume", key, "--json"]
        command = [sys.executable, "-m", *work]
        _WORKING[key] = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603


def stop_working() -> None:
    """End what works on studies; what they kept is kept."""
    _WAITING.clear()
    for process in _WORKING.values():
        process.terminate()
    _WORKING.clear()


def known_address(name: object) -> str:
    """Name of a question that was sent. Raises the reply that there is none."""
    found = NAME_OF_ADDRESS.get(address_of(name)) if isinstance(name, str) else None
    if found is None:
        raise HTTPException(404)
    return found
