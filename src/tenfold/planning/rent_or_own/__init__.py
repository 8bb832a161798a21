"""Renting, reserving, spot, colocation and owning compared over a horizon of price paths.

schema, file              the TOML a person writes
rent_or_own, answer       ``make_rent_or_own`` and what it answers
inputs, cash              draws and price paths; the cash of each supply by quarter
"""
