"""A page read back: nothing loaded, everything closed, the charts by key."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any


class Parsed(HTMLParser):
    """Tags in order, and the data of the charts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.data = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == ("script", {"type": "application/json", "id": "chart-data"}):
            self.data += data


def charts_of(text: str) -> dict[str, Any]:
    """Options of a page's charts by key, after checking that it loads nothing, is closed and has a place for each."""
    parsed = Parsed(text)
    assert parsed.open == []
    for tag, attributes in parsed.tags:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form"}
        assert "src" not in attributes
        assert (attributes.get("href") or "#").startswith(("#", "https://", "http://"))
    charts: dict[str, Any] = json.loads(parsed.data)
    places = {attributes.get("id") for _, attributes in parsed.tags}
    assert all(f"chart-{key}" in places for key in charts)
    assert all(any(series["data"] for series in option["series"]) for option in charts.values()), "no chart is empty"
    return charts
