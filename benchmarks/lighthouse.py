"""Every page as Lighthouse judges it for people of all senses: ``uv run python benchmarks/lighthouse.py``.

Takes the ``lighthouse`` of npm (``LIGHTHOUSE`` names another) and Chromium, starts a server, and prints the score of
every page that the first one leads to, of 100, with what cost it any; 1 when a page has less. Without either of them
it says what is missing and ends.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

LIGHTHOUSE = os.environ.get("LIGHTHOUSE") or shutil.which("lighthouse")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def pages_of(address: str, token: str) -> list[str]:
    """Paths that the first page leads to, files of style left out."""
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answer:
        found = re.findall(r'href="(/[^"]*)"', answer.read().decode())
    return sorted({path for path in found if not path.startswith("/static/")})


def judged(url: str, token: str, folder: Path) -> tuple[float, list[str]]:
    """Score of a page, 0 to 100, and the names of the audits that it does not pass."""
    headers, report = folder / "headers.json", folder / "report.json"
    headers.write_text(json.dumps({"Authorization": f"Bearer {token}"}))
    command = [
        str(LIGHTHOUSE), url, "--only-categories=accessibility", "--quiet", f"--extra-headers={headers}",
        "--chrome-flags=--headless=new --no-sandbox", "--output=json", f"--output-path={report}",
    ]  # fmt: skip
    subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": str(CHROMIUM)}, capture_output=True)
    said: dict[str, Any] = json.loads(report.read_text())
    failed = [name for name, audit in said["audits"].items() if audit["score"] not in (1, None)]
    return 100.0 * said["categories"]["accessibility"]["score"], failed


def main() -> int:
    """Start a server and have every page judged."""
    if not (LIGHTHOUSE and CHROMIUM):
        print("left out: no Lighthouse (npm install -g lighthouse) or no Chromium here")
        return 0
    command = [sys.executable, "-m", "tenfold", "web", "--port", "0", "--no-browser"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    address, _, token = server.stdout.readline().split()[-1].partition("/?token=")
    worst = 100.0
    try:
        with tempfile.TemporaryDirectory() as folder:
            for path in pages_of(address, token):
                score, failed = judged(address + path, token, Path(folder))
                worst = min(worst, score)
                print(f"{score:4.0f} {path} {', '.join(failed)}".rstrip(), flush=True)
    finally:
        server.terminate()
        server.wait(60)
    return int(worst < 100.0)


if __name__ == "__main__":
    sys.exit(main())
