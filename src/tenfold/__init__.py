"""Tenfold plans AI compute, from the chip's roofline to the balance sheet."""
