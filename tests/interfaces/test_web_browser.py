"""The pages in Chromium: by keyboard alone, with hostile names, and with nothing loaded from elsewhere.

Needs the ``browser`` group and a Chromium of the system: ``uv sync --group browser`` and ``apt-get install chromium``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import tenfold
from tenfold.reports import report_html, report_of

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
AXE = os.environ.get("AXE", "")
"""Path of axe.min.js of the npm package axe-core."""
sync_api = pytest.importorskip("playwright.sync_api", reason="the group browser is not installed")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium")
SETTLED = "['full', 'wrong', 'study'].includes(document.body.dataset.state)"
HOSTILE = "<img src=x onerror=window.hit=1>\"'`${window.hit=1}</script><script>window.hit=1</script>"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    command = [sys.executable, "-m", "tenfold", "web", "--port", "0", "--no-browser"]
    environment = {**os.environ, "TENFOLD_HOME": str(home)}
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert server.stdout is not None
    yield server.stdout.readline().split()[-1]
    server.terminate()
    server.wait(60)
    server.stdout.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with sync_api.sync_playwright() as playing:
        browser = playing.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any, address: str) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    made, troubles, asked = context.new_page(), list[str](), list[str]()
    made.on("pageerror", lambda trouble: troubles.append(str(trouble)))
    made.on("console", lambda said: troubles.append(said.text) if "Content Security" in said.text else None)
    made.on("request", lambda request: asked.append(request.url))
    made.goto(address)
    until(made, "document.body.dataset.ready === 'yes'")
    yield made
    origin = address.partition("/?")[0]
    assert not troubles
    assert all(url.startswith((origin, "blob:", "data:")) for url in asked)
    context.close()


def until(page: Any, said: str, seconds: float = 60.0) -> None:
    """Wait for a condition; the page's policy forbids Playwright's own way of waiting for one."""
    end = time.monotonic() + seconds
    while not holds(page, said):
        assert time.monotonic() < end, said
        time.sleep(0.05)


def holds(page: Any, said: str) -> bool:
    """Whether a condition holds; not yet while the page goes elsewhere."""
    try:
        return bool(page.evaluate(said))
    except sync_api.Error as trouble:
        if "navigation" not in str(trouble):
            raise
        return False


def go(page: Any, address: str, path: str) -> None:
    page.goto(address.partition("/?")[0] + path)
    until(page, SETTLED if path.startswith("/ask/") else "document.body.dataset.ready === 'yes'")


def verdict(page: Any) -> str:
    return str(page.evaluate("document.querySelector('#answer .verdict')?.textContent ?? ''"))


def tab_to(page: Any, wanted: str, most: int = 120) -> None:
    """Press Tab until an element that matches has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.matches({json.dumps(wanted)})"):
            return
    pytest.fail(f"{wanted} is not reached by Tab")


def test_a_question_is_asked_changed_pinned_and_compared_by_keyboard_alone(page: Any, address: str) -> None:
    page.keyboard.press("/")
    until(page, "document.querySelectorAll('#found a').length > 10")
    page.keyboard.type("cost of a chip")
    page.keyboard.press("Enter")
    until(page, "location.pathname === '/ask/tco'")
    until(page, SETTLED)
    before = verdict(page)
    page.keyboard.press("c")
    tab_to(page, "#form .more > summary")
    page.keyboard.press("Enter")
    tab_to(page, "#field-installation")
    page.keyboard.type("$20K")
    page.keyboard.press("Control+Enter")
    until(page, f"{SETTLED} && document.querySelector('#answer .verdict').textContent !== {json.dumps(before)}")
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("c")
    page.keyboard.press("?")
    until(page, "document.getElementById('help').open")
    page.keyboard.press("Escape")
    go(page, address, "/compare")
    until(page, "document.querySelectorAll('#compared .tiles > li').length === 2")
    until(page, "document.body.innerText.includes('Under the same luck')")


def test_a_number_is_followed_by_keyboard(page: Any, address: str) -> None:
    go(page, address, "/ask/tco")
    tab_to(page, ".why")
    page.keyboard.press("Enter")
    until(page, "document.querySelectorAll('#why details.figure').length > 3")
    page.keyboard.press("Escape")
    until(page, "!document.getElementById('why').open")


