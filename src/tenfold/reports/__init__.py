"""Results in the formats people read. Nothing here calculates.

* ``tables``: builders of terminal tables.
* ``wording``: numbers with ranges, names of terms.
* ``charts``: chart options as plain data. ``frame``: what every page shares.
* ``page``: ``page_html``, a page for any other answer, from cards, sections, tables and charts. ``pages``: answers
  as such pages.
"""

from __future__ import annotations
