"""Serving: prefill, decode, batching and service-level objectives belong here."""
