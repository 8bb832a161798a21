"""The page's server: who may ask, what is refused, that answers are the command's bytes, and that work has bounds."""

from __future__ import annotations

import asyncio
import json
import tomllib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from typed_commands import tenfold

from tenfold.catalog import load_catalog
from tenfold.interfaces.web.app import make_app
from tenfold.interfaces.web.guard import HEADERS, LARGEST_BODY, door
from tenfold.interfaces.web.lanes import Lanes, Settings
from tenfold.interfaces.web.long import answer_at_length
from tenfold.interfaces.web.pages import static_files
from tenfold.interfaces.web.work import Done, Job
from tenfold.studies import QUESTIONS, Source, address_of, example_files, keep_study, study_about
from tenfold.studies.examples import example_of

TOKEN = "a-token"
HOST = "127.0.0.1:8010"
TREE = {"chip": "h100-sxm", "site": "us-texas"}


class Client:
    """Requests to the application in this process, all on one loop."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner()
        transport = httpx.ASGITransport(app=make_app(Settings(door=door(8010, token=TOKEN), workers=1)))
        self.client = httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}")

    def __call__(self, method: str, path: str, token: str = TOKEN, **more: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        more["headers"] = {**headers, **more.get("headers", {})}
        return self.runner.run(self.client.request(method, path, **more))


@pytest.fixture(scope="module")
def ask() -> Iterator[Client]:
    client = Client()
    yield client
    client.runner.run(client.client.aclose())
    client.runner.close()


def test_questions_are_those_of_the_registry(ask: Client) -> None:
    listed = ask("GET", "/api/v1/questions").json()
    assert [each["name"] for each in listed] == list(QUESTIONS)
    for each in listed:
        data = ask("GET", f"/api/v1/questions/{each['address']}").json()
        assert data["form"]
        assert data["example"]["tree"] == json.loads(
            json.dumps(tomllib.loads(example_files(each["name"])[0]), default=str)
        )


def test_of_whole_answers_that_wait_only_the_newest_is_handed_to_previews(monkeypatch: pytest.MonkeyPatch) -> None:
    lanes, handed = Lanes(Settings(door=door(8010, token=TOKEN))), list[bytes]()

    async def run(job: Job) -> Done:
        handed.append(job.also["answer"])
        await asyncio.sleep(0)
        return Done()

    async def answer_three_times() -> None:
        monkeypatch.setattr(lanes._preview, "run", run)
        lanes._prepare(Job(do="report"), Done(answer=b"first"))
        await asyncio.sleep(0)
        for each in (b"second", b"", b"third"):
            lanes._prepare(Job(do="report"), Done(answer=each))
        assert lanes._preparing is not None
        await lanes._preparing

    asyncio.run(answer_three_times())
    assert handed == [b"first", b"third"]


@pytest.mark.parametrize("name", ["tco", "estimate training", "search training"])
def test_an_answer_is_the_bytes_that_the_command_prints(ask: Client, name: str) -> None:
    tree = tomllib.loads(example_files(name)[0])
    reply = ask("POST", f"/api/v1/questions/{address_of(name)}", content=json.dumps(tree, default=str))
    assert reply.status_code == 200
    assert reply.text == tenfold(*name.split(), example_of(name), "--json").stdout


@pytest.mark.parametrize(
    "change",
    [
        {"token": ""},
        {"token": "other"},
        {"headers": {"host": "evil.example"}},
        {"headers": {"host": "127.0.0.1:9999"}},
        {"headers": {"origin": "http://evil.example"}},
        {"headers": {"origin": "null"}},
        {"headers": {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}},
        {"token": "", "headers": {"cookie": "tenfold-8010=other"}},
        {"token": "", "headers": {"authorization": f"Basic {TOKEN}"}},
    ],
)
def test_who_is_not_meant_is_refused(ask: Client, change: dict[str, Any]) -> None:
    for method, path in (("GET", "/"), ("GET", "/api/v1/questions"), ("POST", "/api/v1/questions/tco")):
        refused = ask(method, path, **change)
        assert (refused.status_code, refused.headers["content-type"]) == (403, "application/problem+json")
        assert refused.json()["type"] == "/problems/forbidden"


def test_the_first_address_gives_a_cookie_and_takes_the_token_out(ask: Client) -> None:
    first = ask("GET", f"/ask/tco?token={TOKEN}&preset=x", token="")
    assert (first.status_code, first.headers["location"]) == (303, "/ask/tco?preset=x")
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    page = ask("GET", "/ask/tco", token="", headers={"cookie": cookie.partition(";")[0]})
    assert page.status_code == 200
    elsewhere = ask("GET", f"//evil.example/?token={TOKEN}", token="")
    assert not elsewhere.headers.get("location", "/").startswith("//")
    ask.client.cookies.clear()


def test_every_reply_carries_the_policy(ask: Client) -> None:
    for path in ("/", "/ask/tco", "/static/main.js", "/nothing", "/api/v1/questions"):
        assert HEADERS.items() <= dict(ask("GET", path).headers).items()
    page = ask("GET", "/ask/plan").text
    assert "style=" not in page
    assert all('src="/static/' in part or "application/json" in part for part in page.split("<script")[1:])


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 422), (b"{", 400), (b"[]", 400), (b'{"chips": NaN}', 400), (b"\xff", 400), (b'{"chip": "\\ud800"}', 400),
     (b'{"a":' * 60_000, 413), (b'{"a":' * 20_000, 400), (b" " * (LARGEST_BODY + 1), 413)],
)  # fmt: skip
def test_what_is_no_question_is_a_problem(ask: Client, body: bytes, status: int) -> None:
    refused = ask("POST", "/api/v1/questions/tco", content=body)
    assert (refused.status_code, refused.headers["content-type"]) == (status, "application/problem+json")


def test_problems_name_file_key_value_and_remedy_all_at_once(ask: Client) -> None:
    refused = ask("POST", "/api/v1/questions/tco", json={"chip": "h1000", "site": 3, "zzz": 1})
    assert refused.status_code == 422
    problems = {each["key"]: each for each in refused.json()["problems"]}
    assert set(problems) == {"chip", "site", "zzz"}
    assert all(set(each) == {"file", "key", "value", "wrong", "remedy"} for each in problems.values())
    assert problems["chip"]["value"] == "h1000"
    assert "did you mean 'h100-sxm'" in problems["chip"]["wrong"]


@pytest.mark.parametrize(
    "path",
    ["/static/../pyproject.toml", "/static/%2e%2e%2fapp.py", "/ask/x", "/ask/<b>", "/studies/..%2f..",
     "/api/v1/studies/zz", "/catalog/chips/..%2fx", "/catalog?kind=../x", "/api/v1/questions/..",
     "/api/v1/questions/tco/zzz"],
)  # fmt: skip
def test_paths_that_lead_nowhere(ask: Client, path: str) -> None:
    assert ask("GET" if "tco/zzz" not in path else "POST", path).status_code in (404, 405)


@pytest.mark.parametrize("said", ["/etc/passwd", "../../../etc/passwd", "/proc/self/environ", "x\0y"])
def test_a_question_reads_no_file_from_elsewhere(ask: Client, said: str) -> None:
    for address, tree in (("goodput-fit", {"logs": [said]}), ("validate-training", {"runs": said})):
        refused = ask("POST", f"/api/v1/questions/{address}", json=tree)
        assert refused.status_code == 422
        assert "root:" not in refused.text
    goal = tomllib.loads(example_files("plan")[0])
    goal["goal"]["model"] = "/etc/hostname.json" if said.startswith("/") else said + ".json"
    assert ask("POST", "/api/v1/questions/plan", json=goal).status_code == 422


def test_openapi_describes_every_question_and_its_references_lead_somewhere(ask: Client) -> None:
    described = ask("GET", "/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert {f"/api/v1/questions/{address_of(name)}" for name in QUESTIONS} <= set(described["paths"])
    names = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
    assert set(references(described)) <= names


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from ([value["$ref"]] if isinstance(value.get("$ref"), str) else [])
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def test_a_report_holds_what_the_page_draws(ask: Client) -> None:
    whole = ask("POST", "/api/v1/questions/tco/report", json={"tree": TREE}).json()
    rough = ask("POST", "/api/v1/questions/tco/preview", json={"tree": TREE}).json()
    assert whole["figures"]
    assert not rough["figures"]
    assert [each["name"] for each in whole["cards"]] == [each["name"] for each in rough["cards"]]
    assert whole["numbers"]["chips"] == 1024.0
    later, seen = (
        ask("POST", "/api/v1/questions/tco/preview", json={"tree": TREE, **part}).json()
        for part in ({}, {"seen": [0, 99]})
    )
    assert seen == {**later, "sections": [later["sections"][0], *[None] * (len(later["sections"]) - 1)]}
    assert ask("POST", "/api/v1/questions/tco/preview", json={"tree": TREE, "seen": ["0"]}).status_code == 400


def test_a_number_is_followed_and_a_figure_changed(ask: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    followed = ask("POST", "/api/v1/questions/tco/explain?number=life_usd", json={"tree": TREE}).json()
    assert followed["terms"]
    assert followed["figures"]
    figure = next(each for each in followed["figures"] if each["changeable"] and each["unit"] == "USD/kWh")
    before, after = (
        ask("POST", "/api/v1/questions/tco/report", json={"tree": TREE, "changes": changes}).json()
        for changes in ({}, {figure["figure"]: "$0.30/kWh"})
    )
    assert before["verdict"] != after["verdict"]
    assert any("overrides" in each for each in after["made"]["overrides"])
    refused = ask("POST", "/api/v1/questions/tco/report", json={"tree": TREE, "changes": {"prices/x/own": "$1"}})
    assert [each["key"] for each in refused.json()["problems"]] == ["prices/x/own"]


def test_text_becomes_the_tree_and_back(ask: Client) -> None:
    text = example_files("tco")[0]
    read = ask("POST", "/api/v1/questions/tco/form", json={"toml": text}).json()
    assert read["tree"] == json.loads(json.dumps(tomllib.loads(text), default=str))
    assert not read["problems"]
    wrong = ask("POST", "/api/v1/questions/tco/form", json={"toml": "chip = "})
    assert wrong.status_code == 422


@pytest.mark.parametrize("kind", ["json", "csv", "parquet", "html"])
def test_answers_are_exported(ask: Client, kind: str) -> None:
    reply = ask("POST", f"/api/v1/questions/tco/export?as={kind}", json={"tree": TREE})
    assert reply.status_code == 200
    assert f"tco.{kind}" in reply.headers["content-disposition"]
    assert reply.content[:4] == {"json": b"{\n  ", "csv": b"path", "parquet": b"PAR1", "html": b"<!do"}[kind]


def test_two_answers_are_compared_under_the_same_luck(ask: Client) -> None:
    asked = [{"tree": TREE}, {"tree": {**TREE, "installation": "$1000"}}]
    pairs = ask("POST", "/api/v1/compare", json={"name": "tco", "asked": asked}).json()["pairs"]
    life = next(each for each in pairs if each["name"] == "A chip's life")
    assert life == {"name": "A chip's life", "a": "A", "b": "B", "share": 1.0}


def test_what_moves_an_answer_is_weighed(ask: Client) -> None:
    movers = ask("POST", "/api/v1/questions/tco/movers", json={"tree": {**TREE, "installation": 1000}}).json()
    effects = [each["effect"] for each in movers["movers"]]
    assert effects == sorted(effects, reverse=True)
    assert effects


def test_an_answer_at_length_is_what_the_page_would_have_drawn(
    ask: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("TENFOLD_HOME", str(tmp_path))
    source = Source(tree=TREE, file="question")
    key = keep_study(study_about("tco", source, load_catalog(), seed=0, varied=(), sample=0), 1)
    assert not ask("GET", f"/api/v1/studies/{key}").json()["drawn"]
    assert ask("GET", f"/api/v1/studies/{key}/report").status_code == 404
    answer_at_length(key)
    assert ask("GET", f"/api/v1/studies/{key}").json()["drawn"]
    at_once = ask("POST", "/api/v1/questions/tco/report", content=json.dumps({"tree": TREE, "seed": 0}))
    assert ask("GET", f"/api/v1/studies/{key}/report").text == at_once.text
    assert ask("DELETE", f"/api/v1/studies/{key}").status_code == 204
    assert ask("GET", f"/api/v1/studies/{key}/report").status_code == 404


def test_a_page_of_every_kind_is_whole(ask: Client) -> None:
    for path in (
        "/",
        "/catalog",
        "/catalog?kind=prices",
        "/catalog/chips/h100-sxm",
        "/compare",
        "/accuracy",
        "/studies",
    ):
        page = ask("GET", path)
        assert page.status_code == 200, path
        assert page.text.count("<main") == 1
    assert {"main.js", "web.css", "report.css", "echarts.js"} <= set(static_files())
    first = sum(len(file.packed) for file in static_files().values()) + len(ask("GET", "/ask/plan").content) // 3
    assert first < 500_000
