"""The default question about the financing network, asked when no file is given."""

from __future__ import annotations

DEFAULT_QUESTION = """title = "Who finances whom, 2027"
network = "default"
year = 2027
seed = 1

[[scenarios]]
name = "OpenAI earns half"
revenue_miss = { openai = "50 %" }

[[scenarios]]
name = "Chips lose half their value"
chip_price_fall = "50 %"

[[scenarios]]
name = "Nobody refinances"
refinancing_stop = "100 %"

[[scenarios]]
name = "Oracle delivers half"
supplier_halt = { oracle = "50 %" }

[[scenarios]]
name = "All of it"
revenue_miss = { openai = "50 %", anthropic = "50 %" }
chip_price_fall = "50 %"
refinancing_stop = "100 %"

[draws]
count = 10000
revenue_miss = { openai = { low = "0 %", high = "60 %" }, anthropic = { low = "0 %", high = "60 %" }, coreweave = { low = "0 %", high = "40 %" } }
chip_price_fall = { low = "0 %", mode = "20 %", high = "60 %" }
refinancing_stop = { low = "0 %", mode = "0 %", high = "50 %" }
"""  # noqa: E501
