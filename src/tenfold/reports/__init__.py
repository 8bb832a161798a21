"""Results in the formats people read. Nothing here calculates.

* ``data``: ``to_data`` and ``to_json``, plain data of any frozen result.
* ``tables``: terminal tables, and the builders for them.
* ``wording``: numbers with ranges, names of terms, the verdict in one sentence.
* ``charts``: chart options as plain data. ``html``: ``plan_page``, one self-contained page.
"""

from __future__ import annotations

from tenfold.reports.data import to_data, to_json

__all__ = ["to_data", "to_json"]
