"""The page in Chromium, by the clock: ``uv run --group browser python benchmarks/web.py [MOVES]``.

start      from the command to the first line, and the memory of the server
paint      first contentful paint of a question's page, and what it transfers
full       a whole plan of another seed, which no worker remembers: from the request to its charts
money      a slider of money moved so many times: from the event to the values and charts, and the request in it
physics    the same of a slider that moves the search
Both with a chart in sight, since what is out of sight waits for the whole answer.
Every wait is from inside the page. The load of the machine is printed, and CPU seconds of the server and its workers
beside the waits, since times are only as good as it is quiet.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from served import CHROMIUM, Served, served

MOVES = 60
MOVE = """
async ([path, place]) => {
  const slider = document.querySelector(`input[type=range][data-path="${path}"]`);
  const shown = new Promise((done) => {
    const told = (_, observer) => { observer.disconnect(); done(performance.now()); };
    new MutationObserver(told).observe(document.body, { attributeFilter: ["data-shown"] });
  });
  performance.clearResourceTimings();
  const began = performance.now();
  slider.value = place;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  const took = (await shown) - began;
  const [asked] = performance.getEntriesByType("resource").filter((each) => each.name.endsWith("/preview"));
  return [took, asked.responseEnd - asked.startTime];
}
"""
SETTLE = """
async () => {
  for (;;) {
    const { state } = document.body.dataset;
    if (state === "full") return;
    if (["wrong", "study"].includes(state)) throw new Error(document.getElementById("status").textContent);
    await new Promise((done) => setTimeout(done, 5));
  }
}
"""
FULL = """
async (seed) => {
  const before = document.body.dataset.shown;
  const field = document.getElementById("seed");
  const began = performance.now();
  field.value = seed;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  while (document.body.dataset.shown === before) await new Promise((done) => setTimeout(done, 1));
  return performance.now() - began;
}
"""


def spent_s(server: int) -> float:
    """CPU seconds of a process and all below it, those that ended included."""
    parents, spent = dict[int, int](), dict[int, float]()
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            said = each.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(each.parent.name)] = int(said[1])
        spent[int(each.parent.name)] = sum(int(ticks) for ticks in said[11:15]) / os.sysconf("SC_CLK_TCK")
    return sum(each for process, each in spent.items() if is_below(process, server, parents))


def is_below(process: int, server: int, parents: dict[int, int]) -> bool:
    """Whether a process is a server or was started by it."""
    while process in parents and process != server:
        process = parents[process]
    return process == server


def quantile(values: list[float], share: float) -> float:
    """Quantile by order."""
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def moved(page: Any, path: str, count: int, server: int) -> tuple[list[float], list[float], float]:
    """Move a slider back and forth: ms of every move until a preview stands, and of its request; CPU s of all moves."""
    page.evaluate(SETTLE)
    took, asked, before = list[float](), list[float](), spent_s(server)
    for number in range(count):
        place = 60 + (37 * number) % 80
        ms, of_request = page.evaluate(MOVE, [path, place])
        took.append(ms)
        asked.append(of_request)
        time.sleep(0.02)
    spent = spent_s(server) - before
    page.evaluate(SETTLE)
    return took, asked, spent


def measure(server: Served, count: int) -> None:
    """Print every number but the start."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playing:
        browser = playing.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.goto(server.first_address)
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        received: list[float] = []
        session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
        page.goto(server.origin + "/ask/plan")
        page.evaluate(SETTLE)
        paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        print(f"paint    {paint:.0f} ms; transferred {sum(received) / 1e3:.0f} KB with the answer")
        before = spent_s(server.process)
        took = [page.evaluate(FULL, seed) for seed in range(1, 6)]
        print(f"full     p50 {statistics.median(took):.0f} ms; {(spent_s(server.process) - before) / 5:.2f} CPU s each")
        page.evaluate("document.querySelector('#answer .chart').scrollIntoView()")
        for name, path in (("money", "means.budget"), ("physics", "goal.tokens")):
            took, asked, spent = moved(page, path, count, server.process)
            p50, p95, of_request = quantile(took, 0.5), quantile(took, 0.95), quantile(asked, 0.5)
            print(f"{name:8} {count} moves: p50 {p50:.0f} ms, p95 {p95:.0f} ms; p50 of the request {of_request:.0f} ms "
                  f"with {1e3 * spent / count:.0f} ms of CPU")  # fmt: skip
        browser.close()


def main(count: int = MOVES) -> None:
    """Start a server, and measure."""
    print(f"load     {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with served() as server:
        pages = int(Path(f"/proc/{server.process}/statm").read_text().split()[1])
        print(f"start    {server.ready_s:.2f} s, {pages * resource.getpagesize() / 1e6:.0f} MB")
        measure(server, count)


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
