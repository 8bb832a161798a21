"""The goal file that ``tenfold init`` writes: complete, commented, ready to run."""

GOAL_TEMPLATE = """\
# What to reach.
[goal]
kind = "train"
model = "llama-3.1-8b"          # a model of `tenfold catalog list models`, or the path of a HuggingFace config.json
tokens = "2T"
sequence_length = 8192
global_batch = "4M tokens"      # or "512 sequences"
precision = "bf16"              # bf16 | fp16 | fp8 | mxfp8 | mxfp4 | nvfp4 | int8; the chip must have a peak for it
deadline = "60 days"            # from the order of the chips; or a date such as "2027-06-30"; leave out for none
objective = "cheapest"          # cheapest | fastest | least-energy
confidence = 0.8                # share of outcomes in which deadline and budget must hold

# What there is to reach it with. Leave a key out for no limit.
[means]
budget = "$5M"                  # money that can be committed: a bill, a whole reserved term, or a purchase
chips = ["h100-sxm", "h200-sxm", "b200", "mi300x", "tpu-v6e"]   # see `tenfold catalog list chips`
max_chips = 2048
supply = ["on-demand", "reserved-1y", "own"]                    # also reserved-3y, spot
sites = ["us-texas", "nordics"]                                 # see `tenfold catalog list sites`
power = "5 MW"                  # facility power at each site, cooling included
"""