def test_a_slider_moves_by_keys_first_a_preview_then_the_answer(page: Any, address: str) -> None:
    go(page, address, "/ask/plan")
    tab_to(page, 'input[type="range"][data-path="means.budget"]')
    shown = int(page.evaluate("document.body.dataset.shown"))
    page.keyboard.press("ArrowLeft")
    until(page, f"Number(document.body.dataset.shown) > {shown}")
    until(page, "document.body.dataset.state === 'full'")
    assert page.evaluate("document.querySelector('#toml').value.includes('budget = \"$')")
    assert "# money that can be committed" in page.evaluate("document.querySelector('#toml').value")


def test_the_whole_answer_stays_when_it_is_asked_for_while_a_preview_waits(page: Any, address: str) -> None:
    go(page, address, "/ask/tco")
    held: list[Any] = []
    page.route("**/preview", lambda route: held.append(route))
    page.evaluate("""() => {
      const slider = document.querySelector("input[type=range]");
      for (const place of [90, 110]) {
        slider.value = place;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      }
      document.getElementById("run").click();
    }""")
    until(page, "Number(document.body.dataset.shown) > 1 && document.body.dataset.state === 'full'")
    page.evaluate("() => new Promise((done) => setTimeout(done, 300))")
    assert len(held) == 1  # the second would come after the answer, and stay


def test_what_a_preview_leaves_out_of_sight_is_in_the_whole_answer(page: Any, address: str) -> None:
    go(page, address, "/ask/tco")
    asked = list[Any]()
    page.on("request", lambda each: asked.append(each.post_data_json) if each.url.endswith("/preview") else None)
    page.evaluate("""() => {
      document.querySelector('#answer > section:last-of-type').scrollIntoView({ block: "end" });
      const slider = document.querySelector("input[type=range]");
      slider.value = 120;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }""")
    until(page, "Number(document.body.dataset.shown) > 2 && document.body.dataset.state === 'full'")
    sections = page.evaluate("document.querySelectorAll('#answer > section[aria-labelledby^=section]').length")
    assert asked
    assert all(0 < len(each["seen"]) <= sections for each in asked)
    whole = page.evaluate("document.getElementById('answer').innerText")
    page.reload()
    until(page, SETTLED)
    assert page.evaluate("document.getElementById('answer').innerText") == whole


def test_the_file_and_the_form_are_one(page: Any, address: str) -> None:
    go(page, address, "/ask/tco")
    page.evaluate("document.getElementById('tab-file').click()")
    text = page.evaluate("document.getElementById('toml').value")
    page.fill("#toml", text + '\ninstallation = "$5K"\n')
    until(page, "document.getElementById('field-installation').value === '$5K'")
    page.fill("#toml", text + "\ninstallation = \n")
    until(page, "document.body.dataset.state === 'wrong'")


def test_a_problem_stands_at_its_field(page: Any, address: str) -> None:
    go(page, address, "/ask/tco")
    page.fill("#field-chip", "h1000")
    until(page, "document.getElementById('field-chip-wrong').textContent.includes(\"did you mean 'h100-sxm'\")")
    assert page.get_attribute("#field-chip", "aria-invalid") == "true"


def test_every_value_of_the_example_stands_in_its_field(page: Any, address: str) -> None:
    go(page, address, "/ask/plan")
    said = page.evaluate("JSON.parse(document.getElementById('page-data').textContent).example.tree.goal")
    for key in ("model", "precision", "deadline", "software"):
        if key in said:
            assert page.evaluate(f"document.getElementById('field-goal-{key}').value") == str(said[key])


