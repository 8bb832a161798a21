"""The pages: a frame for each, whose modules ask the API; and the files they load, from memory."""

from __future__ import annotations
from typing import TYPE_CHECKING
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
if TYPE_CHECKING:
    from tenfold.interfaces.web.app import Settings

def page_routes(app: FastAPI, settings: Settings) -> None:
    @app.get("/")
    def home() -> Response:
        return HTMLResponse("hello")
