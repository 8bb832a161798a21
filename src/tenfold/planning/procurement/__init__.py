"""Procurement under risk: what to order now, what can wait, and what it costs when things go wrong."""
