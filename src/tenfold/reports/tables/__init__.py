"""Terminal tables.

* ``grid``: builders for any room: ``key_value_table``, ``grid_table``, ``bar_table``, ``lines``.
* ``plan``: the tables of a plan.
"""

from __future__ import annotations

from tenfold.reports.tables.grid import bar_table, grid_table, key_value_table, lines
from tenfold.reports.tables.plan import plan_tables, terms_table

__all__ = ["bar_table", "grid_table", "key_value_table", "lines", "plan_tables", "terms_table"]
