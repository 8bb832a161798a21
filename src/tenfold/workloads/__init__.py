"""Workloads: a model's shape and recipe become counted operations: FLOPs, bytes, messages, memory."""
