"""Results in the formats people read. Nothing here calculates.

* ``tables``: terminal tables, and the builders for them.
* ``wording``: numbers with ranges, names of terms, the verdict in one sentence.
* ``charts``: chart options as plain data. ``frame``: what every page shares. ``html``: ``plan_page``.
* ``page``: ``page_html``, a page for any other answer, from cards, sections, tables and charts. ``pages``: answers
  as such pages.
"""

from __future__ import annotations
