"""Traces: what other people's clusters recorded, as jobs.

table    a file as columns of raw cells, with the line of each row
columns  cells as numbers, times, words; a cell that is none of these is damage, not a guess
formats  which columns mean what, by name in ``FORMATS``
read     a path → ``Trace``
"""
