"""What a visitor sees when something breaks, in a real browser: ``python -m tests.faults``."""
