"""The loop itself: its equation, what a batch does to a dataset, one run, and one generation."""
