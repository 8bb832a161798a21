"""The pages: a frame for each, whose modules ask the API; and the files they load, from memory."""

from __future__ import annotations

import gzip
import hashlib
import importlib.resources
import json
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import tomli
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from tenfold.interfaces.web.forms import words_of
from tenfold.quantities import format_quantity
from tenfold.reports import FEW_COLUMNS, LONG_NAME, embedded_json
from tenfold.studies import NAME_OF_ADDRESS, QUESTIONS, address_of, examples_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    import jinja2

HERE = "tenfold.interfaces.web"
SHARED: Mapping[str, str] = {
    "report.css": "templates/page.css",
    "report-charts.js": "templates/charts.js",
    "echarts.js": "vendor/echarts/echarts.min.js",
}
"""Files of reports that pages load too."""
EXPORTS = ("toml", "json", "csv", "parquet", "html")
ROOMS: Mapping[str, str] = {"planning": "Plan", "race": "Race", "validation": "Measure"}
"""What the rail calls the questions of a room; those of any other are under its own name."""
LIBRARY = (("Catalog", "/catalog"), ("Studies", "/studies"), ("Compare", "/compare"), ("Accuracy", "/accuracy"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticFile:
    """A file that pages load."""

    body: bytes
    packed: bytes
    media: str
    version: str


@cache
def static_files() -> Mapping[str, StaticFile]:
    """Every file by name; there are no others, so no path leads elsewhere."""
    own = importlib.resources.files(HERE).joinpath("static")
    found = {each.name: each.read_bytes() for each in own.iterdir() if each.is_file()}
    reports = importlib.resources.files("tenfold.reports")
    found |= {name: reports.joinpath(*path.split("/")).read_bytes() for name, path in SHARED.items()}
    return {name: _static(name, body) for name, body in found.items()}


def _static(name: str, body: bytes) -> StaticFile:
    media = {"js": "text/javascript"}.get(name.rpartition(".")[2]) or mimetypes.guess_type(name)[0] or "text/plain"
    version = hashlib.sha256(body).hexdigest()[:12]
    return StaticFile(body=body, packed=gzip.compress(body, 6, mtime=0), media=media, version=version)


def file_address(name: str) -> str:
    """Address of a file."""
    return f"/static/{name}"


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    loader = jinja2.PackageLoader(HERE, "templates")
    made = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.globals |= {"file": file_address, "quantity": format_quantity}
    made.globals |= {"long_name": LONG_NAME, "few_columns": FEW_COLUMNS}
    return made


def title_of(name: str) -> str:
    """What the rail calls a question."""
    return QUESTIONS[name].title or words_of(name.replace("-", " ").replace(" ", "_"))


def rail() -> list[tuple[str, list[dict[str, str]]]]:
    """Groups of pages: the questions by their room, then what is kept and known."""
    groups: dict[str, list[dict[str, str]]] = {}
    for name, question in QUESTIONS.items():
        room = question.module.split(".")[1]
        item = {"title": title_of(name), "address": f"/ask/{address_of(name)}", "words": question.summary}
        groups.setdefault(ROOMS.get(room, room.capitalize()), []).append(item)
    known = [{"title": title, "address": address, "words": ""} for title, address in LIBRARY]
    return [*groups.items(), ("Library", known)]


@cache
def presets() -> Mapping[str, dict[str, Any]]:
    """Questions to begin with, as far as they can be asked: title, words, and the text of the question."""
    text = importlib.resources.files(HERE).joinpath("presets.toml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = {}
    for key, each in tomli.loads(text).items():
        name, example = NAME_OF_ADDRESS.get(each["question"]), examples_folder() / each.get("example", "")
        if name is None or ("example" in each and not example.is_file()):
            continue
        asked = each.get("text") or example.read_text(encoding="utf-8")
        found[key] = {"key": key, "title": each["title"], "words": each["words"], "name": name, "toml": asked}
        found[key]["address"] = address_of(name)
    return found


def page(template: str, *, title: str, kind: str, here: str, data: object = None, **parts: object) -> Response:
    """Make a page in the frame."""
    chart_files = json.dumps([file_address("echarts.js"), file_address("report-charts.js")])
    text = _environment().get_template(template).render(
        title=title,
        page=kind,
        here=here,
        rail=rail(),
        chart_files=chart_files,
        data=None if data is None else embedded_json(data),
        **parts,
    )  # fmt: skip
    return HTMLResponse(text, headers={"cache-control": "no-store"})


def page_routes(app: FastAPI, question_data: Callable[[str], dict[str, Any]]) -> None:
    """Add the pages and their files."""

    @app.get("/static/{name}")
    def static(name: str, request: Request) -> Response:
        found = static_files().get(name)
        if found is None:
            raise HTTPException(404)
        tag = f'"{found.version}"'
        headers = {"etag": tag, "cache-control": "no-cache", "vary": "accept-encoding"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(found.packed, media_type=found.media, headers={**headers, "content-encoding": "gzip"})
        return Response(found.body, media_type=found.media, headers=headers)

    @app.get("/")
    def home() -> Response:
        asked = [item for group, items in rail() if group != "Library" for item in items]
        return page("home.html.j2", title="Begin", kind="home", here="/", presets=presets().values(), questions=asked)

    @app.get("/ask/{address}")
    def ask(address: str, preset: str = "") -> Response:
        name = NAME_OF_ADDRESS.get(address)
        if name is None:
            raise HTTPException(404)
        data = question_data(name)
        chosen = presets().get(preset)
        if chosen is not None and chosen["name"] == name:
            data["preset"] = {"toml": chosen["toml"]}
        return page(
            "ask.html.j2",
            title=title_of(name),
            kind="ask",
            here=f"/ask/{address}",
            data=data,
            summary=QUESTIONS[name].summary,
            toml=data["example"]["toml"],
            exports=EXPORTS,
        )
