"""Shared chips: tasks that take a part of a chip, or several whole ones, put on nodes one after another.

cluster   what is left of every node and chip
scores    placements: rivals with one signature, by name in ``SHARED_PLACEMENTS``
fill      tasks arrive until more is asked than there is, and how much of it is held
"""
