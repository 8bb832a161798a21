"""Equations of the race, ten groups, each a module of pure functions with its source, sign and range.

investment   what is wanted and what money allows          choice        chip families by a logit with inertia
supply       capacity, rationing, learning, mark-up        deployment    chips, power, retirement
training     the largest run, rounds a year                capability    scaling law, algorithms, diffusion, lag
demand       adoption, elasticity, utilisation             rental        price of an hour
distress     who cannot pay, what creditors lose           concentration CRk, HHI, Gini
"""
