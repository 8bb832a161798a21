"""Interfaces: thin ways in (command line, Python, web). Nothing above them in the house imports them.

``cli`` and ``web`` do not know each other; both ask through ``python``, which is also what ``import tenfold`` offers.
"""
