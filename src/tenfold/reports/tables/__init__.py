"""Terminal tables of what is not yet a report.

* ``grid``: builders for any room: ``key_value_table``, ``grid_table``, ``bar_table``, ``lines``, ``terms_table``.
"""

from __future__ import annotations

from tenfold.reports.tables.grid import bar_table, grid_table, key_value_table, lines, terms_table

__all__ = ["bar_table", "grid_table", "key_value_table", "lines", "terms_table"]
