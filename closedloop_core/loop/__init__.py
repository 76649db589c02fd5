"""The loop itself: the equation, what a batch does to a dataset, one run, one taken apart."""
