"""Load: how many viewers one server holds; run ``python -m tests.load``."""
