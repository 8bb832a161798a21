"""Who cannot pay whom in a year under shocks.

question, answer          records that go in and come out
schema, file, reader      the TOML a person writes; template: one to start from
contagion                 ``make_contagion``
network, reverse          arrays of the year; the smallest shock that breaks a second firm
"""
