"""A GPU cloud's books, judged: break-even price, returns, covenants.

case                      what the file says; values, dates, checks: how it is read and what contradicts itself
schema, file              the TOML a person writes
rental                    ``judge_rental``
inputs, draws, breaks     inputs of the books; draws of the uncertain amounts; where covenants break
market                    what the market pays, by quarter
"""