def test_a_link_reopens_the_very_state_and_touches_nothing_of_the_visitor(page: Any, address: str) -> None:
    go(page, address, "/ask/tco")
    page.evaluate("document.querySelector('#form .more').open = true")
    page.fill("#field-installation", "$7K")
    until(page, f"{SETTLED} && document.getElementById('toml').value.includes('$7K')")
    page.click("#share")
    until(page, "location.hash.length > 20")
    link, text = page.url, page.evaluate("document.getElementById('toml').value")
    page.fill("#field-installation", "$9K")
    until(page, f"{SETTLED} && document.getElementById('toml').value.includes('$9K')")
    draft = page.evaluate("localStorage.getItem('tenfold.draft.tco')")
    page.goto(address.partition("/?")[0] + "/catalog")
    page.goto(link)
    until(page, SETTLED)
    assert page.evaluate("document.getElementById('toml').value") == text
    page.fill("#field-installation", "$11K")
    until(page, f"{SETTLED} && document.getElementById('toml').value.includes('$11K')")
    assert page.evaluate("localStorage.getItem('tenfold.draft.tco')") == draft
    page.goto(address.partition("/?")[0] + "/catalog")
    page.goto(link)
    until(page, SETTLED)
    page.click("#share")
    until(page, "location.hash.length > 20")
    assert page.url == link


def test_hostile_names_stay_names(page: Any, address: str) -> None:
    go(page, address, "/ask/contagion")
    page.fill("#field-title", HOSTILE)
    until(page, f"{SETTLED} && document.querySelector('#answer .verdict').textContent.includes('onerror')")
    page.fill("#field-title", HOSTILE)
    page.click("#share")
    until(page, "location.hash.length > 20")
    page.goto(page.url)
    until(page, SETTLED)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    for field in page.evaluate("[...document.querySelectorAll('.field input[type=text]')].map((each) => each.id)"):
        if page.is_visible(f"#{field}"):
            page.fill(f"#{field}", HOSTILE)
    time.sleep(1.0)
    assert page.evaluate("window.hit === undefined")


def test_exports_are_files(page: Any, address: str, tmp_path: Path) -> None:
    go(page, address, "/ask/tco")
    page.evaluate("document.querySelector('.drop').open = true")
    for kind in ("toml", "json", "csv", "parquet", "html"):
        with page.expect_download() as download:
            page.click(f"[data-export={kind}]")
        download.value.save_as(tmp_path / kind)
        assert (tmp_path / kind).stat().st_size > 100
    for kind, first in (("svg", b"<svg"), ("png", b"\x89PNG")):
        with page.expect_download() as download:
            page.click(f"[data-picture={kind}]")
        download.value.save_as(tmp_path / kind)
        assert (tmp_path / kind).read_bytes().startswith(first)


def test_numbers_of_a_race_stand_beside_their_names_on_a_phone(chromium: Any, tmp_path: Path) -> None:
    case = {"name": "None", "demand": {"from": "2025Q3", "factor": 0.0}}
    file = tmp_path / "race.html"
    file.write_text(report_html(report_of(tenfold.race(quarters=5, draws=8, cases=[case])), {}), encoding="utf-8")
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollHeight") < 25_000
    page.evaluate("document.querySelectorAll('section > details').forEach((each) => { each.open = true; })")
    ends = page.evaluate(
        "[...document.querySelectorAll('table.few')].map((table) => Math.max(...[...table.querySelectorAll('td')]"
        ".map((cell) => cell.getBoundingClientRect().right)))"
    )
    page.close()
    assert len(ends) == 3
    assert max(ends) <= 390


@pytest.mark.skipif(not AXE, reason="AXE names no axe.min.js: npm install axe-core")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280, 3840])
def test_axe_finds_nothing(chromium: Any, address: str, scheme: str, width: int) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page, axe = context.new_page(), Path(AXE).read_text(encoding="utf-8")
    page.goto(address)

    def nothing() -> None:
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
        assert not [(each["id"], [node["target"] for node in each["nodes"][:3]]) for each in found]
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    acts: tuple[Callable[[], object], ...] = (
        lambda: page.evaluate("document.querySelectorAll('#answer details').forEach((each) => { each.open = true; })"),
        lambda: page.keyboard.press("?"),
        lambda: page.keyboard.press("Escape"),
        lambda: page.evaluate("document.getElementById('tab-file').click()"),
    )
    for path in (
        "/",
        "/ask/plan",
        "/ask/contagion",
        "/catalog",
        "/catalog/chips/h100-sxm",
        "/studies",
        "/compare",
        "/accuracy",
    ):
        go(page, address, path)
        nothing()
        for act in acts if path == "/ask/plan" else ():
            act()
            nothing()
    context.close()
