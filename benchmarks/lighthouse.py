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
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from served import CHROMIUM, Served, served

LIGHTHOUSE = os.environ.get("LIGHTHOUSE") or shutil.which("lighthouse")


def pages_of(server: Served) -> list[str]:
    """Paths that the first page leads to, files of style left out."""
    request = urllib.request.Request(server.origin, headers=server.headers)
    with urllib.request.urlopen(request) as answer:
        found = re.findall(r'href="(/[^"]*)"', answer.read().decode())
    return sorted({path for path in found if not path.startswith("/static/")})


def judged(url: str, sent: Mapping[str, str], folder: Path) -> tuple[float, list[str]]:
    """Score of a page, 0 to 100, and the names of the audits that it does not pass."""
    headers, report = folder / "headers.json", folder / "report.json"
    headers.write_text(json.dumps(sent))
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
    worst = 100.0
    with served() as server, tempfile.TemporaryDirectory() as folder:
        for path in pages_of(server):
            score, failed = judged(server.origin + path, server.headers, Path(folder))
            worst = min(worst, score)
            print(f"{score:4.0f} {path} {', '.join(failed)}".rstrip(), flush=True)
    return int(worst < 100.0)


if __name__ == "__main__":
    sys.exit(main())
