"""Benchmarks: ratios to a floor measured in the same process; run ``python -m tests.bench``."""
