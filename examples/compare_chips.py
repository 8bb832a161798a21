"""Compare chips on one model with the Python interface: speed, then money.

uv run python examples/compare_chips.py
"""
# ruff: noqa: T201

from __future__ import annotations

import tenfold

CHIPS = ("h100-sxm", "h200-sxm", "b200", "mi300x", "tpu-v5p", "trainium2")

catalog = tenfold.load_catalog()
print(f"{'chip':<12}{'step':>9}{'MFU':>8}{'tokens/s per chip':>20}  P10–P90")
for chip in CHIPS:
    answer = tenfold.estimate_training(
        model="llama-3.1-70b", chip=chip, chips=1024, global_batch=1024, sequence_length=8192, catalog=catalog
    )
    rate = answer.tokens_per_s_per_chip
    marks = "" if answer.feasible else f"  does not fit: {answer.shortage}"
    step, mfu = answer.step_time_s.p50, answer.mfu.p50
    print(f"{chip:<12}{step:>7.2f} s{mfu:>8.1%}{rate.p50:>20,.0f}  {rate.p10:,.0f}–{rate.p90:,.0f}{marks}")
